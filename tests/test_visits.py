"""The visits page: what is asked for, counted once, compared alike, drawn and told."""

from datetime import date, timedelta
from types import SimpleNamespace

import pytest
from conftest import HEADER, SITES, sidecar
from test_pages import VISITS, html, title, visit

import kpi
from ui.kit import charts, sentences
from ui.kit.text import languages, text
from ui.visits import filters, plots

ID, EN = text("id"), text("en")
SIMULATED = {"series": "simulated:disparbud_jabar", "definition": "attractions_accommodation"}
ALL = {"measure": None, "origin": None, "site": None}
MINE = {"series": "x", "definition": "attractions", **ALL}
FEASTS = "day,name_id,kind\n2016-07-06,Hari Raya Idul Fitri,national_holiday\n" + (
    "2016-07-07,Hari kedua Idul Fitri,national_holiday\n"
    "2017-06-25,Hari Raya Idul Fitri,national_holiday\n"
)
SITE_DAYS = """
[map]
place = "place"
place_kind = "'site'"
period_start = "day"
frequency = "'D'"
measure = "'attraction_visits'"
origin = "origin"
visits = "num(visits)"
series = "'x'"
obs_status = "if(absent(visits), 'missing', 'final')"
"""


@pytest.fixture
def made(city, monkeypatch):
    """The made-up city with two sites and two Lebaran, not yet built, served by the pages."""
    monkeypatch.setenv("DUAJUTA_WAREHOUSE", str(city.target.parent))
    calendar = {
        "calendar.csv": FEASTS,
        "calendar.toml": 'loads = "calendar"\nfiles = ["calendar.csv"]',
    }
    return city.write(SITES | calendar)


def days(city, *spans):
    """Builds the city from spans of days (site, origin, first, last, visits a day)."""
    rows = ["place,origin,day,visits"]
    for place, origin, first, last, visits in spans:
        start, end = date.fromisoformat(first), date.fromisoformat(last)
        for number in range((end - start).days + 1):
            rows.append(f"{place},{origin},{start + timedelta(days=number)},{visits}")
    city.build({"visits.csv": "\n".join(rows), "visits.toml": sidecar(recipe=SITE_DAYS)})


def months(city, *rows):
    """Builds the city from months of its area: (year, month, visits)."""
    lines = "".join(f"32.71,KOTA BOGOR,{year},{month},{visits}\n" for year, month, visits in rows)
    city.build({"visits.csv": HEADER + lines, "visits.toml": sidecar('set = { series = "x" }')})


def ask(query, city="city", as_of=None, **params):
    """The rows of a query on a city."""
    return kpi.snapshot(city, as_of and date.fromisoformat(as_of)).table(query, **params)


def periods(step="M", by="total", year=2017, **scope):
    """{(part, first day): visits} of the made-up city."""
    rows = ask("visits_periods", **MINE | scope, step=step, by=by, year=year)
    return {(r["part"], r["period_start"].isoformat()): r["visits"] for r in rows}


def compared(year=2017, **scope):
    """{alignment: (visits, visits before)} of the made-up city."""
    rows = sentences.totals(ask("visits_pairs", **MINE | scope, year=year))
    return {r["alignment"]: (r["visits"], r["visits_before"]) for r in rows}


# counted once


@pytest.mark.usefixtures("served")
@pytest.mark.parametrize(
    "city, as_of", [("cirebon", "2019-09-30"), ("cirebon", None), ("demak", None)]
)
def test_years_of_the_page_are_the_figures_of_the_kpi(city, as_of):
    figures = kpi.snapshot(city, as_of and date.fromisoformat(as_of)).figures("visits")
    for figure in (f for f in figures if f.value is not None and f.origins != ("wisman",)):
        scope = ALL | {"series": figure.series, "definition": figure.definition}
        rows = ask("visits_periods", city, as_of, **scope, step="A", by="total", year=0)
        mine = [r["visits"] for r in rows if r["period_start"].year == figure.year]
        assert mine == [figure.value], (figure.series, figure.definition, figure.year)


