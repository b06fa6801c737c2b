"""Files to rows of text: CSV, workbooks and Parquet, with the file, sheet and line of every row.

Nothing is typed or trimmed here. Typed cells become text in one way: whole numbers as digits, other
numbers marked as numbers (24.325e0, so that they are never mistaken for the text "24.325"), days as
yyyy-mm-dd, times as yyyy-mm-dd hh:mm:ss, true and false, errors as they show (#REF!).

read_file guards the reading: what is too large for the memory of a desk computer is refused before
it is read, and a file that changes while it is read is refused as changed.
"""

import codecs
import csv
import io
import re
from dataclasses import dataclass, field
from fnmatch import fnmatch
from pathlib import Path, PurePath

import pyarrow as pa
from pyarrow import csv as pacsv

from etl.problem import Refused
from etl.read import kinds, parquet, workbook
from etl.read.files import Stamp, stamp_of
from etl.read.workbook import MB, SUFFIXES, place_of

DELIMITERS = ",;\t|"
# No row is longer: 16,384 columns (the most of Excel) of 250 bytes; a longer "line" is no text
MOST_LINE = 4 * MB
# A cell is at most 32,767 characters in Excel; a longer one is a quotation mark left open
MOST_CELL = 131_072
MOST_COLUMNS = 2_000  # each costs 5 ms; no table of a city is nearly as wide
LARGE = 8 * MB  # from here a plain CSV file is read by PyArrow
MOST_CSV = 1024 * MB  # what is larger has to be a plain file of events (etl/load/stream.py)
MOST_RAGGED = 256 * MB  # with quotes or ragged rows: Python's csv takes 18 bytes for each of them
MARKS = {
    codecs.BOM_UTF8: "utf-8", codecs.BOM_UTF32_LE: "utf-32-le", codecs.BOM_UTF16_LE: "utf-16-le",
    codecs.BOM_UTF16_BE: "utf-16-be",
}  # fmt: skip
PARQUET = (".parquet", ".pq")
OF_LOOKUPS = ("encoding", "drop")  # of [read], what holds for lookup files too
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
    lookups: dict = field(default_factory=dict)  # name of a lookup file: its columns


def read_file(path: Path, read: dict, stamp: Stamp | None = None) -> list[Rows]:
    """[Rows], one a sheet, of a file as [read] says; Refused where that is impossible.

    `stamp` is the file's size and time of change when its content was hashed, where it was.
    """
    try:
        before = stamp_of(path)
        _refuse_too_large(path, before[0])
        content = path.read_bytes()
        after = stamp_of(path)
    except FileNotFoundError as error:
        raise Refused("file_changed") from error
    except OSError as error:
        raise Refused("unreadable_file", error=str(error.strerror)) from error
    if not before == after == tuple(stamp or before) or len(content) != before[0]:
        raise Refused("file_changed")
    return read_rows(path, content, read)


def read_rows(path: PurePath, content: bytes, read: dict) -> list[Rows]:
    """[Rows], one a sheet, of a file's bytes as [read] says; Refused where that is impossible.

    A lookup file has a header row of its own, and nothing above it.
    """
    if not content:
        raise Refused("empty_file")
    is_lookup = any(fnmatch(path.name, pattern) for pattern in read.get("lookups", {}).values())
    read = {k: v for k, v in read.items() if k in OF_LOOKUPS} if is_lookup else read
    suffix = path.suffix.lower()
    _refuse_other_kind(content, suffix)
    if suffix in PARQUET:
        parts = [_typed_rows(path, parquet.columns(content))]
    elif suffix in SUFFIXES:
        grids = workbook.grids(content, read.get("sheets", ["*"]))
        parts = [_rows(path, Sheet(name, grid), read) for name, grid in grids.items()]
    else:
        parts = [_plain_rows(path, content, read) or _rows(path, _csv(content, read), read)]
    if not parts:
        raise Refused("empty_file")
    for part in parts if is_lookup else ():
        part.lookups = {path.name: part.columns}
    return parts


def _refuse_too_large(path, size):
    """Refused where a file would need more memory than there is, before it is read."""
    suffix = path.suffix.lower()
    if suffix in SUFFIXES:
        with path.open("rb") as file:
            most = workbook.MOST_XLS if file.read(8) == kinds.OLE else workbook.MOST_UNPACKED
        if size > most:
            raise Refused("file_too_large", most=f"{most // MB} MB")
    elif suffix not in PARQUET:
        _refuse_long_lines(path)
        if size > MOST_CSV:
            raise Refused("file_too_large", most=f"{MOST_CSV // MB} MB")


