"""The scorecard: what is compared with what, states, bands and signals; page and workbook."""

import io
from datetime import date

import openpyxl
import pytest
from markupsafe import escape
from test_pages import EN, ID, html, snapshot_id, title, visit
from test_target import CITY, COLUMNS, both, row

import kpi
from kpi import reading
from kpi.comparison import Target, change, compare, rate, signal
from kpi.scorecard import STATES, scorecard, years
from ui.export import lkjip
from ui.kit import glossary, sentences
from ui.kit.text import languages, text
from ui.scorecard import words as scorecard_words

PAGE, GLOSSARY = "pages/review/scorecard.py", "pages/explore/glossary.py"
SUM = {"unit": "visits", "direction": "up", "measure": "sum"}
RATIO = {"unit": "share", "direction": "down", "measure": "ratio"}
BANDS = [{"band": b, "lower": low} for b, low in (("E", 0), ("D", 50), ("C", 65), ("B", 75.5))]
# five classes that a test has made up, not those of a regulation
SCALE = "scale,band,lower,name_id,name_en,document\n" + "".join(
    f"uji,{band},{lower},{name},{english},Peraturan Uji\n"
    for band, lower, name, english in (
        ("E", 0, "sangat rendah", "very low"),
        ("D", 50, "rendah", "low"),
        ("C", 65, "sedang", "medium"),
        ("B", 75, "tinggi", "high"),
        ("A", 90, "sangat tinggi", "very high"),
    )
)


def figure(value, year=2019, **given):
    """A Figure of a year, complete and final unless given otherwise."""
    some = {
        "kpi": "some",
        "unit": "visits",
        "city": "Kota",
        "area": "32.71",
        "definition": "all",
        "series": "office",
        "year": year,
        "period_start": date(year, 1, 1),
        "period_end": date(year, 12, 31),
        "covered_to": date(year, 12, 31),
        "value": value,
        "obs_status": "final",
        "known_at": date(year + 1, 1, 5),
        "as_of": None,
    }
    return kpi.Figure(**{**some, **given})


def stated(value, upper=None, **given):
    """A row of stated_targets for the year 2019."""
    some = {
        "kpi": "some",
        "period_start": date(2019, 1, 1),
        "period_end": date(2019, 12, 31),
        "level": "rpjmd",
        "document": "Plan",
        "address": None,
        "value": value,
        "upper": upper,
        "unit": "visits",
        "definition": "all",
        "series": "office",
        "said_by": "Bappeda",
        "note": None,
        "published_at": date(2019, 1, 5),
        "published_at_basis": "stated",
        "witnesses": 1,
        "is_ruling": False,
        "is_chosen": False,
        "is_city_choice": False,
        "measures": None,
    }
    return {**some, **given}


class Rows:
    """A snapshot of lists: figures by KPI, and the rows of queries."""

    day = date(2019, 12, 31)

    def __init__(self, figures, targets=(), explanations=(), scale=None):
        self._figures = figures if isinstance(figures, dict) else {"some": figures}
        self._tables = {
            "stated_targets": targets,
            "explanations": explanations,
            "city": [{"rating_scale": scale, "ruling_year": None}],
            "bands": [{**band, "scale": "uji"} for band in BANDS],
        }

    def figures(self, name):
        """The Figures of a KPI."""
        return self._figures.get(name, [])

    def table(self, query):
        """The rows of a query."""
        return self._tables[query]


def only(figures, *targets, header=SUM, **given):
    """The one Row of a KPI with these figures and targets in 2019."""
    (found,) = scorecard(Rows(figures, targets, **given), {"some": header}, 2019)
    return found


# comparison