@pytest.mark.usefixtures("served")
@pytest.mark.parametrize("by", ["site", "origin", "measure"])
def test_the_parts_of_a_month_add_up_to_it(by):
    scope = SIMULATED | ALL | {"step": "M", "year": 2019}
    whole, parts = (
        ask("visits_periods", "cirebon", "2019-09-30", **scope, by=b) for b in ("total", by)
    )
    sums = {}
    for row in parts:
        sums[row["period_start"]] = sums.get(row["period_start"], 0) + row["visits"]
    assert sums == {r["period_start"]: r["visits"] for r in whole} and len(sums) == 45


@pytest.mark.usefixtures("served")
def test_the_steps_of_a_year_add_up_to_the_same():
    sums = {
        step: sum(
            r["visits"]
            for r in ask(
                "visits_periods", "cirebon", **SIMULATED | ALL, step=step, by="total", year=2018
            )
            if r["period_start"].year == 2018
        )
        for step in "DMA"
    }
    assert set(sums.values()) == {1_478_738}


@pytest.mark.usefixtures("served")
def test_every_rung_of_the_ladder_is_the_sum_of_its_terms_and_the_figure_of_the_kpi():
    figures = {
        (f.series, f.definition): f.value
        for f in kpi.snapshot("cirebon").figures("visits")
        if f.year == 2019 and f.value is not None
    }
    ladder = ask("visits_ladder", "cirebon", year=2019)
    assert {(r["series"], r["definition"]): r["visits"] for r in ladder} == figures
    assert all(sum(t["visits"] for t in r["terms"]) == r["visits"] for r in ladder)
    assert ID.number(1_825_195) in [ID.number(r["visits"]) for r in ladder]


def test_a_total_beside_its_parts_is_counted_once(made):
    span = ("2017-01-01", "2017-01-31")
    days(made, *(("park", o, *span, v) for o, v in (("wisnus", 8), ("wisman", 2), ("total", 10))))
    (row,) = ask("visits_periods", **MINE | {"site": "park"}, step="M", by="total", year=2017)
    assert row["visits"] == 310


def test_one_site_of_two_is_not_the_city_but_can_be_asked_for(made):
    days(made, ("park", "total", "2017-01-01", "2017-02-28", 10))
    assert periods() == {}
    assert periods(site="park") == {("", "2017-01-01"): 310, ("", "2017-02-01"): 280}
    (choice,) = ask("visits_choices")
    assert not choice["is_of_city"] and [s["site"] for s in choice["sites"]] == ["park"]


def test_a_month_is_complete_once_every_site_has_reported_every_day(made):
    whole = [(s, "total", "2017-01-01", "2017-01-31", 1) for s in ("park", "museum")]
    days(made, *whole, ("park", "total", "2017-02-01", "2017-02-28", 1))
    rows = ask("visits_periods", **MINE, step="M", by="total", year=2017)
    assert [(r["visits"], r["values_reported"], r["values_expected"]) for r in rows] == [
        (62, 62, 62),
        (28, 28, 56),
    ]
    assert [r["is_complete"] for r in rows] == [True, False]


def test_visits_of_one_origin_are_no_total_but_can_be_asked_for(made):
    days(made, *((s, "wisman", "2017-01-01", "2017-01-31", 1) for s in ("park", "museum")))
    assert periods() == {} and periods(origin="wisman") == {("", "2017-01-01"): 62}


# like with like


def test_only_days_that_a_place_reported_in_both_years_are_compared(made):
    days(
        made,
        ("park", "total", "2016-01-01", "2016-01-20", 10),
        ("park", "total", "2017-01-11", "2017-01-31", 30),
        ("museum", "total", "2017-01-01", "2017-01-31", 500),
    )
    rows = ask("visits_pairs", **MINE | {"site": "park"}, year=2017)
    (total,) = [r for r in sentences.totals(rows) if r["alignment"] == "calendar"]
    assert (total["visits"], total["visits_before"], total["growth"]) == (300, 100, 2.0)
    assert (total["first_start"], total["last_day"]) == (date(2017, 1, 11), date(2017, 1, 20))


