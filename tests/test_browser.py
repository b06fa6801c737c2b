"""The dashboard in a real browser; a test also fails on requests to elsewhere and console errors.

Server and browser have no network but the computer's own loopback (see cut_off in conftest.py).

One console error is allowed, by its upstream number: on a deep link Streamlit first asks below the
page's path for its health and host configuration and gets 404 (streamlit issue 7074, open).
"""

import io
import re
import shutil
from contextlib import contextmanager

import openpyxl
import pytest
from axe_playwright_python.sync_playwright import Axe
from conftest import ROOT
from playwright.sync_api import expect, sync_playwright

import run
from bench import visitor
from etl import warehouse
from etl.build import build
from ui.kit import charts
from ui.kit.text import languages, text

expect.set_options(timeout=20_000)  # a busy machine takes its time to draw

FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
ISSUE_7074 = re.compile(r"/[^/]+/_stcore/(health|host-config)$")
FIGURE = "/data?definition=attractions_accommodation&series=disparbud_jabar&year=2019&as_of=today"
TODAY = "/?as_of=today"
DEMO = "Target 2 juta kunjungan tahun 2019: belum ada realisasi 2019 yang terbit"
VERDICT = {
    "id": "Target 2 juta kunjungan tahun 2019 tidak tercapai: 1.825.195 kunjungan, capaian 91,3",
    "en": "The target of 2 million visits in 2019 was missed: 1,825,195 visits, 91.3",
}
PHONE = {"width": 390, "height": 844}
MENU = ("", *re.findall(r'url_path="(\w+)"', (ROOT / "dashboard.py").read_text()))


@pytest.fixture(scope="module")
def folder(warehouses, tmp_path_factory):
    """Warehouses of our own, so that a test may swap them."""
    return shutil.copytree(warehouses, tmp_path_factory.mktemp("browser") / "warehouse")


@pytest.fixture(scope="module")
def address(folder, tmp_path_factory, cut_off):
    """A dashboard of its own that nobody has visited yet."""
    with serving(folder, tmp_path_factory.mktemp("log") / "server.txt") as address:
        yield address


@contextmanager
def serving(folder, log):
    """The address of a server of the warehouses in a folder, which ends behind it."""
    with visitor.server(visitor.OURS, log, DUAJUTA_WAREHOUSE=str(folder)) as server:
        yield server.address


@pytest.fixture(scope="module")
def chromium(cut_off):
    """A headless browser; `python3 run.py test` installs one or says how."""
    path = run.find_chromium()
    if not path:
        pytest.fail("no Chromium: python3 run.py test installs one or says how")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


def english(page):
    """The switch to English."""
    return page.get_by_role("button", name="EN").or_(page.get_by_role("radio", name="EN")).first


def bottom(part):
    """How far down a part of a page reaches, in pixels."""
    box = part.bounding_box()
    return box["y"] + box["height"]


def settle(page):
    """Waits until nothing is drawn anew: until then Streamlit shows what was there in grey."""
    expect(page.locator("[data-test-script-state=notRunning]")).to_be_visible()
    expect(page.locator("[data-stale=true]")).to_have_count(0)
    fading = "document.getAnimations().filter((one) => one instanceof CSSTransition)"
    page.evaluate(f"Promise.allSettled({fading}.map((one) => one.finished))")


def what_tab_misses(page):
    """Goes through a page by Tab; what can be seen and used but was not come to, as HTML.

    Of a choice of buttons one is come to, arrows reach the others. Streamlit may draw anew what has
    the focus, which then starts over: so what was missed is looked for up to five times.
    """
    page.evaluate("() => { window.comeTo = new Set(); }")
    for _ in range(5):
        settle(page)
        missed = _walk(page)
        if not missed:
            break
    return missed


def _walk(page):
    come = "window.comeTo.add(document.activeElement) && document.activeElement !== document.body"
    missed = """() => [...document.querySelectorAll("a[href], button, input, summary, [tabindex]")]
        .filter((one) => one.tabIndex >= 0 && !one.disabled && !window.comeTo.has(one))
        .filter((one) => one.checkVisibility({ opacityProperty: true }))
        .filter((one) => !one.closest("[role=radiogroup]"))
        .map((one) => one.outerHTML.slice(0, 200))"""
    for _ in range(300):
        page.keyboard.press("Tab")
        if not page.evaluate(come):
            return page.evaluate(missed)
    return ["no way out"]


