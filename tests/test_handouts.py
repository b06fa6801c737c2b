"""Briefing, workbook and deck say what the Contents say: numbers, texts, marks, the snapshot."""

import io
import re
from dataclasses import replace
from datetime import date
from html import unescape

import openpyxl
import pytest
from pptx import Presentation
from pptx.opc.constants import RELATIONSHIP_TYPE
from pypdf import PdfReader
from test_new_city import make as new_city
from test_pages import html, visit
from test_visits import months

import kpi
from ui.export import briefing, deck, sheets, story, workbook
from ui.export.contents import Contents, Number, Part, contents
from ui.export.outputs import OUTPUTS
from ui.kit.text import languages, text

STORY = "pages/present/story.py"
FLAGS = {"simulated": "s"}
HOSTILE = '#panic("x") $x$ *b* =HYPERLINK("http://x") \\ @a <b> ' + "Panjang" * 12
VISITS = Number("a.b", HOSTILE, 1234567, "visits", "1,23 juta", "s", True, "Dinas")
PUBLISHED = replace(VISITS, label="Target", flag="", is_simulated=False)
ID = text("id")
ROWS = tuple({ID("visits.site"): f"Taman {n}", ID("table.visits"): 1000 + n} for n in range(10))
CITIES = [(name, lang) for name in ("cirebon", "demak") for lang in languages()]
HOME = {  # what the first page shows of the numbers, where they are known
    "goal.target", "goal.visits", "goal.share", "outlook.total", "outlook.chance",
    "outlook.needed", "condition.ketertiban", "condition.kebersihan", "service.median",
    "service.within", "service.open",
}  # fmt: skip


def small(*numbers, rows=ROWS):
    """Contents of one hostile part."""
    made = any(number.is_simulated for number in numbers)
    part = Part(
        "places", HOSTILE, (HOSTILE,), numbers, None, HOSTILE, rows, "", ("=1",), made, made
    )
    return Contents("Kota", "id", HOSTILE, "id-1", date(2019, 9, 30), (part,))


def flat(said):
    """A text without blanks and hyphens, which lines may break."""
    return re.sub(r"[\s\u00a0\u00ad-]+", "", said)


def read_pdf(made):
    """The text of the only page."""
    (page,) = PdfReader(io.BytesIO(made)).pages
    return flat(page.extract_text())


def read_html(made, lang):
    """{code: (value, flag, text)} of the slides of one language."""
    slides = made.decode().split(f'<main lang="{lang}"')[1].split("</main>")[0]
    found = re.findall(
        r'<data value="([^"]*)" data-code="([^"]+)" data-flag="([^"]*)">([^<]*)<', slides
    )
    return {code: (value, flag, unescape(shown)) for value, code, flag, shown in found}


def slides(made):
    """[(boxes, notes, charts)] of a deck; a box is the list of its paragraphs."""
    for slide in Presentation(io.BytesIO(made)).slides:
        boxes = [
            [p.text for p in s.text_frame.paragraphs] for s in slide.shapes if s.has_text_frame
        ]
        charts = [s for s in slide.shapes if s.has_chart]
        yield (
            boxes,
            slide.notes_slide.notes_text_frame.text if slide.has_notes_slide else "",
            charts,
        )


def told_by(part):
    """The numbers of a part that briefing and deck show."""
    return [n for n in part.numbers if n.value is not None][: briefing.MOST]


def real(name, lang):
    snapshot = kpi.snapshot(name, kpi.demo_day(name))
    say = text(lang)
    return say, snapshot, contents(say, snapshot, snapshot.words(lang))


# small contents


@pytest.mark.parametrize("numbers", [(), (VISITS,), (VISITS,) * 9])
@pytest.mark.parametrize("times", [0, 1, 40])
def test_the_briefing_is_one_page_and_takes_text_as_text(numbers, times):
    said = small(*numbers)
    part = replace(said.parts[0], code="goal", sentences=said.parts[0].sentences * times)
    said = replace(said, parts=(part,) if times else ())
    read = read_pdf(briefing.page(ID, said))
    assert flat(HOSTILE) in read and "id1" in read
    if times and numbers:
        assert flat(ID("simulated.mark")) in read


def test_the_workbook_takes_text_of_others_as_text():
    book = openpyxl.load_workbook(io.BytesIO(workbook.book_of(ID, small(VISITS), FLAGS)))
    cells = [c for sheet in book for row in sheet for c in row]
    assert not [c for c in cells if c.data_type == "f"]
    assert all(c.hyperlink.location for c in cells if c.hyperlink)
    assert book.worksheets[3]["C3"].value == "Nilai"  # targets and forecasts stand there, too
    assert book.worksheets[3]["C4"].value == 1234567 and book.worksheets[3]["F4"].value == "s"


