"""Every figure leads back: its address makes it anew, and the values behind it add up to it."""

import io
from contextlib import suppress
from datetime import date
from random import Random

import pandas as pd
import pytest

import kpi
from kpi import lineage, service
from kpi.lineage import NoFigure, address, of_figure, of_pair, of_period, read
from kpi.trace import OUTLOOK, SERVICE, TRACES, trace

DAYS = (None, date(2019, 9, 30))
pytestmark = pytest.mark.usefixtures("served")


@pytest.fixture(params=DAYS, ids=str)
def snapshot(request, served):
    """The city in data/, today and as of its demonstration day."""
    return kpi.snapshot("cirebon", request.param)


def counted(snapshot, traced):
    """{part: (how many values, their sum)} behind a figure."""
    return {row["part"]: (row["n"], row["total"]) for row in snapshot.counted(traced.values)}


def held(figure):
    """What the values behind a Figure have to add up to, by part; None: not by adding."""
    match figure.kpi:
        case "visits":
            return {"": figure.value}
        case "violations_per_patrol_hour" | "tree_survival_share":
            return {"numerator": figure.numerator, "denominator": figure.denominator}
        case "cleanliness_unacceptable_share":
            return {"both": figure.denominator}
        case "skm_index":
            return {"": figure.numerator}
        case "green_space_share":
            return {"": 100 * figure.value}
    return None


@pytest.mark.parametrize("name", kpi.KPIS)
def test_every_figure_is_made_anew_from_its_address(snapshot, name):
    figures = snapshot.figures(name)
    made = [trace(snapshot, read(of_figure(figure).query)) for figure in figures]
    assert [one.value for one in made] == [figure.value for figure in figures]


@pytest.mark.parametrize("name", kpi.KPIS)
def test_values_behind_a_figure_add_up_to_it(snapshot, name):
    for figure in snapshot.figures(name):
        traced, sums = trace(snapshot, of_figure(figure)), held(figure)
        if sums and figure.value is not None:
            found = {part: total for part, (_, total) in counted(snapshot, traced).items()}
            assert found == pytest.approx(sums), figure


@pytest.mark.parametrize("name", [name for name in kpi.KPIS if name.startswith("service_")])
def test_requests_behind_a_figure_are_as_many_as_it_says(snapshot, name):
    for figure in snapshot.figures(name):
        found = counted(snapshot, trace(snapshot, of_figure(figure)))
        done, still_open = (found.get(fate, (0, 0))[0] for fate in ("done", "open"))
        assert (done, done + still_open) == (figure.values_summed, figure.values_expected)


def test_both_periods_of_every_growth_add_up(snapshot):
    scope = dict(zip(("definition", "series"), opened(snapshot), strict=True))
    anything = dict.fromkeys(("measure", "origin", "site"))
    rows = snapshot.table("visits_pairs", year=2019, **scope, **anything)[::29]
    made = [trace(snapshot, of_pair(row)) for row in rows]
    sums = [tuple(part.value for part in one.parts) for one in made]
    assert sums == [(row["visits"], row["visits_before"], row["change"]) for row in rows]


@pytest.mark.parametrize("by", ["all", "site", "origin", "measure"])
def test_values_behind_every_period_of_the_course_add_up(snapshot, by):
    scope = dict(zip(("definition", "series"), opened(snapshot), strict=True))
    anything = dict.fromkeys(("measure", "origin", "site"))
    asked = scope | anything | {"by": by, "step": "M", "year": 2019}
    rows = snapshot.table("visits_periods", **asked)[-40::9]
    assert [trace(snapshot, of_period(row)).value for row in rows] == [r["visits"] for r in rows]


def opened(snapshot):
    """(definition, series) of the outlook of the city."""
    year_end = snapshot.outlook()
    return year_end.definition, year_end.series


def test_parts_of_an_outlook_add_up_to_its_total(snapshot):
    definition, series = opened(snapshot)
    about = {"definition": definition, "series": series, "year": 2019}
    traced = trace(snapshot, address("outlook", of="likely", **about))
    by = {part.code: part.value for part in traced.parts}
    assert by["counted"] + by.get("late", 0) + by["forecast"] == pytest.approx(traced.value)


def test_counted_part_of_an_outlook_leads_to_its_values(snapshot):
    definition, series = opened(snapshot)
    about = {"definition": definition, "series": series, "year": 2019}
    traced = trace(snapshot, address("outlook", of="counted", **about))
    assert counted(snapshot, traced)[""][1] == traced.value


def test_requests_of_a_period_are_those_behind_its_median():
    snapshot = kpi.snapshot("cirebon", DAYS[1])
    ((code, offered), *_) = service.services(snapshot).items()
    about = {"definition": code, "series": next(iter(offered)), "unit": "month"}
    traced = trace(snapshot, address("service", of="median", period="2019-08-01", **about))
    fates = {f"requests_{part}": n for part, (n, _) in counted(snapshot, traced).items()}
    assert fates == {part.code: part.value for part in traced.parts}


