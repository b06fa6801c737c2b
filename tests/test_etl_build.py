"""Building: nothing new changes nothing, what dies leaves the old, and the exit code tells."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import HEADER, MAP, REFERENCES, City, sidecar

from etl import build as builder
from etl import warehouse
from etl.__main__ import main
from etl.load.units import _Digests
from etl.problem import Refused

ONE = "3271,KOTA BOGOR,2019,1,100\n"
BAD = "3271,KOTA BOGOR,2019,2,-5\n"


def state(city):
    """Every file of the warehouse with its time of change."""
    kept = [
        p for p in city.target.rglob("*") if p.is_file() and p.name not in ("lock", "digests.json")
    ]
    return {p.relative_to(city.target).as_posix(): p.stat().st_mtime_ns for p in kept}


def units(city):
    """The names of the lake's folders."""
    return {p.name for p in (city.target / "lake").iterdir()}


def test_building_twice_changes_nothing(city):
    first = city.visits(ONE)
    before = state(city)
    assert city.build() == first
    assert city.steps == ["unchanged"] and state(city) == before


def test_writing_the_same_bytes_again_changes_nothing(city):
    first = city.visits(ONE)
    assert city.visits(ONE) == first and city.steps == ["unchanged"]


def test_a_new_file_makes_a_new_version_and_reads_only_that_file(city):
    first = city.visits(ONE)
    before = units(city)
    second = city.build({"visits.2.csv": HEADER + "3271,KOTA BOGOR,2019,2,5\n"})
    assert second != first and len(units(city) - before) == 1
    assert sorted(city.loaded) == [5, 100]


def test_a_file_taken_away_is_gone_from_the_next_version(city):
    city.visits(ONE)
    city.build({"visits.2.csv": HEADER + "3271,KOTA BOGOR,2019,2,5\n"})
    city.build({"visits.2.csv": None})
    assert city.loaded == [100]


def test_renaming_a_file_reads_nothing_again(city):
    city.visits(ONE)
    before = units(city)
    city.build({"visits.csv": None, "visits.renamed.csv": HEADER + ONE})
    assert units(city) == before
    assert city.unit.file == "visits.renamed.csv"


def test_a_renamed_file_is_named_by_its_new_name_in_messages(city):
    city.visits(ONE + BAD)
    city.build({"visits.csv": None, "visits.new.csv": HEADER + ONE + BAD})
    assert city.rejects()[0].startswith("visits.new.csv, row 3")


def test_a_reshape_that_reads_the_name_of_its_file_reads_a_renamed_one_again(city):
    sql = """
        select
            '3271' as place, 'area' as place_kind, _file[:4] || '-01-01' as period_start,
            'A' as frequency, 'trips' as measure, 'total' as origin, n as visits,
            'final' as obs_status, _row
        from raw
    """
    files = {"2019.csv": "n,x\n7,\n", "visits.sql": sql}
    city.build(files | {"visits.toml": sidecar(recipe="", files="20*.csv")})
    city.build({"2019.csv": None, "2020.csv": "n,x\n7,\n"})
    assert city.sql("select year(period_start) from visits") == [2020]


def test_files_of_one_name_in_two_folders_are_told_apart(city):
    files = {"2018/visits.csv": HEADER + ONE, "2019/visits.csv": HEADER + BAD}
    city.build(files | {"visits.toml": sidecar(files="20*/visits.csv")})
    assert city.rejects()[0].startswith("2019/visits.csv, row 2")


def test_a_file_that_cannot_be_opened_refuses_that_file_only(city, monkeypatch):
    city.write({"visits.2.csv": HEADER + BAD})
    of = _Digests.of

    def locked(self, path):
        if path.name == "visits.2.csv":
            raise PermissionError(13, "Permission denied")
        return of(self, path)

    monkeypatch.setattr(_Digests, "of", locked)
    city.visits(ONE)
    assert city.loaded == [100]
    assert city.refusals()[0].startswith("File visits.2.csv cannot be opened (Permission denied).")


def test_provenance_makes_a_new_version_and_reads_nothing_again(city):
    first = city.visits(ONE)
    before = units(city)
    assert city.visits(ONE, '[source]\ntitle = "Laporan"') != first
    assert units(city) == before


def test_another_recipe_reads_the_file_again(city):
    city.visits(ONE)
    before = units(city)
    city.visits(ONE, recipe=MAP.replace("num(visits)", "num(visits, ',')"))
    assert len(units(city) - before) == 1


def test_a_changed_reference_table_reads_again_what_uses_it(city):
    sql = """
        select
            area as place, 'area' as place_kind, '2019-01-01' as period_start, 'A' as frequency,
            'trips' as measure, 'total' as origin, num(n) as visits, 'final' as obs_status, _row
        from raw join areas using (name)
    """
    files = {"visits.csv": "name,n\nKOTA BOGOR,7\n", "visits.sql": sql}
    city.build(files | {"visits.toml": sidecar(recipe="")})
    areas = (city.folder / "areas.csv").read_text().replace("32.71,", "32.99,")
    city.build({"areas.csv": areas})
    assert city.sql("select place from visits") == ["32.99"]