@pytest.mark.parametrize(
    "value, low, upper, direction, attainment, is_met",
    [
        (91, 100, None, "up", 0.91, False),
        (100, 100, None, "up", 1, True),
        (130, 100, None, "up", 1.3, True),
        (4, 5, None, "down", 1.2, True),
        (5, 5, None, "down", 1, True),
        (6, 5, None, "down", 0.8, False),
        (11, 5, None, "down", -0.2, False),
        (10, 10, 20, "range", 1, True),
        (20, 10, 20, "range", 1, True),
        (8, 10, 20, "range", 0.8, False),
        (25, 10, 20, "range", 0.75, False),
        (25, 10, 20, "up", 0.75, False),
    ],
)
def test_attainment_by_direction(value, low, upper, direction, attainment, is_met):
    found = compare(value, target(low, upper), direction)
    assert (found.attainment, found.is_met) == (pytest.approx(attainment), is_met)


def target(value, upper=None):
    """A Target."""
    return Target(**stated(value, upper))


@pytest.mark.parametrize(
    "attainment, band",
    [(-0.2, None), (0, "E"), (0.499999, "E"), (0.5, "D"), (0.755, "B"), (0.7549, "C"), (9, "B")],
)
def test_a_band_begins_at_its_lower_value_and_ends_below_the_next(attainment, band):
    found = rate(attainment, BANDS)
    assert (found and found["band"]) == band


def test_a_share_that_is_written_in_binary_is_not_a_hair_below_its_band():
    assert rate(0.1 + 0.2 + 0.2, BANDS)["band"] == rate(1 - 0.5, BANDS)["band"] == "D"
    assert rate(2.265 / 3, BANDS)["band"] == "B"


def test_a_change_is_better_or_worse_by_direction_and_neither_within_a_range():
    one, other = figure(10, 2018), figure(12)
    assert [change(other, one, d).is_better for d in ("up", "down")] == [True, False]
    assert change(other, one, "range", target(5, 20)).is_better is None
    assert change(other, one, "range", target(5, 11)).is_better is False
    assert change(other, one, "up").growth == pytest.approx(0.2)


def test_a_running_period_is_not_compared_with_a_whole_one():
    assert change(figure(12, is_complete=False), figure(10, 2018), "up") is None
    assert change(figure(12), None, "up") is None
    assert signal(figure(12, is_complete=False), [], "up") is None


def test_a_signal_needs_five_years_that_nothing_is_wrong_with():
    past = [figure(v, 2014 + i) for i, v in enumerate((10, 11, 10, 11, 10))]
    assert signal(figure(10), past[1:], "up").kind == "too_few"
    odd = [*past[1:], figure(10, 2014, obs_status="suspect")]
    assert (signal(figure(10), odd, "up").kind, signal(figure(10), odd, "up").points) == (
        "too_few",
        4,
    )


@pytest.mark.parametrize(
    "value, direction, kind",
    [(10, "up", "common"), (30, "up", "better"), (30, "down", "worse"), (30, "range", "outside")],
)
def test_a_signal_lies_outside_the_limits_of_the_years_before(value, direction, kind):
    past = [figure(v, 2014 + i) for i, v in enumerate((10, 11, 10, 11, 10))]
    found = signal(figure(value), [*past, figure(99)], direction)
    assert found.kind == kind and found.is_provisional
    assert (found.low, found.high) == pytest.approx((10.4 - 2.66, 10.4 + 2.66))


# what is compared with what


def test_a_target_is_compared_with_its_own_definition_and_series_only():
    figures = [figure(90), figure(200, series="press"), figure(300, definition="more")]
    found = only(figures, stated(100))
    assert [(e.series, e.definition, e.state) for e in (found.lead, *found.others)] == [
        ("office", "all", "missed"),
        ("press", "all", "no_target"),
        ("office", "more", "no_target"),
    ]


@pytest.mark.parametrize("missing", ["definition", "series"])
def test_a_target_that_does_not_say_what_it_counts_is_compared_with_nothing(missing):
    found = only([figure(200)], stated(100, **{missing: "not_stated"}))
    assert found.state == "no_target" and found.lead.comparison is None
    assert [t.problem for t in found.uncompared] == ["not_stated"]


def test_a_target_in_another_unit_is_compared_with_nothing_and_percent_is_a_share():
    found = only([figure(200)], stated(100, unit="people"))
    assert found.state == "no_target" and found.uncompared[0].problem == "unit"
    share = only([figure(0.29, unit="share")], stated(29, unit="percent"), header=RATIO)
    assert (share.state, share.lead.target.value, share.lead.target.unit) == (
        "reached",
        0.29,
        "share",
    )


