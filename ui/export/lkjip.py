"""The table that an LKjIP needs, as a workbook: cover, table and notes; its numbers are numbers.

LKjIP: a government office's yearly report on its performance. Flags are those of
etl/sources/obs_status.csv, so that a simulated, provisional or missing figure stays told apart in a
cell.
"""

import io

import xlsxwriter

import kpi
from kpi.scorecard import Part
from ui.export import sheets
from ui.kit import glossary, sentences
from ui.scorecard import words as scorecard

NONE = Part(None, None, None)  # of a KPI of which nothing is known
# heading, width
COLUMNS = {
    "lkjip.number": 5,
    "lkjip.kpi": 26,
    "score.counted": 44,
    "table.period": 18,
    "lkjip.unit": 16,
    "table.target": 14,
    "lkjip.upper": 14,
    "score.value": 14,
    "score.attained": 11,
    "lkjip.category": 18,
    "table.status": 18,
    "score.obstacle": 40,
    "score.follow_up": 40,
    "lkjip.flag": 8,
    "score.complete": 36,
    "lkjip.level": 24,
    "score.owner": 26,
    "table.document": 50,
}


def workbook(say, snapshot, year, words):
    """The bytes of the workbook of a year's scorecard; titles stand in A1 of every sheet."""
    rows = snapshot.scorecard(year)
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, sheets.OPTIONS) as book:
        style = sheets.styles(book)
        title = say("lkjip.title", year=year, city=snapshot.table("city")[0]["name"])
        titles = {"cover": title, "table": title, "notes": say("lkjip.notes_title")}
        cover, table, notes = (
            sheets.sheet(book, style, say(f"lkjip.{name}"), text) for name, text in titles.items()
        )
        sheets.lines(cover, style, _cover(say, snapshot, rows, year), sheets.COVER)
        _table(say, table, style, rows, words, sheets.flags(snapshot))
        sheets.lines(notes, style, _notes(say, snapshot), (26, 110))
    return out.getvalue()


def _cover(say, snapshot, rows, year):
    scale = snapshot.table("city")[0]["rating_scale"]
    pairs = [
        *sheets.about(say, snapshot.day, snapshot.id),
        (say("lkjip.scale"), scale or say("lkjip.no_scale")),
        (say("lkjip.verdict"), scorecard.verdict(say, rows, year)),
    ]
    if any(map(sentences.is_simulated, scorecard.figures(rows))):
        pairs.append((say("lkjip.caution"), say("lkjip.simulated")))
    return pairs


def _table(say, sheet, style, rows, words, flags):
    sheets.head(sheet, style, {say(code): width for code, width in COLUMNS.items()}, {})
    for number, line in enumerate(_lines(rows), 1):
        for column, (value, kind) in enumerate(_cells(say, number, *line, words, flags)):
            if value is not None and kind == "text":
                sheets.text(sheet, style, 2 + number, column, value)
            elif value is not None:
                sheet.write_number(2 + number, column, value, style[kind])
    sheet.freeze_panes(3, 2)


def _lines(rows):
    """[(Row, Entry, Part)] of the table: what is compared, its further targets, simulated ones;
    last the targets that nothing is compared with, without Entry."""
    found = [
        (row, entry, part)
        for row in rows
        for entry in (row.lead, *row.others)
        for part in (
            [Part(entry.target, entry.figure, entry.comparison), *entry.parts] if entry else [NONE]
        )
    ]
    found.sort(key=lambda line: bool(line[1] and line[1].is_simulated))
    return found + [(row, None, Part(t, None, None)) for row in rows for t in row.uncompared]


def _cells(say, number, row, entry, part, words, flags):
    """[(value, format)] of one line, in the order of COLUMNS; None is an empty cell."""
    figure, target = part.figure, part.target
    value = figure.value if figure else None
    is_lead = entry is not None and target is entry.target
    said = entry.explanations if is_lead else ()
    band = say.name(entry.rating) if is_lead and entry.rating else None
    is_missing = value is None and not (target and target.problem)
    unit = target.unit if target else row.unit
    return [
        (number, "whole"),
        (glossary.name(say, row.kpi), "text"),
        (scorecard.counted(say, entry, words) if entry else None, "text"),
        (_period(say, target or figure), "text"),
        (glossary.unit(say, unit), "text"),
        _number(target.value if target else None, unit),
        _number(target.upper if target else None, unit),
        _number(value, row.unit),
        (part.comparison.attainment if part.comparison else None, "share"),
        (band, "text"),
        (_state(say, row, entry, target), "text"),
        ("\n".join(r["kendala"] for r in said) or None, "text"),
        ("\n".join(r["tindak_lanjut"] or "" for r in said).strip() or None, "text"),
        (
            flags["missing" if is_missing else figure.obs_status] if figure or is_missing else None,
            "text",
        ),
        (scorecard.complete(say, figure) if value is not None else None, "text"),
        (say(f"level.{target.level}") if target else None, "text"),
        (scorecard.owner(say, target) if target else None, "text"),
        (target.document if target else None, "text"),
    ]


def _period(say, row):
    """The period of a target or a figure in words; None of neither."""
    return row and say.period(row.period_start, row.period_end)


def _state(say, row, entry, target):
    """The state in words, or why a target is not compared; a further target has none of its own."""
    if target and target.problem:
        return say(f"problem.{target.problem}")
    if entry and entry.is_simulated:
        return say("score.not_judged")
    if entry and target is not entry.target:
        return None
    return say(f"state.{entry.state if entry else row.state}")


def _number(value, unit):
    """A value with the format of its unit."""
    if unit == "share":
        return value, "share"
    return value, "whole" if value is None or value == int(value) else "number"


def _notes(say, snapshot):
    named = snapshot.table("city")[0]["rating_scale"]
    lines = [
        (say("lkjip.method"), text) for text in scorecard.remarks(say, snapshot.scale(), named)
    ]
    lines += [
        (say("lkjip.flag_of", flag=flag), say(f"obs_status.{status}"))
        for status, flag in sheets.flags(snapshot).items()
        if flag
    ]
    for name, header in kpi.catalogue().items():
        fields = ("definition", "direction", "method", "producer")
        words = (glossary.field_of(say, name, header, field) for field in fields)
        lines.append((glossary.name(say, name), "\n".join(words)))
    return lines
