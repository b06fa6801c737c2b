"""Briefing, workbook and deck say what the Contents say: numbers, texts, marks, the snapshot."""

import io
import re
from dataclasses import replace
from datetime import date

import openpyxl
import pytest
from pptx import Presentation
from pypdf import PdfReader

import kpi
from ui.export import briefing, deck, story, workbook
from ui.export.contents import Contents, Number, Part, contents
from ui.text import languages, text

FLAGS = {"simulated": "s"}
HOSTILE = '#panic("x") $x$ *b* =HYPERLINK("http://x") \\ @a <b> ' + "Panjang" * 12
VISITS = Number("a.b", HOSTILE, 1234567, "visits", "1,23 juta", "s", True, "Dinas")
ROWS = tuple({"Tahun": year, "Kunjungan": 1000 + year} for year in range(2010, 2020))


def small(*numbers, rows=ROWS):
    """Contents of one hostile part."""
    part = Part(
        "goal", HOSTILE, (HOSTILE,), numbers, None, HOSTILE, rows, "", ("=1",), bool(numbers)
    )
    return Contents("Kota", "id", HOSTILE, "id-1", date(2019, 9, 30), (part,))


def flat(said):
    """A text without blanks and hyphens, which lines may break."""
    return re.sub(r"[\s\u00a0\u00ad-]+", "", said)


def read_pdf(made):
    """The text of the only page."""
    (page,) = PdfReader(io.BytesIO(made)).pages
    return flat(page.extract_text())


def slides(made):
    """[(text, notes, charts)] of a deck."""
    for slide in Presentation(io.BytesIO(made)).slides:
        words = " ".join(s.text_frame.text for s in slide.shapes if s.has_text_frame)
        yield (
            words,
            slide.notes_slide.notes_text_frame.text,
            [s for s in slide.shapes if s.has_chart],
        )


def real(name, lang, as_of=None):
    snapshot = kpi.snapshot(name, as_of or kpi.demo_day(name))
    say = text(lang)
    return say, snapshot, contents(say, snapshot, snapshot.words(lang))


@pytest.mark.parametrize("numbers", [(), (VISITS,), (VISITS,) * 9])
@pytest.mark.parametrize("times", [0, 1, 40])
def test_the_briefing_is_one_page_and_takes_text_as_text(numbers, times):
    said = small(*numbers)
    part = replace(said.parts[0], sentences=said.parts[0].sentences * times)
    said = replace(said, parts=(part,) if times else ())
    read = read_pdf(briefing.page(text("id"), said))
    assert flat(HOSTILE) in read and "id1" in read
    if times and numbers:
        assert flat(text("id")("simulated.mark")) in read


def test_the_workbook_takes_text_of_others_as_text():
    book = openpyxl.load_workbook(io.BytesIO(workbook.book_of(text("id"), small(VISITS), FLAGS)))
    cells = [c for sheet in book for row in sheet for c in row]
    assert not [c for c in cells if c.data_type == "f"]
    assert all(c.hyperlink.location for c in cells if c.hyperlink)
    assert book.worksheets[3]["C4"].value == 1234567 and book.worksheets[3]["F4"].value == "s"


@pytest.mark.parametrize("rows", [(), ROWS[:1], ROWS])
def test_the_deck_draws_the_rows_as_a_chart_to_edit(rows):
    said = small(VISITS, rows=rows)
    said = replace(said, parts=(replace(said.parts[0], code="places"),))
    (_, _, none), (_, notes, charts) = slides(deck.deck(text("id"), said))
    assert not none and notes == "=1" and len(charts) == bool(rows)


@pytest.mark.usefixtures("served")
@pytest.mark.parametrize("lang", languages())
@pytest.mark.parametrize("name", ["cirebon", "demak"])
def test_every_output_says_the_same_numbers_of_the_same_snapshot(name, lang):
    say, snapshot, said = real(name, lang)
    html = flat(story.make(snapshot, lang).decode())
    pdf = read_pdf(briefing.make(snapshot, lang))
    book = openpyxl.load_workbook(io.BytesIO(workbook.make(snapshot, lang)))
    shown = list(slides(deck.make(snapshot, lang)))
    assert flat(said.snapshot) in html and flat(said.snapshot) in pdf
    assert all(said.snapshot in words and say.date(said.day) in words for words, _, _ in shown)
    cover = {row[0].value: row[1].value for row in book.worksheets[0].iter_rows(min_row=3)}
    assert cover[say("lkjip.snapshot")] == said.snapshot
    told = [n for part in said.parts for n in part.numbers]
    table = list(book.worksheets[3].iter_rows(min_row=4, values_only=True))
    read = [(value, as_read, flag or "") for _, _, value, _, as_read, flag, _ in table]
    assert [row[1:] for row in read] == [(n.text, n.flag) for n in told]
    # a cell keeps 16 digits
    assert [row[0] for row in read] == [pytest.approx(n.value, rel=1e-14) for n in told]
    for part, (words, notes, _) in zip(said.parts, shown[1:], strict=True):
        assert notes == "\n".join(part.notes)
        assert all(sentence in words for sentence in part.sentences)
        assert not part.is_simulated or say("simulated.mark").upper() in words
        numbers = [n for n in part.numbers if n.value is not None][:3]
        assert all(n.text in words for n in numbers)
        if part.code in sum(briefing.COLUMNS, ()):
            assert all(flat(n.text) in pdf for n in numbers)
            assert all(flat(n.text) in html for n in numbers)
    assert not said.is_simulated or flat(say("simulated.mark")) in pdf


@pytest.mark.usefixtures("served")
def test_the_same_snapshot_gives_the_same_pdf():
    _, snapshot, _ = real("cirebon", "id")
    assert briefing.make(snapshot, "id") == briefing.make(snapshot, "id")