def test_a_range_needs_its_upper_edge():
    ranged = {**SUM, "direction": "range"}
    assert only([figure(5)], stated(4), header=ranged).uncompared[0].problem == "range"
    assert only([figure(5)], stated(4, 6), header=ranged).state == "reached"


def test_of_two_targets_of_one_kind_the_more_binding_is_compared_and_the_other_told():
    found = only([figure(90)], stated(200, level="aspiration"), stated(100, document="RPJMD"))
    assert found.lead.target.document == "RPJMD"
    (part,) = found.lead.parts
    assert (part.target.value, part.comparison.attainment) == (200, 0.45)


def test_the_same_target_in_another_document_is_told_once():
    assert only([figure(90)], stated(100), stated(100, document="Press")).lead.parts == ()


def test_a_target_of_many_years_is_told_in_each_of_them_and_makes_no_year_by_itself():
    long = {"period_start": date(2007, 1, 1), "period_end": date(2099, 12, 31)}
    found = only([figure(90)], stated(100, **long))
    assert found.state == "no_target" and [t.problem for t in found.uncompared] == ["period"]
    assert ID("problem.period") in scorecard_words.card(ID, found, 2019, [], {})
    assert years(Rows([figure(90)], [stated(100, **long)]), {"some": SUM}) == [2019]


def test_a_quarter_is_compared_with_the_figure_of_the_same_quarter_only():
    quarter = {"period_start": date(2019, 1, 1), "period_end": date(2019, 3, 31)}
    found = only([figure(90)], stated(100), stated(30, **quarter))
    assert [(p.target.value, p.comparison) for p in found.lead.parts] == [(30, None)]
    found = only([figure(90), figure(33, **quarter)], stated(100), stated(30, **quarter))
    assert found.lead.figure.value == 90
    assert found.lead.parts[0].comparison.attainment == pytest.approx(1.1)


def test_the_citys_choice_leads_even_where_another_count_is_worse():
    chosen = {"is_chosen": True, "definition": "more"}
    found = only([figure(50), figure(200, definition="more")], stated(100), stated(100, **chosen))
    assert (found.lead.definition, found.state) == ("more", "reached")
    assert [e.state for e in found.others] == ["missed"]


def test_a_kpi_without_a_figure_of_the_year_names_the_last_one():
    found = only([figure(7, 2016), figure(9, 2017, series="simulated:office")])
    assert (found.lead, found.state, found.latest.value) == (None, "no_target", 7)
    shown = scorecard_words.card(ID, found, 2019, [], {})
    assert "2016" in shown and "all · office" in shown and ID("obs_status.final") in shown


def test_of_kpis_that_stand_alike_those_without_a_figure_come_last():
    figures = {"none": [], "old": [figure(1, 2018)], "new": [figure(1)]}
    found = scorecard(Rows(figures), dict.fromkeys(figures, SUM), 2019)
    assert [r.kpi for r in found] == ["new", "old", "none"]


# simulated figures


def test_a_simulated_figure_is_compared_but_never_reached_or_missed():
    found = only([figure(90, series="simulated:office", obs_status="simulated")], stated(100))
    assert (found.lead.series, found.state) == ("office", "incomplete")
    (simulated,) = found.others
    assert (simulated.state, simulated.rating) == (None, None)
    assert simulated.comparison.attainment == 0.9


def test_a_simulated_figure_leaves_as_soon_as_one_is_published():
    found = only([figure(90), figure(80, series="simulated:office")], stated(100))
    assert [e.series for e in (found.lead, *found.others)] == ["office"]


def test_a_kpi_with_simulated_figures_only_has_no_state_of_its_own():
    found = only([figure(90, series="simulated:office")])
    assert (found.lead.state, found.state) == (None, "no_target")


# states


