"""What every workbook that leaves the dashboard shares: its kind, formats, flags, sheets, cells."""

import io
import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time
from math import ceil
from typing import TYPE_CHECKING

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from ui.kit.text import Text

if TYPE_CHECKING:
    from ui.kit.table import Table

KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# text of others stays text: neither formula nor link
OPTIONS = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
FORMULA = re.compile(r"'*[=+@\t\r-]")  # a spreadsheet takes what begins so for a formula
HEAD = {"bold": True, "bg_color": "#E4EAF3", "bottom": 1, "text_wrap": True, "valign": "top"}
RIGHT = {"align": "right", "indent": 1, "valign": "top"}  # numbers, off the words that follow
LINE, MOST_WIDE = 15, 60  # height of a line in points; width of a column in characters
COVER = (24, 90)  # widths of its two columns
MOST_NAMED = 12  # sources or definitions that a cover names


def styles(book: xlsxwriter.Workbook) -> dict[str, Format]:
    """{name: format} of an xlsxwriter book: title, heads, texts, links, days, numbers by kind."""
    wrap = {"text_wrap": True, "valign": "top"}
    left = {"valign": "top", "align": "left"}
    formats = {
        "title": {"bold": True, "font_size": 14},
        "head": HEAD,
        "head_right": HEAD | RIGHT,
        "text": wrap,
        "guarded": wrap | {"quote_prefix": True},  # stays a text also when it is edited
        "link": {"font_color": "#12436D", "underline": 1, "valign": "top"},
        "date": {"num_format": "yyyy-mm-dd"} | left,
        "plain": {"num_format": "0"} | left,
        "share": {"num_format": "0.0%"} | RIGHT,
        "whole": {"num_format": "#,##0"} | RIGHT,
        "number": {"num_format": "#,##0.00"} | RIGHT,
        "small": {"num_format": "0.000"} | RIGHT,
    }
    return {name: book.add_format(given) for name, given in formats.items()}


def flags(snapshot):
    """{obs_status: flag of a cell} of a Snapshot, as in obs_status.csv; empty for a final."""
    return {row["obs_status"]: row["flag"] or "" for row in snapshot.table("statuses")}


def about(say: Text, day: date, snapshot: str) -> list[tuple[str, str]]:
    """[(what, text)] of a cover: as known on which day, by which version of the data, made how."""
    return [
        (say("lkjip.as_of"), say.date(day)),
        (say("lkjip.snapshot"), snapshot),
        (say("lkjip.made_with"), "Dua Juta"),
    ]


def sheet(book: xlsxwriter.Workbook, style: dict[str, Format], name: str, title: str) -> Worksheet:
    """A new sheet with its title in A1, printed on as many pages as it is long."""
    made = book.add_worksheet(name)
    made.write_string("A1", title, style["title"])
    made.set_landscape()
    made.set_paper(9)
    made.fit_to_pages(1, 0)
    made.set_footer("&L&A&R&P / &N")
    return made


def lines(
    sheet: Worksheet, style: dict[str, Format], pairs: Iterable[tuple], widths: Sequence[int]
) -> None:
    """Lines of texts from the third row on, in columns of these widths."""
    for column, width in enumerate(widths):
        sheet.set_column(column, column, width)
    for index, pair in enumerate(pairs, 2):
        write(sheet, style, index, pair, widths, {})


def height(cells: Iterable[object], widths: Iterable[int]) -> int:
    """The height of a row whose cells break at the widths of their columns."""
    return LINE * max(1, *(ceil(len(str(c)) / w) for c, w in zip(cells, widths, strict=True)))


def kind(values: Iterable[object]) -> str | None:
    """The format of a column of numbers; None where there are none."""
    numbers = [v for v in values if isinstance(v, int | float)]
    if not numbers:
        return None
    if all(float(v).is_integer() for v in numbers):
        return "whole"
    return "small" if max(map(abs, numbers)) < 1 else "number"


def head(
    sheet: Worksheet, style: dict[str, Format], widths: dict[str, int], kinds: dict[int, str]
) -> None:
    """The headings of a table in its third row, {name: width}; those of numbers at the right."""
    for column, (name, width) in enumerate(widths.items()):
        sheet.set_column(column, column, width)
        is_right = kinds.get(column, "plain") != "plain"
        sheet.write_string(2, column, name, style["head_right" if is_right else "head"])
    sheet.set_row(2, height(widths, widths.values()))
    sheet.freeze_panes(3, 1)
    sheet.repeat_rows(2)


