"""What was known when, what adds up, and what the checks find: on tables of a few rows."""

import pytest
from conftest import SITES, sidecar

from ui.kit.text import text

HEADER = "place,start,end,freq,measure,origin,breakdown,visits,series,published\n"
RECIPE = '''
[map]
place = "place"
place_kind = "if(place in ('park', 'museum'), 'site', 'area')"
period_start = "start"
period_end = '"end"'
frequency = "freq"
measure = "measure"
origin = "origin"
breakdown = "breakdown"
visits = "num(visits)"
series = "series"
obs_status = """case
    when absent(visits) then 'missing'
    when starts_with(series, 'simulated:') then 'simulated'
    else 'final' end"""
published_at = "published"
'''


def row(start, visits, freq="A", place="32.71", measure="attraction_visits", **more):
    """One line: a count of a year, month (2019-03) or span (2019-01-01..2019-03-31)."""
    start, _, end = str(start).partition("..")
    start += "-01-01"[: 10 - len(start)] if len(start) == 4 else "-01" if len(start) == 7 else ""
    told = {"origin": "total", "breakdown": "", "series": "s", "published": "2024-01-01"} | more
    cells = place, start, end, freq, measure, told["origin"], told["breakdown"], visits
    return ",".join(map(str, (*cells, told["series"], told["published"])))


def months(year, visits, **more):
    """Twelve lines of one count each."""
    return [row(f"{year}-{m:02}", visits, "M", **more) for m in range(1, 13)]


@pytest.fixture
def facts(city):
    """Builds the city of lines made by row(); the city."""

    def build(*lines):
        city.write(SITES)
        content = HEADER + "\n".join(lines) + "\n"
        city.build({"visits.csv": content, "visits.toml": sidecar(recipe=RECIPE)})
        assert city.rejects() == []
        return city

    return build


def resolved(city, as_of=None):
    """{(year, measure, series): (sum, is it complete)} of what counts."""
    query = """
        select year, measure, series, sum(visits)::bigint, bool_and(is_complete)
        from visits_resolved group by all
    """
    return {(y, m, s): (total, whole) for y, m, s, total, whole in city.sql(query, as_of)}


def only(city, as_of=None):
    """(sum, is it complete) of the one year, measure and series there is."""
    (told,) = resolved(city, as_of).values()
    return told


# vintages


def test_a_correction_supersedes_key_by_key(facts):
    city = facts(row(2018, 10), row(2019, 20), row(2019, 25, published="2024-06-01"))
    assert city.sql("select visits from visits_known order by period_start") == [10, 25]
    assert city.sql("select count(*) from visits") == [3]


def test_an_earlier_day_shows_the_earlier_value(facts):
    city = facts(row(2019, 20), row(2019, 25, published="2024-06-01"))
    known = "select visits, obs_status from visits_known"
    assert city.sql(known, as_of="2024-05-31") == [(20, "final")]
    assert city.sql(known, as_of="2024-06-01") == [(25, "revised")]


def test_nothing_is_known_before_it_is_published_or_its_period_has_ended(facts):
    city = facts(row(2019, 20, published="2019-06-01"))
    assert city.sql("from visits_known", as_of="2019-12-30") == []
    assert len(city.sql("from visits_known", as_of="2019-12-31")) == 1
    city = facts(row(2019, 20, published="2020-06-01"))
    assert city.sql("from visits_known", as_of="2020-05-31") == []


def test_what_was_never_dated_is_known_only_without_a_day(facts):
    city = facts(row(2019, 20, published=""))
    assert len(city.sql("from visits_known")) == 1
    assert city.sql("from visits_known", as_of="2030-01-01") == []


def test_a_key_that_vanishes_in_a_newer_file_stays(facts):
    city = facts(row(2018, 10), row(2019, 20), row(2019, 25, published="2024-06-01"))
    assert 10 in city.sql("select visits from visits_known")


def test_a_retracted_value_is_missing_not_the_old_one(facts):
    city = facts(row(2019, 20), row(2019, "-", published="2024-06-01"))
    assert city.sql("select visits, obs_status from visits_known") == [(None, "missing")]


def test_a_target_is_known_from_its_day_on(city):
    content = "value,published\n5,2019-03-25\n"
    recipe = """[map]
        area = "'32.71'"
        kpi = "'visits'"
        period_start = "'2019-01-01'"
        period_end = "'2019-12-31'"
        document = "'plan'"
        unit = "'visits'"
        value = "value"
        published_at = "published"
    """
    city.build({"t.csv": content, "t.toml": sidecar("", recipe, "t.csv", "targets")})
    assert city.sql("from targets_known", as_of="2019-03-24") == []
    assert len(city.sql("from targets_known", as_of="2019-03-25")) == 1