@pytest.mark.parametrize(
    "value, header, state",
    [
        (40, SUM, "at_risk"),
        (60, SUM, "incomplete"),
        (100, SUM, "reached"),
        (90, {**RATIO, "unit": "visits"}, "incomplete"),
        (110, {**RATIO, "unit": "visits"}, "at_risk"),
        (None, SUM, "incomplete"),
    ],
)
def test_a_running_year_is_at_risk_behind_its_days_or_beyond_its_target(value, header, state):
    running = {"is_complete": False, "covered_to": date(2019, 7, 1)}
    assert only([figure(value, **running)], stated(100), header=header).state == state


def test_what_needs_attention_comes_first():
    figures = {
        "reached": [figure(100)],
        "no_target": [figure(1)],
        "missed": [figure(99)],
        "incomplete": [],
        "at_risk": [figure(9, is_complete=False)],
    }
    targets = [stated(100, kpi=name) for name in figures if name != "no_target"]
    found = scorecard(Rows(figures, targets), dict.fromkeys(figures, SUM), 2019)
    assert [r.kpi for r in found] == [r.state for r in found] == list(STATES)


def test_a_complete_figure_is_rated_where_the_city_has_named_a_scale():
    assert only([figure(76)], stated(100)).lead.rating is None
    assert only([figure(76)], stated(100), scale="uji").lead.rating["band"] == "B"
    assert only([figure(76, is_complete=False)], stated(100), scale="uji").lead.rating is None


def test_an_explanation_belongs_to_its_definition_and_year():
    said = {"kpi": "some", "period_start": date(2019, 1, 1), "kendala": "rain"}
    for definition, count in (("all", 1), ("not_stated", 1), ("more", 0)):
        rows = [{**said, "definition": definition}]
        assert len(only([figure(9)], stated(10), explanations=rows).lead.explanations) == count
    last_year = [{**said, "definition": "all", "period_start": date(2018, 1, 1)}]
    assert only([figure(9)], stated(10), explanations=last_year).lead.explanations == ()


# on the bundled cities


@pytest.mark.usefixtures("served")
@pytest.mark.parametrize("as_of", [None, date(2019, 3, 25), date(2019, 9, 30), date(2019, 1, 6)])
def test_the_ruling_target_stands_as_on_the_home_page(as_of):
    snapshot = kpi.snapshot("cirebon", as_of)
    (visits,) = [r for r in snapshot.scorecard(2019) if r.kpi == "visits"]
    chosen = [f for f in snapshot.figures("attainment") if f.is_choice]
    lead = [e for e in (visits.lead, *visits.others) if e and e.target and e.target.is_chosen]
    assert [(e.definition, e.series, e.target.value) for e in lead if not e.is_simulated] == [
        (f.definition, f.series, f.denominator) for f in chosen
    ]
    if chosen and chosen[0].value is not None:
        assert visits.lead.comparison.attainment == chosen[0].value
        assert visits.lead.target.witnesses == chosen[0].witnesses


@pytest.mark.usefixtures("served")
def test_a_comparison_that_is_derived_is_no_row_of_its_own():
    names = {r.kpi for r in kpi.snapshot("cirebon").scorecard(2019)}
    derived = {n for n, meta in kpi.metadata().items() if "derived_from" in meta}
    assert derived == {"attainment", "required_per_day", "simulated_attainment"}
    assert names == set(kpi.metadata()) - derived and "visits" in names


# a city of a few rows


@pytest.fixture
def town(city, monkeypatch):
    """town(files): a served city whose visits missed a stated target, with more files."""
    monkeypatch.setenv("DUAJUTA_WAREHOUSE", str(city.target.parent))

    def make(files=None, scale='rating_scale = "uji"\n'):
        columns = "area,kpi,period_start,period_end,level,document,value,upper,unit,definition,"
        city.build(
            {
                "city.toml": scale + CITY.format(year=2019),
                "visits.csv": COLUMNS + both(1000, 500) + row("restaurant_guests", 40),
                "visits.toml": 'loads = "visits"\nfiles = ["visits.csv"]',
                "bands.csv": SCALE,
                "bands.toml": 'loads = "bands"\nfiles = ["bands.csv"]',
                "targets.csv": f"{columns}series,said_by,published_at\n"
                "32.71,visits,2019-01-01,2019-12-31,,Plan,2000,,visits,,,Bappeda,2019-01-05\n",
                "targets.toml": 'loads = "targets"\nfiles = ["targets.csv"]',
                **(files or {}),
            }
        )
        return kpi.snapshot("city")

    return make


