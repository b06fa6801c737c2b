"""The figures: golden numbers, what was known when, how they lead back, and the door to them."""

import csv
import io
from datetime import date

import duckdb
import pytest
from conftest import ROOT

import kpi
from kpi import reading
from kpi.lineage import of_figure
from kpi.trace import trace

DATA = ROOT / "data" / "cirebon"
EVENING = date(2019, 3, 25)  # the visit of the guests from Demak

pytestmark = pytest.mark.usefixtures("served")


def read(path):
    """The rows of a CSV file as dicts."""
    return list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8"))))


def day(text):
    """A day of a CSV file, None where it is empty."""
    return date.fromisoformat(text) if text else None


def figure(name, definition, series, year, city="cirebon", as_of=None):
    """The one Figure of a KPI, definition, series and year."""
    wanted = (definition, series, year)
    found = kpi.snapshot(city, as_of).figures(name)
    (one,) = [f for f in found if (f.definition, f.series, f.year) == wanted]
    return one


def sql(query, city="cirebon", as_of=None):
    """The rows of a query on a city's warehouse as known on a day."""
    with reading.cursor(kpi.snapshot(city).path, as_of, query) as con:
        return con.execute(query).fetchall()


# golden numbers


GOLDEN = read(ROOT / "tests" / "golden.csv")


@pytest.mark.parametrize("row", GOLDEN, ids=lambda r: "-".join(v for v in list(r.values())[:6]))
def test_the_figure_is_the_golden_one(row):
    f = figure(
        row["kpi"],
        row["definition"],
        row["series"],
        int(row["year"]),
        city=row["city"],
        as_of=day(row["as_of"]),
    )
    numbers = [float(row[k]) if row[k] else None for k in ("value", "numerator", "denominator")]
    assert [f.value, f.numerator, f.denominator] == numbers
    told = (f.obs_status, str(f.is_complete).lower(), f.reason or "")
    assert told == (row["obs_status"], row["is_complete"], row["reason"])


def test_sums_equal_the_ones_that_the_compiler_of_the_extract_made():
    derived = {
        int(r["period"]): int(r["value"])
        for r in read(DATA / "visits" / "jabar_city_extract.csv")
        if r["value_kind"] == "derived"
    }
    ours = {
        f.year: f.value
        for f in kpi.snapshot("cirebon").figures("visits")
        if (f.definition, f.series) == ("attractions_accommodation", "disparbud_jabar")
    }
    assert ours == derived and sorted(ours) == list(range(2014, 2025))


def test_a_missing_part_is_missing_and_not_zero():
    f = figure("visits", "attractions", "disparbud_jabar", 2018)
    assert (f.values_reported, f.values_expected, f.origins) == (1, 2, ("wisnus",))
    snapshot = kpi.snapshot("cirebon")
    rows = snapshot.rows(trace(snapshot, of_figure(f)).values)
    assert {r["origin"]: (r["value"], r["obs_status"]) for r in rows} == {
        "wisnus": (1_256_644, "final"),
        "wisman": (None, "missing"),
    }


def test_a_running_year_says_until_when_it_runs():
    f = figure("visits", "not_stated", "city_office", 2023)
    assert (f.covered_to, f.period_end) == (date(2023, 12, 7), date(2023, 12, 31))


def test_a_definition_of_which_one_measure_is_unknown_has_no_figure():
    figures = kpi.snapshot("cirebon").figures("visits")
    of_2017 = sorted(f.definition for f in figures if (f.series, f.year) == ("city_office", 2017))
    assert of_2017 == ["accommodation", "attractions", "attractions_accommodation"]


def test_a_city_without_a_ruling_target_has_visits_but_no_attainment():
    demak = kpi.snapshot("demak")
    assert demak.figures("attainment") == demak.figures("required_per_day") == []
    assert {f.city for f in demak.figures("visits")} == {"Kabupaten Demak"}


# what was known when


def test_the_ruling_target_is_known_from_its_first_witness_on():
    assert kpi.snapshot("cirebon", date(2019, 1, 6)).figures("attainment") == []
    (f,) = kpi.snapshot("cirebon", date(2019, 1, 7)).figures("attainment")
    assert (f.denominator, f.target_known_at, f.witnesses) == (2_000_000, date(2019, 1, 7), 1)


