"""Order, cleanliness and greening: figures of three-row records, areas against the city, words."""

import json
from dataclasses import replace
from datetime import date

import pytest
from conftest import ROOT

import kpi
from kpi import condition
from kpi.intervals import Estimate
from ui.condition import words as shown
from ui.kit import maps
from ui.kit.text import text

HEAD = (
    "area,section,period_start,frequency,domain,indicator,breakdown,value,unit,direction,"
    "sample_size,published_at\n"
)
AREAS = {
    "areas.csv": "area,name,level,parent,bps_code,latitude,longitude\n"
    "32.71,Kota,regency,,3271,,\n"
    "32.71.01,Barat,district,32.71,3271010,,\n"
    "32.71.02,Timur,district,32.71,3271020,,\n"
    "32.71.01.1001,Satu,village,32.71.01,3271010001,-6.1e0,106.1e0\n"
    "32.71.01.1002,Dua,village,32.71.01,3271010002,-6.2e0,106.1e0\n"
    "32.71.02.1001,Tiga,village,32.71.02,3271020001,-6.1e0,106.2e0\n",
}
ONE, TWO, THREE = "32.71.01.1001", "32.71.01.1002", "32.71.02.1001"
LAST = ("2018-07-01", "2018-08-01", "2018-09-01")
NOW = ("2019-07-01", "2019-08-01", "2019-09-01")
ID, EN = text("id"), text("en")


def clean(area, months, percent, points, **other):
    """Rows of clean_share of an area in months; `points` each."""
    return rows(area, months, "kebersihan", "clean_share", percent, "percent", points, **other)


def rows(area, months, domain, indicator, value, unit, size="", breakdown="", known="", section=""):
    """Rows of the contract condition, one a month."""
    return "".join(
        f"{area},{section},{month},M,{domain},{indicator},{breakdown},{value},{unit},up,{size},"
        f"{known}\n"
        for month in months
    )


@pytest.fixture
def record(city, monkeypatch):
    """Builds the city with these rows of condition; its snapshot as of a day."""

    def built(lines, as_of=None, files=None):
        city.build(
            AREAS
            | {
                "rounds.csv": HEAD + lines,
                "rounds.toml": 'loads = "condition"\nfiles = ["rounds.csv"]\n'
                "[source]\nproducer = 'dlh'\n",
            }
            | (files or {})
        )
        assert city.rejects() == [] and city.refusals() == []
        monkeypatch.setenv("DUAJUTA_WAREHOUSE", str(city.target.parent))
        return kpi.snapshot("city", as_of)

    return built


def only(snapshot, name):
    """The one Figure of a KPI."""
    (figure,) = snapshot.figures(name)
    return figure


# figures


def test_a_district_that_reports_what_its_villages_report_too_is_not_added_to_them(record):
    lines = (
        clean("32.71.01", NOW, 0, 100) + clean(ONE, NOW, 100, 10) + clean(TWO, NOW, 50, 10)
        + clean("32.71.02", NOW, 50, 20)
    )  # fmt: skip
    lines += rows(ONE, NOW[:1], "penghijauan", "trees", 10, "trees")
    lines += rows("32.71.01", NOW[:1], "penghijauan", "trees", 10, "trees")
    snapshot = record(lines)
    figure = only(snapshot, "cleanliness_unacceptable_share")
    assert (figure.numerator, figure.denominator) == (3 * 15, 3 * 40)  # the east has no villages
    about = condition.review(snapshot, "kebersihan", 3)
    assert {p.code for p in about.areas} == {ONE, TWO} and about.city.now.value == 0.25
    assert condition.trend(snapshot, about)[0]["value"] == 45 / 120
    assert [r["planted"] for r in snapshot.table("condition_planted")] == [10]


def test_where_villages_are_silent_in_the_window_their_districts_speak(record):
    lines = clean(ONE, LAST, 100, 10) + clean("32.71.01", NOW, 60, 10)
    about = condition.review(record(lines), "kebersihan", 3)
    assert [p.code for p in about.areas] == ["32.71.01"] and about.city.now.value == 0.4


