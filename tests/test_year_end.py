"""The year's end of a made-up city: which figures count, what is late, what is known on the day."""

from datetime import date, timedelta

import pandas as pd
import pytest
from conftest import SITES
from test_target import CITY, COLUMNS, TARGETS

import kpi
from kpi.year_end import EXCLUDED

SEASON = [9, 8, 9, 9, 10, 14, 12, 10, 9, 9, 10, 13]
MEASURES = {"attraction_visits": 1000, "accommodation_guests": 500}


def months(first=2016, last=2019, until="2019-09", measures=MEASURES, late=10, **given):
    """Lines of visits.csv: each month of each measure, published `late` days after its end."""
    cells = {"series": "office", "status": "final", "place": "32.71,area"} | given
    lines = []
    for month in pd.period_range(f"{first}-01", min(f"{last}-12", until), freq="M"):
        published = month.end_time.date() + timedelta(days=late)
        for measure, size in measures.items():
            lines.append(
                f"{cells['place']},{month.start_time.date()},{month.end_time.date()},M,{measure},total,"
                f"not_stated,{cells['series']},{SEASON[month.month - 1] * size},{cells['status']},"
                f"{published}\n"
            )
    return "".join(lines)


@pytest.fixture
def town(city, monkeypatch):
    """town(visits, as_of, target): the Snapshot of a city made of these lines."""
    monkeypatch.setenv("DUAJUTA_WAREHOUSE", str(city.target.parent))

    def make(visits, as_of="2019-10-15", target=200_000, more=None):
        line = f"32.71,visits,2019-01-01,2019-12-31,,Plan,{target},visits,,2019-01-05\n"
        city.build(
            {
                "city.toml": CITY.format(year=2019),
                "visits.csv": COLUMNS + visits,
                "visits.toml": 'loads = "visits"\nfiles = ["visits.csv"]',
                "targets.csv": TARGETS + line,
                "targets.toml": 'loads = "targets"\nfiles = ["targets.csv"]',
            }
            | (more or {})
        )
        assert city.report["rejects"] == []
        return kpi.snapshot("city", date.fromisoformat(as_of))

    return make


def codes(year_end):
    return [note.code for note in year_end.outlook.notes]


def test_the_year_is_that_of_the_target_and_counts_what_it_counts(town):
    told = town(months()).outlook()
    assert (told.definition, told.series, told.outlook.year) == ("both", "office", 2019)
    assert told.outlook.known == 1500 * sum(SEASON[:9])
    assert told.outlook.target.value == 200_000 and told.is_city_choice
    assert told.outlook.total == pytest.approx(1500 * sum(SEASON), rel=0.02)
    assert codes(told) == [] and told.late is None


def test_what_was_published_after_the_day_is_not_known(town):
    told = town(months(), as_of="2019-08-05").outlook()
    assert told.outlook.known == 1500 * sum(SEASON[:6])
    assert codes(told) == ["report_outstanding"]


def test_without_a_target_of_the_year_nothing_is_compared(town):
    told = town(months()).outlook(year=2018)
    assert codes(told) == ["no_target"] and told.outlook.probability is None
    assert told.outlook.known == 1500 * sum(SEASON)


def test_another_definition_is_told_apart_from_the_target(town):
    told = town(months()).outlook(definition="attractions")
    assert codes(told) == ["target_on_another_definition"]
    assert told.outlook.known == 1000 * sum(SEASON[:9])


def test_an_asked_target_counts_like_the_data(town):
    told = town(months()).outlook(definition="attractions", target=90_000.0)
    assert codes(told) == [] and told.outlook.target.value == 90_000


def test_a_measure_without_months_keeps_the_sum_from_being_made(town):
    only = {"attraction_visits": 1000}
    told = town(months(measures=only)).outlook()
    assert codes(told) == ["no_report"] and told.series == "office"


def test_a_measure_that_begins_later_shortens_the_history(town):
    first, second = ({name: size} for name, size in MEASURES.items())
    told = town(months(measures=first) + months(2017, measures=second)).outlook()
    assert str(told.known_months[0]) == "2017-01"
    assert told.outlook.total == pytest.approx(1500 * sum(SEASON), rel=0.02)


def test_a_simulated_record_stands_in_while_nothing_is_published(town):
    told = town(months(series="simulated:office", status="simulated")).outlook()
    assert told.series == "simulated:office" and codes(told) == []


def test_published_months_go_before_simulated_ones(town):
    both = months() + months(series="simulated:office", status="simulated")
    assert town(both).outlook().series == "office"


