"""Both pages in every state of the address and of the warehouse; none of them breaks."""

import re
from urllib.parse import parse_qsl

import pytest
from conftest import ROOT, SITES, sidecar
from streamlit.dataframe_util import convert_arrow_bytes_to_pandas_df
from streamlit.testing.v1 import AppTest

from etl import warehouse
from ui.kit.text import languages, text

DATA = "pages/explore/data.py"
ORIGIN = "pages/explore/figure.py"
OUTLOOK = "pages/explore/outlook.py"
VISITS = "pages/explore/visits.py"
SCORECARD = "pages/review/scorecard.py"
ID, EN = text("id"), text("en")


def run(at):
    """The page after a run that raised nothing."""
    at.run()
    assert [e.value for e in at.exception] == []
    return at


def visit(address="", page=None):
    """The page that an address shows, the home page without `page`."""
    at = AppTest.from_file(str(ROOT / "dashboard.py"), default_timeout=120)
    if page:
        run(at)  # AppTest knows the pages only after a first run
        at.switch_page(page)
    at.query_params.clear()
    for name, value in parse_qsl(address):
        at.query_params[name] = value
    return run(at)


def title(at):
    """The one title of a page."""
    (element,) = at.title
    return unlinked_markdown(element.value).replace("\u00a0", " ")


def unlinked_markdown(text):
    """A text of the page without the links of its figures."""
    return re.sub(r"\[([^\]]*)\]\(figure\?[^)]*\)", r"\1", text)


def html(at):
    """All that cards and sentences show, as one text."""
    return " ".join(map(as_read, at.markdown))


def as_read(element):
    """What a card or sentence shows, without the links of its figures."""
    shown = re.sub(r'<a class="figure"[^>]*>(.*?)</a>', r"\1", element.value)
    return shown.replace("\u00a0", " ")


def read(table):
    """A table as it is read: the words that stand on the page for its numbers and days."""
    shown, words = table.value, table.proto.arrow_data.styler.display_values
    told = convert_arrow_bytes_to_pandas_df(words) if words else shown
    return told.where(shown.notna(), "—")


def snapshot_id(at):
    """The id that stands at the end of every page."""
    return at.caption[-1].value.split()[-1]


# the address

VERDICTS = {"id": "Target 2 juta kunjungan", "en": "Target of 2 million visits in 2019"}
TITLES = {
    "": {lang: VERDICTS[lang] for lang in VERDICTS},
    DATA: {lang: text(lang)("data.title") for lang in languages()},
    OUTLOOK: {lang: text(lang)("outlook.title") for lang in languages()},
    VISITS: {"id": "Objek wisata + akomodasi, ", "en": "Attractions + accommodation, "},
    SCORECARD: {lang: text(lang)("scorecard.title") for lang in languages()},
}


@pytest.mark.usefixtures("served")
@pytest.mark.parametrize("lang", languages())
@pytest.mark.parametrize("page", TITLES)
def test_every_page_opens_in_every_language(page, lang):
    at = visit(f"lang={lang}", page)
    assert title(at).startswith(TITLES[page][lang]) and not at.warning


@pytest.mark.usefixtures("served")
def test_without_an_address_the_default_city_opens_in_indonesian():
    at = visit()
    assert at.query_params == {"city": "cirebon", "lang": "id"}
    assert "Target 2 juta kunjungan" in title(at)


@pytest.mark.usefixtures("served")
def test_today_shows_all_that_is_known_and_of_visits_nothing_simulated():
    at = visit("as_of=today")
    assert at.query_params["as_of"] == "today" and snapshot_id(at).count("-") == 1
    assert "91,3 %" in title(at) and "1.825.195 kunjungan" in html(at)
    overview, others = [as_read(m) for m in at.markdown if "overview" in m.value], html(at)
    assert not at.info and overview[0].count(ID("simulated.mark")) == 6  # three cards, twice each
    others = others.replace(overview[0], "")
    assert ID("simulated.banner") in others.replace("&#34;", '"')
    assert "simulasi" not in others.replace("&#34;", '"').replace(ID("simulated.banner"), "")


# the demonstration day of a city


@pytest.mark.usefixtures("served")
@pytest.mark.parametrize("page", TITLES)
def test_a_city_with_a_demonstration_day_opens_on_it_and_says_so(page):
    at = visit("", page)
    assert snapshot_id(at).endswith("-2019-09-30") and "as_of" not in at.query_params
    assert at.info[0].value.startswith(ID("frame.demo"))


@pytest.mark.usefixtures("served")
@pytest.mark.parametrize("page", TITLES)
def test_a_button_leads_from_it_to_today(page):
    at = visit("", page)
    at.button(key="today").click()
    assert run(at).query_params["as_of"] == "today" and not at.info


