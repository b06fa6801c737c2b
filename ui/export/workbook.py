"""The workbook of the story: cover, list of sheets, notes, all numbers, and the rows of each part.

Titles stand in A1, numbers are numbers; the flags are those of etl/obs_status.csv.
"""

import io
from datetime import date, datetime, time
from math import ceil

import xlsxwriter

from ui.export import sheets
from ui.export.contents import contents
from ui.text import text

NUMBERS = {  # heading, width
    "workbook.part": 34,
    "workbook.number": 34,
    "workbook.value": 16,
    "lkjip.unit": 22,
    "workbook.read": 20,
    "lkjip.flag": 8,
    "table.status": 18,
    "workbook.source": 70,
}
LINE, MOST_WIDE = 15, 60  # height of a line in points; width of a column in characters


def make(snapshot, lang):
    """The bytes of the workbook of a Snapshot in one language."""
    say = text(lang)
    return book_of(say, contents(say, snapshot, snapshot.words(lang)), sheets.flags(snapshot))


def book_of(say, said, flags):
    """The XLSX of Contents; `flags` is {obs_status: flag}. Made on the day of the snapshot."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, sheets.OPTIONS) as book:
        made = {"created": datetime.combine(said.day, time()), "author": said.city}
        book.set_properties(made | {"title": said.title, "comments": said.snapshot})
        style = sheets.styles(book) | _own_styles(book)
        tables = [part for part in said.parts if part.rows]
        names = {say("lkjip.cover"): said.title, say("workbook.list"): say("workbook.list")}
        names |= {say("lkjip.notes"): say("lkjip.notes_title")}
        names |= {say("workbook.numbers"): say("workbook.numbers")}
        names |= {say(f"workbook.{p.code}"): p.chart_title or p.title for p in tables}
        cover, list_, notes, numbers, *rest = (_sheet(book, style, *n) for n in names.items())
        _lines(cover, style, _cover(say, said), (24, 90))
        _lines(list_, style, names.items(), (24, 90))
        for index, name in enumerate(names, 2):
            list_.write_url(index, 0, f"internal:'{name}'!A1", style["link"], name)
        _lines(notes, style, _notes(say, said, flags), (34, 110))
        _numbers(say, numbers, style, said, flags)
        for sheet, part in zip(rest, tables, strict=True):
            _rows(say, sheet, style, part)
    return out.getvalue()


def _own_styles(book):
    return {
        "date": book.add_format({"num_format": "yyyy-mm-dd", "valign": "top", "align": "left"}),
        "link": book.add_format({"font_color": "#12436D", "underline": 1, "valign": "top"}),
        "plain": book.add_format({"num_format": "0", "valign": "top", "align": "left"}),
        "small": book.add_format({"num_format": "0.000"} | sheets.RIGHT),
        "head_right": book.add_format(sheets.HEAD | sheets.RIGHT),
    }


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
        sheet.set_row(index, _height(pair, widths))
        for column, value in enumerate(pair):
            sheet.write_string(index, column, value, style["text"])


def _height(cells, widths):
    """The height of a row whose cells break at the widths of their columns."""
    return LINE * max(1, *(ceil(len(str(c)) / w) for c, w in zip(cells, widths, strict=True)))


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


def _numbers(say, sheet, style, said, flags):
    """Every number of every part, with its flag and what the flag says."""
    _head(sheet, style, {say(code): width for code, width in NUMBERS.items()}, {2: "number"})
    word = {flag: say(f"obs_status.{status}") for status, flag in flags.items() if flag}
    lines = [(part, number) for part in said.parts for number in part.numbers]
    for index, (part, number) in enumerate(lines, 3):
        unit = f"unit.{number.unit}"
        told = say(unit) if say.has(unit) else ""
        cells = (part.title, number.label, number.value, told, number.text, number.flag)
        cells = (*cells, word.get(number.flag, ""), number.source)
        kind = "share" if number.unit == "share" else _kind([number.value])
        _write(sheet, style, index, cells, tuple(NUMBERS.values()), {2: kind})


def _rows(say, sheet, style, part):
    """The table behind a part's chart, with its caption above it; what is simulated says so."""
    rows = part.rows
    if part.is_marked:
        rows = [row | {say("table.status"): say("simulated.mark")} for row in rows]
    columns = {name: [row[name] for row in rows] for name in rows[0]}
    longest = {n: max(len(n), *(len(str(v)) for v in vs)) for n, vs in columns.items()}
    widths = {name: min(max(12, length + 2), MOST_WIDE) for name, length in longest.items()}
    kinds = {i: kind for i, values in enumerate(columns.values()) if (kind := _kind(values))}
    if say("table.year") in columns:
        kinds[list(columns).index(say("table.year"))] = "plain"
    _head(sheet, style, widths, kinds)
    sheet.merge_range(1, 0, 1, max(1, len(columns) - 1), part.caption, style["text"])
    sheet.set_row(1, _height([part.caption], [sum(widths.values())]))
    for index, row in enumerate(rows, 3):
        _write(sheet, style, index, row.values(), tuple(widths.values()), kinds)


def _kind(values):
    """The format of a column of numbers; None where there are none."""
    numbers = [v for v in values if isinstance(v, int | float)]
    if not numbers:
        return None
    if all(float(v).is_integer() for v in numbers):
        return "whole"
    return "small" if max(map(abs, numbers)) < 1 else "number"


def _head(sheet, style, widths, kinds):
    """The headings of a table in its third row, {name: width}; those of numbers at the right."""
    for column, (name, width) in enumerate(widths.items()):
        sheet.set_column(column, column, width)
        is_right = kinds.get(column, "plain") != "plain"
        sheet.write_string(2, column, name, style["head_right" if is_right else "head"])
    sheet.set_row(2, _height(widths, widths.values()))
    sheet.freeze_panes(3, 1)
    sheet.repeat_rows(2)


def _write(sheet, style, row, cells, widths, kinds):
    """A row of cells, each by the kind of its value; nothing where there is none."""
    cells = tuple(cells)
    sheet.set_row(row, _height(cells, widths))
    for column, value in enumerate(cells):
        match value:
            case None:
                continue
            case date():
                sheet.write_datetime(row, column, datetime.combine(value, time()), style["date"])
            case int() | float():
                sheet.write_number(row, column, value, style[kinds.get(column, "number")])
            case _:
                sheet.write_string(row, column, str(value), style["text"])
