"""python -m etl check and status: what a file would do beside what serves; nothing is loaded."""

import re

import pytest
from conftest import HEADER, MAP, SITES, sidecar, workbook

from etl import warehouse
from etl.__main__ import main
from etl.cli.compare import compare

BOGOR = "32.71,KOTA BOGOR,{},1,{}\n"
OLD = HEADER + BOGOR.format(2018, 100) + BOGOR.format(2019, 200)
YEARS = MAP.replace("'M'", "'A'").replace("month, '1'", "'1', '1'")
PLACES = MAP.replace("'area'", "'site'").replace('place_name = "name"\n', "")
DATES = '[per_file]\n"visits.a.csv" = 2020-01-31\n"visits.b.csv" = 2021-01-31\n'


@pytest.fixture
def checked(city, tmp_path, capsys):
    """Checks a file beside visits.a.csv, which serves: (exit code, what is printed)."""

    def run(new, old=OLD, name="visits.b.csv", lang="en", extra=DATES, recipe=MAP):
        city.build({"visits.a.csv": old, "visits.toml": sidecar(extra, recipe)})
        (tmp_path / name).write_text(new)
        code = main(["check", str(tmp_path / name), "--lang", lang, *folders(city)])
        return code, capsys.readouterr().out

    return run


def folders(city):
    """The options that name a city's data and warehouse."""
    return ["--data", str(city.folder.parent), "--warehouse", str(city.target.parent)]


def test_a_file_with_the_same_values_is_all_the_same(checked):
    code, out = checked(OLD)
    assert code == 0 and "0 new, 2 the same, 0 changed, 0 vanished" in out


def test_new_changed_and_vanished_keys_are_counted_and_named(checked):
    new = HEADER + BOGOR.format(2018, 110) + BOGOR.format(2020, 300)
    code, out = checked(new)
    assert code == 1 and "1 new, 0 the same, 1 changed, 1 vanished" in out
    assert "changed: period_start 2018-01-01, period_end 2018-01-31: visits 100 → 110" in out
    assert "vanished: 1. visits.a.csv has them, this file does not; the old values stay" in out
    assert "vanished: period_start 2019-01-01" in out


def test_files_may_stand_behind_the_options(city, tmp_path, capsys):
    city.build({"visits.a.csv": OLD, "visits.toml": sidecar(DATES)})
    (tmp_path / "visits.b.csv").write_text(OLD)
    main(["check", *folders(city), str(tmp_path / "visits.b.csv")])
    assert "visits.b.csv" in capsys.readouterr().out


def test_the_same_is_said_in_indonesian(checked):
    code, out = checked(HEADER + BOGOR.format(2018, 110), lang="id")
    assert "0 baru, 0 sama, 1 berubah, 1 hilang" in out


def test_only_the_first_changes_are_listed(checked):
    rows = "".join(BOGOR.format(2000 + i, "{0}") for i in range(8))
    code, out = checked(HEADER + rows.format(2), old=HEADER + rows.format(1))
    assert code == 0 and out.count("visits 1 → 2") == 5 and "and 3 more" in out


def test_a_newer_publication_that_changes_values_is_no_fault(checked):
    new = HEADER + BOGOR.format(2018, 110) + BOGOR.format(2019, 200)
    assert checked(new)[0] == 0


def test_other_values_with_the_same_day_of_publication_contradict(checked):
    new = HEADER + BOGOR.format(2018, 110) + BOGOR.format(2019, 200)
    code, out = checked(new, extra="")
    assert code == 1 and "contradicts visits.a.csv with the same day of publication: 1" in out


def test_a_file_of_the_same_name_replaces_and_does_not_contradict(checked):
    new = HEADER + BOGOR.format(2018, 110) + BOGOR.format(2019, 200)
    code, out = checked(new, name="visits.a.csv", extra="")
    assert code == 0 and "1 changed" in out


def test_keys_that_only_a_newer_file_has_have_not_vanished(checked):
    code, out = checked(HEADER + BOGOR.format(2018, 100), extra=DATES.replace("2021", "2019"))
    assert code == 0 and "0 vanished" in out


def test_a_file_for_other_months_makes_nothing_vanish(checked):
    code, out = checked(HEADER + BOGOR.format(2020, 300))
    assert code == 0 and "1 new, 0 the same, 0 changed, 0 vanished" in out


