"""The outlook page: the answer, what if, what was said before, and whether it is plausible."""

import pytest
from test_pages import EN, ID, OUTLOOK, html, made, read, run, unlinked_markdown, visit
from test_tables import check, offered

import kpi
from ui.kit.text import languages, text
from ui.outlook import words as outlook

assert made  # a fixture
KNOWN = "1.321.051 kunjungan sampai 28 September 2019"


def headers(at):
    return [h.value.replace("\u00a0", " ") for h in at.header]


@pytest.mark.usefixtures("served")
@pytest.mark.parametrize("lang", languages())
def test_home_and_page_say_the_same_sentence_with_its_mark(lang):
    said = [html(visit(f"lang={lang}", page)) for page in (None, OUTLOOK)]
    say = text(lang)
    year_end = kpi.snapshot("cirebon", kpi.demo_day("cirebon")).outlook()
    sentence = outlook.headline(say, year_end).replace("\u00a0", " ")
    assert all(sentence in shown for shown in said)
    assert sentence.startswith(say("outlook.simulated", sentence=""))
    assert all(say("simulated.banner").split(":")[0] in shown for shown in said)


@pytest.mark.usefixtures("served")
def test_what_is_counted_is_what_the_home_page_counts():
    at = visit("", OUTLOOK)
    assert any(KNOWN in unlinked_markdown(c.value) for c in at.caption)


@pytest.mark.usefixtures("served")
def test_another_target_moves_the_chance_and_stands_in_the_link_only():
    at = visit("lang=en", OUTLOOK)
    before = html(at)
    at.number_input[0].set_value(1_800_000)
    shown = html(run(at))
    assert (
        before in shown.replace(shown[len(before) :], "") and "the chance of 1.8 million" in shown
    )
    assert at.query_params["target"] == "1800000"
    assert "the chance of 1.8 million" not in html(visit("lang=en", OUTLOOK))
    assert "the chance of 1.8 million" in html(visit("lang=en&target=1800000", OUTLOOK))


@pytest.mark.usefixtures("served")
@pytest.mark.parametrize("target", ["x", "-1", "", "9" * 30, "١٢"])
def test_what_is_no_target_is_told_and_left_out(target):
    at = visit(f"lang=en&target={target}", OUTLOOK)
    assert "target" not in at.query_params


@pytest.mark.usefixtures("served")
def test_months_left_out_change_the_forecast():
    at = visit("lang=en", OUTLOOK)
    at.multiselect[0].set_value(["2018-11", "2018-12"])
    assert html(run(at)).count("is expected to end at") == 2
    assert at.query_params["exclude"] == "2018-11,2018-12"
    linked = visit("lang=en&exclude=2018-11,2018-12,1066-01", OUTLOOK)
    assert linked.multiselect[0].value == ["2018-11", "2018-12"]


@pytest.mark.usefixtures("served")
def test_another_count_is_never_compared_with_the_target():
    at = visit("lang=en&counts=attractions/simulated:disparbud_jabar", OUTLOOK)
    assert "The target counts attractions + accommodation, the data count attractions" in html(at)
    assert "the chance of" not in html(at)
    assert at.query_params["counts"] == "attractions/simulated:disparbud_jabar"


@pytest.mark.usefixtures("served")
def test_a_count_that_is_not_there_is_told():
    at = visit("lang=en&counts=trips/nobody", OUTLOOK)
    assert len(at.warning) == 1 and "counts" not in at.query_params


@pytest.mark.usefixtures("served")
def test_what_was_said_is_made_of_what_was_known_and_held_against_what_came():
    with offered() as tables:
        at = visit("lang=en&as_of=2019-04-30&view=said", OUTLOOK)
    for given in tables:
        check(given)
    assert headers(at)[:2] == [EN("said.title", year=y) for y in (2019, 2018)]
    this, before, calibration = map(read, at.dataframe)
    assert list(this[EN("said.day")])[-1] == "30 April 2019" and len(this) == 4
    assert set(this[EN("said.came")]) == {"—"}
    assert len(before) == 12 and set(before[EN("said.came")]) == {"1,478,738"}
    assert before[EN("table.series")].str.contains(EN("simulated.mark")).all()
    assert "reference series" in headers(at)[2] and len(calibration) == 7


@pytest.mark.usefixtures("served")
def test_the_last_row_says_what_the_page_says():
    at = visit("lang=en&as_of=2019-04-30&view=said", OUTLOOK)
    said = kpi.snapshot("cirebon", kpi.date(2019, 4, 30)).outlook().outlook
    row, shown = at.dataframe[0].value.iloc[-1], read(at.dataframe[0]).iloc[-1]
    ends = [EN(f"table.{end}", level=80) for end in ("low", "high")]
    assert [row[EN("said.total")], *row[ends]] == [said.total, *said.intervals[80]]
    assert shown[EN("said.total")] == EN.number(round(said.total, -3))
    assert shown[EN("said.chance")] == outlook.probability(EN, said.probability)


@pytest.mark.usefixtures("served")
def test_a_jump_is_said_aloud_and_what_is_unknown_is_named():
    shown = html(visit("lang=en&as_of=today&view=plausible", OUTLOOK))
    assert "Accommodation rose 3.75 times" in shown
    assert "Not known for 2019: number of rooms, room occupancy (%) and length of stay" in shown
    assert "5.48 visits for each inhabitant" in shown


@pytest.mark.usefixtures("served")
def test_a_year_that_is_over_needs_no_outlook_on_the_home_page():
    assert ID("outlook.more") not in str(visit("as_of=today").main)


def test_a_city_with_yearly_figures_only_is_told_so(served):
    assert visit("city=demak&lang=en", OUTLOOK).info[-1].value == EN("outlook.nothing")


def test_one_month_gives_no_forecast_but_says_why(made):
    made.visits("3271,KOTA BOGOR,2019,1,100\n")
    at = visit("lang=en&as_of=2019-02-20", OUTLOOK)
    assert at.info[-1].value == EN("outlook.nothing")  # its day of publication is not known
    made.visits("3271,KOTA BOGOR,2019,1,100\n", "published_at = 2019-02-10")
    said = html(visit("lang=en&as_of=2019-02-20", OUTLOOK))
    assert "The end of 2019 cannot be forecast yet: only 1 months of data are known" in said
    assert "2018 is not known as a whole" in said


def test_three_years_of_months_are_enough_without_a_target(made):
    rows = "".join(
        f"3271,KOTA BOGOR,{year},{month},{1000 * month + 10 * year}\n"
        for year in (2016, 2017, 2018)
        for month in range(1, 13)
    )
    made.visits(rows, "published_at = 2019-01-10")
    at = visit("lang=en&as_of=2019-01-20", OUTLOOK)
    assert "The year 2019 is expected to end at 320 thousand visits" in html(at)
    assert "No target for 2019 is known" in html(at) and "Nothing of 2019" in html(at)
