"""The simulated record: the same bytes again, the published sums, the story, the mark."""

import csv
import io
import shutil
import subprocess
import sys
from collections import Counter
from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest

import kpi
from etl import warehouse
from etl.__main__ import main
from etl.build import build
from etl.load.ledger import report
from tools.simulate import simulate, write_tickets
from tools.simulate.parameters import PARAMETERS
from tools.simulate.tools import Draws, Place, apportion

pytestmark = pytest.mark.build
ROOT = Path(__file__).parents[1]
CITY = ROOT / "data" / "cirebon"
FOLDER = CITY / "simulated"
MEASURES = {"attractions": "attraction_visits", "accommodation": "accommodation_guests"}
ORIGINS = {"MANCANEGARA": "wisman", "NUSANTARA": "wisnus"}
AGAIN = "regenerate: python -m etl simulate (reference tables or parameters have changed)"


@pytest.fixture(scope="session")
def serving(warehouses):
    """The path of the warehouse of the city with its simulated record."""
    return warehouse.current(warehouses / CITY.name)


@pytest.fixture
def sql(serving):
    """A function: the rows of a query on that warehouse, as it was known on a day."""
    with warehouse.connect(serving) as con:

        def rows(query, as_of=None):
            if as_of:
                con.execute(f"set variable as_of = date '{as_of}'")
            return con.execute(query).fetchall()

        yield rows


def committed():
    """{name: bytes} of the files that the simulator wrote, without sidecars and reshapes."""
    return {p.name: p.read_bytes() for p in FOLDER.glob("*.csv")}


def published():
    """{(measure, origin, year): visits} of the city's rows in the province's tables."""
    found = {}
    for name, measure in MEASURES.items():
        with (CITY / "visits" / f"jabar_{name}.csv").open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                if row["kode_kabupaten_kota"] == "3274" and "2016" <= row["tahun"] <= "2019":
                    key = measure, ORIGINS[row["jenis_wisatawan"]], int(row["tahun"])
                    found[key] = int(row["jumlah_pengunjung"])
    return found


def yearly(sql, as_of=None):
    """{(measure, origin, year): visits} of the simulated series, as known on a day."""
    query = """
        select measure, origin, year(period_start), sum(visits)::bigint from visits_known
        where series = 'simulated:disparbud_jabar' group by all
    """
    return {tuple(key): visits for *key, visits in sql(query, as_of)}


# the files


def test_the_committed_files_come_out_again_byte_for_byte(tmp_path):
    simulate(tmp_path, city=CITY)
    again = {p.name: p.read_bytes() for p in tmp_path.iterdir()}
    differing = {n for n in again.keys() | committed() if again.get(n) != committed().get(n)}
    assert differing == set(), AGAIN


def test_another_seed_gives_other_counts_with_the_same_sums(tmp_path):
    simulate(tmp_path, seed=1, city=CITY)
    assert (tmp_path / "attractions_2016.csv").read_bytes() != committed()["attractions_2016.csv"]
    last = {}
    for name in ("attractions_2016.csv", "attractions_2016_later.csv"):
        for row in csv.DictReader((tmp_path / name).read_text(encoding="utf-8").splitlines()):
            day, origin, _ = row.pop("day"), row.pop("origin"), row.pop("published_at")
            last |= {(day, origin, site): int(n) for site, n in row.items() if n}
    total = sum(n for (_, origin, _), n in last.items() if origin == "wisnus")
    assert total == published()["attraction_visits", "wisnus", 2016]


def test_the_command_writes_the_committed_files_beside_their_sidecars(tmp_path, capsys):
    folder = tmp_path / "cirebon"
    shutil.copytree(CITY / "reference", folder / "reference")
    shutil.copy(CITY / "city.toml", folder)
    assert main(["simulate", "--data", str(tmp_path), "--lang", "en"]) == 0
    written = {p.name: p.read_bytes() for p in (folder / "simulated").iterdir()}
    assert written == committed()
    assert f"{len(written)} files" in capsys.readouterr().out


def test_no_city_gets_a_record_that_is_anchored_on_another(tmp_path, capsys):
    shutil.copytree(ROOT / "data" / "demak", tmp_path / "demak")
    assert main(["simulate", "--data", str(tmp_path), "--lang", "en"]) == 2
    assert "made for the area 32.74 only" in capsys.readouterr().err
    assert not (tmp_path / "demak" / "simulated").exists()


@pytest.mark.parametrize(
    "arguments",
    [
        ["simulate", "--seed", "-1"],
        ["simulate", "--tickets", "many", "--to", "a.csv"],
        ["build", "--tickets", "3", "--to", "a.csv"],
    ],
)
def test_the_command_takes_whole_numbers_and_tickets_only_where_it_simulates(arguments, capsys):
    with pytest.raises(SystemExit):
        main(arguments)
    assert "error" in capsys.readouterr().err