def test_a_point_graded_b_minus_counts_half_and_a_worse_one_whole(record):
    graded = {"A": 10, "B": 4, "B-": 4, "C": 1, "D": 1}
    lines = "".join(
        rows(ONE, NOW[:1], "kebersihan", "graded_points", n, "points", 20, grade)
        for grade, n in graded.items()
    )
    figure = only(record(lines), "cleanliness_unacceptable_share")
    assert (figure.value, figure.numerator, figure.denominator) == (0.2, 4, 20)
    assert figure.definition == "graded" and figure.unit == "share"


def test_grades_go_before_found_clean_of_the_same_points(record):
    lines = clean(ONE, NOW[:1], 50, 20)
    lines += rows(ONE, NOW[:1], "kebersihan", "graded_points", 20, "points", 20, "A")
    assert only(record(lines), "cleanliness_unacceptable_share").value == 0


def test_shares_are_pooled_by_points_and_not_averaged(record):
    figure = only(
        record(clean(ONE, NOW[:1], 100, 30) + clean(TWO, NOW[:1], 50, 10)),
        "cleanliness_unacceptable_share",
    )
    assert (figure.value, figure.denominator) == (0.125, 40)


def test_ratings_without_a_number_of_points_have_a_mean_and_no_interval(record):
    snapshot = record(clean(ONE, NOW, 90, "") + clean(TWO, NOW, 80, ""))
    assert only(snapshot, "cleanliness_unacceptable_share").value == pytest.approx(0.15)
    review = condition.review(snapshot, "kebersihan", 3)
    assert review.form == "unsampled" and review.city.now.low is None
    assert [part.rank for part in review.areas] == [None, None]
    key = shown.ranking_key(EN, review, condition.MIN_SAMPLE, {})
    assert key.startswith(EN("condition.no_sample"))


def test_ratings_without_an_interval_make_no_change_sure(record):
    review = condition.review(
        record(clean(ONE, LAST, 60, "") + clean(ONE, NOW, 90, "")), "kebersihan", 3
    )
    assert review.form == "unsampled" and review.city.change.value == pytest.approx(-0.3)
    assert shown.is_better(review) is None


@pytest.mark.parametrize("first, is_complete", [(1, True), (7, False)])
def test_a_year_is_complete_only_with_every_month(record, first, is_complete):
    months = [f"2018-{month:02}-01" for month in range(first, 13)]
    figure = only(record(clean(ONE, months, 90, 10)), "cleanliness_unacceptable_share")
    assert (figure.covered_to, figure.is_complete) == (date(2018, 12, 31), is_complete)


def test_violations_count_by_the_hours_of_months_of_which_both_are_known(record):
    lines = rows(ONE, NOW, "ketertiban", "violations", 6, "violations")
    lines += rows(ONE, NOW[:2], "ketertiban", "patrol_hours", 24, "hours")
    figure = only(record(lines), "violations_per_patrol_hour")
    assert (figure.value, figure.numerator, figure.denominator) == (0.25, 12, 48)


def test_kinds_make_the_whole_where_no_whole_is_given_and_are_not_added_to_it(record):
    hours = rows(ONE, NOW, "ketertiban", "patrol_hours", 10, "hours")
    kinds = rows(ONE, NOW, "ketertiban", "violations", 1, "violations", "", "alcohol")
    kinds += rows(ONE, NOW, "ketertiban", "violations", 2, "violations", "", "smoking")
    assert only(record(hours + kinds), "violations_per_patrol_hour").value == pytest.approx(0.3)
    whole = rows(ONE, NOW, "ketertiban", "violations", 5, "violations")
    snapshot = record(hours + kinds + whole)
    assert only(snapshot, "violations_per_patrol_hour").value == pytest.approx(0.5)
    found = condition.review(snapshot, "ketertiban", 3).kinds
    assert [(part.code, part.count, part.sample) for part in found] == [
        ("smoking", 6, 30),
        ("alcohol", 3, 30),
    ]


def test_counts_without_patrol_hours_are_no_rate(record):
    snapshot = record(rows(ONE, NOW, "ketertiban", "violations", 6, "violations"))
    assert snapshot.figures("violations_per_patrol_hour") == []
    assert condition.review(snapshot, "ketertiban", 3) is None