def test_rows_name_the_file_and_the_line_that_a_value_came_from():
    snapshot = kpi.snapshot("cirebon")
    figure = next(f for f in snapshot.figures("visits") if f.series == "city_office")
    traced = trace(snapshot, of_figure(figure))
    row = snapshot.rows(traced.values)[0]
    assert row["line"] > 1 and str(int(row["value"])) in "".join(filter(None, row["cells"]))


def test_rows_come_in_pages_that_do_not_overlap():
    snapshot = kpi.snapshot("cirebon", DAYS[1])
    definition, series = opened(snapshot)
    about = {"definition": definition, "series": series, "year": 2019}
    values = trace(snapshot, address("outlook", of="counted", **about)).values
    pages = [snapshot.rows(values, limit=50, offset=offset) for offset in (0, 50)]
    first, second = ({row["value_id"] for row in page} for page in pages)
    assert len(first) == len(second) == 50 and first.isdisjoint(second)


def test_the_file_of_all_rows_adds_up_for_pandas():
    snapshot = kpi.snapshot("cirebon", DAYS[1])
    definition, series = opened(snapshot)
    about = {"definition": definition, "series": series, "year": 2019}
    traced = trace(snapshot, address("outlook", of="counted", **about))
    made = pd.read_csv(io.BytesIO(snapshot.rows_file(traced.values)), parse_dates=["period_start"])
    assert made["value"].sum() == traced.value and made["is_simulated"].all()
    assert made["period_start"].dt.year.unique() == [2019] and made["line"].min() > 0
    assert set(made["as_of"]) == {"2019-09-30"} and set(made["snapshot"]) == {snapshot.id}


@pytest.mark.parametrize(
    "query",
    [
        {"kind": "weather"},
        {"kind": "figure", "kpi": "visits"},
        {"kind": "visits", "definition": "a", "series": "b", "first": "2019-99-01", "last": "x"},
        {"kind": "outlook", "of": "likely", "definition": "a", "series": "b", "year": "9" * 5000},
    ],
)
def test_an_address_of_nothing_is_refused(query):
    with pytest.raises(NoFigure):
        read(query)


SAID = {  # what strangers write into an address, by parameter; anything else where none is named
    "kpi": ["visits", "attainment", "required_per_day", "tree_survival_share", "x"],
    "definition": ["attractions_accommodation", "ktp_el_print", "';--"],
    "series": ["simulated:disparbud_jabar", "simulated:disdukcapil", "simulated:dlh", ""],
    "year": ["2019", "0", "-5", "99999", "9" * 5000],
    "first": ["2019-01-01", "0001-01-01", "9999-12-31", "1900-01-01"],
    "last": ["2019-12-31", "2200-12-31", "0001-01-01"],
    "of": [*OUTLOOK, *SERVICE, "value", "change", "x"],
    "unit": ["month", "week", "x"],
    "period": ["2019-08-01", "2019-08-05", "x"],
    "target": ["1", "0", "-5", "9" * 40],
    "exclude": ["abc", "2019-01,2019-13", ",,"],
    "contract": ["condition", "indicators", "x"],
}


def test_no_address_that_a_stranger_writes_ends_a_page():
    snapshot, chance = kpi.snapshot("cirebon", DAYS[1]), Random(12)
    for _ in range(400):
        kind = chance.choice(sorted(lineage.KINDS))
        names = [n for n in lineage.KINDS[kind] if n not in lineage.MAY or chance.random() < 0.5]
        said = {name: chance.choice(SAID.get(name, ["x", "32.74", "wisnus", ""])) for name in names}
        with suppress(NoFigure):
            traced = trace(snapshot, read({"kind": kind} | said))
            if traced and traced.values:
                snapshot.rows(traced.values, 3)


def test_an_address_of_what_is_not_there_has_no_figure():
    asked = {"definition": "';drop", "series": "x", "year": 2019}
    kinds = (("figure", {"kpi": "visits"}), ("outlook", {"of": "x"}), ("survey", {}))
    snapshot = kpi.snapshot("cirebon")
    assert [trace(snapshot, address(kind, **asked, **more)) for kind, more in kinds] == [None] * 3


def test_every_kpi_says_where_its_values_are():
    ways = [{"values", "derived_from"} & {*meta} for meta in kpi.metadata().values()]
    assert all(len(way) == 1 for way in ways)


def test_every_way_to_values_is_a_query():
    named = {meta["values"] for meta in kpi.metadata().values() if "values" in meta}
    assert all((kpi.HERE / f"queries/values_{name}.sql").is_file() for name in named)


def test_every_kind_of_address_can_be_traced():
    assert set(lineage.KINDS) == set(TRACES)