def test_one_measure_that_is_late_is_estimated_and_not_counted(town):
    first, second = ({name: size} for name, size in MEASURES.items())
    told = town(months(measures=first) + months(until="2019-08", measures=second)).outlook()
    september = 500 * SEASON[8]
    assert told.outlook.known == 1500 * sum(SEASON[:8]) + 1000 * SEASON[8]
    low, middle, high = told.late
    assert low <= middle <= high and middle == pytest.approx(september, rel=0.05)
    assert told.late_share == pytest.approx(middle / (middle + told.outlook.known))
    assert told.outlook.total == pytest.approx(1500 * sum(SEASON), rel=0.02)
    assert told.outlook.months_known == 9


def test_excluded_months_are_those_of_the_pandemic_unless_others_are_asked(town):
    snapshot = town(months())
    assert snapshot.outlook().excluded == EXCLUDED
    assert EXCLUDED[0] == "2020-03" and EXCLUDED[-1] == "2021-12" and len(EXCLUDED) == 22
    other = snapshot.outlook(exclude=("2018-12",))
    assert [str(month) for month in other.outlook.forecast.filled] == ["2018-12"]


def test_growth_is_against_the_same_months_of_the_year_before(town):
    (one, two) = town(months()).outlook().growths
    assert one["measure"] == "accommodation_guests" and one["factor"] == 1.0
    assert two["visits"] == 1000 * sum(SEASON[:9]) and two["days"] == 273


def test_month_ends_are_made_of_what_was_known_then(town):
    said = town(months()).month_ends(2019)
    assert [day for day, _ in said][-1] == date(2019, 9, 30) and len(said) == 9
    assert [o.months_known for _, o in said] == [0, *range(1, 9)]


def days(skipped=(), first="2016-01-01", last="2019-10-15", **zero):
    """Lines of visits.csv: each day of two sites, 300 visits, twice that at weekends; without the
    days of `skipped` [(first, last, sites)]; zero={site: first day from which it has no visits}."""
    lines = []
    for day in pd.date_range(first, last).strftime("%Y-%m-%d"):
        for site, size in (("park", 100), ("museum", 200)):
            if any(a <= day <= b and site in sites for a, b, sites in skipped):
                continue
            size *= 2 if date.fromisoformat(day).weekday() >= 5 else 1
            size *= day < zero.get(site, "9999")
            lines.append(
                f"{site},site,{day},{day},D,attraction_visits,total,not_stated,office,{size},"
                f"final,{day}\n"
            )
    return "".join(lines)


def told_by_days(town, skipped=(), **given):
    """(YearEnd by days, visits reported of 2019, visits that came)."""
    lines, all_of = days(skipped, **given), days(**given)
    own = {"city.toml": CITY.format(year=2019).replace('"both"', '"attractions"')}
    told = town(lines, "2019-10-16", more=SITES | own).outlook()
    sums = [sum(int(v.split(",")[9]) for v in x.split() if ",2019-" in v) for x in (lines, all_of)]
    return told, *sums


BOTH = ("park", "museum")


def test_a_day_without_any_report_is_estimated_and_not_counted(town):
    told, reported, came = told_by_days(town, [("2019-08-14", "2019-08-14", BOTH)])
    assert told.outlook.known == reported and told.late == (came - reported,) * 3 == (300,) * 3
    whole, *_ = told_by_days(town)
    assert told.outlook.total == whole.outlook.total and whole.late is None


def test_days_without_a_report_and_days_with_some_add_up(town):
    skipped = [("2019-08-14", "2019-08-14", BOTH), ("2019-08-20", "2019-08-20", ("park",))]
    told, reported, came = told_by_days(town, skipped)
    assert told.outlook.known == reported
    assert told.late[1] == pytest.approx(came - reported)


def test_what_was_reported_beside_a_long_silence_is_counted(town):
    told, reported, _ = told_by_days(town, [("2019-06-05", "2019-06-25", BOTH)])
    assert told.outlook.known == reported and codes(told) == ["gaps"]
    assert told.outlook.cumulative[:, 5].min() >= told.outlook.complete - reported


def test_a_silence_before_the_running_month_is_no_month_of_zeros(town):
    told, reported, came = told_by_days(town, [("2019-09-05", "2019-09-25", BOTH)])
    (note,) = told.outlook.notes
    assert (note.code, note.params) == ("gaps", {"months": ("2019-09",)})
    assert told.outlook.known == reported and told.outlook.counted_to == date(2019, 10, 15)
    sums = told.outlook.cumulative
    assert sums[:, 8].mean() == pytest.approx(came - 5700, rel=0.01)


