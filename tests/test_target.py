"""A city of a few rows against its target: what is compared, when, and what is said of it."""

from datetime import date, timedelta

import pytest

import kpi
from ui.kit import sentences
from ui.kit.text import text

SAY = text("en")
COLUMNS = (
    "place,place_kind,period_start,period_end,frequency,measure,origin,definition,series,visits,"
    "obs_status,published_at\n"
)
YEAR = "2019-01-01,2019-12-31,A"
CITY = """name = "Kota Bogor"
area = "32.71"
time_zone = "Asia/Jakarta"
[ruling_target]
kpi = "visits"
year = {year}
document = "Plan"
definition = "both"
series = "office"
"""
TARGETS = "area,kpi,period_start,period_end,level,document,value,unit,definition,published_at\n"


@pytest.fixture
def town(city, monkeypatch):
    """town(visits, targets, year, as_of): the attainment Figures of a city made of these rows."""
    monkeypatch.setenv("DUAJUTA_WAREHOUSE", str(city.target.parent))

    def make(visits, targets="", year=2019):
        default = f"32.71,visits,{year}-01-01,{year}-12-31,,Plan,2000,visits,,2019-01-05\n"
        city.build(
            {
                "city.toml": CITY.format(year=year),
                "visits.csv": COLUMNS + visits,
                "visits.toml": 'loads = "visits"\nfiles = ["visits.csv"]',
                "targets.csv": TARGETS + (targets or default),
                "targets.toml": 'loads = "targets"\nfiles = ["targets.csv"]',
            }
        )
        assert city.report["rejects"] == []
        return kpi.snapshot("city")

    return make


def row(measure, visits, period=YEAR, **given):
    """A line of visits.csv; published on 5 January 2020, unless given otherwise."""
    cells = {
        "origin": "total",
        "definition": "not_stated",
        "series": "office",
        "status": "final" if visits != "" else "missing",
        "published": "2020-01-05",
        **given,
    }
    c = cells
    return (
        f"32.71,area,{period},{measure},{c['origin']},{c['definition']},{c['series']},{visits},"
        f"{c['status']},{c['published']}\n"
    )


def both(attractions, guests, **given):
    """The two measures of the definition `both`."""
    return row("attraction_visits", attractions, **given) + row(
        "accommodation_guests", guests, **given
    )


def choice(snapshot):
    """The Figure that the target is measured by."""
    (figure,) = [f for f in snapshot.figures("attainment") if f.is_choice]
    return figure


def said(snapshot):
    """The one sentence of the home page."""
    return sentences.verdict(SAY, choice(snapshot), None, "Bogor", {}).replace("\u00a0", " ")


def of(name, snapshot, definition):
    """The Figures of a definition."""
    return [f for f in snapshot.figures(name) if f.definition == definition]


def test_a_corrected_target_supersedes_and_an_earlier_day_knows_the_old_one(town):
    targets = "".join(
        f"32.71,visits,2019-01-01,2019-12-31,,Plan,{value},visits,,{day}\n"
        for value, day in ((2000, "2019-01-05"), (2500, "2019-06-05"))
    )
    now = choice(town(both(1100, 1000), targets))
    assert (now.denominator, now.witnesses) == (2500, 1)
    assert choice(kpi.snapshot("city", date(2019, 3, 1))).denominator == 2000


def test_of_two_levels_in_one_document_the_ruling_one_rules(town):
    targets = "".join(
        f"32.71,visits,2019-01-01,2019-12-31,{level},Plan,{value},visits,,2019-01-05\n"
        for level, value in (("aspiration", 4000), ("ruling", 2000))
    )
    assert choice(town(both(1000, 500), targets)).denominator == 2000


def test_a_document_is_not_named_before_it_was_published(town):
    targets = (
        "32.71,visits,2019-01-01,2019-12-31,,Press,2000,visits,,2019-01-05\n"
        "32.71,visits,2019-01-01,2019-12-31,,Plan,2000,visits,,2019-03-25\n"
    )
    town(both(1000, 500), targets)
    assert choice(kpi.snapshot("city", date(2019, 2, 1))).target_document == "Press"
    assert choice(kpi.snapshot("city", date(2019, 3, 25))).target_document == "Plan"