@pytest.mark.usefixtures("served")
def test_another_day_is_not_called_the_demonstration_day():
    at = visit("as_of=2019-03-25")
    assert not at.info[0].value.startswith(ID("frame.demo")) and at.button(key="today")


@pytest.mark.usefixtures("served")
def test_the_demonstration_day_of_one_city_is_not_taken_to_another():
    at = visit()
    at.selectbox(key="switch_city").set_value("demak")
    assert snapshot_id(run(at)).count("-") == 1 and not at.info
    at.selectbox(key="switch_city").set_value("cirebon")
    assert snapshot_id(run(at)).endswith("-2019-09-30")


@pytest.mark.usefixtures("served")
@pytest.mark.parametrize("lang", languages())
def test_then_the_simulated_record_stands_beside_the_ladder_with_its_mark(lang):
    say, at = text(lang), visit(f"lang={lang}")
    shown = html(at)
    assert say("simulated.banner").split(":")[0] in shown
    assert f"{say.number(1_321_051)} {'kunjungan' if lang == 'id' else 'visits'}" in shown
    assert f'<span class="chip warn">{say("simulated.mark")}</span>' in shown
    assert "bullet-hatched" in shown
    assert say.number(1_321_051) not in title(at)  # never the verdict
    assert f'<p class="hero-value">{say("hero.none")}</p>' in shown  # nor the hero


@pytest.mark.usefixtures("served")
def test_only_the_table_of_the_path_holds_simulated_figures_and_marks_each_row():
    path, *others = [t.value for t in visit().dataframe]
    assert path[ID("table.series")].str.contains(ID("simulated.mark")).all()
    for table in others + [t.value for t in visit("as_of=today").dataframe]:
        assert "simulasi" not in table.to_csv()


@pytest.mark.usefixtures("served")
def test_a_simulated_figure_leads_to_its_rows_under_the_banner():
    address = FIGURE.replace("=disparbud", "=simulated:disparbud")
    at = visit(address, ORIGIN)
    assert ID("simulated.banner").split(":")[0] in html(at)
    rows = read(at.dataframe[0])
    assert set(rows[ID("table.status")]) == {ID("obs_status.simulated")}
    assert "Keraton Kasepuhan" in set(rows[ID("table.site")])
    assert rows[ID("table.period")].iloc[0] == "1 Januari 2019"
    assert "terbit 15 Juli 2019" in set(rows[ID("table.known")])


@pytest.mark.usefixtures("served")
def test_the_home_page_shows_the_ladder_and_the_break_behind_the_figure():
    shown = html(visit("as_of=today"))
    assert "997.370" in shown and "49,9 %" in shown
    assert "cara hitung berubah" in shown and "perlu diperiksa" not in shown


@pytest.mark.usefixtures("served")
@pytest.mark.parametrize("page", TITLES)
def test_a_day_in_the_address_shows_what_was_known_then(page):
    at = visit("as_of=2019-03-25", page)
    assert snapshot_id(at).endswith("-2019-03-25")
    assert at.query_params["as_of"] == "2019-03-25"


@pytest.mark.usefixtures("served")
def test_of_the_evening_the_target_is_known_but_no_figure_of_the_year():
    at = visit("as_of=2019-03-25&lang=en")
    assert "no figure of 2019 has been published yet (the city's choice: attractions" in title(at)
    assert at.info and EN("later.title") in [h.value for h in at.header]


@pytest.mark.usefixtures("served")
@pytest.mark.parametrize("page", TITLES)
@pytest.mark.parametrize("day", ["0001-01-01", "1990-01-01"])
def test_days_outside_the_calendar_are_days_too(page, day):
    assert not visit(f"as_of={day}", page).warning


@pytest.mark.usefixtures("served")
@pytest.mark.parametrize("page", TITLES)
def test_a_day_that_has_not_come_is_told_and_today_is_shown(page):
    at = visit("as_of=9999-12-31", page)
    told = ID("frame.future_date", value="9999-12-31")
    assert [w.value for w in at.warning] == [told]
    assert snapshot_id(at) == snapshot_id(visit("as_of=today", page))


@pytest.mark.usefixtures("served")
@pytest.mark.parametrize("page", TITLES)
def test_another_city_opens_by_its_folder(page):
    at = visit("city=demak", page)
    assert snapshot_id(at).startswith("demak-")
    assert "Kabupaten Demak" in html(at)


@pytest.mark.usefixtures("served")
def test_a_city_without_a_ruling_target_shows_its_last_complete_figure():
    at = visit("city=demak&lang=en")
    assert title(at).startswith("No target of visits is known for Kabupaten Demak")
    assert "858,000 visits" in html(at) and EN("home.ladder", year=2019) not in html(at)