def what_axe_finds(page):
    """What is serious and stays: Streamlit may begin to draw anew while axe looks."""
    for _ in range(5):
        settle(page)
        found = Axe().run(page).response
        assert len(found["passes"]) > 30  # it has looked
        serious = [v for v in found["violations"] if v["impact"] in ("serious", "critical")]
        if not serious:
            break
    return [(one["id"], [node["html"] for node in one["nodes"]]) for one in serious]


@pytest.fixture(scope="module")
def window(chromium):
    """The one page of a module's tests: a new window costs a browser more than a page of ours."""
    context = chromium.new_context()
    yield context.new_page()
    context.close()


@pytest.fixture
def visit(window, address):
    """visit(path, width, height, scheme) opens a page; what it asks and logs is judged last.

    Whoever comes next finds nothing of it: no cookie, nothing stored, no page to go back to.
    """
    outside, errors = [], []

    def note_request(request):  # or a web socket
        at_home = (f"{address}/", f"{address}/".replace("http", "ws"), "data:", "blob:")
        if not request.url.startswith(at_home):
            outside.append(request.url)

    def note_message(message):
        url = message.location.get("url", "")
        if message.type == "error" and not ISSUE_7074.search(url):
            errors.append(f"{message.text} ({url})")

    heard = {
        "request": note_request,
        "websocket": note_request,
        "console": note_message,
        "pageerror": lambda error: errors.append(str(error)),
        "dialog": lambda dialog: errors.append(dialog.message) or dialog.dismiss(),
    }

    def open_page(path="/", width=1366, height=768, scheme="light"):
        window.set_viewport_size({"width": width, "height": height})
        window.emulate_media(media="null", color_scheme=scheme)
        window.goto(address + path)
        end = window.get_by_text(re.compile("^(Versi data|Snapshot) "))
        expect(end).to_be_visible(timeout=20_000)
        return window

    for event, note in heard.items():
        window.on(event, note)
    yield open_page
    for event, note in heard.items():
        window.remove_listener(event, note)
    if window.url.startswith(address):
        window.evaluate("localStorage.clear(); sessionStorage.clear()")
    window.context.clear_cookies()
    window.goto("about:blank")
    assert outside == []
    assert errors == []


def test_the_first_visitor_may_open_a_deep_link(visit):
    page = visit(FIGURE)
    expect(page.locator("h1")).to_contain_text("1.825.195 kunjungan")
    expect(page.get_by_text("Page not found")).to_have_count(0)
    expect(page.locator("[data-testid=stDataFrame]").first).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("lang", ["id", "en"])
def test_the_first_screen_has_verdict_cards_and_the_top_of_hero_and_ladder(visit, lang, scheme):
    page = visit(f"{TODAY}&lang={lang}", scheme=scheme)
    expect(page.locator("h1")).to_contain_text(VERDICT[lang])
    assert page.evaluate("document.documentElement.lang") == lang
    expect(page.locator(".hero .bullet")).to_be_visible()
    expect(page.locator(".rung")).to_have_count(2)
    cards = page.locator(".overview > div")
    expect(cards).to_have_count(4)
    for part in (cards.last, page.locator(".hero .bullet"), page.locator(".rung").first):
        assert bottom(part) <= 768


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("lang", ["id", "en"])
def test_the_first_screen_of_the_demonstration_day_has_the_simulated_record_with_its_mark(
    visit, lang, scheme
):
    page = visit(f"/?lang={lang}", scheme=scheme)
    mark = {"id": "data simulasi", "en": "simulated data"}[lang]
    expect(page.locator(".banner")).to_contain_text(mark)
    expect(page.locator(".hero.simulated .chip")).to_have_text(mark)
    expect(page.locator(".hero.simulated .bullet-hatched")).to_be_attached()
    cards = page.locator(".overview > div")
    expect(cards.locator(".chip")).to_have_text([mark] * 4)
    for part in (page.locator(".banner"), page.locator(".statement"), cards.last):
        assert bottom(part) <= 768
    assert page.locator("[data-testid=stVegaLiteChart]").first.bounding_box()["y"] < 768