def explained(obstacle):
    """The files of one explanation."""
    return {
        "why.csv": "area,kpi,period_start,period_end,owner,kendala,tindak_lanjut,published_at\n"
        f"32.71,visits,2019-01-01,2019-12-31,Disbudpar,{obstacle},Promosi,2020-02-01\n",
        "why.toml": 'loads = "explanations"\nfiles = ["why.csv"]',
    }


def test_a_range_whose_upper_edge_is_not_above_the_target_is_rejected(town, city):
    columns = "area,kpi,period_start,period_end,document,value,upper,unit,published_at\n"
    line = "32.71,visits,2019-01-01,2019-12-31,Plan,9,9,visits,2019-01-05\n"
    town({"targets.csv": columns + line})
    (told,) = city.rejects()
    assert text("en")('rule.targets: (upper > "value")') in told


def test_a_target_of_another_kpi_may_name_a_definition_that_is_none_of_visits(town, city):
    columns = "area,kpi,period_start,period_end,document,value,unit,definition,published_at\n"
    line = "32.71,{},2019-01-01,2019-12-31,Plan,9,hours,ktp_el,2019-01-05\n"
    town({"targets.csv": columns + line.format("some_time") + line.format("visits")})
    assert city.sql("select kpi from targets") == ["some_time"] and len(city.rejects()) == 1


def test_an_explanation_is_not_known_before_it_was_published(town):
    town(explained("hujan"))
    lead = kpi.snapshot("city", date(2020, 1, 31)).scorecard(2019)[0].lead
    assert lead.state == "missed" and lead.explanations == ()
    (said,) = kpi.snapshot("city", date(2020, 2, 1)).scorecard(2019)[0].lead.explanations
    assert (said["kendala"], said["tindak_lanjut"]) == ("hujan", "Promosi")


# words


@pytest.mark.parametrize(
    "value, unit, id_, en",
    [
        (1825195, "visits", "1.825.195 kunjungan", "1,825,195 visits"),
        (0.205, "share", "20,5 %", "20.5 %"),
        (0.127, "hours", "8 menit", "8 minutes"),
        (74.62, "hours", "75 jam (3,1 hari)", "75 hours (3.1 days)"),
        (83.02, "index_25_100", "83,02 pada skala 25–100", "83.02 on a scale of 25–100"),
        (4.618, "visits_per_day", "4,62 kunjungan per hari", "4.62 visits a day"),
        (170.96, "nobody_knows", "171,0 nobody_knows", "171.0 nobody_knows"),
        (None, "visits", "—", "—"),
    ],
)
def test_a_quantity_has_its_unit_and_no_more_digits_than_it_needs(value, unit, id_, en):
    assert [said(say.quantity(value, unit)) for say in (ID, EN)] == [id_, en]


def said(sentence):
    """A sentence with plain blanks."""
    return sentence.replace("\u00a0", " ")


def test_a_range_says_both_edges_and_its_unit_once():
    visits, share = Target(**stated(80, 90)), Target(**stated(0.2, 0.3, unit="share"))
    assert said(scorecard_words.aim(ID, visits)) == "80 sampai 90 kunjungan"
    assert said(scorecard_words.aim(EN, share)) == "20.0 % to 30.0 %"


def test_the_days_that_a_figure_counts_stand_with_it():
    running = figure(10, covered_to=date(2019, 8, 30), is_complete=False)
    assert said(scorecard_words.window(EN, running)) == "1 January 2019 – 30 August 2019"
    assert scorecard_words.window(EN, figure(10)) == "2019"


