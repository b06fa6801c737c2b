"""The cards of the first screen: one figure each, the same as on its page, marked and compared."""

import pytest
from test_outlook import HISTORY
from test_outlook_words import year_end
from test_pages import ID, html, made, visit

import kpi
from kpi import condition, service
from ui.condition import words as condition_words
from ui.home import overview
from ui.kit.text import languages, text
from ui.outlook import chart as path_chart
from ui.outlook import words as outlook
from ui.service import words as service_words

assert made  # a fixture
DAY = kpi.date(2019, 9, 30)


@pytest.fixture
def snapshot(served):
    return kpi.snapshot("cirebon", DAY)


def shown(say, snapshot):
    """The four cards of a snapshot of a running year."""
    reviews = [condition.review(snapshot, d, 6) for d in ("kebersihan", "ketertiban")]
    return [
        overview.visits(say, snapshot.outlook(), {}),
        overview.service_time(say, service.newest(snapshot), {}),
        *(overview.area(say, r, condition.trend(snapshot, r), {}) for r in reviews),
    ]


@pytest.mark.parametrize("lang", languages())
def test_the_home_page_has_the_four_cards_each_with_its_mark(snapshot, lang):
    say = text(lang)
    cards = shown(say, snapshot)
    assert all(card.is_simulated for card in cards)
    row = [m for m in visit(f"lang={lang}").markdown if 'class="dj overview"' in m.value]
    assert len(row) == 1
    for card in cards:
        assert card.value in row[0].value and card.word in row[0].value
    assert row[0].value.count(f'<span class="chip warn">{say("simulated.mark")}') == 4


def test_visits_stand_against_the_seasonal_path_of_the_target(snapshot):
    year_end, card = snapshot.outlook(), shown(ID, snapshot)[0]
    assert card.of.replace("\u00a0", " ") == "1.321.051 dari 2.000.000 (66,1 %)"
    season = year_end.path["season"].dropna() / 2_000_000
    before, after = season[:"2019-08-31"].iloc[-1], season["2019-09-30":].iloc[0]
    assert before < year_end.usual_share < after
    assert card.share < card.usual and card.word == ID("overview.behind")
    assert card.state == "concern" and card.is_open
    assert card.change.replace("\u00a0", " ").startswith("naik 25,6 % dibanding hari")
    assert len(card.course) == 24


def test_count_last_day_and_growth_are_those_of_the_kpi_and_of_the_page_of_visits(snapshot):
    year_end = snapshot.outlook()
    asked = {"definition": year_end.definition, "series": year_end.series}
    (figure,) = (
        f
        for f in snapshot.figures("visits")
        if (f.definition, f.series, f.year) == (*asked.values(), 2019)
    )
    outlook = year_end.outlook
    assert (outlook.known, outlook.counted_to) == (figure.value, figure.covered_to)
    assert outlook.known == year_end.against["visits"]
    assert outlook.growth == year_end.against["visits"] / year_end.against["visits_before"]


def test_a_target_stays_one_where_nothing_can_be_forecast():
    stopped = year_end(
        "2019-11-30", 1_800_000, HISTORY[:98], late=(2600, 3000, 3400), late_share=0.01
    )
    assert stopped.outlook.total is None and stopped.outlook.probability is None
    card = overview.visits(ID, stopped, {})
    assert "1.800.000" in card.of and 0 < card.share < 1
    assert card.word == ID("overview.unjudged")
    assert overview.visits(ID, year_end("2019-11-30", None, HISTORY[:98]), {}).word == ID(
        "overview.no_target"
    )
    assert ID("path.target", target="1,8 juta") in path_chart.path(ID, stopped, False).to_json(
        ensure_ascii=False
    )
    assert "prakiraan" not in outlook.late(ID, stopped)


def test_service_and_condition_cards_say_what_their_pages_say(snapshot):
    _, served, clean, order = shown(ID, snapshot)
    measured = service.newest(snapshot)
    assert served.value == service_words.reached(ID, measured.period.expected_median)
    assert served.course[-1] == measured.period.expected_median
    for card, domain in ((clean, "kebersihan"), (order, "ketertiban")):
        review = condition.review(snapshot, domain, 6)
        assert card.value in condition_words.title(ID, domain, review)
        assert card.course and review.city.now.low < review.city.now.value


def test_a_year_that_is_published_is_not_of_a_simulated_record(served):
    (figure,) = [f for f in kpi.snapshot("cirebon").figures("attainment") if f.is_choice]
    card = overview.published(ID, figure, {})
    assert not card.is_simulated and card.word == ID("overview.missed")
    assert card.value == "1,83 juta" and card.share == figure.value


def test_a_city_without_such_records_has_no_such_cards(served):
    assert "overview" not in html(visit("city=demak"))


def test_one_month_makes_no_line(made):
    made.visits("3271,KOTA BOGOR,2019,1,100\n", "published_at = 2019-02-10")
    assert "sparkline" not in html(visit("as_of=2019-02-20"))