def test_the_demonstration_day_leads_to_today_and_the_address_keeps_it(visit):
    page = visit()
    expect(page.locator("h1")).to_contain_text(DEMO)
    assert "as_of" not in page.url
    page.get_by_role("button", name="Lihat keadaan hari ini").click()
    expect(page.locator("h1")).to_contain_text(VERDICT["id"])
    expect(page).to_have_url(re.compile("as_of=today"))
    page.reload()
    expect(page.locator("h1")).to_contain_text(VERDICT["id"])


@pytest.mark.parametrize("scheme, colours", [("light", charts.LIGHT), ("dark", charts.DARK)])
def test_the_paper_of_the_charts_is_the_colour_of_the_page(visit, scheme, colours):
    red, green, blue = (int(colours["paper"][i : i + 2], 16) for i in (1, 3, 5))
    app = visit(scheme=scheme).locator("[data-testid=stApp]")
    expect(app).to_have_css("background-color", f"rgb({red}, {green}, {blue})")


# texts and pictures that reach over the edge of the screen, of their box or of their chart
CUT = """() => [...document.querySelectorAll(
    '[data-testid=stMain] :is(h1, h2, h3, p, li, dt, dd, a, button, .bullet, canvas, svg text)'
)].filter(e => e.getBoundingClientRect().width && !e.closest('[data-testid=stDataFrame]')).filter(
    e => {
        const own = e.getBoundingClientRect(), svg = e.closest('svg:not(.bullet)')
        const box = svg ? svg.getBoundingClientRect() : {left: 0, right: innerWidth}
        const hides = getComputedStyle(e).overflowX != 'visible'
        return own.right > box.right + 1 || own.left < box.left - 1
            || hides && e.scrollWidth > e.clientWidth + 1
    }
).map(e => e.textContent || e.tagName)"""


@pytest.mark.parametrize("lang", ["id", "en"])
@pytest.mark.parametrize(
    "path",
    ["/?", TODAY + "&", FIGURE + "&", "/condition?area=32.74.01.1003&", "/service?"]
    + ["/data?view=vintages&", "/data?view=completeness&", "/outlook?"],
)
def test_a_phone_shows_everything_without_scrolling_to_the_side(visit, path, lang):
    page = visit(f"{path}lang={lang}", **PHONE)
    shown = "[data-testid=stDataFrame] canvas, [data-testid=stVegaLiteChart] svg"
    expect(page.locator(shown).first).to_be_visible()
    for chart in page.locator("[data-testid=stVegaLiteChart]").all():
        expect(chart.locator("svg text").first).to_be_visible()
    main = "document.querySelector('[data-testid=stMain]')"
    assert page.evaluate(f"{main}.scrollWidth <= {main}.clientWidth")
    assert page.evaluate(CUT) == []


def test_a_phone_finds_the_menu(visit):
    page = visit(**PHONE)
    page.locator("[data-testid=stExpandSidebarButton]").click()
    page.get_by_role("link", name="Data", exact=True).click()
    expect(page.locator("h1")).to_contain_text("Data:")


def test_the_language_switch_changes_words_and_address_and_survives_the_menu(visit):
    page = visit(TODAY)
    english(page).click()
    expect(page.locator("h1")).to_contain_text(VERDICT["en"])
    expect(page.locator("html")).to_have_attribute("lang", "en")
    assert "lang=en" in page.url
    page.get_by_role("link", name="Data").first.click()
    expect(page.locator("h1")).to_contain_text("Data: where it came from")
    assert "lang=en" in page.url
    page.get_by_role("link", name="Target").first.click()
    expect(page.locator("h1")).to_contain_text(VERDICT["en"])


def test_as_of_survives_the_menu(visit):
    page = visit("/?as_of=2019-03-25")
    expect(page.locator("h1")).to_contain_text("belum ada realisasi 2019 yang terbit")
    expect(page.get_by_role("heading", name="Diketahui kemudian")).to_be_visible()
    page.get_by_role("link", name="Data").first.click()
    expect(page.locator("h1")).to_contain_text("Data:")
    expect(page).to_have_url(re.compile("as_of=2019-03-25"))


def test_a_figure_leads_to_its_rows_and_back(visit):
    page = visit(TODAY)
    page.locator("a.figure", has_text="1.825.195").first.click()
    expect(page.locator("h1")).to_contain_text("91,3 %")
    expect(page.locator("[data-testid=stDataFrame]").first).to_be_visible()
    assert "series=disparbud_jabar" in page.url
    page.locator("dd a.figure", has_text="1.825.195").click()
    expect(page.locator("h1")).to_contain_text("1.825.195 kunjungan")
    page.go_back()
    page.go_back()
    expect(page.locator("h1")).to_contain_text(VERDICT["id"])