@pytest.mark.parametrize(
    "now, before, unit, id_, en",
    [
        (120, 100, "visits", "naik 20,0 % dari 2018 (100 kunjungan), membaik", "better"),
        (80, 100, "visits", "turun 20,0 % dari 2018 (100 kunjungan), memburuk", "worse"),
        (100, 100, "visits", "sama dengan 2018 (100 kunjungan)", "same"),
        (5, 0, "visits", "naik 5 kunjungan dari 2018 (0 kunjungan), membaik", "up 5 visits"),
        (0.25, 0.2, "share", "naik 5,0 poin dari 2018 (20,0 %), membaik", "up 5.0 points"),
        (120, None, "visits", "belum dapat dibandingkan", "no complete figure of 2018"),
    ],
)
def test_a_change_names_growth_points_and_the_year_before(now, before, unit, id_, en):
    figures = [figure(now), *([] if before is None else [figure(before, 2018)])]
    lead = only(figures).lead
    assert said(scorecard_words.change(ID, lead, unit)).startswith(id_)
    assert en in said(scorecard_words.change(EN, lead, unit))


def test_a_signal_says_its_limits_and_that_they_are_provisional():
    past = [figure(v, 2014 + i) for i, v in enumerate((10, 11, 10, 11, 10))]
    lead = only([figure(30), *past]).lead
    assert scorecard_words.signal(ID, lead, "visits") == (
        "di luar variasi biasa (8 kunjungan sampai 13 kunjungan), lebih baik; "
        "batas sementara dari 5 tahun"
    )


def test_the_title_counts_states_in_the_order_of_attention():
    figures = {"one": [figure(99)], "two": [figure(1)], "three": [figure(2)]}
    rows = scorecard(Rows(figures, [stated(100, kpi="one")]), dict.fromkeys(figures, SUM), 2019)
    assert scorecard_words.verdict(ID, rows, 2019) == (
        "Rapor kinerja 2019 (3 KPI): 1 tidak tercapai dan 2 belum punya target "
        "yang dapat dibandingkan"
    )


def test_a_figure_that_counts_no_values_is_shown_all_the_same():
    bare = figure(9, is_complete=False, covered_to=None, values_reported=None, values_expected=None)
    row = only([bare], stated(10))
    assert row.state == "incomplete" and ID("obs_status.final") in scorecard_words.card(
        ID, row, 2019, [], {}
    )


def test_what_others_wrote_is_escaped_on_a_card():
    evil = "<script>alert(1)</script>"
    why = {"kpi": "some", "period_start": date(2019, 1, 1), "definition": "all", "owner": evil}
    why |= {"kendala": evil, "tindak_lanjut": evil, "published_at": None}
    goal = stated(100, document=evil, said_by=evil)
    other = stated(70, document=evil, unit=evil)
    shown = scorecard_words.card(ID, only([figure(9)], goal, other, explanations=[why]), 1, [], {})
    assert "<script" not in shown and shown.count("&lt;script") == 7


# the page


@pytest.mark.parametrize("lang", languages())
def test_a_miss_is_shown_with_its_band_and_its_explanation(town, lang):
    town(explained("<b>hujan</b>"))
    shown = html(visit(f"city=city&lang={lang}", PAGE))
    say = text(lang)
    band = {"id": "sangat tinggi", "en": "very high"}
    assert say("state.missed") in shown and "75" in shown
    assert {"id": "tinggi", "en": "high"}[lang] in shown and band[lang] not in shown
    assert "&lt;b&gt;hujan" in shown and "<b>hujan" not in shown and "Disbudpar" in shown
    assert "Peraturan Uji" in shown and say("score.unexplained") not in shown


def test_a_miss_that_nobody_explained_says_so_kindly(town):
    town()
    assert ID("score.unexplained") in html(visit("city=city", PAGE))