# nothing is added twice


def test_months_count_and_the_year_beside_them_does_not(facts):
    assert only(facts(*months(2019, 10), row(2019, 120))) == (120, True)


def test_a_whole_year_comes_before_months_with_a_gap(facts):
    city = facts(*months(2019, 10)[:11], row("2019-12", "-", "M"), row(2019, 125))
    assert only(city) == (125, True)


def test_months_with_a_gap_count_alone_as_incomplete(facts):
    assert only(facts(*months(2019, 10)[:11], row("2019-12", "-", "M"))) == (110, False)


def test_a_year_without_figures_stays_missing(facts):
    assert only(facts(row(2018, "-"))) == (None, False)


def test_sites_count_before_their_area(facts):
    city = facts(row(2019, 30), row(2019, 10, place="park"), row(2019, 20, place="museum"))
    assert city.sql("select place, visits from visits_resolved order by place") == [
        ("museum", 20),
        ("park", 10),
    ]


def test_parts_count_before_their_total(facts):
    city = facts(row(2019, 30), row(2019, 10, origin="wisman"), row(2019, 20, origin="wisnus"))
    assert set(city.sql("select origin from visits_resolved")) == {"wisman", "wisnus"}


def test_one_part_alone_gives_way_to_the_total(facts):
    city = facts(row(2019, 30), row(2019, 10, origin="wisman"))
    assert city.sql("select origin, visits from visits_resolved") == [("total", 30)]


def test_domestic_visits_alone_are_whole_where_the_publisher_counts_no_others(facts):
    assert only(facts(row(2019, 20, origin="wisnus"))) == (20, True)


def test_international_visits_alone_are_never_whole(facts):
    assert only(facts(row(2019, 20, origin="wisman"))) == (20, False)


def test_some_of_the_citys_sites_are_not_the_city(facts):
    assert resolved(facts(row(2019, 10, place="park"))) == {}


def test_a_breakdown_is_part_of_its_measure_and_never_added(facts):
    assert only(facts(row(2019, 30), row(2019, 10, breakdown="star"))) == (30, True)


def test_two_cumulative_counts_are_not_added_and_the_longer_counts(facts):
    city = facts(
        row("2019-01-01..2019-03-31", 30, "C"),
        row("2019-01-01..2019-06-30", 70, "C"),
    )
    assert only(city) == (70, False)


def test_a_cumulative_count_is_not_added_to_months(facts):
    city = facts(*months(2019, 10), row("2019-01-01..2019-06-30", 70, "C"))
    assert only(city) == (120, True)


def test_a_span_that_does_not_begin_with_the_year_does_not_count(facts):
    assert resolved(facts(row("2019-02-01..2019-06-30", 70, "C"))) == {}


def test_series_and_measures_stay_apart(facts):
    city = facts(row(2019, 1), row(2019, 2, series="t"), row(2019, 4, measure="trips"))
    assert {k[1:]: v[0] for k, v in resolved(city).items()} == {
        ("attraction_visits", "s"): 1,
        ("attraction_visits", "t"): 2,
        ("trips", "s"): 4,
    }


def test_the_months_to_date_are_complete_on_their_day(facts):
    lines = [row(f"2019-{m:02}", 10, "M", published=f"2019-{m + 1:02}-05") for m in range(1, 7)]
    city = facts(*lines)
    assert only(city, as_of="2019-04-30") == (30, False)
    assert only(city) == (60, False)


# checks


def findings(city):
    """[(check, params)] that the build found."""
    return [(f["check"], f["params"]) for f in city.report["findings"]]


def test_a_year_that_repeats_the_one_before_is_suspect(facts):
    city = facts(row(2017, 1234), row(2018, 1234), row(2019, 1300))
    assert [check for check, _ in findings(city)] == ["copied"]
    query = "select year(period_start), obs_status from visits_known order by 1"
    assert city.sql(query) == [(2017, "final"), (2018, "suspect"), (2019, "final")]


def test_a_small_count_may_repeat_by_chance(facts):
    assert findings(facts(row(2017, 12), row(2018, 12))) == []


def test_a_finding_is_known_only_when_both_years_are(facts):
    city = facts(row(2017, 1234, published="2018-02-01"), row(2018, 1234, published="2019-02-01"))
    query = "select obs_status from visits_known where year(period_start) = 2018"
    assert city.sql(query, as_of="2019-02-01") == ["suspect"]
    assert city.sql("select known_at::varchar from findings") == ["2019-02-01"]


def test_a_late_first_year_makes_the_second_suspect_only_then(facts):
    city = facts(row(2017, 1234, published="2020-02-01"), row(2018, 1234, published="2019-02-01"))
    query = "select obs_status from visits_known where year(period_start) = 2018"
    assert city.sql(query, as_of="2019-12-31") == ["final"]
    assert city.sql(query, as_of="2020-02-01") == ["suspect"]