def test_a_link_as_seen_now_opens_pinned(visit):
    page = visit(TODAY)
    page.get_by_role("button", name="Salin tautan").click()
    pinned = page.locator("[data-testid=stCode]").nth(1).inner_text()
    page.goto(pinned)
    expect(page.get_by_text("keadaan yang dibekukan")).to_be_visible()
    page.get_by_role("button", name="Lihat yang terbaru").click()
    expect(page.get_by_text("keadaan yang dibekukan")).to_have_count(0)


def test_another_city_is_a_parameter(visit):
    page = visit("/?city=demak&lang=en")
    expect(page.locator("h1")).to_contain_text("No target of visits is known for Kabupaten Demak")


def test_a_nonsense_address_is_told_and_the_page_still_works(visit):
    page = visit("/?city=atlantis&lang=xx&as_of=yesterday")
    expect(page.locator("h1")).to_contain_text(DEMO)
    for word in ("atlantis", "xx", "yesterday"):
        expect(page.get_by_text(f'"{word}"')).to_be_visible()


@pytest.mark.parametrize(
    "path",
    ["/", TODAY, FIGURE, "/outlook", "/outlook?view=plausible", "/visits"]
    + ["/condition?domain=penghijauan", "/service", "/scorecard", "/glossary"],
)
def test_headings_are_in_order(visit, path):
    page = visit(path)
    levels = page.eval_on_selector_all("h1, h2, h3, h4", "hs => hs.map(h => +h.tagName[1])")
    assert levels[0] == 1 and levels.count(1) == 1
    assert all(b - a <= 1 for a, b in zip(levels, levels[1:], strict=False))


def test_a_printed_scorecard_keeps_its_cards_and_hides_the_controls(visit):
    page = visit("/scorecard?as_of=today")
    page.emulate_media(media="print")
    card = page.locator(".score").first
    expect(card).to_be_visible()
    assert card.evaluate("e => getComputedStyle(e).breakInside") == "avoid"
    assert card.evaluate("e => getComputedStyle(e).printColorAdjust") == "exact"
    for control in (".st-key-choices", "header", "[data-testid=stDownloadButton]"):
        expect(page.locator(control).first).to_be_hidden()


def test_a_link_to_a_kpi_opens_its_entry_in_the_glossary(visit):
    page = visit("/scorecard?lang=en")
    page.locator(".score h2 a").first.click()
    expect(page.locator("h1")).to_have_text("Glossary")
    assert page.url.endswith("#visits")
    expect(page.locator("#visits")).to_be_in_viewport()


def test_bars_and_charts_have_a_text_alternative(visit):
    page = visit(TODAY)
    expect(page.locator("svg.bullet")).to_have_count(4)
    labels = page.eval_on_selector_all("svg.bullet", "bs => bs.map(b => b.ariaLabel)")
    assert all("%" in label for label in labels)
    charts = page.locator("[data-testid=stVegaLiteChart]")
    expect(charts).to_have_count(2)
    for chart in charts.all():
        expect(chart).to_have_attribute("aria-label", re.compile("^Kunjungan per tahun"))


def test_the_outlook_answers_another_target_at_once(visit):
    page = visit("/outlook?lang=en")
    chart = page.locator("[data-testid=stVegaLiteChart]")
    expect(chart).to_have_attribute("aria-label", re.compile("^Visits since 1 January 2019"))
    expect(chart.locator("svg text").filter(has_text="target 2 million")).to_have_count(2)
    target = page.get_by_label("If the target were")
    target.fill("1700000")
    target.press("Enter")
    expect(page.get_by_text("the chance of 1.7 million is above 99")).to_be_visible()


