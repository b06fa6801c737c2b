"""Every figure that stands in a text of a page is a link to where it comes from."""

import re
from html import unescape
from urllib.parse import parse_qsl

import pytest
from babel.dates import get_month_names
from test_pages import visit

import kpi
from kpi.lineage import read
from kpi.trace import trace
from ui.kit import text as words
from ui.kit.text import languages

PAGES = {  # {page: addresses}
    None: ["", "as_of=today", "city=demak"],
    "pages/explore/outlook.py": ["", "as_of=today"],
    "pages/explore/visits.py": ["", "as_of=today"],
    "pages/explore/service.py": ["", "as_of=today"],
    "pages/explore/condition.py": ["", "domain=ketertiban", "domain=penghijauan"],
    "pages/review/scorecard.py": ["", "as_of=today"],
    "pages/present/compare.py": [""],
    "pages/present/story.py": [""],
}
VISITS = [(page, address) for page, addresses in PAGES.items() for address in addresses]
READ = ("title", "header", "subheader", "caption", "markdown", "info", "warning")
LINK = re.compile(r'<a class="figure" href="figure\?([^"]*)".*?</a>|\[[^\]]*\]\(figure\?([^)]*)\)')
DRAWN = re.compile(r"<svg.*?</svg>|<style.*?</style>|<[^>]*>", re.DOTALL)
MONTHS = "|".join(m for lang in languages() for m in get_month_names(locale=lang).values())
NO_FIGURE = re.compile("|".join([
    rf"(?:\d{{1,2}} )?(?:{MONTHS})(?: \d{{4}})?",  # days and months
    r"\b(?:19|20)\d\d\b",  # years
    r"\d\d[:.]\d\d",  # office hours
    r"\d+/\d+|P\\?\.\d+|KTP-el|km2",  # regulations and names
    r"Cirebon ke-650|Menuju 2 juta|Towards 2 million",  # names that a city has given
    r"(?:[Ss]tandar|of) \d+ (?:jam|hours)|\d+ (?:jam|hours) \(Permen",  # standards
    r"(?:Kewajiban|Duty) \d+[,.]\d %",
    r"\d+ (?:bulan|months|pohon|trees|titik|points)\b",  # settings and limits of a method
    r"\d+\\?\. ?(?=[A-Z])|(?<=[.] )\d (?=[A-Z])",  # numbers of a list
    # how many cards, counts and measures stand on the page
    r"\d+ (?:KPI|belum|tidak|tanpa|incomplete|without|missed|memburuk|worse)|: \d+\)|\(\d\)",
    r"\d (?:dari|of) \d (?:ukuran|measures)",
    r"(?:sebelumnya|before) \d+, (?:perlu|needed) \d+",  # what a method needs
    r"[\d.,]+ (?:baris|rows)",  # the account of all rows, and the most that a guest's file has
]))  # fmt: skip


@pytest.fixture(autouse=True)
def told(served, monkeypatch):
    """Sentences whose own digits are letters: a figure comes in by a parameter."""
    filled = words._filled
    plain = str.maketrans("0123456789", "oooooooooo")
    monkeypatch.setattr(words, "_filled", lambda s, params: filled(s.translate(plain), params))


def texts(at):
    """All texts of a page that are read, without pictures."""
    return [DRAWN.sub(" ", element.value) for name in READ for element in getattr(at, name)]


def linked(at):
    """The parameters of every link from a figure."""
    shown = [element.value for name in READ for element in getattr(at, name)]
    found = {a or b for text in shown for a, b in LINK.findall(text)}
    return [dict(parse_qsl(unescape(query))) for query in sorted(found)]


def without_links(at):
    """What is read beside the links of figures."""
    for name in READ:
        for element in getattr(at, name):
            text = unescape(DRAWN.sub(" ", LINK.sub(" ", element.value)))
            yield " ".join(text.replace("\u00a0", " ").split())


@pytest.mark.parametrize("lang", languages())
@pytest.mark.parametrize(("page", "address"), VISITS)
def test_no_figure_stands_in_a_text_without_its_address(page, address, lang):
    at = visit(f"lang={lang}&{address}", page)
    own = at.session_state["snapshot"].id  # which stands below every page
    known = (text for text in without_links(at) if own not in text)
    left = [text for text in known if re.search(r"\d", NO_FIGURE.sub("", text))]
    assert left == []


@pytest.mark.parametrize(("page", "address"), VISITS)
def test_every_address_on_a_page_leads_to_a_figure_and_its_rows_add_up(page, address):
    at = visit(address, page)
    snapshot = at.session_state["snapshot"]
    queries = linked(at)
    assert queries or "compare" in page  # whose figures stand in a chart and its table
    for query in queries:
        of = kpi.snapshot(query["city"], snapshot.as_of)
        traced = trace(of, read(query))
        assert traced is not None, query
        is_sum = query["kind"] == "visits" or query.get("of") == "counted"
        if is_sum and traced.value is not None:
            assert sum(row["total"] for row in of.counted(traced.values)) == traced.value