def test_a_place_that_is_new_is_left_out_and_told(made):
    days(
        made,
        *(("park", "total", f"{y}-01-01", f"{y}-01-31", 10) for y in (2016, 2017)),
        ("museum", "total", "2016-02-01", "2016-02-02", 1),
        ("museum", "total", "2017-01-01", "2017-01-31", 500),
    )
    rows = sentences.totals(ask("visits_pairs", **MINE, year=2017))
    assert {(r["visits"], r["places_compared"], r["places_reported"]) for r in rows} == {
        (310, 1, 2)
    }


def test_a_leap_day_is_compared_with_none(made):
    days(made, *((s, "total", "2016-01-01", "2017-12-31", 1) for s in ("park", "museum")))
    assert compared() == {"calendar": (730, 730), "lebaran": (730, 730), "season": (84, 84)}


def test_lebaran_is_compared_with_lebaran(made):
    """A peak on the day of 1 Syawal itself: by calendar it meets none, aligned it meets itself."""
    feasts = {2016: "2016-07-06", 2017: "2017-06-25"}
    spans = []
    for year, feast in feasts.items():
        before = (date.fromisoformat(feast) - timedelta(days=1)).isoformat()
        after = (date.fromisoformat(feast) + timedelta(days=1)).isoformat()
        for site in ("park", "museum"):
            spans += [
                (site, "total", f"{year}-01-01", before, 1),
                (site, "total", feast, feast, 1000),
                (site, "total", after, f"{year}-06-30" if year == 2017 else "2016-12-31", 1),
            ]
    days(made, *spans)
    found = compared()
    assert found["calendar"] == (2000 + 2 * 180, 2 * 181)
    assert found["lebaran"] == (2000 + 2 * 180, 2000 + 2 * 180)
    # 30 days before, the day itself and the 5 of 11 after it that have passed
    assert found["season"] == (2000 + 2 * 35, 2000 + 2 * 35)


def test_months_that_lebaran_moved_between_change_places(made):
    months(made, *((2016, m, 100 * m) for m in range(1, 13)), (2017, 6, 1), (2017, 7, 1))
    rows = sentences.months(ask("visits_pairs", **MINE, year=2017))
    before = {(r["alignment"], r["month_start"].month): r["visits_before"] for r in rows}
    assert before["calendar", 6] == 600 and before["lebaran", 6] == 700
    assert before["calendar", 7] == 700 and before["lebaran", 7] == 600


def test_without_the_dates_of_lebaran_only_the_calendar_is_compared(made):
    made.write({"calendar.csv": "day,name_id,kind\n2016-01-01,Tahun Baru,national_holiday\n"})
    months(made, (2016, 1, 1), (2017, 1, 2))
    assert set(compared()) == {"calendar"}


@pytest.mark.usefixtures("served")
def test_places_and_months_add_up_to_the_comparison():
    rows = ask("visits_pairs", "cirebon", "2019-09-30", **SIMULATED | ALL, year=2019)
    total = next(r for r in sentences.totals(rows) if r["alignment"] == "calendar")
    by_month = [r for r in sentences.months(rows) if r["alignment"] == "calendar"]
    for some in (sentences.places(rows), sentences.cells(rows), by_month):
        assert sum(r["change"] for r in some) == total["change"] == 269_009


@pytest.mark.usefixtures("served")
def test_before_last_years_lebaran_the_two_comparisons_say_different_things():
    rows = ask(
        "visits_pairs",
        "cirebon",
        "2019-06-12",
        **SIMULATED | ALL | {"site": "gua_sunyaragi"},
        year=2019,
    )
    said = {r["alignment"]: sentences.growth(ID, r) for r in sentences.totals(rows)}
    assert {k: v.replace("\u00a0", " ") for k, v in said.items()} == {
        "calendar": "turun 12,1 %",
        "lebaran": "turun 20,0 %",
        "season": "turun 28,5 %",
    }
    assert sentences.alignment(ID, sentences.totals(rows)) == ID("pairs.differ")


# the page


def headers(at):
    return [h.value.replace("\u00a0", " ") for h in at.header]