def test_a_click_on_the_map_shows_the_inspections_of_an_area_and_the_address_keeps_it(visit):
    page = visit("/condition?domain=ketertiban")
    tile = page.locator(".js-plotly-plot text", has_text="Kesenden")
    assert bottom(tile) <= 768
    tile.click(force=True)  # Plotly's own layer lies over it and takes the click
    expect(page.get_by_role("heading", name="Pemeriksaan di Kesenden")).to_be_visible()
    expect(page).to_have_url(re.compile("domain=ketertiban.*area=32.74.01.1003"))
    page.reload()
    expect(page.get_by_role("heading", name="Pemeriksaan di Kesenden")).to_be_visible()
    labels = page.eval_on_selector_all(".multiples svg", "bs => bs.map(b => b.ariaLabel)")
    assert len(labels) == 22 and all(re.search(r"\d", label) for label in labels)


def test_the_keyboard_reaches_the_menu_the_switches_and_the_link(visit):
    page = visit(TODAY)
    reached = set()
    for _ in range(60):
        page.keyboard.press("Tab")
        reached.add(page.evaluate("document.activeElement.innerText.trim().split('\\n')[0]"))
    assert {"Data", "Daerah dan tanggal", "ID", "Dari mana angka ini?"} <= reached


def bars(page):
    """The bars of the visits page, the longest loss first."""
    drawn = page.locator(".barlayer .point path")
    expect(drawn).to_have_count(12)
    return drawn.all()[::-1]


def test_a_click_on_a_site_filters_the_page_and_another_click_takes_it_back(visit):
    page = visit("/visits", height=3200)
    expect(page.locator("h1")).to_contain_text("Objek wisata + akomodasi")
    bars(page)[0].click(force=True)  # what a chart is dragged by lies above it
    expect(page.locator("h1")).to_contain_text("Gua Sunyaragi")
    expect(page).to_have_url(re.compile("site=gua_sunyaragi"))
    pale = page.locator(".barlayer .point path[style*='opacity: 0.35']")
    expect(pale).to_have_count(11)  # the others
    bars(page)[0].click(force=True)
    expect(page.locator("h1")).to_contain_text("Objek wisata + akomodasi")
    assert "site=" not in page.url


@pytest.mark.parametrize("lang, month", [("id", "Agu"), ("en", "Aug")])
def test_the_charts_of_the_visits_page_speak_the_language_and_have_a_text(visit, lang, month):
    page = visit(f"/visits?lang={lang}&step=D", height=3200)
    charts_ = page.locator("[data-testid=stPlotlyChart]")
    expect(charts_).to_have_count(4)
    expect(charts_.nth(1).locator("text").filter(has_text=month).first).to_be_visible()
    grouped = {"id": "5.000", "en": "5,000"}[lang]
    expect(charts_.nth(0).locator("text").filter(has_text=grouped).first).to_be_visible()


def test_a_phone_shows_the_visits_page_without_scrolling_to_the_side(visit):
    page = visit("/visits?by=site", **PHONE)
    expect(page.locator("[data-testid=stPlotlyChart] .main-svg").first).to_be_visible()
    main = "document.querySelector('[data-testid=stMain]')"
    assert page.evaluate(f"{main}.scrollWidth <= {main}.clientWidth")
    assert page.evaluate("document.querySelectorAll('.xtick text, .ytick text').length") > 40


def test_a_table_is_taken_away_as_a_file_that_a_spreadsheet_reads(visit):
    page = visit("/data?lang=en")
    with page.expect_download() as download:
        page.get_by_role("button", name=text("en")("table.csv")).first.click()
    lines = download.value.path().read_text(encoding="utf-8").splitlines()
    name = download.value.suggested_filename
    assert name.startswith("cirebon-datasets-2") and name.endswith(".csv")
    assert lines[0].startswith("dataset,contract,rows_read,") and len(lines) > 3
    with page.expect_download() as download:
        page.get_by_role("button", name=text("en")("table.xlsx")).first.click()
    cover, rows = openpyxl.load_workbook(io.BytesIO(download.value.path().read_bytes()))
    assert cover["A1"].value == text("en")("file.datasets") and rows.max_row == len(lines) + 2


@pytest.fixture
def newer(folder, tmp_path):
    """newer() builds Demak with other words, for one test; the name of that version."""
    before = warehouse.current(folder / "demak").stem

    def build_anew():
        data = shutil.copytree(ROOT / "data" / "demak", tmp_path / "demak")
        (data / "text.en.toml").write_text('title = "New"\n', encoding="utf-8")
        return build(data, folder / "demak").stem

    yield build_anew
    warehouse.point(folder / "demak", before)