def test_a_forecast_is_not_a_visit(town):
    assert choice(town(both(1100, 1000, status="forecast"))).value is None


def test_one_measure_under_two_definitions_is_not_added_twice(town):
    visits = "".join(
        row("attraction_visits", 1000, definition=d) for d in ("attractions", "not_stated")
    )
    (figure,) = of("visits", town(visits), "attractions")
    assert figure.value == 1000


def test_a_sum_needs_every_measure(town):
    snapshot = town(both("", 900))
    assert choice(snapshot).value is None
    assert "no figure of 2019 has been published yet" in said(snapshot)


def test_a_year_with_one_month_is_incomplete_and_not_missed(town):
    december = "2019-12-01,2019-12-31,M"
    assert "the figure is incomplete" in said(town(both(100, 100, period=december)))


def test_a_complete_year_below_the_target_is_missed(town):
    assert "was missed: 1,500 visits" in said(town(both(1000, 500)))


def test_a_target_that_says_what_it_counts_is_compared_with_that(town):
    targets = "32.71,visits,2019-01-01,2019-12-31,,Plan,2000,visits,attractions,2019-01-05\n"
    snapshot = town(both(1000, 1100), targets)
    assert (choice(snapshot).definition, choice(snapshot).value) == ("attractions", 0.5)
    assert "city's choice" not in said(snapshot)


def test_a_year_that_has_not_ended_is_complete_in_no_state_of_knowledge(town):
    span = "2019-01-01,2019-02-28,C"
    town(both(200, 0, period=span, published="2019-03-10"))
    then = kpi.snapshot("city", date(2019, 3, 25))
    assert [f.is_complete for f in then.figures("visits")] == [False, False]
    assert said(then).startswith("By 28 February 2019: 200 of the target")


def test_months_to_come_are_not_expected_and_a_yearly_figure_given_early_is_running(town):
    year = date.today().year
    early = f"{year}-01-01,{year}-12-31,A"
    day = date.today() - timedelta(days=1)
    snapshot = town(both(500, 500, period=early, status="provisional", published=day), year=year)
    (needed,) = snapshot.figures("required_per_day")
    left = (date(year, 12, 31) - day).days
    assert (needed.denominator, needed.value) == (left, -(-1000 // left))
    assert said(snapshot).startswith(f"By {SAY.date(day)}")


@pytest.mark.parametrize(
    ("vintages", "status"),
    [
        ((10, 20), "revised"),
        ((10, 20, 20), "revised"),
        ((10, 10), "final"),
        (("", 10), "final"),
    ],
)
def test_a_figure_is_revised_when_an_earlier_one_was_another(town, vintages, status):
    visits = "".join(
        row("attraction_visits", v, published=f"2020-0{n}-05")
        for n, v in enumerate(vintages, start=1)
    )
    (figure,) = of("visits", town(visits), "attractions")
    assert figure.obs_status == status


def test_parts_that_stand_in_for_a_revised_total_say_so(town):
    total = {"measure": "visits_total", "definition": "both"}
    visits = "".join(
        row(visits=v, published=day, **total)
        for v, day in ((90, "2020-01-05"), (100, "2020-02-05"))
    ) + "".join(
        row(visits=v, origin=o, published="2020-02-05", **total)
        for o, v in (("wisnus", 70), ("wisman", 30))
    )
    (figure,) = of("visits", town(visits), "both")
    assert (figure.value, figure.obs_status) == (100, "revised")


def test_what_nobody_dated_is_known_later_at_any_day(town):
    town(both(1000, 500, published=""))
    later = kpi.snapshot("city", date(2030, 1, 1)).table("known_later")
    assert [r["value"] for r in later if r["kind"] == "visits"] == [500, 1000]


def test_what_was_published_before_its_period_ended_is_known_later_until_it_has(town):
    town(both(1000, 500, published="2019-03-01"))
    later = kpi.snapshot("city", date(2019, 6, 1)).table("known_later")
    assert [r["value"] for r in later if r["kind"] == "visits"] == [500, 1000]