def test_days_of_zeros_are_reports(town):
    told, reported, _ = told_by_days(town, park="2019-09-01", museum="2019-09-01")
    assert told.outlook.counted_to == date(2019, 10, 15) and codes(told) == []
    assert told.outlook.known == reported


EVENTS = "day,name_id,name_en,kind\n" + "".join(
    f"2019-{day},{name},,{kind}\n"
    for day, name, kind in [
        ("03-01", "Pasar", "event"),
        ("03-02", "Pasar", "event"),
        ("08-10", "Pasar", "event"),
        ("06-05", "Hari Raya Idul Fitri", "national_holiday"),
        ("06-06", "Hari kedua dari Hari Raya Idul Fitri", "national_holiday"),
    ]
)
CALENDAR = {
    "calendar.csv": EVENTS,
    "calendar.toml": 'loads = "calendar"\nfiles = ["calendar.csv"]',
}


def test_days_on_end_are_one_event_with_its_point_on_the_path(town):
    snapshot = town(months(), more=CALENDAR)
    march, august = snapshot.outlook().events
    assert (march["first_day"], march["last_day"]) == (date(2019, 3, 1), date(2019, 3, 2))
    known = 1500 * sum(SEASON[:2])
    assert known < march["value"] < known + 1500 * SEASON[2]
    assert august["first_day"] == date(2019, 8, 10)
    assert [row["day"] for row in snapshot.table("moving_holiday")] == [date(2019, 6, 5)]


def test_a_city_without_months_and_without_a_target_has_no_year_end(city, monkeypatch):
    monkeypatch.setenv("DUAJUTA_WAREHOUSE", str(city.target.parent))
    city.build()
    assert kpi.snapshot("city").outlook() is None


# plausibility

INDICATORS = (
    "area,indicator,breakdown,period_start,period_end,value,unit,series,obs_status,published_at\n"
)


def known_otherwise(**given):
    """indicators.csv with values of years: population=(2019, 300_000)."""
    lines = [
        f"32.71,{name},,{year}-01-01,{year}-12-31,{value},x,office,final,2019-01-05\n"
        for name, (year, value) in given.items()
    ]
    return {
        "indicators.csv": INDICATORS + "".join(lines),
        "indicators.toml": 'loads = "indicators"\nfiles = ["indicators.csv"]',
    }


def held_against(town, visits=None, **given):
    snapshot = town(visits or months(), more=known_otherwise(**given))
    year_end = snapshot.outlook()
    return year_end, {c.code: c for c in snapshot.comparisons(year_end)}


def test_what_is_known_of_the_nearest_year_is_used_and_the_years_gap_is_named(town):
    year_end, found = held_against(town, population=(2017, 50_000))
    assert found["per_resident"].figures["ratio"] == year_end.outlook.total / 50_000
    assert found["per_resident"].unknown == ("population",)
    assert found["trips"].figures["ratio"] is None and found["trips"].unknown == ("trips",)


def test_rooms_are_compared_only_when_all_of_it_is_known(town):
    stay = {"length_of_stay": (2018, 2), "room_occupancy": (2018, 50)}
    _, found = held_against(town, **stay)
    assert found["beds"].figures["ratio"] is None
    assert found["beds"].unknown == ("rooms", "room_occupancy", "length_of_stay")
    year_end, found = held_against(town, rooms=(2018, 100), **stay)
    guests = 500 * sum(SEASON[:9])
    assert found["beds"].figures["ratio"] == pytest.approx(guests * 2 / (100 * 0.5 * 273))


def test_a_measure_that_jumps_is_named(town):
    first, second = ({name: size} for name, size in MEASURES.items())
    jumped = months(measures=first) + months(last=2018, measures=second)
    jumped += months(2019, measures={"accommodation_guests": 1600})
    _, found = held_against(town, visits=jumped)
    assert found["jump"].figures["measure"] == "accommodation_guests"
    assert found["jump"].figures["factor"] == pytest.approx(3.2)


def test_no_total_is_held_against_people_or_trips_where_none_is_given(town):
    few = months(2019) + months(2018, 2018)
    _, found = held_against(town, visits=few, population=(2019, 300_000))
    assert set(found) == {"beds"}


def test_a_place_without_people_gives_no_ratio(town):
    _, found = held_against(town, population=(2019, 0))
    assert found["per_resident"].figures["ratio"] is None