@pytest.mark.usefixtures("served")
@pytest.mark.parametrize("lang", languages())
def test_the_page_tells_what_was_counted_and_how_it_compares(lang):
    at = visit(f"lang={lang}", VISITS)
    assert (
        title(at)
        == {
            "id": "Objek wisata + akomodasi, dijangkar pada Disparbud Jabar (data simulasi): "
            "1,32 juta kunjungan s.d. 28 September 2019, "
            "naik 25,6 % dari hari yang sama tahun 2018",
            "en": "Attractions + accommodation, anchored on Disparbud Jabar (simulated data): "
            "1.32 million visits until 28 September 2019, up 25.6 % on the same days of 2018",
        }[lang]
    )
    say = text(lang)
    for alignment in ("calendar", "lebaran", "season"):
        assert say(f"pairs.{alignment}") in html(at)
    assert not at.warning and say("simulated.banner")[:40] in html(at)


@pytest.mark.usefixtures("served")
@pytest.mark.parametrize("address", ["", "as_of=today", "by=site&step=D", "city=demak"])
def test_a_page_has_at_most_four_figures_each_with_table_caption_and_text(address):
    at = visit(address, VISITS)
    drawn = at.get("plotly_chart")
    assert 1 <= len(drawn) <= 4 and len(at.expander) == len(drawn) + 1  # and the ladder
    assert all(e.label == ID("visits.table") and e.dataframe for e in at.expander)
    captions = [c.value for c in at.caption if "satuan: kunjungan" in c.value]
    assert len(captions) == len(drawn)
    if "city" not in address and "today" not in address:
        assert all("data simulasi" in c and "30 September 2019" in c for c in captions)


@pytest.mark.usefixtures("served")
def test_the_filters_stand_in_the_address_and_take_those_along_that_depend_on_them():
    at = visit("site=gua_sunyaragi&by=origin", VISITS)
    assert title(at).startswith("Gua Sunyaragi") and not at.warning
    at.selectbox(key="year").set_value("2017").run()
    assert at.query_params["year"] == "2017" and at.query_params["site"] == "gua_sunyaragi"
    at.selectbox(key="series").set_value("city_office").run()
    assert not at.warning and "site" not in at.query_params and "year" not in at.query_params
    assert at.query_params["series"] == "city_office"


@pytest.mark.usefixtures("served")
@pytest.mark.parametrize("name", ["series", *filters.DEPENDENT])
def test_what_is_no_option_is_told_and_left_out(name):
    at = visit(f"{name}=<b>x", VISITS)
    assert len(at.warning) == 1 and "\\<b>x" in at.warning[0].value
    assert name not in at.query_params and "1,32 juta" in title(at)


@pytest.mark.usefixtures("served")
def test_a_series_of_years_says_so_and_shows_years_with_its_break():
    at = visit("as_of=today", VISITS)
    assert "780 ribu kunjungan 2024, turun 69,8 % dari 2023" in title(at)
    assert ID("visits.yearly_only") in [c.value for c in at.caption]
    assert "cara hitung berubah" in html(at) and "3,75 kali" in html(at)
    assert "simulasi" not in title(at)


@pytest.mark.usefixtures("served")
def test_a_break_of_another_count_is_not_shown():
    at = visit("as_of=today&series=city_office&definition=attractions", VISITS)
    assert "cara hitung berubah" not in html(at)


def test_a_city_without_anything_says_so(made):
    for path in made.folder.iterdir():
        path.unlink()
    made.build()
    at = visit("", VISITS)
    assert title(at) == ID("visits.title") and at.info[0].value == ID("visits.none")


def test_one_month_is_shown_and_compared_with_nothing(made):
    months(made, (2017, 6, 5))
    at = visit("", VISITS)
    assert title(at).endswith("kunjungan 2017") and len(at.get("plotly_chart")) == 1
    assert at.info[0].value == ID("visits.no_pairs", year=2017, before=2016)


def test_sites_that_are_not_the_city_are_asked_for_one_by_one(made):
    days(made, ("park", "total", "2017-01-01", "2017-01-31", 10))
    at = visit("", VISITS)
    assert title(at).startswith("Taman Kota") and len(at.get("plotly_chart")) == 1


# the figures


def course(rows, days=(), breaks=(), step="M"):
    return plots.course(ID, rows, days, breaks, step, is_dark=False)


