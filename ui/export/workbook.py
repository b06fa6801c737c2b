"""The workbook of the story: cover, list of sheets, notes, all numbers, and the rows of each part.

Titles stand in A1, numbers are numbers; the flags are those of etl/sources/obs_status.csv.
"""

import io
from datetime import datetime, time
from math import ceil

import xlsxwriter

from ui.export import sheets
from ui.export.contents import contents
from ui.kit.text import text

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
        style = sheets.styles(book)
        tables = [part for part in said.parts if part.rows]
        names = {say("lkjip.cover"): said.title, say("workbook.list"): say("workbook.list")}
        names |= {say("lkjip.notes"): say("lkjip.notes_title")}
        names |= {say("workbook.numbers"): say("workbook.numbers")}
        names |= {say(f"workbook.{p.code}"): p.chart_title or p.title for p in tables}
        cover, list_, notes, numbers, *rest = (sheets.sheet(book, style, *n) for n in names.items())
        sheets.lines(cover, style, _cover(say, said), sheets.COVER)
        sheets.lines(list_, style, names.items(), sheets.COVER)
        for index, name in enumerate(names, 2):
            list_.write_url(index, 0, f"internal:'{name}'!A1", style["link"], name)
        sheets.lines(notes, style, _notes(say, said, flags), (34, 110))
        _numbers(say, numbers, style, said, flags)
        for sheet, part in zip(rest, tables, strict=True):
            _rows(say, sheet, style, part)
    return out.getvalue()


def _cover(say, said):
    lines = [
        (say("workbook.city"), said.city),
        *sheets.about(say, said.day, said.snapshot),
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
    sheets.head(sheet, style, {say(code): width for code, width in NUMBERS.items()}, {2: "number"})
    word = {flag: say(f"obs_status.{status}") for status, flag in flags.items() if flag}
    lines = [(part, number) for part in said.parts for number in part.numbers]
    for index, (part, number) in enumerate(lines, 3):
        unit = f"unit.{number.unit}"
        told = say(unit) if say.has(unit) else ""
        cells = (part.title, number.label, number.value, told, number.text, number.flag)
        cells = (*cells, word.get(number.flag, ""), number.source)
        kind = "share" if number.unit == "share" else sheets.kind([number.value])
        sheets.write(sheet, style, index, cells, tuple(NUMBERS.values()), {2: kind})


def _rows(say, sheet, style, part):
    """The table behind a part's chart, with its caption above it; what is simulated says so."""
    rows = part.rows
    if part.is_marked:
        rows = [row | {say("table.status"): say("simulated.mark")} for row in rows]
    columns = {name: [row[name] for row in rows] for name in rows[0]}
    kinds = {i: kind for i, values in enumerate(columns.values()) if (kind := sheets.kind(values))}
    if say("table.year") in columns:
        kinds[list(columns).index(say("table.year"))] = "plain"
    sheets.rows(sheet, style, columns, kinds)
    sheet.merge_range(1, 0, 1, max(1, len(columns) - 1), part.caption, style["text"])
    sheet.set_row(1, sheets.LINE * ceil(len(part.caption) / 80))