def test_the_workbook_writes_years_shares_and_small_numbers_as_they_are_read():
    rows = tuple({ID("table.year"): y, ID("table.visits"): y, "x": y / 1e5} for y in (2018, 2019))
    said = small(replace(VISITS, value=0.25, unit="share"), rows=rows)
    book = openpyxl.load_workbook(io.BytesIO(workbook.book_of(ID, said, FLAGS)))
    kinds = [cell.number_format for cell in book.worksheets[4][4]]
    assert kinds[:3] == ["0", "#,##0", "0.000"]
    assert book.worksheets[3]["C4"].number_format == "0.0%"


@pytest.mark.parametrize("rows", [(), ROWS[:1], ROWS])
def test_the_deck_draws_the_rows_as_a_chart_to_edit(rows):
    _, (_, notes, charts) = slides(deck.deck(ID, small(VISITS, rows=rows)))
    assert notes == "=1" and len(charts) == bool(rows)
    for shape in charts:
        (plotted,) = shape.chart.plots[0].series
        assert list(shape.chart.plots[0].categories) == [row[ID("visits.site")] for row in rows]
        assert list(plotted.values) == [row[ID("table.visits")] for row in rows]


def test_a_column_that_is_not_there_is_an_error_and_no_other_column():
    rows = tuple({"Tempat": row[ID("visits.site")], ID("table.visits"): 1} for row in ROWS)
    with pytest.raises(KeyError):
        deck.deck(ID, small(rows=rows))


def test_the_deck_has_one_layout_and_a_theme_of_its_own():
    show = Presentation(io.BytesIO(deck.deck(ID, small(VISITS))))
    assert [layout.name for layout in show.slide_layouts] == ["Dua Juta"]
    theme = show.slide_master.part.part_related_by(RELATIONSHIP_TYPE.THEME).blob.decode()
    assert 'name="Dua Juta"' in theme and "Office Theme" not in theme and "12436D" in theme


# the bundled cities: one number, everywhere


@pytest.mark.usefixtures("served")
@pytest.mark.parametrize("name, lang", CITIES)
def test_the_story_shows_the_numbers_of_the_contents(name, lang):
    say, snapshot, said = real(name, lang)
    made = story.make(snapshot, lang)
    numbers = {n.code: n for part in said.parts for n in part.numbers}
    shown = read_html(made, lang)
    assert shown and shown.keys() <= numbers.keys()
    for code, read in shown.items():
        n = numbers[code]
        assert read == ("" if n.value is None else str(n.value), n.flag, n.text)
    assert said.snapshot in made.decode() and say.date(said.day) in unescape(made.decode())


@pytest.mark.usefixtures("served")
@pytest.mark.parametrize("name, lang", CITIES)
def test_the_briefing_shows_them_with_the_mark_below_what_is_simulated(name, lang):
    say, snapshot, said = real(name, lang)
    read, mark = read_pdf(briefing.page(say, said)), flat(say("simulated.mark"))
    assert flat(said.snapshot) in read and flat(say.date(said.day)) in read
    for part in (p for p in said.parts if p.code in sum(briefing.COLUMNS, ())):
        assert all(flat(sentence) in read for sentence in part.sentences)
        for n in told_by(part):
            (after,) = read.split(flat(n.text + n.label))[1:]
            assert after.startswith(mark) == n.is_simulated, n


@pytest.mark.usefixtures("served")
@pytest.mark.parametrize("name, lang", CITIES)
def test_the_workbook_holds_them_all_with_flag_and_word(name, lang):
    say, snapshot, said = real(name, lang)
    made = workbook.book_of(say, said, sheets.flags(snapshot))
    book = openpyxl.load_workbook(io.BytesIO(made))
    cover = {row[0].value: row[1].value for row in book.worksheets[0].iter_rows(min_row=3)}
    assert cover[say("lkjip.snapshot")] == said.snapshot
    assert cover[say("lkjip.as_of")] == say.date(said.day)
    told = [n for part in said.parts for n in part.numbers]
    table = list(book.worksheets[3].iter_rows(min_row=4, values_only=True))
    for n, (_, label, value, _, as_read, flag, word, _) in zip(told, table, strict=True):
        assert (label, as_read, flag or "") == (n.label, n.text, n.flag)
        assert value == (
            None if n.value is None else pytest.approx(n.value, rel=1e-14)
        )  # 16 digits
        is_marked = word == say("obs_status.simulated") and flag == "s"
        assert is_marked == (n.is_simulated and n.value is not None), n
    for sheet, part in zip(book.worksheets[4:], (p for p in said.parts if p.rows), strict=True):
        head, *rows = sheet.iter_rows(min_row=3, values_only=True)
        assert len(rows) == len(part.rows) and head[: len(part.rows[0])] == tuple(part.rows[0])
        if part.code not in ("goal", "honest"):  # whose rows have a status each
            marks = {row[-1] == say("simulated.mark") for row in rows}
            assert marks == {part.is_marked}


