"""A city whose every text is hostile (hostile.py): pages and files show it and obey none of it."""
# ruff: noqa: F811  fixtures of test_browser.py

import io
import zipfile
from urllib.parse import quote

import hostile
import openpyxl
import pytest
from conftest import City
from hostile import garbled, said
from pptx import Presentation
from test_browser import chromium, serving, settle, visit, window  # noqa: F401
from test_handouts import flat, read_pdf

import kpi
from etl.cli.template import choices, kind
from etl.contract import contracts
from ui.export.outputs import OUTPUTS
from ui.kit import plain

OBEYED = (
    ":is([data-testid=stMain], main) :is(img, em, del, u, .katex, [class*=stMarkdownColored],"
    " [role=img][aria-label$=' icon'], a[href^=javascript], a[href^=mailto], a[href^='http:'])"
)
DRAWN = "[...document.querySelectorAll('.js-plotly-plot')].map(e => JSON.stringify(e.data))"
CODES = {  # texts that have to be codes, or a figure would be about nothing
    "areas": ("area", "parent"), "bands": ("scale",), "sites": ("site", "area"),
    "condition": ("area",), "explanations": ("area", "kpi", "definition"),
    "indicators": ("area",), "reporting": (), "service": ("area", "time_zone"),
    "site_status": ("site",), "targets": ("area", "definition", "series"),
    "visits": ("place", "place_name", "definition"),
}  # fmt: skip
PATHS = [
    "/?", "/?as_of=2019-09-30&", "/outlook?as_of=2019-09-30&", "/visits?by=site&", "/compare?",
    "/condition?domain=kebersihan&area=32.71.01.1001&", "/condition?domain=ketertiban&",
    f"/service?office={quote(said('service.agency', 0))}&", "/scorecard?", "/story?", "/glossary?",
    "/data?dataset=visits/visits&", "/data?view=vintages&", "/data?view=calendar&",
    "/data?view=completeness&", "/data?view=letters&",
    f"/data?definition={quote(said('one'))}&view={quote(hostile.NASTY)}&",
    f"/?city={quote(hostile.NASTY)}&as_of={quote(hostile.NASTY)}&",
]  # fmt: skip


@pytest.fixture(scope="module")
def city(tmp_path_factory):
    """The hostile city, built."""
    city = City(tmp_path_factory.mktemp("hostile")).write(hostile.files())
    city.build()
    return city


@pytest.fixture(scope="module")
def address(city, tmp_path_factory, cut_off):
    """A server of nothing but that city."""
    log = tmp_path_factory.mktemp("log") / "server.txt"
    with serving(city.target.parent, log) as address:
        yield address


@pytest.fixture
def made(city, monkeypatch):
    """made(name): the bytes of a file to take away, in Indonesian."""
    monkeypatch.setenv("DUAJUTA_WAREHOUSE", str(city.target.parent))
    return lambda name: OUTPUTS[name].make(kpi.snapshot("city"), "id")


@pytest.mark.parametrize("name", hostile.facts())
def test_every_text_of_every_contract_is_hostile_but_codes(name):
    contract, rows = contracts()[name], hostile.facts()[name]
    texts = {
        c.name for c in contract.columns if kind(c) == "text" and not choices(contract, c.name)
    }
    rest = {"address", "obs_status", "measure", *CODES.get(name, ())}
    spoken = {k for row in rows for k, v in row.items() if hostile.MARK in str(v)}
    assert texts - spoken - rest == set()


def test_every_contract_but_that_of_events_has_hostile_rows(city):
    assert set(contracts()) - set(hostile.facts()) == {"tickets"}
    assert not city.report["refused"] and not any(u["refusal"] for u in city.report["units"])
    assert all(u["rows_rejected"] == 1 for u in city.report["units"])


@pytest.mark.parametrize("path", PATHS)
def test_no_page_obeys_what_data_say_and_all_of_it_is_shown(visit, path):
    page = visit(f"{path}lang=en")
    settle(page)
    shown = page.inner_text("body")
    assert garbled(shown) == [] and shown.count(hostile.MARK) > 1
    assert [e.evaluate("e => e.outerHTML") for e in page.locator(OBEYED).all()] == []
    assert not [data for data in page.evaluate(DRAWN) if "<img" in data or "<script" in data]


def test_the_options_of_a_choice_are_texts(visit):
    page = visit("/service?lang=en")
    page.get_by_role("combobox").first.click()
    listed = page.locator("[role=listbox]").inner_text()
    assert garbled(listed) == [] and hostile.MARK in listed


def test_the_story_obeys_nothing_and_shows_all_of_it(chromium, made, tmp_path):
    (tmp_path / "story.html").write_bytes(made("story"))
    page, asked, errors = chromium.new_page(), [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("dialog", lambda dialog: errors.append(dialog.message) or dialog.dismiss())
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto((tmp_path / "story.html").as_uri())
    page.locator("svg.marks, canvas.marks").first.wait_for()
    page.evaluate("document.querySelectorAll('script, style').forEach(e => e.remove())")
    shown = page.evaluate("document.body.textContent")
    assert garbled(shown) == [] and shown.count(hostile.MARK) > 9
    assert page.locator(OBEYED).count() == 0 and errors == []
    assert [url for url in asked if not url.startswith(("file:", "data:", "blob:"))] == []
    page.close()


def test_the_briefing_sets_all_of_it_as_text(made):
    pdf = made("briefing")
    assert flat(said("city.name")) in read_pdf(pdf) and b"/URI" not in pdf


def test_no_cell_of_workbook_or_deck_is_a_formula_or_a_link_to_elsewhere(made):
    deck = Presentation(io.BytesIO(made("deck")))
    charts = [s.chart for slide in deck.slides for s in slide.shapes if s.has_chart]
    behind = [chart.part.chart_workbook.xlsx_part.blob for chart in charts]
    cells = [
        cell
        for blob in [made("workbook"), *behind]
        for sheet in openpyxl.load_workbook(io.BytesIO(blob))
        for row in sheet
        for cell in row
    ]
    assert charts and [c for c in cells if c.data_type == "f"] == []
    assert [c for c in cells if c.hyperlink and c.hyperlink.target] == []
    assert any(str(c.value).startswith("=1+1") for c in cells)


def test_no_file_to_take_away_refers_to_elsewhere(made):
    for name in ("deck", "workbook"):
        with zipfile.ZipFile(io.BytesIO(made(name))) as parts:
            links = [parts.read(n) for n in parts.namelist() if n.endswith(".rels")]
        assert not [link for link in links if hostile.ELSEWHERE.encode() in link]


@pytest.mark.parametrize(
    "text", ["Target 2 juta: 1.825.195 kunjungan, 91,3 % (sementara)", "08:30", "2019", "− 1"]
)
def test_an_ordinary_sentence_is_its_own_markdown(text):
    assert plain.markdown(text) == text