def test_the_old_warehouse_serves_when_a_build_dies(city, monkeypatch):
    first = city.visits(ONE)
    with monkeypatch.context() as patched:
        patched.setattr(builder.findings, "run", lambda con, accepted: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            city.visits(ONE + BAD)
    assert warehouse.current(city.target) == first and city.loaded == [100]


def test_a_build_that_dies_leaves_nothing_behind_and_the_next_is_clean(city, monkeypatch):
    with monkeypatch.context() as patched:
        patched.setattr(builder.findings, "run", lambda con, accepted: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            city.visits(ONE)
    assert not [p for p in city.target.rglob("*") if "building" in p.name or "making" in p.name]
    city.build()
    assert city.loaded == [100]


def test_a_read_that_breaks_is_a_refusal_and_leaves_no_half_folder(city, monkeypatch, unfenced):
    before = units(city)
    monkeypatch.setattr("etl.load.making.write", lambda con, folder: 1 / 0)
    city.visits(ONE)
    assert "visits.csv could not be read (ZeroDivisionError, making.py" in city.refusals()[0]
    assert units(city) == before


def test_a_process_that_is_killed_leaves_the_old_warehouse_and_no_lock(city):
    first = city.visits(ONE)
    code = (
        "import os, sys, etl.build as b; from pathlib import Path; "
        "b.findings.run = lambda *_: os._exit(9); b.build(Path(sys.argv[1]), Path(sys.argv[2]))"
    )
    city.write({"visits.csv": HEADER + ONE + BAD})
    root = Path(builder.__file__).parents[1]
    command = [sys.executable, "-c", code, str(city.folder), str(city.target)]
    assert subprocess.run(command, cwd=root).returncode == 9
    assert warehouse.current(city.target) == first
    assert city.build() != first


def test_two_builds_at_once_the_second_is_refused(city):
    city.visits(ONE)
    with warehouse.lock(city.target), pytest.raises(Refused) as refused:
        city.build()
    assert refused.value.code == "build_running"


def test_going_back_to_an_earlier_state_serves_that_version_again(city):
    first = city.visits(ONE)
    city.visits(ONE + BAD)
    assert city.visits(ONE) == first
    assert warehouse.current(city.target) == first and city.loaded == [100]


def test_no_warehouse_is_no_current_version(tmp_path):
    assert warehouse.current(tmp_path) is None


def test_a_warehouse_can_be_read_only_and_reaches_no_file(city):
    con = warehouse.connect(city.visits(ONE))
    for statement in ("delete from visits", f"from read_csv('{city.folder}/visits.csv')"):
        with pytest.raises(Exception, match=r"read-only|disabled"):
            con.execute(statement)
    con.close()


def test_accounts_that_do_not_add_up_stop_the_build(city, monkeypatch):
    monkeypatch.setattr(builder, "contract_table", lose_one(builder.contract_table))
    with pytest.raises(Refused) as refused:
        city.visits(ONE)
    assert refused.value.code == "account_does_not_add_up"


def lose_one(contract_table):
    """contract_table as it would be if it lost a value."""

    def losing(con, contract, yields):
        contract_table(con, contract, yields)
        con.execute(f"delete from {contract.name}")

    return losing


# the command line


def run(city, *arguments):
    """The exit code of python -m etl with this city's folders."""
    folders = ["--data", str(city.folder.parent), "--warehouse", str(city.target.parent)]
    return main([*arguments, *folders])


def test_a_clean_build_exits_with_0(city, capsys):
    city.write({"visits.csv": HEADER + ONE, "visits.toml": sidecar()})
    assert run(city) == 0
    out = capsys.readouterr().out
    assert "selesai dan mulai dipakai" in out and "visits" in out


def test_rejects_exit_with_1_and_are_printed_in_the_language_asked_for(city, capsys):
    city.write({"visits.csv": HEADER + ONE + BAD, "visits.toml": sidecar()})
    assert run(city, "--lang", "en") == 1
    assert 'visits.csv, row 3, column visits: "-5" was rejected.' in capsys.readouterr().out


def test_a_refused_file_exits_with_1(city, capsys):
    city.write({"visits.csv": "", "visits.toml": sidecar()})
    assert run(city) == 1
    assert "Berkas visits.csv kosong." in capsys.readouterr().out


def test_a_refused_sidecar_exits_with_1(city, capsys):
    city.write({"visits.toml": "loads ="})
    assert run(city) == 1
    assert "visits.toml bukan TOML yang sah" in capsys.readouterr().out


def test_a_running_build_exits_with_2(city, capsys):
    city.write({"visits.csv": HEADER + ONE, "visits.toml": sidecar()})
    with warehouse.lock(city.target):
        assert run(city) == 2
    assert "sedang berjalan" in capsys.readouterr().err


def test_no_data_exits_with_2(tmp_path, capsys):
    assert main(["--data", str(tmp_path), "--warehouse", str(tmp_path)]) == 2
    assert "tidak berisi folder kota" in capsys.readouterr().err


def test_an_unknown_city_exits_with_2(city, capsys):
    assert run(city, "--city", "atlantis") == 2
    assert 'Kota "atlantis" tidak ada. Yang ada: city.' in capsys.readouterr().err


def test_one_city_that_cannot_be_built_does_not_stop_the_others(city, capsys):
    (city.folder.parent / "another").mkdir()
    (city.folder.parent / "another" / "city.toml").write_text("name = 1")
    city.write({"visits.csv": HEADER + ONE, "visits.toml": sidecar()})
    assert run(city) == 2
    assert city.loaded == [100]


def test_status_tells_what_serves(city, capsys):
    assert run(city, "status") == 2
    city.visits(ONE)
    assert run(city, "status") == 0
    assert "Jalankan: python -m etl" in capsys.readouterr().out


def test_check_tells_what_a_file_would_do_and_loads_nothing(city, tmp_path, capsys):
    city.visits(ONE)
    before = state(city)
    (tmp_path / "visits.new.csv").write_text(HEADER + BAD)
    assert run(city, "check", str(tmp_path / "visits.new.csv"), "--lang", "en") == 1
    assert 'visits.new.csv, row 2, column visits: "-5" was rejected.' in capsys.readouterr().out
    assert state(city) == before


def test_check_of_a_good_file_exits_with_0(city, tmp_path):
    city.visits(ONE)
    (tmp_path / "visits.new.csv").write_text(HEADER + ONE)
    assert run(city, "check", str(tmp_path / "visits.new.csv")) == 0


def test_check_uses_the_reference_tables(city, tmp_path, capsys):
    city.visits(ONE)
    (tmp_path / "visits.new.csv").write_text(HEADER + "3299,X,2019,1,1\n")
    assert run(city, "check", str(tmp_path / "visits.new.csv")) == 1
    assert "Tidak terdaftar dalam areas." in capsys.readouterr().out


def test_check_of_a_file_that_fits_no_dataset_asks_for_one(city, tmp_path, capsys):
    city.visits(ONE)
    (tmp_path / "new.csv").write_text(HEADER + ONE)
    assert run(city, "check", str(tmp_path / "new.csv")) == 1
    assert "sebutkan dataset atau kontraknya dengan --as" in capsys.readouterr().out
    assert run(city, "check", str(tmp_path / "new.csv"), "--as", "visits") == 0


def test_check_of_a_file_that_is_not_there_exits_with_2(city, tmp_path, capsys):
    city.visits(ONE)
    assert run(city, "check", str(tmp_path / "visits.none.csv")) == 2
    assert "visits.none.csv" in capsys.readouterr().err


def test_build_and_status_take_no_files(city, capsys):
    with pytest.raises(SystemExit, match="2"):
        run(city, "build", "visits.csv")


def test_a_city_of_which_no_file_can_be_used_has_a_warehouse_all_the_same(city):
    city.build({"areas.toml": "loads =", "definitions.toml": "loads ="})
    assert city.sql("select count(*) from source_rows") == [0]
    assert city.rejects() == [] and len(city.refusals()) == 2


def test_a_terminal_without_our_letters_stops_nothing(city):
    city.write({"visits.csv": HEADER + ONE, "visits.toml": sidecar()})
    folders = ["--data", str(city.folder.parent), "--warehouse", str(city.target.parent)]
    root = Path(builder.__file__).parents[1]
    environment = {**os.environ, "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"}
    command = [sys.executable, "-m", "etl", *folders]
    assert subprocess.run(command, cwd=root, env=environment, capture_output=True).returncode == 0


@pytest.mark.build
def test_folders_may_have_names_that_mean_something_to_sql(tmp_path):
    city = City(tmp_path / "it's [2024] *").write(REFERENCES)
    city.visits(ONE)
    assert city.loaded == [100] and city.sql("select count(*) from obs_status") == [10]


def test_the_ledger_keeps_the_source_of_every_dataset(city):
    city.visits(ONE, '[source]\ntitle = "Laporan"\naccessed = 2024-01-02')
    assert city.sql("select title, accessed from datasets where dataset = 'visits'") == [
        ("Laporan", "2024-01-02")
    ]


def test_the_memory_of_hashes_spares_reading_files_that_have_not_changed(city, monkeypatch):
    city.visits(ONE)
    known = json.loads((city.target / "digests.json").read_text())
    assert any(path.endswith("visits.csv") for path in known)
    monkeypatch.setattr("etl.load.units.content_hash", None)
    monkeypatch.setattr(builder, "_version", lambda *_: warehouse.current(city.target).stem)
    city.build()
    assert city.steps == ["unchanged"]