@pytest.mark.parametrize("lang", languages())
def test_a_figure_that_cannot_be_made_says_why_and_not_that_nothing_was_published(lang):
    say = text(lang)
    served = figure(None, kpi="service_within_standard", reason="no_standard")
    card = scorecard_words.card(say, only([served], header=RATIO), 2019, [], {})
    assert escape(say("score.no_standard")) in card
    assert escape(say("score.nothing", year=2019)) not in card
    none = scorecard_words.card(say, only([figure(None)], stated(5)), 2019, [], {})
    assert escape(say("score.nothing", year=2019)) in none


def test_what_is_lacking_in_a_share_of_requests_are_requests():
    counts = {"is_complete": False, "values_reported": 7, "values_expected": 9}
    served = figure(0.5, kpi="service_within_standard", unit="share", **counts)
    assert sentences.completeness(ID, served) == "7 dari 9 permohonan selesai"


def test_without_a_scale_nothing_is_rated(town):
    town(scale="")
    shown = html(visit("city=city", PAGE))
    assert ID("scorecard.unrated") in shown and "Peraturan Uji" not in shown


@pytest.mark.usefixtures("served")
def test_the_year_stands_in_the_address_and_a_wrong_one_is_told():
    at = visit("as_of=today&year=2018&lang=en", PAGE)
    assert title(at).startswith("Scorecard 2018") and not at.warning
    at = visit("as_of=today&year=1066&lang=en", PAGE)
    assert title(at).startswith("Scorecard 2019") and "1066" in at.warning[0].value


@pytest.mark.usefixtures("served")
def test_simulated_figures_bring_the_banner_and_published_ones_do_not():
    assert "simulasi: angka bertanda" in html(visit("as_of=2019-09-30", PAGE))
    assert "simulasi: angka bertanda" not in html(visit("city=demak", PAGE))


@pytest.mark.usefixtures("served")
def test_a_card_leads_to_the_rows_and_to_the_glossary():
    shown = html(visit("as_of=today", PAGE))
    assert "figure?city=cirebon&amp;lang=id&amp;as_of=today&amp;kind=figure&amp;kpi=visits" in shown
    assert 'href="glossary?city=cirebon&amp;lang=id&amp;as_of=today#visits"' in shown


@pytest.mark.usefixtures("served")
@pytest.mark.parametrize("address", ["city=demak", "as_of=2001-01-01", "as_of=2019-03-25&lang=en"])
def test_the_page_opens_where_little_is_known(address):
    assert snapshot_id(visit(address, PAGE))


def test_a_city_without_any_figure_has_a_page(city, monkeypatch):
    monkeypatch.setenv("DUAJUTA_WAREHOUSE", str(city.target.parent))
    city.build()
    at = visit("city=city", PAGE)
    assert at.info[0].value == ID("scorecard.nothing")


NEW = """/*
concept = "a KPI of tomorrow"
definition = "points"
classification = "none"
measure = "ratio"
unit = "points_of_tomorrow"
producer = "us"
period = "year"
direction = "down"
method = "none"
*/
select * replace (5.5 as value, [] as value_ids) from visits_kpi where definition = 'attractions'
"""


def test_a_kpi_that_the_page_has_never_heard_of_is_listed(town, monkeypatch):
    files = reading.sql_of
    monkeypatch.setattr(reading, "sql_of", lambda name: NEW if name == "new_kpi" else files(name))
    monkeypatch.setattr(reading, "KPIS", (*kpi.KPIS, "new_kpi"))
    monkeypatch.setitem(reading.VIEWS, "new_kpi_kpi", "new_kpi")
    kpi.metadata.cache_clear()
    try:
        columns = "area,kpi,period_start,period_end,document,value,unit,definition,series,"
        town(
            {
                "more.csv": f"{columns}published_at\n32.71,new_kpi,2019-01-01,2019-12-31,Plan,5,"
                "points_of_tomorrow,attractions,office,2019-01-05\n",
                "more.toml": 'loads = "targets"\nfiles = ["more.csv"]',
            }
        )
        shown = html(visit("city=city", PAGE))
        assert "new_kpi" in shown and "5,50 points_of_tomorrow" in shown and "90,0 %" in shown
        assert "a KPI of tomorrow" in html(visit("city=city&lang=id", GLOSSARY))
    finally:
        kpi.metadata.cache_clear()