def _refuse_long_lines(path):
    since, line = 0, 1  # bytes since the last line end
    with path.open("rb") as file:
        while block := file.read(MB):
            ends = [i for end in (b"\n", b"\r") for i in (block.find(end), block.rfind(end))]
            ends = [i for i in ends if i >= 0]
            if since + min(ends, default=len(block)) > MOST_LINE:
                raise Refused("long_line", line=line, most=f"{MOST_LINE // MB} MB")
            since = len(block) - max(ends) - 1 if ends else since + len(block)
            line += block.count(b"\n")


def _refuse_other_kind(content, suffix):
    """Refused where a file is no table, or begins like one of another kind than its name says."""
    kinds.refuse_no_table(content)
    found = kinds.kind_of(content)
    if suffix in PARQUET:
        same = found in (None, "Parquet")
    elif suffix in SUFFIXES:
        same = workbook.is_workbook(content) or (found is None and b"\0" in content[:4096])
    else:
        same = found is None
    if not same:
        raise Refused("other_kind", found=found or "CSV")


def join_rows(parts: list[Rows]) -> Rows:
    """Several Rows as one: a column that some lack is empty there; case tells no names apart."""
    spelling: dict = {}
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
        {file: columns for p in parts for file, columns in p.lookups.items()},
    )


def _csv(content, read):
    if len(content) > MOST_RAGGED:
        raise Refused("file_too_large", most=f"{MOST_RAGGED // MB} MB")
    text = _decode(content, read.get("encoding"))
    text = re.sub(r"(?<!\r)\r++\n", "\n", text).replace("\r", "\n")
    if not text.strip():
        raise Refused("empty_file")
    delimiter = read.get("delimiter") or _delimiter(text, read)
    csv.field_size_limit(MOST_CELL)
    reader = csv.reader(io.StringIO(text), delimiter=delimiter, strict=True)
    grid, line = [], 1
    try:
        for cells in reader:
            grid.append((line, cells))
            line = reader.line_num + 1
    except csv.Error as error:
        if "field limit" in str(error):
            raise Refused("long_cell", line=line, most=MOST_CELL) from error
        raise Refused("malformed_csv", line=line, error=str(error)) from error
    return Sheet(None, grid)


def _plain_rows(path, content, read):
    """The Rows of a large CSV file without quotes and ragged rows; None for any other.

    PyArrow reads these ten times faster than Python's csv and in a quarter of the memory; what
    comes out is the same.
    """
    header = read.get("header", [] if "names" in read else [1])
    first = read.get("first", max(header, default=0) + 1)
    encoding = read.get("encoding", "utf-8").lower()
    if max(header, default=0) >= first:
        return None
    if len(content) < LARGE or encoding not in ("utf-8", "utf-8-sig") or read.get("cells"):
        return None
    if any(mark in content for mark in (b'"', b"\0", b"\r\r", b"\n\n", b"\r\n\r\n")):
        return None
    if content.count(b"\r") != content.count(b"\r\n"):
        return None
    content = content.removeprefix(codecs.BOM_UTF8)
    head = content[: 4 * MOST_LINE].split(b"\n", first)
    if len(head) <= first:
        return None
    try:
        lines = [line.decode().rstrip("\r") for line in head]
    except UnicodeDecodeError:
        return None
    mark = read.get("delimiter") or _delimiter("\n".join(lines[:-1]), read)
    cells = [line.split(mark) for line in lines[:-1]]
    names = read.get("names") or header_names([cells[n - 1] for n in header])
    names = [name.strip() for name in names]
    kinds = {f"f{i}": pa.string() for i in range(len(names))}
    if not lines[0].strip() or not names or not all(names) or not mark.isascii():
        return None
    try:
        table = pacsv.read_csv(
            io.BytesIO(content),
            pacsv.ReadOptions(skip_rows=first - 1, column_names=list(kinds)),
            pacsv.ParseOptions(delimiter=mark, quote_char=False, ignore_empty_lines=False),
            pacsv.ConvertOptions(column_types=kinds, strings_can_be_null=False),
        )
    except pa.ArrowInvalid:  # ragged rows or letters that are not UTF-8: the other way says where
        return None
    rows = table.num_rows
    if rows != content.count(b"\n") + (not content.endswith(b"\n")) - (first - 1):
        return None
    columns, doubled = _column_names(names)
    own = {
        "_file": pa.repeat(path.name, rows),
        "_sheet": pa.nulls(rows, pa.string()),
        "_line": pa.array(range(first, first + rows), pa.int64()),
        "_fault": pa.nulls(rows, pa.string()),
    }
    own |= dict(zip(columns, table.columns, strict=True))
    return Rows(pa.table(own), columns, doubled, first - 1, [(path.name, columns)])


