"""Files to rows of text: CSV and XLSX, as published, with the file, sheet and line of every row.

Nothing is typed or trimmed here. A workbook's cells become text in one way: whole numbers as
digits, other numbers marked as numbers (24.325e0, so that they are never mistaken for the text
"24.325"), days as yyyy-mm-dd, times as yyyy-mm-dd hh:mm:ss, true and false, errors as they show
(#REF!).
"""

import codecs
import csv
import io
import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from fnmatch import fnmatch
from xml.etree import ElementTree
from xml.etree.ElementTree import ParseError
from zipfile import BadZipFile, ZipFile

import pyarrow as pa
from python_calamine import CalamineError, CalamineWorkbook

from etl.problem import Refused

WORKBOOKS = (".xlsx",)
DELIMITERS = ",;\t|"
# our columns beside the file's
OWN = ("_row", "_part", "_file", "_sheet", "_line", "_aside", "_fault")


@dataclass
class Sheet:
    """A grid of texts: `grid` is [(line, [cells])], line counted from 1 as a person sees it."""

    name: str | None
    grid: list


@dataclass
class Rows:
    """The rows of a sheet, or of several sheets and files joined.

    `table` has _file, _sheet, _line, _fault and the named columns, all text but _line; `doubled`
    are names that stand over two columns; `headings` counts the rows above the data; `parts` is
    [(place, columns)] of what was joined.
    """

    table: pa.Table
    columns: list
    doubled: set
    headings: int
    parts: list


def read_rows(path, content, read):
    """[Rows], one a sheet, of a file's bytes as [read] says; Refused where that is impossible."""
    if not content:
        raise Refused("empty_file")
    is_workbook = path.suffix.lower() in WORKBOOKS
    sheets = _workbook(content, read.get("sheets", ["*"])) if is_workbook else _csv(content, read)
    parts = [_rows(path, sheet, read) for sheet in sheets]
    if not parts:
        raise Refused("empty_file")
    if not any(part.table.num_rows for part in parts):
        raise Refused("no_rows")
    return parts


def join_rows(parts):
    """Several Rows as one: a column that some lack is empty there; case tells no names apart."""
    spelling = {}
    for part in parts:
        renamed = {c: spelling.setdefault(c.lower(), c) for c in part.columns}
        part.table = part.table.rename_columns([renamed.get(c, c) for c in part.table.column_names])
        part.columns = list(renamed.values())
    return Rows(
        pa.concat_tables([p.table for p in parts], promote_options="default"),
        list(dict.fromkeys(c for p in parts for c in p.columns)),
        set().union(*(p.doubled for p in parts)),
        sum(p.headings for p in parts),
        [place for p in parts for place in p.parts],
    )


def _csv(content, read):
    text = _decode(content, read.get("encoding"))
    text = re.sub(r"\r*\n|\r", "\n", text)
    if not text.strip():
        raise Refused("empty_file")
    delimiter = read.get("delimiter") or _delimiter(text, read)
    reader = csv.reader(io.StringIO(text), delimiter=delimiter, strict=True)
    grid, line = [], 1
    try:
        for cells in reader:
            grid.append((line, cells))
            line = reader.line_num + 1
    except csv.Error as error:
        raise Refused("malformed_csv", line=line, error=str(error)) from error
    return [Sheet(None, grid)]


def _decode(content, encoding):
    if not encoding:
        utf16 = content.startswith((b"\xff\xfe", b"\xfe\xff"))
        encoding = "utf-16" if utf16 else "utf-8-sig"
    try:
        if codecs.lookup(encoding).name == "utf-8":
            encoding = "utf-8-sig"  # the mark at the beginning is no part of the first heading
        return content.decode(encoding)
    except LookupError as error:
        raise Refused("unknown_encoding", value=encoding) from error
    except UnicodeError as error:
        start = getattr(error, "start", 0)
        line = content.count(b"\n", 0, start) + 1
        raise Refused("wrong_encoding", encoding=encoding, line=line) from error


def _delimiter(text, read):
    """The mark that stands most often in the last header line; a comma where there is none."""
    lines = text.split("\n")
    line = lines[min(max(read.get("header") or [read.get("first", 1)]), len(lines)) - 1]
    unquoted = re.sub(r'"[^"]*"', "", line)
    return max(DELIMITERS, key=unquoted.count)


def _workbook(content, patterns):
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        names = [n for n in book.sheet_names if any(fnmatch(n, p) for p in patterns)]
        if not names:
            raise Refused(
                "no_such_sheet", sheets=", ".join(patterns), found=", ".join(book.sheet_names)
            )
        grids = {n: book.get_sheet_by_name(n).to_python(skip_empty_area=False) for n in names}
        errors = _error_cells(content)
    except (CalamineError, OSError, ValueError, KeyError, BadZipFile, ParseError) as error:
        raise Refused("unreadable_workbook", error=str(error)) from error
    sheets = []
    for name, grid in grids.items():
        texts = [(line, [cell_text(c) for c in row]) for line, row in enumerate(grid, start=1)]
        for place, text in errors.get(name, {}).items():
            line, column = _place(place)
            texts[line - 1][1][column - 1] = text
        if any(cell for _, cells in texts for cell in cells):
            sheets.append(Sheet(name, texts))
    return sheets