# the workbook


def sheets(snapshot, lang="id"):
    """The sheets of the workbook of 2019 as a second library reads them: cover, table, notes."""
    content = lkjip.workbook(text(lang), snapshot, 2019, {})
    return openpyxl.load_workbook(io.BytesIO(content)).worksheets


@pytest.mark.parametrize("lang", languages())
def test_the_workbook_holds_what_an_lkjip_needs_as_numbers(town, lang):
    snapshot, say = town(explained("=1+1")), text(lang)
    cover, table, notes = sheets(snapshot, lang)
    assert all(sheet["A1"].value for sheet in (cover, table, notes))
    told = {r[0].value: r[1].value for r in cover.iter_rows(min_row=3)}
    assert told[say("lkjip.snapshot")] == snapshot.id
    assert told[say("lkjip.as_of")] == say.date(snapshot.day)
    head = [cell.value for cell in table[3]]
    assert head == [say(code) for code in lkjip.COLUMNS]
    line = dict(zip(lkjip.COLUMNS, table[4], strict=True))
    numbers = {code: line[code].value for code in ("table.target", "score.value", "score.attained")}
    assert numbers == {"table.target": 2000, "score.value": 1500, "score.attained": 0.75}
    assert line["score.attained"].number_format == "0.0%"
    assert line["lkjip.category"].value == {"id": "tinggi", "en": "high"}[lang]
    obstacle = line["score.obstacle"]
    assert (obstacle.value, obstacle.data_type) == ("=1+1", "s")  # text, never a formula
    assert line["score.follow_up"].value == "Promosi"
    assert line["score.owner"].value == "Bappeda"


@pytest.mark.usefixtures("served")
def test_the_workbook_flags_what_is_missing_and_what_is_simulated():
    snapshot = kpi.snapshot("cirebon", date(2019, 9, 30))
    cover, table, notes = sheets(snapshot)
    told = {r[0].value: r[1].value for r in cover.iter_rows(min_row=3)}
    assert told[ID("lkjip.caution")] == ID("lkjip.simulated")
    keys = ("lkjip.flag", "table.status", "score.value", "lkjip.category")
    lines = [dict(zip(lkjip.COLUMNS, r, strict=True)) for r in table.iter_rows(min_row=4)]
    visits = [ln for ln in lines if ln["lkjip.kpi"].value == ID("kpi.visits")]
    first, second = ([ln[k].value for k in keys] for ln in visits[:2])
    assert first == ["x", ID("state.incomplete"), None, None]
    assert second == ["s", ID("score.not_judged"), 1_321_051, None]
    rest = [ln for ln in lines if ln["lkjip.kpi"].value == ID("kpi.green_space_share")][-1]
    keys = ("table.period", "table.target", "score.value", "table.status", "lkjip.flag")
    problem = ID("problem.not_stated")
    period = "1 Januari 2007 – 31 Desember 2099"
    assert [rest[k].value for k in keys] == [period, 0.2, None, problem, None]
    flags = {r[0].value: r[1].value for r in notes.iter_rows(min_row=3)}
    assert flags[ID("lkjip.flag_of", flag="s")] == ID("obs_status.simulated")


# the glossary


@pytest.mark.usefixtures("served")
@pytest.mark.parametrize("lang", languages())
def test_the_glossary_has_every_kpi_in_the_readers_language(lang):
    at = visit(f"lang={lang}", GLOSSARY)
    assert [h.value for h in at.header] == [text(lang)(f"kpi.{n}") for n in kpi.metadata()]
    assert [h.proto.anchor for h in at.header] == list(kpi.metadata())
    shown = html(at)
    for header in kpi.metadata().values():
        for field in glossary.SENTENCES:
            assert (escape(header[field]) in shown) == (lang == glossary.LANGUAGE)


def test_the_direction_of_a_kpi_is_one_that_can_be_compared():
    assert {h["direction"] for h in kpi.metadata().values()} <= {"up", "down", "range"}
    assert EN.has("direction.range") and ID.has("direction.range")