def _decode(content, encoding):
    """The text of a file's bytes; Refused where the encoding, stated or not, cannot be right."""
    mark, marked = next((m for m in MARKS.items() if content.startswith(m[0])), (b"", None))
    stated = encoding or marked or "utf-8-sig"
    try:
        codec = codecs.lookup(stated).name.removesuffix("-sig")
        if marked and codec not in (marked, marked[:6]):
            raise UnicodeError(f"marked as {marked}")
        if codec.startswith("utf-16") and not marked:
            codec = _utf16_order(content, codec)
        text = content[len(mark) :].decode(marked or codec)
        if not codec.startswith("utf"):
            _refuse_guess(content, text, stated)
    except LookupError as error:
        raise Refused("unknown_encoding", value=stated) from error
    except UnicodeError as error:
        line = content.count(b"\n", 0, getattr(error, "start", 0)) + 1
        raise Refused("wrong_encoding", encoding=stated.removesuffix("-sig"), line=line) from error
    if "\0" in text:
        raise Refused("nul_bytes", line=text.count("\n", 0, text.index("\0")) + 1)
    return text


def _utf16_order(content, codec):
    """utf-16-le or -be, by the half of the bytes that is zero in tables; UnicodeError elsewhere."""
    sample = content[: 64 * 1024]
    for order, zeros in (("utf-16-le", sample[1::2]), ("utf-16-be", sample[::2])):
        if codec in ("utf-16", order) and zeros.count(0) * 4 > len(zeros):
            return order
    raise UnicodeError("not utf-16")


def _refuse_guess(content, text, stated):
    """Refused where an encoding that takes any bytes takes those of another one."""
    if content.isascii():
        return
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        control = re.search("[\x80-\x9f]", text)  # in no table: letters of cp1252 read as latin-1
        if control:
            raise UnicodeDecodeError(
                stated, b"", content.find(text[control.start()].encode("latin-1")), 0, "control"
            ) from None
        return
    raise Refused("is_utf8", encoding=stated)


def _delimiter(text, read):
    """The mark that stands most often in the last header line; a comma where there is none."""
    lines = text.split("\n")
    line = lines[min(max(read.get("header") or [read.get("first", 1)]), len(lines)) - 1]
    return header_delimiter(line)


def header_delimiter(line: str) -> str:
    """The mark that stands most often in a header line, outside of quotes."""
    return max(DELIMITERS, key=re.sub(r'"[^"]*"', "", line).count)


def _typed_rows(path, typed):
    """The Rows of columns that have names and texts already; lines count from 1."""
    names = [" ".join(name.split()) or f"c{i}" for i, (name, _) in enumerate(typed, start=1)]
    columns, doubled = _column_names(names)
    rows = len(typed[0][1]) if typed else 0
    table = {
        "_file": pa.repeat(path.name, rows),
        "_sheet": pa.nulls(rows, pa.string()),
        "_line": pa.array(range(1, rows + 1), pa.int64()),
        "_fault": pa.nulls(rows, pa.string()),
    }
    table |= dict(zip(columns, (texts for _, texts in typed), strict=True))
    return Rows(pa.table(table), columns, doubled, 0, [(path.name, columns)])


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
    filled = [any(c.strip() for c in cells) for _, cells in body]
    if len(long) == sum(filled) or not any(names):
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
    for name, text in cells_at.items():  # a blank row stays blank
        table[name] = pa.array([text if full else None for full in filled], pa.string())
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


def header_names(rows: list[list[str]]) -> list[str]:
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
    if len(names) > MOST_COLUMNS:
        raise Refused("too_many_columns", columns=len(names), most=MOST_COLUMNS)
    seen, unique, doubled = dict.fromkeys(OWN, 1), [], set()
    for name in names:
        count = seen[name.lower()] = seen.get(name.lower(), 0) + 1
        unique.append(name if count == 1 else f"{name}_{count}")
        if count == 2 and name.lower() not in OWN:
            doubled.add(name)
    return unique, doubled


def _cell(by_line, place):
    found = place_of(str(place).upper())
    if not found:
        raise Refused("bad_cell", value=str(place))
    line, column = found
    cells = by_line.get(line, [])
    return cells[column - 1] if column <= len(cells) else None