@pytest.mark.parametrize("half", [["--tickets", "3"], ["--to", "a.csv"]])
def test_tickets_and_their_file_go_together(half, capsys):
    assert main(["simulate", "--lang", "en", *half]) == 2
    assert "go together" in capsys.readouterr().err


def test_the_sidecars_name_each_published_number_that_the_record_is_anchored_on():
    for (measure, _, year), visits in published().items():
        name = next(n for n, m in MEASURES.items() if m == measure)
        sidecar = (FOLDER / f"{name}.toml").read_text(encoding="utf-8")
        assert f"{visits:,} ({year})" in " ".join(sidecar.replace("\n#", "").split())
    assert "INVENTED: wisman 1,262 (2018)" in (FOLDER / "attractions.toml").read_text("utf-8")


def test_the_folder_stays_below_five_megabytes():
    assert sum(p.stat().st_size for p in FOLDER.iterdir()) < 5_000_000


@pytest.mark.parametrize("name", sorted(committed()))
def test_a_file_has_unix_line_ends_and_rows_of_one_length(name):
    content = committed()[name]
    assert b"\r" not in content and content.endswith(b"\n")
    assert len({len(row) for row in csv.reader(io.StringIO(content.decode()))}) == 1


def test_nothing_but_the_command_line_knows_the_simulator():
    command = [sys.executable, "-c", "import etl.build, kpi, sys; print(*sys.modules)"]
    loaded = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert "etl.build" in loaded and "tools.simulate" not in loaded


def test_every_parameter_is_named_once_and_says_what_it_resembles_and_its_source():
    names = [name for name, *_ in PARAMETERS]
    assert max(Counter(names).values()) == 1
    assert all(resembles and source for _, _, resembles, source in PARAMETERS)


# the warehouse


def test_the_city_builds_without_a_reject_from_the_simulated_files(serving):
    told = report(serving)
    units = [u for u in told["units"] if u["dataset"].startswith("simulated/")]
    assert len(units) == len(committed())
    assert all(u["refusal"] is None and u["rows_rejected"] == 0 for u in units)
    assert sum(u["values_same_again"] for u in units) == 0


@pytest.mark.parametrize("table", ["visits", "service", "stock", "survey", "condition"])
def test_every_row_is_marked_and_in_a_series_of_its_own(sql, table):
    of_simulated = f"""
        select t.obs_status, t.series like 'simulated:%', t.published_at is null
        from {table} as t join units as u using (unit_id) where u.dataset like 'simulated/%'
    """
    assert set(sql(of_simulated)) == {("simulated", True, False)}
    elsewhere = f"""
        select t.value_id from {table} as t join units as u using (unit_id)
        where u.dataset not like 'simulated/%' and t.series like 'simulated:%'
    """
    assert sql(elsewhere) == []


def test_invented_closures_and_duties_say_so(sql):
    query = "select t.{} from {} as t join units as u using (unit_id) where u.dataset like 'sim%'"
    reasons = sql(query.format("reason", "site_status"))
    agencies = sql(query.format("agency", "reporting"))
    assert reasons and all(reason.startswith("simulasi") for (reason,) in reasons)
    assert agencies and all(agency.endswith("(simulasi)") for (agency,) in agencies)


# visits


def test_yearly_sums_equal_the_published_ones_to_the_person(sql):
    ours, theirs = yearly(sql), published()
    assert {key: ours[key] for key in theirs} == theirs
    assert ours.keys() - theirs.keys() == {("attraction_visits", "wisman", 2018)}  # unpublished


def test_every_listed_site_reports_every_day_in_the_end(sql):
    query = """
        select year, measure, bool_and(is_complete), any_value(frequency) from visits_resolved
        where series = 'simulated:disparbud_jabar' group by all
    """
    found = sql(query)
    assert len(found) == 8 and {(complete, freq) for *_, complete, freq in found} == {(True, "D")}


def test_accommodation_breaks_its_level_in_2019_as_published(sql):
    guests = Counter()
    for (measure, _, year), visits in yearly(sql).items():
        guests[measure, year] += visits
    factors = [
        guests["accommodation_guests", b] / guests["accommodation_guests", a]
        for a, b in pairwise((2016, 2017, 2018, 2019))
    ]
    assert [round(f, 2) for f in factors] == [1.07, 1.13, 3.75]