def test_a_finding_that_the_file_brings_is_told_and_others_are_not(checked):
    old = OLD.replace("2018,1,100", "2017,1,200\n32.71,KOTA BOGOR,2018,1,200")
    code, out = checked(HEADER + BOGOR.format(2020, 200), old=old, recipe=YEARS)
    assert code == 1 and out.count("finding (") == 1
    assert re.search(r"finding \(question\): 32.71: .*equals 2017 to the last digit: 200", out)


def test_what_is_found_is_told_the_worst_first(city, tmp_path, capsys):
    city.write({"visits.toml": sidecar()})
    months = enumerate((200, 200, 210, 205, 815), 1)  # a copy and the sum since January
    rows = "".join(f"32.71,KOTA BOGOR,2018,{month},{n}\n" for month, n in months)
    (tmp_path / "visits.csv").write_text(HEADER + rows)
    main(["check", str(tmp_path / "visits.csv"), "--lang", "en", *folders(city)])
    found = re.findall(r"finding \((\w+)\)", capsys.readouterr().out)
    assert found == sorted(found, key=("error", "question", "note").index) and len(set(found)) > 1


def test_the_account_names_the_file_in_every_line(city, capsys):
    line = "32.71,KOTA BOGOR,2018,{},5\n"
    files = {f"visits{m}.csv": HEADER + line.format(m) for m in (1, 2)}
    city.write(files | {"visits.toml": sidecar(files="visits*.csv")})
    main(["--lang", "en", "--city", "city", *folders(city)])
    lines = capsys.readouterr().out.splitlines()
    told = [words.split()[:2] for words in lines if words.startswith("  visits:")]
    assert told == [["visits:", "visits1.csv"], ["visits:", "visits2.csv"]]


def test_without_a_warehouse_a_file_is_checked_by_itself(city, tmp_path, capsys):
    city.write({"visits.toml": sidecar(recipe=YEARS)})
    rows = BOGOR.format(2018, 200) + BOGOR.format(2019, 200)
    (tmp_path / "visits.csv").write_text(HEADER + rows)
    code = main(["check", str(tmp_path / "visits.csv"), "--lang", "en", *folders(city)])
    out = capsys.readouterr().out
    assert code == 1 and "no warehouse to compare with" in out
    assert "2019 equals 2018 to the last digit" in out


def test_a_warehouse_of_another_version_is_not_compared(checked, city, monkeypatch):
    monkeypatch.setattr("etl.cli.compare._alike", lambda con: False)
    code, out = checked(OLD)
    assert code == 0 and "made by another version" in out


def test_what_is_found_in_a_file_alone_is_told_beside_another_version_too(checked, monkeypatch):
    monkeypatch.setattr("etl.cli.compare._alike", lambda con: False)
    code, out = checked(HEADER + BOGOR.format(2018, 200) + BOGOR.format(2019, 200), recipe=YEARS)
    assert code == 1 and "2019 equals 2018 to the last digit" in out


@pytest.mark.parametrize(
    "new, is_told",
    [("Taman Kotta", True), ("taman kota", True), ("Taman Kota 2", False), ("Museum", False)],
)
def test_a_name_never_seen_before_is_told_where_one_is_like_it(new, is_told, checked):
    old = HEADER + "Taman Kota,,2018,1,5\n"
    code, out = checked(HEADER + f"{new},,2018,2,5\n", old=old, recipe=PLACES)
    assert (f'place "{new}" was never there before. Is Taman Kota meant?' in out) == is_told
    assert code == int(is_told)


def test_a_name_of_another_series_is_not_meant(checked, city):
    by_name = PLACES + 'series = "name"\n'
    old = HEADER + "Taman Kota,dinas,2018,1,5\nTaman Kotaa,bps,2018,1,5\n"
    code, out = checked(HEADER + "Taman Kotta,bps,2018,2,5\n", old=old, recipe=by_name)
    assert code == 1 and "Is Taman Kotaa meant?" in out
    code, out = checked(HEADER + "Taman Kotta,other,2018,2,5\n", old=old, recipe=by_name)
    assert code == 0 and "meant?" not in out


def test_a_path_seen_from_the_folder_of_the_call_is_found_or_named_in_full(
    city, tmp_path, capsys, monkeypatch
):
    city.build({"visits.toml": sidecar()})
    (tmp_path / "visits.csv").write_text(OLD)
    monkeypatch.setenv("DUAJUTA_CALLED_FROM", str(tmp_path))
    assert main(["check", "visits.csv", "--lang", "en", *folders(city)]) == 0
    assert main(["check", "visit.csv", "--lang", "en", *folders(city)]) == 2
    assert f"There is no file {tmp_path}/visit.csv." in capsys.readouterr().err