def test_trees_that_nobody_checked_are_in_neither_number(record):
    lines = rows(ONE, NOW, "penghijauan", "trees_checked", 10, "trees")
    lines += rows(ONE, NOW, "penghijauan", "trees_alive", 8, "trees")
    lines += rows(ONE, NOW, "penghijauan", "trees", 500, "trees")
    assert only(record(lines), "tree_survival_share").value == pytest.approx(0.8)


def test_a_later_vintage_serves_from_its_day_on(record):
    first = clean(ONE, NOW[:1], 50, 10, known="2019-08-05")
    second = clean(ONE, NOW[:1], 80, 10, known="2019-10-05")
    more = 'loads = "condition"\nfiles = ["more.csv"]\n[source]\nproducer = "dlh"\n'
    files = {"more.csv": HEAD + second, "more.toml": more}
    name = "cleanliness_unacceptable_share"
    values = [
        [f.value for f in record(first, day, files).figures(name)]
        for day in (date(2019, 8, 4), date(2019, 8, 5), date(2019, 10, 5), None)
    ]
    assert values == [[], [0.5], [pytest.approx(0.2)], [pytest.approx(0.2)]]


# areas against the city


def test_an_area_is_better_or_worse_only_where_its_whole_interval_is(record):
    lines = clean(ONE, NOW, 95, 60) + clean(TWO, NOW, 70, 60) + clean(THREE, NOW, 85, 20)
    review = condition.review(record(lines), "kebersihan", 3)
    found = [(part.rank, part.name, part.word, part.sample) for part in review.areas]
    assert found == [(1, "Satu", "better", 180), (2, "Tiga", "alike", 60), (3, "Dua", "worse", 180)]
    assert review.city.sample == 420 and review.city.now.value == pytest.approx(72 / 420)


def test_too_few_points_give_no_rank_and_the_page_says_so(record):
    lines = clean(ONE, NOW, 90, 60) + clean(TWO, NOW, 0, 9)
    review = condition.review(record(lines), "kebersihan", 3)
    few = review.area(TWO)
    assert (few.rank, few.word, few.sample) == (None, "few", 27)
    assert "kurang dari 30 titik atau kurang dari tiga bulan dilaporkan: Dua" in shown.ranking_key(
        ID, review, condition.MIN_SAMPLE, {}
    )


def test_months_are_pooled_and_held_against_the_same_months_a_year_before(record):
    lines = clean(ONE, LAST, 60, 100) + clean(ONE, NOW, 90, 100) + clean(ONE, ["2019-04-01"], 0, 99)
    review = condition.review(record(lines), "kebersihan", 3)
    assert (review.window_start, review.window_end) == (date(2019, 7, 1), date(2019, 9, 30))
    assert (review.before_start, review.before_end) == (date(2018, 7, 1), date(2018, 9, 30))
    assert review.city.now.value == pytest.approx(0.1)
    assert review.city.change.value == pytest.approx(-0.3) and review.city.change.high < 0


def test_one_month_alone_is_never_offered(record):
    assert min(condition.MONTHS) >= condition.MIN_MONTHS == 3
    assert condition.review(record(clean(ONE, NOW[:2], 90, 500)), "kebersihan", 3) is None


def test_an_area_that_reported_once_has_no_rank_however_many_points(record):
    lines = clean(ONE, NOW, 90, 60) + clean(TWO, NOW[1:], 0, 500)
    review = condition.review(record(lines), "kebersihan", 3)
    assert (review.area(TWO).months, review.area(TWO).rank) == (2, None)


def test_a_quarter_stands_for_three_months(record):
    line = clean(ONE, ["2019-07-01"], 90, 60).replace(",M,", ",Q,")
    review = condition.review(record(line), "kebersihan", 3)
    assert (review.area(ONE).months, review.window_end) == (3, date(2019, 9, 30))


def test_the_window_ends_with_the_last_month_that_half_of_the_areas_reported(record):
    months = ["2019-06-01", *NOW]
    lines = clean(ONE, months, 90, 50) + clean(TWO, months[:3], 90, 50)
    review = condition.review(record(lines + clean(THREE, months[:3], 90, 50)), "kebersihan", 3)
    assert review.window_end == date(2019, 8, 31) and review.city.sample == 450