def test_reports_come_late_and_some_are_missing_on_a_day(sql):
    late = """
        select count(*) from visits as v, reporting as r
        where r.dataset = 'simulated/attractions' and v.series like 'simulated:%'
            and v.place_kind = 'site' and v.published_at > last_day(v.period_end) + r.due_days
    """
    assert sql(late)[0][0] > 500
    month = """
        select place, count(*) from visits_known
        where series like 'simulated:%' and place_kind = 'site' and origin = 'wisnus'
            and period_start between '2019-02-01' and '2019-02-28' group by place
    """
    known = dict(sql(month, as_of="2019-03-25"))
    assert "gua_sunyaragi" not in known and known["keraton_kasepuhan"] == 28


def test_counts_are_corrected_afterwards(sql):
    query = """
        select place, origin, min(visits) < max(visits) from visits
        where series like 'simulated:%' group by place, origin, period_start having count(*) > 1
    """
    found = sql(query)
    assert {place for place, *_ in found} >= {"32.74", "keraton_kasepuhan", "gua_sunyaragi"}
    assert all(differs for *_, differs in found)


def test_a_closed_site_has_no_visits(sql):
    query = """
        select count(*), sum(v.visits) from site_status as s join visits as v
            on v.place = s.site and v.period_start between s.from_date and s.to_date
        where v.series like 'simulated:%' and s.reason like 'simulasi%'
    """
    days, visits = sql(query)[0]
    assert days > 400 and visits == 0


def test_lebaran_is_the_busiest_week_and_the_eve_the_quietest(sql):
    query = """
        select sum(visits) / count(distinct period_start) from visits_known
        where series like 'simulated:%' and place_kind = 'site'
            and period_start between '{}' and '{}'
    """
    after = sql(query.format("2019-06-06", "2019-06-09"))[0][0]
    eve = sql(query.format("2019-06-03", "2019-06-05"))[0][0]
    year = sql(query.format("2019-01-01", "2019-12-31"))[0][0]
    assert eve < 0.6 * year and after > 2.5 * year


REAL = """
loads = "visits"
files = ["gate.csv"]
published_at = 2019-07-01
[set]
place_kind = "site"
place = "gua_sunyaragi"
frequency = "D"
measure = "attraction_visits"
origin = "total"
series = "site_operator"
obs_status = "final"
[map]
period_start = "day"
visits = "num(visits)"
"""


def test_a_real_file_stands_in_for_the_simulated_days_and_the_year_keeps_its_mark(
    serving, sql, tmp_path, monkeypatch
):
    folder = shutil.copytree(CITY, tmp_path / "data")
    (folder / "visits" / "gate.toml").write_text(REAL, encoding="utf-8")
    (folder / "visits" / "gate.csv").write_text("day,visits\n2019-06-08,2\n2019-06-09,3\n")
    shutil.copytree(serving.parent / "lake", tmp_path / "warehouse" / "city" / "lake")
    build(folder, tmp_path / "warehouse" / "city")
    monkeypatch.setenv("DUAJUTA_WAREHOUSE", str(tmp_path / "warehouse"))
    made = sql("""
        select sum(visits)::bigint from visits_known where series like 'simulated:%'
            and place = 'gua_sunyaragi' and period_start in ('2019-06-08', '2019-06-09')
    """)[0][0]
    figures = {
        (f.definition, f.series): f
        for f in kpi.snapshot("city").figures("visits")
        if f.year == 2019
    }
    mixed = figures["attractions", "simulated:disparbud_jabar"]
    assert made > 100 and mixed.value == 997_370 - made + 5
    assert mixed.is_complete and mixed.obs_status == "simulated"
    assert figures["attractions", "disparbud_jabar"].value == 997_370
    assert figures["attractions", "disparbud_jabar"].obs_status == "final"


# service, stock, condition


def minutes(sql, where):
    """(median minutes of the closed requests, number open) of the last state of each request."""
    query = f"""
        select
            median(date_diff('minute', requested_at, completed_at)), count_if(status = 'open')
        from (
            select distinct on (service_request_id) * from service
            where series = 'simulated:disdukcapil' order by service_request_id, published_at desc
        ) where {where}
    """
    return sql(query)[0]


def test_the_programme_takes_five_minutes_and_the_shortage_days_then_weeks(sql):
    programme, _ = minutes(sql, "channel = 'kelakon_ditonggoni'")
    early, _ = minutes(sql, "requested_on between '2019-01-02' and '2019-06-30'")
    autumn, _ = minutes(sql, "requested_on between '2019-08-01' and '2019-10-31'")
    november, waiting = minutes(sql, "requested_on between '2019-11-01' and '2019-12-31'")
    assert programme == 5 and early <= 10
    assert 1440 < autumn < 10 * 1440 < november and waiting > 500