def test_a_name_that_is_not_listed_is_rejected_with_the_one_like_it(checked, city):
    city.write(SITES)
    code, out = checked(
        HEADER + "Taman Kotta,,2018,2,5\n", old=HEADER + "park,,2018,1,5\n", recipe=PLACES
    )
    assert code == 1 and "Not listed in sites. Is park meant?" in out


def test_rows_set_aside_and_columns_that_nothing_reads_are_told_with_their_places(checked):
    recipe = '[aside]\n"total" = "place = \'Jumlah\'"\n' + MAP
    rows = HEADER.replace("\n", ",note\n") + "32.71,KOTA BOGOR,2018,1,5,x\n,,,,,\nJumlah,,,,5,\n"
    code, out = checked(rows, recipe=recipe, old=HEADER + BOGOR.format(2018, 5))
    assert code == 0 and "Set aside, total: 1 (row 4)" in out
    assert "Set aside, blank row: 1 (row 3)" in out
    assert "Columns that nothing reads: note" in out


def test_rows_of_a_workbook_set_aside_are_told_with_their_sheet(city, tmp_path, capsys):
    city.write({"visits.toml": sidecar()})
    rows = [HEADER.strip().split(","), ["", "", "", "", ""], ["32.71", "KOTA BOGOR", 2018, 1, 5]]
    (tmp_path / "visits.xlsx").write_bytes(workbook(Data=rows))
    main(["check", str(tmp_path / "visits.xlsx"), "--lang", "en", *folders(city)])
    assert "Set aside, blank row: 1 (sheet Data row 2)" in capsys.readouterr().out


def test_a_refused_file_is_not_compared(checked):
    code, out = checked("a,b\n1,2\n")
    assert code == 1 and "has no column" in out and "Compared" not in out


def test_of_a_refused_file_nothing_is_told_that_is_not_about_it(checked, city):
    ruling = '\n[ruling_target]\nkpi = "visits"\nyear = 2019\ndocument = "plan"\n'
    ruling += 'definition = "attractions"\nseries = "x"\n'
    path = city.folder / "city.toml"
    city.write({"city.toml": path.read_text() + ruling})
    _, out = checked("a,b\n1,2\n")
    assert "plan" not in out and "visits.b.csv" in out


def test_the_newest_vintage_is_what_a_file_is_compared_with(city, checked, tmp_path):
    city.write({"visits.b.csv": OLD.replace("100", "105")})
    code, out = checked(OLD.replace("100", "105"), name="visits.c.csv")
    assert code == 0 and "2 the same, 0 changed" in out


def test_a_file_is_compared_in_one_pass_over_two_warehouses(city, tmp_path):
    path = city.visits(BOGOR.format(2018, 1))
    assert compare(path, path) is None  # nothing is checked in it


# several files, and sidecars that are broken


def check(city, capsys, *files, options=()):
    """(exit code, what is said) of checking files."""
    code = main(["check", *map(str, files), "--lang", "en", *options, *folders(city)])
    said = capsys.readouterr()
    return code, said.out + said.err


def test_files_are_judged_together_as_a_build_would(city, tmp_path, capsys):
    city.build({"visits.toml": sidecar()})
    capsys.readouterr()
    for name, number in (("visits.1.csv", 100), ("visits.2.csv", 105)):
        (tmp_path / name).write_text(HEADER + BOGOR.format(2018, number))
    one, other = tmp_path / "visits.1.csv", tmp_path / "visits.2.csv"
    assert check(city, capsys, one)[0] == 0
    code, out = check(city, capsys, one, other)
    assert code == 1 and out.count("The same key has different values") == 2
    assert out.count("visits: visits.") == 2 and out.count("Compared with") <= 1


def test_datasets_of_one_contract_are_each_compared_by_themselves(city, tmp_path, capsys):
    both, files = BOGOR.format(2018, 100) + BOGOR.format(2019, 200), []
    for name, new in (("one", 110), ("other", 100)):
        text = sidecar(
            f'set = {{ series = "{name}" }}\n{DATES}'.replace("visits", name), files=f"{name}.*"
        )
        city.write({f"{name}.toml": text, f"{name}.a.csv": HEADER + both})
        files.append(tmp_path / f"{name}.b.csv")
        files[-1].write_text(HEADER + BOGOR.format(2018, new))
    city.build()
    code, out = check(city, capsys, *files)
    one, other = out.split("one:\n")[1].split("other:\n")
    assert "0 new, 0 the same, 1 changed, 1 vanished" in one and "visits 100 → 110" in one
    assert "0 new, 1 the same, 0 changed, 1 vanished" in other and "changed:" not in other
    assert "vanished: 1. one.a.csv" in one and "vanished: 1. other.a.csv" in other