def test_the_city_is_weighted_by_the_people_of_what_the_areas_lie_in(record):
    people = "area,indicator,period_start,period_end,value,unit,series,obs_status\n"
    people += "32.71.01,population,2019-01-01,2019-12-31,900,people,bps,final\n"
    people += "32.71.02,population,2019-01-01,2019-12-31,100,people,bps,final\n"
    files = {
        "people.csv": people,
        "people.toml": 'loads = "indicators"\nfiles = ["people.csv"]\n',
    }
    lines = clean(ONE, NOW, 90, 100) + clean(TWO, NOW, 90, 100) + clean(THREE, NOW, 50, 100)
    review = condition.review(record(lines, files=files), "kebersihan", 3)
    assert review.city.now.value == pytest.approx((0.1 + 0.1 + 0.5) / 3)
    assert review.weighted.value == pytest.approx(0.9 * 0.1 + 0.1 * 0.5)
    assert review.weighted.low < review.weighted.value < review.weighted.high
    assert condition.review(record(lines), "kebersihan", 3).weighted  # files stay: built again


def test_without_population_there_is_no_weighted_figure_and_the_page_says_so(record):
    review = condition.review(record(clean(ONE, NOW, 90, 100)), "kebersihan", 3)
    assert review.weighted is None and "Not weighted" in shown.about(EN, review, {})


def test_published_goes_before_simulated(record):
    line = clean(ONE, NOW, 90, 100)
    made = 'loads = "condition"\nfiles = ["s.csv"]\n[set]\nseries = "simulated:dlh"\n'
    made += 'obs_status = "simulated"\n'
    files = {"s.csv": HEAD + clean(ONE, [*NOW, "2019-10-01"], 10, 100), "s.toml": made}
    review = condition.review(record(line, files=files), "kebersihan", 3)
    assert (review.series, review.obs_status) == ("dlh", "final")


def test_a_trend_pools_three_months_and_leaves_out_what_lacks_one(record):
    lines = clean(ONE, NOW, 90, 10) + clean(ONE, ["2019-11-01", "2019-12-01"], 90, 10)
    snapshot = record(lines)
    found = condition.trend(snapshot, condition.review(snapshot, "kebersihan", 6))
    ends = [(row["area"], row["period_end"]) for row in found]
    assert ends == [("", date(2019, 9, 30)), (ONE, date(2019, 9, 30))]
    assert found[0]["denominator"] == 30


def test_an_areas_inspections_are_its_newest_vintages_newest_first(record):
    lines = clean(ONE, NOW, 90, 10, section="jalan") + clean(TWO, NOW, 10, 10)
    snapshot = record(lines)
    found = condition.inspections(snapshot, condition.review(snapshot, "kebersihan", 3), ONE)
    assert [(r["period_start"].month, r["section"], r["periods"]) for r in found] == [
        (9, "jalan", 3),
        (8, "jalan", 3),
        (7, "jalan", 3),
    ]


def test_green_space_by_function_is_not_held_against_the_duty_of_ownership(served):
    found = {row["measure"]: row for row in condition.green(kpi.snapshot("cirebon"))}
    assert list(found) == ["public", "private", "by_function"]
    assert found["public"]["figure"].value == pytest.approx(0.0944)
    assert found["public"]["attained"] == pytest.approx(0.472)
    assert (found["private"]["figure"], found["private"]["duty"]) == (None, pytest.approx(0.1))
    assert found["by_function"]["figure"].value == 0.5
    assert found["by_function"]["attained"] is None


# outlines


def test_green_space_is_the_newest_published_whatever_its_series_is_called(served):
    (first, *_) = kpi.snapshot("cirebon").figures("green_space_share")

    def made(series, year, status="final"):
        end = date(year, 12, 31)
        return replace(first, definition="public", series=series, obs_status=status, period_end=end)

    class Known:
        def figures(self, _):
            return [made("a", 2018), made("z", 2012), made("simulated:z", 2019, "simulated")]

        def table(self, _):
            return []

    (found,) = condition.green(Known())
    assert (found["figure"].series, found["figure"].period_end.year) == ("a", 2018)


def outline(**properties):
    """A feature: a square with these properties."""
    ring = [[106, -6], [106.1, -6], [106.1, -6.1], [106, -6]]
    return {
        "type": "Feature",
        "properties": properties,
        "geometry": {"type": "Polygon", "coordinates": [ring]},
    }