def period(month, visits, is_complete=True, year=2019, part=""):
    start = date(year, month, 1)
    return {
        "part": part,
        "period_start": start,
        "period_end": (start + timedelta(days=31)).replace(day=1) - timedelta(days=1),
        "visits": visits,
        "is_complete": is_complete,
        "obs_status": "final",
        "values_reported": 1,
        "values_expected": 1 if is_complete else 2,
    }


def test_what_is_not_complete_is_dotted_and_hollow_and_linked_to_what_is():
    firm, soft = course([period(1, 5), period(2, 6), period(3, 2, is_complete=False)]).data
    assert list(firm.y) == [5, 6, None] and firm.line.dash is None
    assert list(soft.y) == [None, 6, 2] and soft.line.dash == "dot"
    assert soft.marker.symbol == "circle-open" and list(soft.marker.size)[:2] == [0, 0]
    assert soft.text[2] == "Maret 2019: 2 · final · 1 dari 2 laporan"


def test_a_month_without_figures_is_a_gap():
    (line,) = course([period(1, 5), period(3, 6)]).data
    assert list(line.y) == [5, None, 6] and not line.connectgaps


def test_a_line_is_cut_at_a_break_which_is_marked():
    figure = course([period(12, 5, year=2018), period(1, 9)], breaks=[(2019, "why")])
    assert [list(t.y) for t in figure.data] == [[5], [9]]
    assert figure.layout.annotations[0].hovertext == "why" and figure.layout.shapes


def test_holidays_leave_and_events_stand_below_the_axis_with_their_names():
    day = {"kind": "event", "name_id": "Pesta", "name_en": "Feast"}
    day |= {"first_day": date(2019, 1, 2), "last_day": date(2019, 1, 4)}
    figure = course([period(1, 5)], days=[day])
    assert figure.data[-1].text == ("Pesta: 2 Januari 2019 – 4 Januari 2019",)
    assert list(figure.data[-1].y) == [ID("day.event")]
    english = plots.course(EN, [period(1, 5)], [day], [], "M", is_dark=True)
    assert english.data[-1].text[0].startswith("Feast: 2 January")


def test_names_in_figures_are_shown_as_they_are():
    (line,) = course([period(1, 5, part="<a href='x'>A</a>")]).data
    assert line.name.startswith("&lt;a ") and line.text[0].startswith("&lt;a ")
    places = [row(place="<b>", place_name="<b>"), row(place="c", place_name="C")]
    view = SimpleNamespace(series="x", site=None)
    assert "&lt;b&gt;<br>−10" in plots.changes(ID, places, view, is_dark=False).data[0].y[1]


def test_a_bar_filters_by_its_site_or_by_what_the_whole_city_counts():
    places = [row(place="a", place_name="A"), row(place="32", measure="trips", change=5)]
    view = SimpleNamespace(series="simulated:x", site="a")
    (bars,) = plots.changes(ID, places, view, is_dark=False).data
    assert [list(c) for c in bars.customdata] == [["measure", "trips"], ["site", "a"]]
    assert list(bars.marker.opacity) == [0.35, 1] and bars.marker.pattern.shape == "/"


def test_the_heat_table_has_the_largest_loss_on_top_and_marks_what_is_not_complete():
    may, june = date(2019, 5, 1), date(2019, 6, 1)
    rows = [
        row(place="a", place_name="A", month_start=may, change=5),
        row(place="b", place_name="B", month_start=may, change=-40),
        row(place="b", place_name="B", month_start=june, change=-1, is_complete=False),
    ]
    (table,) = plots.heat(ID, rows, None, is_dark=True).data
    assert list(table.y) == ["A", "B"] and list(table.x) == ["Mei", "Jun"]  # drawn from below
    assert [list(line) for line in table.text] == [["+5", ""], ["−40", "−1 ◌"]]


