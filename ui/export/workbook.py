"""The workbook of the story: cover, list of sheets, notes, all numbers, and the rows of each part.

Titles stand in A1, numbers are numbers; the flags are those of etl/obs_status.csv.
"""

import io
from datetime import date, datetime, time

import xlsxwriter

from ui.export.contents import contents
from ui.export.lkjip import OPTIONS, _flags, _styles
from ui.text import text

NUMBERS = {  # heading, width
    "workbook.part": 34,
    "workbook.number": 34,
    "score.value": 16,
    "lkjip.unit": 22,
    "workbook.read": 20,
    "lkjip.flag": 8,
    "workbook.source": 70,
}


def make(snapshot, lang):
    """The bytes of the workbook of a Snapshot in one language."""
    say = text(lang)
    return book_of(say, contents(say, snapshot, snapshot.words(lang)), _flags(snapshot))


def book_of(say, said, flags):
    """The XLSX of Contents; `flags` is {obs_status: flag}. Made on the day of the snapshot."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, OPTIONS) as book:
        made = {"created": datetime.combine(said.day, time()), "author": said.city}
        book.set_properties(made | {"title": said.title, "comments": said.snapshot})
        style = _styles(book)
        style["date"] = book.add_format({"num_format": "yyyy-mm-dd", "valign": "top"})
        style["link"] = book.add_format({"font_color": "#12436D", "underline": 1})
        tables = [part for part in said.parts if part.rows]
        sheets = {say("lkjip.cover"): said.title, say("workbook.list"): say("workbook.list")}
        sheets |= {say("lkjip.notes"): say("lkjip.notes_title")}
        sheets |= {say("workbook.numbers"): say("workbook.numbers")}
        sheets |= {say(f"workbook.{p.code}"): p.chart_title or p.title for p in tables}
        cover, list_, notes, numbers, *rest = (_sheet(book, style, *s) for s in sheets.items())
        _lines(cover, style, _cover(say, said), (24, 90))
        for index, (name, title) in enumerate(sheets.items(), 2):
            list_.write_url(index, 0, f"internal:'{name}'!A1", style["link"], name)
            list_.write_string(index, 1, title, style["text"])
        list_.set_column(0, 0, 24)
        list_.set_column(1, 1, 90)
        _lines(notes, style, _notes(say, said, flags), (34, 110))
        _numbers(say, numbers, style, said)
        for sheet, part in zip(rest, tables, strict=True):
            _rows(sheet, style, part)
    return out.getvalue()


def _sheet(book, style, name, title):
    """A new sheet with its title in A1, printed on as many pages as it is long."""
    sheet = book.add_worksheet(name)
    sheet.write_string("A1", title, style["title"])
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.set_footer("&L&A&R&P / &N")
    return sheet


def _lines(sheet, style, lines, widths):
    for column, width in enumerate(widths):
        sheet.set_column(column, column, width)
    for index, pair in enumerate(lines, 2):
        for column, value in enumerate(pair):
            sheet.write_string(index, column, value, style["text"])


def _cover(say, said):
    lines = [
        (say("workbook.city"), said.city),
        (say("lkjip.as_of"), say.date(said.day)),
        (say("lkjip.snapshot"), said.snapshot),
        (say("lkjip.made_with"), "Dua Juta"),
    ]
    if said.is_simulated:
        lines.append((say("simulated.mark").capitalize(), say("story.mixed")))
    return lines


def _notes(say, said, flags):
    """What each part says and rests on, then what the flags mean."""
    for part in said.parts:
        for line in (*part.sentences, part.caption, *part.notes):
            yield part.title, line
    for status, flag in flags.items():
        if flag:
            yield say("lkjip.flag_of", flag=flag), say(f"obs_status.{status}")


def _numbers(say, sheet, style, said):
    """Every number of every part, with its flag."""
    _head(sheet, style, [(say(code), width) for code, width in NUMBERS.items()])
    lines = [(part, number) for part in said.parts for number in part.numbers]
    for index, (part, number) in enumerate(lines, 3):
        unit = f"unit.{number.unit}"
        cells = (part.title, number.label, number.value, say(unit) if say.has(unit) else "")
        for column, value in enumerate((*cells, number.text, number.flag, number.source)):
            _write(sheet, style, index, column, value, number.unit if column == 2 else None)


def _rows(sheet, style, part):
    """The table behind a part's chart, with its caption, which bears the mark, above it."""
    sheet.write_string("A2", part.caption)
    _head(sheet, style, [(name, max(14, len(name) + 2)) for name in part.rows[0]])
    for index, row in enumerate(part.rows, 3):
        for column, value in enumerate(row.values()):
            _write(sheet, style, index, column, value)
    sheet.set_column(0, 0, 38)


def _head(sheet, style, columns):
    for column, (name, width) in enumerate(columns):
        sheet.set_column(column, column, width)
        sheet.write_string(2, column, name, style["head"])
    sheet.freeze_panes(3, 1)
    sheet.repeat_rows(2)


def _write(sheet, style, row, column, value, unit=None):
    """A cell by the kind of its value; nothing where there is none."""
    match value:
        case None:
            return
        case date():
            sheet.write_datetime(row, column, datetime.combine(value, time()), style["date"])
        case int() | float():
            is_whole = float(value).is_integer()
            kind = "share" if unit == "share" else "whole" if is_whole else "number"
            sheet.write_number(row, column, value, style[kind])
        case _:
            sheet.write_string(row, column, str(value), style["text"])