# what the breakdowns of the city's office that were known that evening count
COUNTS = {
    "wisman (perimeter: objek wisata+hotel, DKOKP)": (
        "visits_total",
        "attractions_accommodation",
        "wisman",
    ),
    "total (objek wisata+hotel)": ("visits_total", "attractions_accommodation", "total"),
    "wisnus": ("visits_total", "attractions_accommodation", "wisnus"),
    "wisman": ("visits_total", "attractions_accommodation", "wisman"),
    "objek wisata": ("attraction_visits", "attractions", "total"),
    "hotel": ("accommodation_guests", "accommodation", "total"),
}


def known(name):
    """The rows of a received file that were published by that evening; every row has its date."""
    return [r for r in read(DATA / name) if f"{r['source_date']}-12-31"[:10] <= EVENING.isoformat()]


def test_that_evening_exactly_these_visits_were_known():
    expected = {
        (int(r["period"]), *COUNTS[r["breakdown"]], int(r["value"]), day(r["source_date"]))
        for name in ("city_office", "jabar_city_extract")
        for r in known(f"visits/{name}.csv")
    }
    query = """
        select year(period_start), measure, definition, origin, visits, published_at
        from visits_known where obs_status <> 'simulated'
    """
    ours = sql(query, as_of=EVENING)
    assert len(ours) == len(expected) == 12 and set(ours) == expected


def test_that_evening_exactly_these_targets_were_known():
    expected = {
        (int(r["period"]), int(r["value"]), r["source_title"], day(r["source_date"]))
        for r in known("targets/visits.csv")
    }
    targets = kpi.snapshot("cirebon", EVENING).table("targets")
    ours = {(t["year"], t["value"], t["document"], t["published_at"]) for t in targets}
    assert ours == expected and len(targets) == 5


PUBLISHED = "select value_id from {} where obs_status <> 'simulated'"


def test_a_value_is_known_or_known_later_and_never_both():
    later = kpi.snapshot("cirebon", EVENING).table("known_later")
    later = {r["value_id"] for r in later if r["kind"] == "visits"}
    by_then = {id_ for (id_,) in sql(PUBLISHED.format("visits_known"), as_of=EVENING)}
    own = {id_ for (id_,) in sql(PUBLISHED.format("visits") + " and place = '32.74'")}
    assert not by_then & later and by_then | later == own


def test_findings_are_known_when_their_figures_are():
    assert kpi.snapshot("cirebon", date(2025, 12, 2)).table("findings") != []
    first = kpi.snapshot("cirebon", date(2025, 12, 2)).table("findings")
    series = {f["params"]["series"] for f in first if f["contract"] == "visits"}
    assert series == {"city_office", "simulated:disparbud_jabar"}


# required per day

OFFICE = """
loads = "visits"
files = ["office.csv"]
[set]
place_kind = "area"
frequency = "C"
measure = "attraction_visits"
origin = "total"
series = "office"
obs_status = "final"
[map]
place = "'32.71'"
period_start = "first_day"
period_end = "last_day"
visits = "num(visits)"
published_at = "published"
"""
TARGET = """
loads = "targets"
files = ["target.csv"]
published_at = 2019-01-02
[set]
area = "32.71"
kpi = "visits"
unit = "visits"
document = "plan"
[map]
period_start = "period(year)"
period_end = "period_last(year)"
value = "num(value)"
"""
RULING = """
[ruling_target]
kpi = "visits"
year = 2019
document = "plan"
definition = "attractions"
series = "office"
"""


@pytest.fixture
def office(served, city, monkeypatch):
    """A city with a target of 1,000 and three counts: 2018, ten days and half a year of 2019."""
    about = (city.folder / "city.toml").read_text(encoding="utf-8")
    city.build(
        {
            "city.toml": about + RULING,
            "target.csv": "year,value\n2019,1000\n",
            "target.toml": TARGET,
            "office.csv": "first_day,last_day,visits,published\n"
            "2018-01-01,2018-12-31,500,2019-01-01\n"
            "2019-01-01,2019-01-10,289,2019-01-15\n"
            "2019-01-01,2019-06-30,1200,2019-07-05\n",
            "office.toml": OFFICE,
        }
    )
    monkeypatch.setenv("DUAJUTA_WAREHOUSE", str(city.target.parent))
    return city


def required(as_of):
    """The one figure required_per_day of that city."""
    (f,) = kpi.snapshot("city", date.fromisoformat(as_of)).figures("required_per_day")
    return f