def test_by_calendar_two_lebaran_are_marked_and_aligned_one():
    feasts = {"feast": date(2017, 6, 25), "feast_before": date(2016, 7, 6)}
    rows = [
        row(alignment=a, month_start=m, **feasts)
        for a in ("calendar", "lebaran")
        for m in (None, date(2017, 6, 1))
    ]
    figure = plots.years(ID, rows, SimpleNamespace(year=2017), is_dark=False)
    assert [s.x0 for s in figure.layout.shapes] == [
        date(2017, 6, 25),
        date(2017, 7, 6),
        date(2017, 6, 25),
    ]
    titles = [a.text.replace("\u00a0", " ") for a in figure.layout.annotations]
    assert titles == ["Menurut kalender: turun 10,0 %", "Disejajarkan pada Lebaran: turun 10,0 %"]
    assert [t.text for t in figure.data] == [("2016",), ("2017",)] * 2


def test_of_many_parts_the_largest_are_named_and_the_others_in_one_word():
    rows = [period(1, size, part=f"Site {size}") for size in range(1, 8)]
    named = [t.name for t in course(rows).data if t.showlegend is not False]
    assert named == [*(f"Site {n}" for n in (4, 5, 6, 7)), ID("visits.others")]


@pytest.mark.parametrize("lang", languages())
def test_a_chart_has_the_months_and_numbers_of_its_language(lang):
    config = plots._config(text(lang))
    (format_,) = [config["locales"][lang]["format"]]
    assert format_["months"][7] == {"id": "Agustus", "en": "August"}[lang]
    assert format_["days"][0] == {"id": "Minggu", "en": "Sunday"}[lang]
    figure = plots.course(text(lang), [period(1, 5)], [], [], "M", is_dark=False)
    assert figure.layout.separators == {"id": ",.", "en": ".,"}[lang]


@pytest.mark.parametrize("is_dark, colours", [(False, charts.LIGHT), (True, charts.DARK)])
def test_figures_have_the_colours_of_the_page(is_dark, colours):
    figure = plots.course(ID, [period(1, 5)], [], [], "M", is_dark)
    assert figure.data[0].line.color == colours["lines"][0]
    assert figure.layout.font.color == colours["pale"]
    assert figure.layout.paper_bgcolor == "rgba(0,0,0,0)"


def row(**changes):
    """A row of the query visits_pairs."""
    return {
        "alignment": "calendar",
        "place": None,
        "place_name": None,
        "measure": None,
        "month_start": None,
        "visits": 90,
        "visits_before": 100,
        "change": -10,
        "growth": -0.1,
        "is_complete": True,
        "unit": "D",
        "asked": {},
    } | changes


@pytest.mark.parametrize(
    "lang, changes, said",
    [
        ("id", {}, "turun 10,0 %"),
        ("en", {}, "down 10.0 %"),
        ("id", {"change": 5, "growth": 0.05}, "naik 5,0 %"),
        ("en", {"change": 5, "growth": 0.05}, "up 5.0 %"),
        ("id", {"change": 0, "growth": 0.0}, "tetap"),
        ("en", {"change": 0, "growth": 0.0}, "unchanged"),
        ("id", {"visits_before": 0, "growth": None}, "dari nol"),
        ("en", {"visits_before": 0, "growth": None}, "from zero"),
    ],
)
def test_growth_is_said_in_words(lang, changes, said):
    assert sentences.growth(text(lang), row(**changes)).replace("\u00a0", " ") == said


@pytest.mark.parametrize("lang", languages())
def test_the_largest_loss_is_named_or_that_there_is_none(lang):
    rows = [row(place="a", place_name="A"), row(place="b", place_name="B", change=-40)]
    said = sentences.least(text(lang), rows, "visits.least_place")
    assert said == text(lang)("visits.least_place", place="B", month="", change="40")
    none = sentences.least(text(lang), [row(place="a", change=3)], "visits.least_place")
    assert none == text(lang)("visits.no_loss")


def test_a_simulated_figure_is_marked_in_its_picture(monkeypatch):
    drawn = []
    monkeypatch.setattr(plots.st, "plotly_chart", lambda figure, **_: drawn.append(figure))
    monkeypatch.setattr(plots.kept, "drawn", lambda name, draw: draw())
    for is_simulated in (True, False):
        plots.show(ID, ("marked",), lambda: course([period(1, 5)]), "", is_simulated)
    assert [f.layout.title.text for f in drawn] == ["data simulasi", None]