def test_a_total_that_triples_alone_is_a_break(facts):
    city = facts(row(2017, 100), row(2018, 350), row(2019, 360))
    ((check, params),) = findings(city)
    assert check == "series_break" and '"year":2018' in params.replace(" ", "")


def test_a_fall_that_the_other_measure_follows_is_no_break(facts):
    guests = [row(2019, 1000, measure="trips"), row(2020, 300, measure="trips")]
    assert findings(facts(row(2019, 900), row(2020, 200), *guests)) == []


def test_a_change_below_the_factor_is_no_break(facts):
    assert findings(facts(row(2018, 100), row(2019, 299))) == []


def test_an_incomplete_year_is_compared_with_none(facts):
    assert findings(facts(row(2018, 1200), *months(2019, 10)[:3])) == []


def test_findings_have_words_in_both_languages(facts):
    city = facts(row(2017, 1234), row(2018, 1234))
    ((check, params),) = findings(city)
    assert text("en").has(f"check.{check}") and "1234" in params


# a published count stands in for a simulated one

MADE = {"series": "simulated:s", "published": "2019-02-01"}
PARTS = [
    row("2019-01", n, "M", place=place, origin=origin, **MADE)
    for place, origin, n in (
        ("park", "wisnus", 100),
        ("park", "wisman", 10),
        ("museum", "wisnus", 50),
        ("museum", "wisman", 5),
    )
]


def simulated(city, as_of=None):
    """(sum, values reported, set of status) of the simulated series."""
    query = """
        select sum(visits)::bigint, any_value(values_reported), list_sort(list(distinct obs_status))
        from visits_resolved where series = 'simulated:s'
    """
    return city.sql(query, as_of)[0]


def test_a_published_count_stands_in_for_the_simulated_one_of_its_place_period_and_origin(facts):
    city = facts(*PARTS, row("2019-01", 70, "M", place="museum", origin="wisnus", series="gate"))
    assert simulated(city) == (100 + 10 + 70 + 5, 4, ["final", "simulated"])


def test_a_published_total_stands_in_for_all_origins_and_counts_as_all_of_them(facts):
    city = facts(*PARTS, row("2019-01", 70, "M", place="museum", series="gate"))
    assert simulated(city) == (100 + 10 + 70, 4, ["final", "simulated"])


def test_a_published_part_goes_before_a_published_total(facts):
    part = row("2019-01", 60, "M", place="museum", origin="wisnus", series="gate")
    city = facts(*PARTS, part, row("2019-01", 70, "M", place="museum", series="gate"))
    assert simulated(city)[0] == 100 + 10 + 60 + 5


def test_of_two_publishers_the_one_that_the_simulated_series_is_made_like_stands_in(facts):
    museum = {"place": "museum", "origin": "wisnus"}
    anchor = row("2019-01", 60, "M", series="s", **museum)
    other = row("2019-01", 70, "M", series="a", published="2024-06-01", **museum)
    assert simulated(facts(*PARTS, anchor, other))[0] == 100 + 10 + 60 + 5


def test_a_published_span_of_the_same_days_stands_in_as_if_it_were_of_that_frequency(facts):
    span = row("2019-01-01..2019-01-31", 70, "C", place="museum", series="gate")
    assert simulated(facts(*PARTS, span)) == (100 + 10 + 70, 4, ["final", "simulated"])


def test_no_published_series_ever_holds_a_simulated_count(facts):
    real = row("2019-01", 70, "M", place="museum", origin="wisnus", series="gate")
    city = facts(*PARTS, real, row(2019, 1000))
    assert resolved(city)[2019, "attraction_visits", "s"] == (1000, True)
    assert city.sql("from visits_resolved where series = 'gate'") == []  # one site is not the city


@pytest.mark.parametrize(
    "other",
    [
        {"start": "2019-02"},
        {"place": "32.71"},
        {"measure": "event_visits"},
        {"breakdown": "school classes"},
        {"visits": ""},
    ],
)
def test_a_count_of_something_else_or_none_stands_in_for_nothing(facts, other):
    told = {"start": "2019-01", "visits": 70, "freq": "M", "place": "museum", "series": "gate"}
    assert simulated(facts(*PARTS, row(**told | other))) == (165, 4, ["simulated"])


def test_a_count_that_was_not_published_by_the_day_stands_in_for_nothing_yet(facts):
    real = row("2019-01", 70, "M", place="museum", series="gate", published="2019-06-01")
    city = facts(*PARTS, real)
    assert simulated(city, "2019-05-31")[0] == 165 and simulated(city, "2019-06-01")[0] == 180