@pytest.mark.usefixtures("office")
def test_required_per_day_is_what_is_left_over_the_days_not_counted_rounded_up():
    f = required("2019-01-31")
    assert (f.numerator, f.denominator) == (1000 - 289, 365 - 10)
    assert (f.value, f.reason, f.unit) == (3, None, "visits_per_day")  # 711 / 355 = 2.003


@pytest.mark.usefixtures("office")
@pytest.mark.parametrize(
    "as_of, reason",
    [
        ("2019-01-14", "nothing_reported"),
        ("2019-07-05", "reached"),
        ("2019-12-30", "reached"),
        ("2019-12-31", "year_ended"),
    ],
)
def test_required_per_day_is_empty_with_its_reason(as_of, reason):
    f = required(as_of)
    assert (f.value, f.numerator, f.denominator, f.reason) == (None, None, None, reason)


def test_a_figure_published_before_its_period_ended_is_known_from_that_end_on(office):
    early = "first_day,last_day,visits,published\n2019-01-01,2019-06-30,900,2019-06-20\n"
    office.build({"office.csv": early})
    ended = {d: kpi.snapshot("city", date(2019, 6, d)) for d in (29, 30)}
    assert [len(s.figures("visits")) for s in ended.values()] == [0, 1]
    assert [len(s.table("known_later")) for s in ended.values()] == [1, 0]


@pytest.mark.usefixtures("office")
def test_the_target_of_another_year_than_the_ruling_one_measures_nothing():
    assert {f.year for f in kpi.snapshot("city").figures("attainment")} == {2019}


# checks


def own_findings(check, contract="visits"):
    """[(measure, origin, year)] that a check found for the city's own area."""
    params = [
        f["params"]
        for f in kpi.snapshot("cirebon").table("findings")
        if f["is_own"] and (f["check"], f["contract"]) == (check, contract)
    ]
    return sorted((p["measure"], p.get("origin"), p["year"]) for p in params)


def test_the_revenue_that_was_the_same_for_four_years_is_asked_about_once_a_kind():
    assert own_findings("copied", "indicators") == [("tourism_revenue", "", 2015)] * 4


def test_figures_that_repeat_the_year_before_are_asked_about_with_all_that_repeat_them():
    assert own_findings("copied") == [
        ("accommodation_guests", "wisman", 2015),
        ("accommodation_guests", "wisnus", 2015),
        ("attraction_visits", "wisman", 2015),
        ("attraction_visits", "wisnus", 2015),  # and 2016
    ]


def test_series_break_finds_exactly_the_breaks():
    assert own_findings("series_break") == [
        ("accommodation_guests", None, 2019),
        ("accommodation_guests", None, 2019),  # the simulated record repeats it
        ("visits_total", None, 2021),
    ]


def test_the_status_suspect_follows_the_copies_and_nothing_else():
    marked = {
        id_
        for f in kpi.snapshot("cirebon").table("findings")
        if f["marks"] == "suspect" and f["contract"] == "visits"
        for id_ in f["marked_ids"]
    }
    suspect = {
        id_ for (id_,) in sql("select value_id from visits_known where obs_status = 'suspect'")
    }
    final = {id_ for (id_,) in sql("select value_id from visits_known where obs_status = 'final'")}
    assert suspect and suspect <= marked and not final & marked  # an estimate stays one


# every KPI

KEYS = {
    *("concept", "definition", "classification", "measure", "unit"),
    *("producer", "period", "direction", "method"),
}


@pytest.mark.parametrize("name", kpi.KPIS)
def test_the_header_of_a_kpi_is_complete(name):
    meta = kpi.metadata()[name]
    assert set(meta) - {"derived_from", "values"} == KEYS and all(meta.values())
    assert meta.get("derived_from") in (None, *kpi.catalogue())
    assert meta["direction"] in ("up", "down", "range")


@pytest.mark.parametrize("name", kpi.KPIS)
def test_the_query_of_a_kpi_gives_the_agreed_columns(name):
    given = {row[0] for row in sql(f"describe from {name}_kpi")}
    assert given >= reading.ASKED and given <= set(kpi.Figure.__dataclass_fields__)