@pytest.mark.usefixtures("served")
@pytest.mark.parametrize("page", TITLES)
@pytest.mark.parametrize("address", ["as_of=soon", "as_of=2019-02-30", "city=atlantis", "lang=tlh"])
def test_nonsense_in_the_address_is_told_and_the_page_still_works(page, address):
    at = visit(address, page)
    (told,) = at.warning
    assert address.split("=")[1] in told.value
    assert snapshot_id(at).startswith("cirebon-")
    assert at.query_params == {"city": "cirebon", "lang": "id"}


@pytest.mark.usefixtures("served")
def test_what_the_address_says_is_never_read_as_markdown():
    (told,) = visit("city=![a](http://example.com/a.png)").warning
    assert "!\\[a\\](http:color[\\:]//" in told.value


@pytest.mark.usefixtures("served")
def test_the_choices_survive_a_page_that_drops_the_address():
    at = visit("lang=en&as_of=2019-03-25&city=demak")
    at.switch_page(DATA)
    at.query_params.clear()
    assert run(at).query_params == {"lang": "en", "as_of": "2019-03-25", "city": "demak"}


# the switches


@pytest.mark.usefixtures("served")
def test_the_language_switch_changes_the_words_and_the_address():
    at = visit()
    at.segmented_control(key="switch_lang").set_value("en")
    assert title(run(at)).startswith(VERDICTS["en"]) and at.query_params["lang"] == "en"


@pytest.mark.usefixtures("served")
def test_the_city_switch_changes_the_city():
    at = visit()
    at.selectbox(key="switch_city").set_value("demak")
    assert snapshot_id(run(at)).startswith("demak-") and at.query_params["city"] == "demak"


@pytest.mark.usefixtures("served")
def test_an_emptied_day_shows_all_that_is_known():
    at = visit("as_of=2019-03-25")
    at.date_input(key="switch_as_of").set_value(None)
    assert run(at).query_params["as_of"] == "today" and "91,3 %" in title(at)


# figures and their rows

OLD_FIGURE = "definition=attractions_accommodation&series=disparbud_jabar&year=2019"
FIGURE = f"kind=figure&kpi=visits&{OLD_FIGURE}"


@pytest.mark.usefixtures("served")
def test_the_address_of_a_figure_shows_the_rows_it_was_made_of():
    at = visit(FIGURE + "&as_of=today", ORIGIN)
    assert "1.825.195 kunjungan" in title(at)
    rows = at.dataframe[0].value
    assert sorted(rows[ID("table.value")]) == [1025, 96420, 731405, 996345]
    assert "96.420" in set(read(at.dataframe[0])[ID("table.value")])
    assert set(rows[ID("table.place")]) >= {"jabar_attractions.csv, baris 55"}


@pytest.mark.usefixtures("served")
@pytest.mark.parametrize(
    "address", [FIGURE.replace("2019", "1066"), "year=2019", "definition=<script>", FIGURE + "x"]
)
def test_the_address_of_no_figure_says_so(address):
    assert [told.value for told in visit(address, ORIGIN).warning] == [ID("lineage.no_figure")]


@pytest.mark.usefixtures("served")
def test_an_old_address_of_a_figure_still_leads_to_it():
    assert "1.825.195" in title(visit(OLD_FIGURE + "&as_of=today", DATA))


@pytest.mark.usefixtures("served")
def test_a_figure_that_was_not_known_on_the_day_is_no_figure():
    assert visit(FIGURE + "&as_of=2019-03-25", ORIGIN).warning


@pytest.mark.usefixtures("served")
def test_every_dataset_can_be_looked_into():
    at = visit("lang=en", DATA)
    names = at.selectbox(key="dataset").options
    assert "visits/jabar_attractions" in names
    for name in names:
        at.selectbox(key="dataset").set_value(name)
        assert EN("table.producer") in html(run(at))


# the warehouse


@pytest.fixture
def made(city, monkeypatch):
    """The made-up city, not yet built, served by the pages."""
    monkeypatch.setenv("DUAJUTA_WAREHOUSE", str(city.target.parent))
    return city


def test_without_a_warehouse_the_page_says_what_to_run(tmp_path, monkeypatch):
    monkeypatch.setenv("DUAJUTA_WAREHOUSE", str(tmp_path / "nothing"))
    at = visit("lang=en")
    assert at.error[0].value == EN("error.none") and at.code[0].value == "python3 run.py etl"


@pytest.mark.parametrize("content", [b"", b"damaged"])
def test_a_damaged_warehouse_is_told_with_the_way_to_another_city(made, content):
    made.build().write_bytes(content)
    at = visit()
    assert at.error[0].value == ID("error.damaged")
    assert at.selectbox(key="switch_city").options == ["city"]