def test_some_requests_are_cancelled_and_some_clocks_are_wrong(sql):
    query = """
        select status, coalesce(sign(date_diff('minute', requested_at, completed_at)), 1), count(*)
        from service where series = 'simulated:disdukcapil' group by all
    """
    counts = {(status, sign): count for status, sign, count in sql(query)}
    assert 0 < counts["closed", -1] < 30 and 0 < counts["closed", 0] < 60
    assert counts["cancelled", 1] > 200 and counts["referred", 1] > 20


def test_a_request_that_is_open_in_one_extract_can_be_closed_in_a_later_one(sql):
    query = """
        select list(status order by published_at) from service
        where series = 'simulated:disdukcapil' group by service_request_id
    """
    states = {tuple(states) for (states,) in sql(query)}
    assert states >= {("open", "closed"), ("closed",), ("open",)}
    assert all(len(s) < 3 and (len(s) == 1 or s[0] == "open") for s in states)


def test_the_stock_balances_and_runs_out(sql):
    rows = sql("select day, on_hand, received, issued from stock order by day")
    gap = date(2018, 8, 16)  # the first count after days that nobody counted
    assert all(b[1] == a[1] + b[2] - b[3] for a, b in pairwise(rows) if b[0] != gap)
    empty = [day for day, on_hand, *_ in rows if on_hand == 0]
    assert date(2019, 7, 15) < empty[0] < date(2019, 7, 31)


def test_every_kelurahan_is_inspected_and_clean_points_are_whole(sql):
    query = """
        select distinct area, round(value * sample_size / 100, 2) % 1 from condition
        where indicator = 'clean_share' and series = 'simulated:dlh'
    """
    found = sql(query)
    assert len(found) == 22 and {fraction for _, fraction in found} == {0}


def test_grades_and_kinds_are_parts_of_what_was_counted_before(sql):
    query = """
        select
            sum(value) filter (where indicator = 'graded_points'),
            any_value(sample_size) filter (where indicator = 'clean_share'),
            sum(value) filter (where indicator = 'graded_points' and breakdown in ('A', 'B+', 'B')),
            any_value(value * sample_size / 100) filter (where indicator = 'clean_share'),
            sum(value) filter (where indicator = 'violations' and breakdown <> ''),
            any_value(value) filter (where indicator = 'violations' and breakdown = ''),
            coalesce(sum(value) filter (where indicator = 'trees_checked'), 0),
            coalesce(sum(value) filter (where indicator = 'trees_alive'), 0)
        from condition where series like 'simulated:%' group by area, period_start
    """
    for graded, points, clean, found_clean, kinds, violations, checked, alive in sql(query):
        assert (graded, kinds) == (points, violations) and alive <= checked
        assert clean is None or clean == pytest.approx(found_clean, abs=0.01)


# the tools


def test_shares_add_up_and_nothing_goes_to_a_weight_of_zero():
    assert apportion(10, [1, 0, 1, 1]).tolist() == [4, 0, 3, 3]
    assert apportion(0, [1, 2]).tolist() == [0, 0]


def test_random_numbers_are_those_of_the_bits_of_pcg64():
    draws = Draws(2019, "test")
    assert [round(draws.uniform(), 12) for _ in range(3)] == [
        0.90475738422,
        0.916050456712,
        0.469814221491,
    ]
    assert Draws(2019, "test").uniform(2, 2).shape == (2, 2)


def test_official_lebaran_is_taken_and_not_a_computed_one():
    assert Place(CITY).lebaran[2019] == date(2019, 6, 5)  # a computed calendar says 4 June


def test_tickets_are_as_many_as_asked_ordered_and_the_same_again(tmp_path):
    files = [write_tickets(tmp_path / name, 5_000, city=CITY) for name in ("a.csv", "b.csv")]
    first, second = (path.read_text(encoding="utf-8") for path in files)
    assert first == second and "\r" not in first and '"' not in first
    rows = list(csv.DictReader(io.StringIO(first)))
    assert [int(r["ticket_id"]) for r in rows] == list(range(1, 5_001))
    times = [r["entered_at"] for r in rows]
    assert times == sorted(times) and times[0][:4] == "2016" and times[-1][:4] == "2019"
    assert {r["site"] for r in rows} == set(Place(CITY).sites)


def test_tickets_fit_the_contract_to_the_last_column(city):
    shutil.copytree(CITY / "reference", city.folder / "reference")
    for name in ("areas", "definitions"):
        (city.folder / f"{name}.toml").unlink()
        (city.folder / f"{name}.csv").unlink()
    write_tickets(city.folder / "gate.csv", 500, city=CITY)
    city.build({"gate.toml": 'loads = "tickets"\nfiles = ["gate.csv"]'})
    assert city.rejects() == [] and city.refusals() == []
    (unit,) = [u for u in city.report["units"] if u["dataset"] == "gate"]
    assert unit["values_loaded"] == 500 and unit["unread_columns"] == []