@pytest.mark.parametrize("city", ["cirebon", "demak"])
@pytest.mark.parametrize("name", ["visits", "attainment"])
def test_the_rows_behind_a_figure_sum_to_it(city, name):
    snapshot = kpi.snapshot(city)
    for f in snapshot.figures(name):
        rows = snapshot.rows(trace(snapshot, of_figure(f)).values, limit=100_000)
        values = {r["value_id"]: r["value"] for r in rows}
        assert set(values) == set(f.value_ids)
        assert sum(v or 0 for v in values.values()) == f.numerator
        assert all(r["file"] and r["line"] for r in rows)


def test_a_figure_says_what_it_counts_in_order():
    f = figure("visits", "attractions_accommodation", "disparbud_jabar", 2019)
    assert f.measures == ("attraction_visits", "accommodation_guests")


def test_only_the_year_of_the_target_has_a_simulated_progress_once_it_is_known():
    assert kpi.snapshot("cirebon", date(2019, 1, 1)).figures("simulated_attainment") == []
    (f,) = kpi.snapshot("cirebon", date(2019, 9, 30)).figures("simulated_attainment")
    assert f.covered_to == date(2019, 9, 28) and not f.is_choice
    assert (f.values_reported, f.values_expected) == (6380, 6552)


# the door


def test_a_city_may_open_on_a_day_of_its_own():
    assert kpi.demo_day("cirebon") == date(2019, 9, 30)
    assert kpi.demo_day("demak") is None and kpi.demo_day("nowhere") is None


def test_the_default_city_comes_first():
    assert kpi.cities() == [("cirebon", "Kota Cirebon"), ("demak", "Kabupaten Demak")]


@pytest.mark.parametrize("name", ["nowhere", ""])
def test_an_unknown_city_has_no_warehouse(name):
    with pytest.raises(kpi.NoWarehouse) as problem:
        kpi.snapshot(name)
    assert problem.value.code == "none"


@pytest.mark.parametrize("content", [b"", b"not a database", None])
def test_a_damaged_or_missing_warehouse_is_told(served, city, monkeypatch, content):
    path = city.build()
    path.unlink()
    if content is not None:
        path.write_bytes(content)
    monkeypatch.setenv("DUAJUTA_WAREHOUSE", str(city.target.parent))
    with pytest.raises(kpi.NoWarehouse) as problem:
        kpi.snapshot("city")
    assert problem.value.code == ("none" if content is None else "damaged")
    assert kpi.cities() == [("city", "city")]


@pytest.mark.parametrize(
    "missing, ask",
    [
        ("alter table city drop demo_as_of", lambda snapshot: snapshot.table("city")),
        ("drop view visits_resolved", lambda snapshot: snapshot.figures("attainment")),
    ],
)
def test_a_warehouse_of_another_version_of_the_code_is_told(
    served, city, monkeypatch, missing, ask
):
    path = city.build()
    with duckdb.connect(path) as con:
        con.execute(missing)
    monkeypatch.setenv("DUAJUTA_WAREHOUSE", str(city.target.parent))
    with pytest.raises(kpi.NoWarehouse) as problem:
        ask(kpi.snapshot("city"))
    assert problem.value.code == "outdated"
    assert kpi.demo_day("city") is None


def test_an_open_snapshot_answers_on_while_a_new_one_sees_the_new_build(served, city, monkeypatch):
    monkeypatch.setenv("DUAJUTA_WAREHOUSE", str(city.target.parent))
    city.build()
    old = kpi.snapshot("city")
    about = (city.folder / "city.toml").read_text(encoding="utf-8")
    city.build({"city.toml": about.replace("Kota Bogor", "Bogor")})
    new = kpi.snapshot("city")
    assert [s.table("city")[0]["name"] for s in (old, new)] == ["Kota Bogor", "Bogor"]
    assert old.id != new.id


def test_the_id_names_city_version_and_day():
    path = kpi.snapshot("cirebon").path
    assert kpi.snapshot("cirebon", EVENING).id == f"cirebon-{path.stem}-2019-03-25"


@pytest.mark.parametrize(
    "statement",
    [
        "create table main.x (a integer)",
        "delete from visits",
        "from read_csv('{file}')",
        "copy (select 1) to '{file}'",
        "attach '{file}.duckdb'",
        "set enable_external_access = true",
    ],
)
def test_a_snapshot_neither_writes_nor_reads_files(tmp_path, statement):
    file = tmp_path / "a.csv"
    file.write_text("a\n1\n")
    with pytest.raises(duckdb.Error):
        sql(statement.format(file=file))
    assert file.read_text() == "a\n1\n"