def plotted_of(shape):
    """(its name, {category: value}) of each series of a chart."""
    for plotted in shape.chart.plots[0].series:
        yield plotted.name, dict(zip(shape.chart.plots[0].categories, plotted.values, strict=True))


def rows_of(say, part):
    """The same of the rows of a part: a series a column or, of years, a word of the definition."""
    drawn = deck.DRAWN[part.code]
    if part.code == "goal":
        year, value, by = (say(f"table.{name}") for name in ("year", "visits", "definition"))
        years = sorted({row[year] for row in part.rows})
        years = range(years[0], years[-1] + 1)
        known = {(row[by], row[year]): row[value] for row in part.rows}
        words = dict.fromkeys(row[by] for row in part.rows)
        return {w: {str(y): known.get((w, y)) for y in years} for w in words}
    names = [deck._named(say, row[say(drawn.name)]) for row in part.rows]
    return {
        say(code): dict(zip(names, [row[say(code)] for row in part.rows], strict=True))
        for code in drawn.values
    }


@pytest.mark.usefixtures("served")
@pytest.mark.parametrize("name, lang", CITIES)
def test_the_deck_shows_them_with_the_mark_below_what_is_simulated(name, lang):
    say, _, said = real(name, lang)
    cover, *shown = slides(deck.deck(say, said))
    for boxes, _, _ in (cover, *shown):
        foot = " ".join(sum(boxes, []))
        assert said.snapshot in foot and say.date(said.day) in foot
    for part, (boxes, notes, charts) in zip(said.parts, shown, strict=True):
        assert notes == "\n".join(part.notes)
        assert not part.sentences or list(part.sentences) in boxes
        for n in told_by(part):
            mark = [say("simulated.mark")] if n.is_simulated else []
            assert [n.text, n.label, *mark] in boxes
        for shape in charts:  # KeyError where a column is not there
            found = dict(plotted_of(shape))
            assert found == {
                k: pytest.approx(v, nan_ok=True) for k, v in rows_of(say, part).items()
            }
        assert bool(charts) == (part.code in deck.DRAWN and bool(part.rows))


@pytest.mark.usefixtures("served")
@pytest.mark.parametrize("name, lang", CITIES)
def test_the_first_page_shows_the_same_and_the_story_offers_every_output(name, lang):
    say, snapshot, said = real(name, lang)
    shown = html(visit(f"city={name}&lang={lang}"))
    numbers = [n for part in said.parts for n in part.numbers if n.code in HOME]
    assert len(numbers) == {"cirebon": len(HOME), "demak": 1}[name]
    assert [n.code for n in numbers if n.text.replace("\u00a0", " ") not in shown] == []
    page = visit(f"city={name}&lang={lang}", STORY)
    assert [b.label for b in page.get("download_button")] == [say(f"output.{o}") for o in OUTPUTS]


@pytest.mark.usefixtures("served")
def test_the_same_snapshot_gives_the_same_pdf():
    _, snapshot, _ = real("cirebon", "id")
    assert briefing.make(snapshot, "id") == briefing.make(snapshot, "id")


# other cities


@pytest.fixture
def counted(city, monkeypatch):
    """A city with a figure for each month of so many years before 2020; an empty one of none."""

    def built(years):
        if years:
            made = city
            times = [(year, m) for year in range(2020 - years, 2020) for m in range(1, 13)]
            months(made, *((year, m, 1000 * m + year) for year, m in times))
        else:
            made = new_city(city.folder.parents[1] / "new")
            made.build()
        monkeypatch.setenv("DUAJUTA_WAREHOUSE", str(made.target.parent))
        return kpi.snapshot("city")

    return built


@pytest.mark.parametrize("lang", languages())
@pytest.mark.parametrize("years", [0, 1, 10])
def test_a_city_with_little_or_much_data_gets_every_output(counted, years, lang):
    snapshot = counted(years)
    made = {name: output.make(snapshot, lang) for name, output in OUTPUTS.items()}
    say = text(lang)
    said = contents(say, snapshot, snapshot.words(lang))
    assert flat(said.parts[0].title) in read_pdf(made["briefing"])
    assert flat(said.snapshot) in flat(made["story"].decode())
    assert len(list(slides(made["deck"]))) == len(said.parts) + 1
    book = openpyxl.load_workbook(io.BytesIO(made["workbook"]))
    goal = said.parts[0]
    assert (goal.code, len(goal.rows)) == ("goal", years)
    assert (say("workbook.goal") in book.sheetnames) == bool(years)