def test_outlines_are_matched_by_either_code_in_any_property(city):
    features = [
        outline(kode=ONE, kode_kecamatan="32.71.01"),
        outline(id=3271010002),
        outline(name="nobody"),
    ]
    shapes = json.dumps({"type": "FeatureCollection", "licence": "MIT", "features": features})
    city.build(AREAS | {"areas.geojson": shapes})
    assert city.sql("select area, len(rings[1]) from area_shapes order by 1") == [
        (ONE, 4),
        (TWO, 4),
    ]
    assert city.sql("select licence from datasets where dataset = 'areas.geojson'") == ["MIT"]
    assert city.refusals() == []


@pytest.mark.parametrize(
    "content, told",
    [
        ("{", "is not valid GeoJSON"),
        ('{"features": [{"properties": {}, "geometry": null}]}', "is not valid GeoJSON"),
        (json.dumps({"features": [outline(kode="99.99")]}), "no feature has a code"),
    ],
)
def test_outlines_that_cannot_be_used_are_told_and_the_city_is_built(city, content, told):
    city.build(AREAS | {"areas.geojson": content})
    (sentence,) = city.refusals()
    assert told in sentence and city.sql("select count(*) from area_shapes") == [0]


def test_a_changed_outline_makes_a_new_warehouse(city):
    first = city.build(AREAS)
    assert city.build({"areas.geojson": json.dumps({"features": [outline(k=ONE)]})}) != first


def place(code, word="alike", position=(-6.1, 106.1)):
    """An area as the map takes it."""
    return {
        "code": code,
        "name": code,
        "word": word,
        "told": word,
        "position": position,
        "value": "1",
        "note": "",
    }


def test_the_map_has_tiles_unless_every_area_has_an_outline():
    areas = [place("a", "worse"), place("b", position=(-6.2, 106.1))]
    ring = [[[106, -6], [106.1, -6], [106.1, -6.1], [106, -6]]]
    tiled = maps.area_map(areas, {"a": ring}, None, False)
    drawn = maps.area_map(areas, {"a": ring, "b": ring}, "b", False)
    assert "! worse" in tiled.data[-1].text[0] and drawn.data[-1].text[0] == "<b>!</b>"
    assert drawn.layout.yaxis.scaleanchor == "x" and tiled.layout.yaxis.scaleanchor is None
    assert list(drawn.data[-1].customdata) == ["a", "b"]
    assert maps.area_map([place("a", position=None)], {}, None, False) is None


# words


CHANGES = [
    ("share", Estimate(-0.024, -0.04, -0.01), "turun 2,4 poin dari", "down 2.4 points on"),
    ("share", Estimate(0.024, 0.01, 0.04), "naik 2,4 poin dari", "up 2.4 points on"),
    ("share", Estimate(0.024, -0.01, 0.04), "tidak berbeda nyata", "no clear change"),
    ("violations_per_hour", Estimate(0.1, 0.05, 0.2),
     "naik 0,100 pelanggaran per jam", "up 0.100 violations per patrol"),
    ("share", Estimate(0.3), "naik 30,0 poin", "up 30.0 points"),
    ("share", None, "tanpa pembanding", "no comparison"),
]  # fmt: skip


@pytest.mark.parametrize("unit, estimate, indonesian, english", CHANGES)
def test_a_change_is_said_only_where_it_is_sure(unit, estimate, indonesian, english):
    assert shown.change(ID, unit, estimate).startswith(indonesian)
    assert shown.change(EN, unit, estimate).startswith(english)


def test_the_title_says_what_how_much_when_and_the_change(record):
    review = condition.review(
        record(clean(ONE, LAST, 60, 100) + clean(ONE, NOW, 90, 100)), "kebersihan", 3
    )
    assert shown.title(ID, "kebersihan", review).replace("\u00a0", " ") == (
        "Kebersihan: 10,0 % titik belum cukup bersih pada Juli–September 2019, "
        "turun 30,0 poin dari bulan yang sama tahun sebelumnya"
    )
    assert shown.title(EN, "ketertiban", None) == "Order: no record of three months by area yet"


@pytest.mark.parametrize("path", sorted((ROOT / "kpi" / "queries").glob("condition*.sql")), ids=str)
def test_every_query_states_its_grain(path):
    assert path.read_text(encoding="utf-8").startswith("-- grain: one ")