def test_a_file_of_a_reshape_over_all_files_is_checked_with_the_others(city, tmp_path, capsys):
    reshape = "select place, year, month, sum(visits::int) as visits, list(_row) as _row from raw "
    reshape += "group by all"
    full = "select 'area' as place_kind, 'M' as frequency, 'trips' as measure, 'total' as origin, "
    full += "'final' as obs_status, place, ymd(year, month, '1') as period_start, visits, _row "
    files = {
        "visits.1.csv": HEADER + BOGOR.format(2018, 100),
        "visits.sql": f"{full} from ({reshape})",
        "visits.toml": sidecar('read = { unit = "dataset" }', ""),
    }
    city.build(files)
    assert city.loaded == [100]
    capsys.readouterr()
    (tmp_path / "visits.2.csv").write_text(HEADER + BOGOR.format(2018, 5))
    code, out = check(city, capsys, tmp_path / "visits.2.csv")
    assert "visits 100 → 105" in out and "0 vanished" in out


def test_a_backslash_in_a_sidecar_is_told_by_its_place_and_cure(city, tmp_path, capsys):
    city.build({"other.toml": sidecar(files="o*.csv"), "visits.toml": 'loads = "a"\nx = "\\d"\n'})
    capsys.readouterr()
    (tmp_path / "visits.csv").write_text(OLD)
    (tmp_path / "o.csv").write_text(OLD)
    code, out = check(city, capsys, tmp_path / "visits.csv", tmp_path / "o.csv")
    assert code == 2 and "visits.toml, row 2, column" in out and "'''" in out
    assert "other: o.csv" in out  # the others are judged all the same


def test_a_contract_says_which_dataset_is_meant(city, tmp_path, capsys):
    indicators = sidecar(loads="indicators", recipe="")
    city.build({"visits.toml": sidecar(), "indicators.toml": indicators})
    capsys.readouterr()
    (tmp_path / "visits.csv").write_text(OLD)
    assert check(city, capsys, tmp_path / "visits.csv")[0] == 2
    assert check(city, capsys, tmp_path / "visits.csv", options=["--as", "visits"])[0] == 0


# status


def test_status_has_a_row_a_city_with_counts_and_sizes(city, capsys):
    city.visits(BOGOR.format(2018, 1) + BOGOR.format(2019, -1))
    capsys.readouterr()
    assert main(["status", "--lang", "en", *folders(city)]) == 1
    head, row = capsys.readouterr().out.splitlines()
    version = warehouse.current(city.target).stem
    assert head.split()[:4] == ["City", "Version", "Built", "Files"]
    cells = re.split(r"  +", row)
    assert cells[:2] == ["city", version] and re.match(r"\d{4}-\d\d-\d\d \d\d:\d\d", cells[2])
    assert cells[3:8] == ["3", "0", "7", "1", "0"] and all(c.endswith(" MB") for c in cells[8:])


def test_status_counts_files_and_datasets_that_were_not_loaded(city, capsys):
    city.visits(BOGOR.format(2018, 1))
    city.build({"bad.toml": "loads =", "visits.csv": "a\n1\n"})
    assert main(["status", *folders(city)]) == 1
    assert re.split(r"  +", capsys.readouterr().out.splitlines()[1])[4] == "2"


def test_status_of_one_city_lists_its_datasets(city, capsys):
    city.visits(BOGOR.format(2018, -1))
    assert main(["status", "--city", "city", "--lang", "en", *folders(city)]) == 1
    assert '"-1" was rejected' in capsys.readouterr().out


def test_status_tells_of_a_city_without_a_warehouse_beside_the_others(city, capsys):
    city.visits(BOGOR.format(2018, 1))
    (city.folder.parent / "none").mkdir()
    (city.folder.parent / "none" / "city.toml").write_text("")
    assert main(["status", "--lang", "en", *folders(city)]) == 2
    assert "There is no warehouse yet" in capsys.readouterr().out.splitlines()[2]