@pytest.mark.parametrize("page", TITLES)
def test_a_city_of_which_nothing_is_known_has_its_pages(made, page):
    for path in made.folder.iterdir():
        path.unlink()
    made.build({"visits.csv": "place,name,year,month,visits\n", "visits.toml": sidecar()})
    at = visit("lang=en", page)
    assert snapshot_id(at).startswith("city-")
    if not page:
        assert title(at) == EN("verdict.no_figures", city="city")
        assert EN("history.none") in [h.value for h in at.header]


@pytest.mark.parametrize("page", TITLES)
def test_a_city_with_one_month_has_its_pages(made, page):
    made.visits("3271,KOTA BOGOR,2019,1,100\n")
    at = visit("lang=en", page)
    if not page:
        counts = {"actual": "100", "counts": "attractions, visits", "city": "Kota Bogor"}
        told = EN("verdict.no_target_part", year=2019, lacking="1 of 12 figures", **counts)
        assert title(at) == told.replace("1 of 12 figures", "1 of 12 figures that should exist")
        assert "Highest in 2019: 100 visits (attractions, visits)" in map(
            unlinked_markdown, [h.value for h in at.header]
        )


PLACES = """[map]
place = "place"
place_kind = "kind"
period_start = "if(month = '', period(year), ymd(year, month, '1'))"
frequency = "if(month = '', 'A', 'M')"
measure = "'attraction_visits'"
origin = "'total'"
series = "series"
visits = "num(visits)"
obs_status = "'final'"
"""


def test_home_visits_and_outlook_open_with_the_citys_own_finest_and_longest_record(made):
    rows = "".join(f"{place},{series},{year},{month},5\n" for place, series, years in (
        ("32.71,area", "b", (2019,)), ("32.71,area", "c", (2018, 2019)),
        ("32.77,area", "d", (2017, 2018, 2019)), ("park,site", "e", (2016, 2017, 2018, 2019)),
    ) for year in years for month in range(1, 13))  # fmt: skip
    rows += "32.71,area,a,2019,,9000\n"
    files = {"visits.csv": "place,kind,series,year,month,visits\n" + rows}
    made.build(SITES | files | {"visits.toml": sidecar(recipe=PLACES)})
    counts = "attractions, c"
    assert f"60 visits in 2019 ({counts})" in title(visit("lang=en"))
    assert visit("lang=en", VISITS).selectbox(key="series").value == "c"
    assert visit("lang=en", OUTLOOK).selectbox(key="counts").options[0] == "attractions · c"


@pytest.mark.parametrize("lang", languages())
def test_of_a_city_of_single_places_all_pages_tell_the_same_count(made, lang):
    rows = "place,kind,series,year,month,visits\n"
    rows += "park,site,e,2018,1,5\npark,site,e,2019,1,5\npark,site,a,2019,2,7\n"
    made.build(SITES | {"visits.csv": rows, "visits.toml": sidecar(recipe=PLACES)})
    say, home = text(lang), visit(f"lang={lang}")
    about = {"city": "Kota Bogor", "counts": f"{say('measure.attraction_visits')}, e"}
    assert title(home) == say("verdict.places", **about)
    told = html(home) + " ".join(h.value for h in home.header)
    assert not any(say(code) in told for code in ("hero.nothing", "history.none"))
    assert visit(f"lang={lang}", VISITS).selectbox(key="series").value == "e"
    (info,) = visit(f"lang={lang}", OUTLOOK).info
    assert info.value == say("outlook.places", **about)


def test_a_rejected_value_is_shown_with_its_place_and_rule(made):
    made.visits("3271,KOTA BOGOR,2019,1,many\n")
    rejects = visit("lang=en", DATA).dataframe[-1].value
    assert list(rejects[EN("table.text")]) == ["many"]
    assert rejects[EN("table.rule")][0] == "visits must be a whole number."


def test_a_refused_file_is_shown_with_its_reason(made):
    made.build({"visits.csv": "a,b\n1,2\n", "visits.toml": sidecar()})
    told = [t.value.to_csv() for t in visit("lang=en", DATA).dataframe]
    assert any("has no column" in t for t in told)


@pytest.mark.parametrize("page", TITLES)
def test_a_new_warehouse_is_shown_from_the_next_run_on(made, page):
    made.build()
    at = visit("", page)
    before = snapshot_id(at)
    path = made.visits("3271,KOTA BOGOR,2019,1,100\n")
    assert snapshot_id(run(at)) == f"city-{path.stem}" != before
    warehouse.point(made.target, before.removeprefix("city-"))
    assert snapshot_id(run(at)) == before