def test_a_new_warehouse_is_picked_up_as_soon_as_it_is_warm(visit, newer):
    page = visit("/?city=demak&lang=en")
    shown = page.get_by_text(f"Snapshot demak-{newer()}")
    for _ in range(20):
        page.reload()
        settle(page)
        if shown.is_visible():
            break
    expect(shown).to_be_visible()


def test_a_page_comes_back_by_itself_when_the_server_is_killed(chromium, folder, newer, kept):
    running = kept(folder)
    page = chromium.new_page()
    page.goto(f"http://{running.address}/scorecard?city=demak&year=2019&lang=en")
    expect(page.get_by_text(re.compile("^Snapshot demak"))).to_be_visible()
    after = newer()
    running.server.kill()
    expect(page.get_by_text(f"Snapshot demak-{after}")).to_be_visible(timeout=60_000)
    assert "year=2019" in page.url


def everything(*folders):
    """{path: its content} of every file below folders."""
    return {path: path.read_bytes() for one in folders for path in one.rglob("*") if path.is_file()}


def test_two_browsers_never_see_each_others_file_and_choices(chromium, folder, kept, tmp_path):
    temp = tmp_path / "temp"
    temp.mkdir()
    before = everything(folder, temp)
    running = kept(folder, TMPDIR=str(temp))
    mine, theirs = (chromium.new_context().new_page() for _ in range(2))
    end = re.compile("^(Versi data|Snapshot) ")
    for page in (mine, theirs):
        page.goto(f"http://{running.address}/compare?as_of=today")
        expect(page.get_by_text(end)).to_be_visible()
    rows = (
        "daerah;tahun;yang dihitung;angka;sumber\nKab. Unik Sekali;2019;objek wisata;71234;Kami\n"
    )
    file = {"name": "rahasia.csv", "mimeType": "text/csv", "buffer": rows.encode()}
    mine.locator("input[type=file]").set_input_files(file)
    expect(mine.locator("h1")).to_contain_text("Kab. Unik Sekali")
    english(mine).click()
    expect(mine.get_by_text(re.compile("^Snapshot "))).to_be_visible()
    for address in (f"http://{running.address}/compare?as_of=today", mine.url):
        theirs.goto(address)
        expect(theirs.get_by_text(end)).to_be_visible()
        settle(theirs)
        seen = theirs.content()
        assert all(own not in seen for own in ("Unik Sekali", "rahasia", "71.234", "71,234"))
    assert "Kab. Unik Sekali" in mine.content()
    said = running.log.read_text()
    assert "Unik Sekali" not in said and "rahasia" not in said
    assert everything(folder, temp) == before


@pytest.mark.parametrize("lang, scheme", [("id", "light"), ("en", "dark")])
@pytest.mark.parametrize("name", MENU)
def test_axe_finds_nothing_serious_on_any_page(visit, name, lang, scheme):
    page = visit(f"/{name}?lang={lang}&as_of=today", scheme=scheme)
    assert what_axe_finds(page) == []


@pytest.mark.parametrize("lang", languages())
@pytest.mark.parametrize("name", MENU)
def test_tab_comes_to_all_of_a_page_and_out_of_it(visit, name, lang):
    page = visit(f"/{name}?lang={lang}&as_of=today", 1920, 1080)
    for width, height in ((1920, 1080), (1366, 768), (390, 844)):
        page.set_viewport_size({"width": width, "height": height})
        assert what_tab_misses(page) == []


@pytest.mark.parametrize("lang", languages())
@pytest.mark.parametrize("width, height", [(1920, 1080), (1366, 768), (390, 844)])
@pytest.mark.parametrize("name", ["story", "compare"])
def test_guests_pages_fit_any_screen_and_are_reached_by_keyboard(visit, name, width, height, lang):
    page = visit(f"/{name}?lang={lang}&as_of=today", width, height)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    wanted = text(lang)("output.workbook") if name == "story" else "CSV"
    focused = page.locator("button:focus-visible")
    for _ in range(60):
        page.keyboard.press("Tab")
        if wanted in "".join(focused.all_inner_texts()):
            break
    expect(focused).to_contain_text(wanted)
    with page.expect_download() as download:
        page.keyboard.press("Enter")
    begin = (
        b"PK" if name == "story" else b"\xef\xbb\xbf"
    )  # a workbook; text that Excel knows as such
    assert download.value.path().read_bytes().startswith(begin)