def write(
    sheet: Worksheet,
    style: dict[str, Format],
    row: int,
    cells: Iterable[object],
    widths: Sequence[int],
    kinds: dict[int, str],
) -> None:
    """A row of cells, each by the kind of its value; nothing where there is none."""
    cells = tuple(cells)
    sheet.set_row(row, height(cells, widths))
    for column, value in enumerate(cells):
        match value:
            case None:
                continue
            case date():
                sheet.write_datetime(row, column, datetime.combine(value, time()), style["date"])
            case int() | float():
                sheet.write_number(row, column, value, style[kinds.get(column, "number")])
            case _:
                text(sheet, style, row, column, str(value))


def rows(
    sheet: Worksheet, style: dict[str, Format], columns: dict[str, list], kinds: dict[int, str]
) -> None:
    """A table {heading: values} from the third row on, as wide as what is longest."""
    longest = {n: max(len(n), *(len(str(v)) for v in vs)) for n, vs in columns.items()}
    widths = {name: min(max(12, length + 2), MOST_WIDE) for name, length in longest.items()}
    head(sheet, style, widths, kinds)
    for index, line in enumerate(zip(*columns.values(), strict=True), 3):
        write(sheet, style, index, line, tuple(widths.values()), kinds)


def text(sheet: Worksheet, style: dict[str, Format], row: int, column: int, value: str) -> None:
    """A cell of text, which also who edits it makes no formula of."""
    sheet.write_string(row, column, value, style["guarded" if FORMULA.match(value) else "text"])


def table(given: "Table") -> bytes:
    """The bytes of the workbook of a ui.table.Table: its cover, and its rows."""
    say, snapshot, out = given.say, given.snapshot, io.BytesIO()
    columns = {given.heading(col): col for col in given.columns("files")}
    cells = {name: [_cell(given, col, row) for row in given.rows] for name, col in columns.items()}
    flag_of, used = flags(snapshot), [given.status(row) for row in given.rows]
    if any(used):
        cells[say("lkjip.flag")] = [flag_of.get(status, "") for status in used]
    with xlsxwriter.Workbook(out, OPTIONS) as book:
        made = {"created": datetime.combine(snapshot.day, time()), "comments": snapshot.id}
        book.set_properties(made | {"title": given.title})
        style = styles(book)
        cover = sheet(book, style, say("lkjip.cover"), given.title)
        told = [status for status, flag in flag_of.items() if flag and status in used]
        marks = [(say("lkjip.flag_of", flag=flag_of[s]), say(f"obs_status.{s}")) for s in told]
        lines(cover, style, [*_cover(given, columns, cells), *marks], COVER)
        units = {"share": "share", "year": "plain"}
        kinds = {
            index: units.get(col.unit, kind(cells[name]))
            for index, (name, col) in enumerate(columns.items())
            if kind(cells[name])
        }
        rows(sheet(book, style, say("file.sheet"), given.title), style, cells, kinds)
    return out.getvalue()


def _cell(given, col, row):
    """A number or a day as it is, all else as it is read."""
    value = col.of(row)
    is_plain = isinstance(value, int | float | date) and not isinstance(value, bool)
    return value if is_plain or value is None else given.read(col, row)


def _cover(given, columns, cells):
    """[(what, text)]: whose, as known when, what is counted and by whom, units."""
    say, snapshot = given.say, given.snapshot
    yield say("workbook.city"), snapshot.table("city")[0]["name"]
    yield from about(say, snapshot.day, snapshot.id)
    for name, col in columns.items():
        if col.heading in ("table.series", "table.definition", "table.dataset"):
            known = list(dict.fromkeys(filter(None, cells[name])))
            more = ["…"] if len(known) > MOST_NAMED else []
            yield name, "; ".join([*known[:MOST_NAMED], *more]) or "—"
    for name, col in columns.items():
        if col.unit and say.has(f"unit.{col.unit}"):
            yield say("file.unit", column=name), say(f"unit.{col.unit}")
    if any(given.simulated):
        yield say("lkjip.caution"), say("file.simulated")