def _error_cells(content):
    """{sheet: {"D2": "#REF!"}} of the cells that hold an error, which calamine reads as blank."""
    found = {}
    with ZipFile(io.BytesIO(content)) as book:
        links = ElementTree.fromstring(book.read("xl/_rels/workbook.xml.rels"))
        targets = {link.get("Id"): link.get("Target") for link in links}
        for sheet in ElementTree.fromstring(book.read("xl/workbook.xml")).iter():
            if not sheet.tag.endswith("}sheet"):
                continue
            target = next(v for k, v in sheet.attrib.items() if k.endswith("}id"))
            path = targets[target].lstrip("/")
            xml = book.read(path if path.startswith("xl/") else f"xl/{path}")
            if b't="e"' in xml:
                cells = (c for c in ElementTree.fromstring(xml).iter() if c.get("t") == "e")
                found[sheet.get("name")] = {
                    c.get("r"): next((v.text for v in c if v.tag.endswith("}v")), "#ERROR!")
                    for c in cells
                }
    return found


def cell_text(cell):
    """A workbook cell as text; see the module's docstring."""
    match cell:
        case bool():
            return str(cell).lower()
        case float() if cell.is_integer() and abs(cell) < 2**53:
            return str(int(cell))
        case float():
            text = repr(cell)
            return text if "e" in text else f"{text}e0"
        case datetime() if cell.time() == time():
            return cell.date().isoformat()
        case datetime():
            return cell.isoformat(" ", "seconds")
        case date() | time() | timedelta():
            return str(cell)
        case _:
            return str(cell)


def _rows(path, sheet, read):
    header = read.get("header", [] if "names" in read else [1])
    first = read.get("first", max(header, default=0) + 1)
    by_line = dict(sheet.grid)
    names = read.get("names") or header_names([by_line.get(n, []) for n in header])
    body = [(line, cells) for line, cells in sheet.grid if line >= first]
    width = max([len(names), *(len(cells) for _, cells in body)])
    needed = max((i + 1 for i, name in enumerate(names) if name), default=0)
    names = [*names, *[""] * (width - len(names))]
    used = [
        i
        for i in range(width)
        if names[i] or any(c.strip() for _, cs in body for c in cs[i : i + 1])
    ]
    long = (
        {line for line, cells in body if any(c.strip() for c in cells[needed:])}
        if needed
        else set()
    )
    filled = [line for line, cells in body if any(c.strip() for c in cells)]
    if len(long) == len(filled) or not any(names):
        long = set()  # a column without a name on every row is a column, not a fault
    columns, doubled = _column_names([names[i] or f"c{i + 1}" for i in used])
    for name in read.get("cells", {}):
        if name.lower() in [c.lower() for c in columns]:
            raise Refused("doubled_column", column=name, found=", ".join(columns))
    cells_at = {name: _cell(by_line, place) for name, place in read.get("cells", {}).items()}
    table = {
        "_file": pa.array([path.name] * len(body), pa.string()),
        "_sheet": pa.array([sheet.name] * len(body), pa.string()),
        "_line": pa.array([line for line, _ in body], pa.int64()),
        "_fault": pa.array(
            [_fault(line, cells, needed, long, read) for line, cells in body], pa.string()
        ),
    }
    for i, column in zip(used, columns, strict=True):
        texts = [cells[i] if i < len(cells) else None for _, cells in body]
        table[column] = pa.array(texts, pa.string())
    for name, text in cells_at.items():
        table[name] = pa.array([text] * len(body), pa.string())
    columns += cells_at
    place = path.name if sheet.name is None else f"{path.name} [{sheet.name}]"
    headings = len(sheet.grid) - len(body)
    return Rows(pa.table(table), columns, doubled, headings, [(place, columns)])


def _fault(line, cells, needed, long, read):
    if not any(c.strip() for c in cells):
        return None
    if line in long:
        return "long_row"
    return "short_row" if len(cells) < needed and not read.get("pad") else None


def header_names(rows):
    """One name a column from its header rows: upper rows filled to the right, parts joined."""
    width = max((len(row) for row in rows), default=0)
    filled = []
    for depth, row in enumerate(rows):
        parts, last = [], ""
        for i in range(width):
            part = " ".join(row[i].split()) if i < len(row) else ""
            last = part or last
            parts.append(last if depth < len(rows) - 1 else part)
        filled.append(parts)
    return [" ".join(filter(None, column)) for column in zip(*filled, strict=True)]


def _column_names(names):
    """Names made unique without regard to case (x, x_2), and the set of those that stood twice."""
    seen, unique, doubled = dict.fromkeys(OWN, 1), [], set()
    for name in names:
        count = seen[name.lower()] = seen.get(name.lower(), 0) + 1
        unique.append(name if count == 1 else f"{name}_{count}")
        if count == 2 and name.lower() not in OWN:
            doubled.add(name)
    return unique, doubled


def _cell(by_line, place):
    line, column = _place(place)
    cells = by_line.get(line, [])
    return cells[column - 1] if column <= len(cells) else None


def _place(name):
    """(line, column), each from 1, of a cell's name: D2 is (2, 4); Refused where it is no name."""
    found = re.fullmatch(r"([A-Z]{1,3})([1-9]\d*)", str(name).upper())
    if not found:
        raise Refused("bad_cell", value=str(name))
    column = 0
    for letter in found[1]:
        column = column * 26 + ord(letter) - 64
    return int(found[2]), column
