"""CSV files to rows of text, whatever their encoding, delimiter and line ends."""

import codecs
import csv
import io
import re
from pathlib import Path, PurePath

import pyarrow as pa
from pyarrow import csv as pacsv

from etl.problem import Refused
from etl.read.rows import Rows, Sheet, column_names, header_names, lines_of_header, own_columns
from etl.read.workbook import MB

DELIMITERS = ",;\t|"
# No row is longer: 16,384 columns (the most of Excel) of 250 bytes; a longer "line" is no text
MOST_LINE = 4 * MB
# A cell is at most 32,767 characters in Excel; a longer one is a quotation mark left open
MOST_CELL = 131_072
LARGE = 8 * MB  # from here a plain CSV file is read by PyArrow
MOST_RAGGED = 256 * MB  # with quotes or ragged rows: Python's csv takes 18 bytes for each of them
MARKS = {
    codecs.BOM_UTF8: "utf-8", codecs.BOM_UTF32_LE: "utf-32-le", codecs.BOM_UTF16_LE: "utf-16-le",
    codecs.BOM_UTF16_BE: "utf-16-be",
}  # fmt: skip


def grid(content: bytes, read: dict) -> Sheet:
    """The Sheet of a CSV file by Python's csv, which takes quotes and ragged rows."""
    if len(content) > MOST_RAGGED:
        raise Refused("file_too_large", most=f"{MOST_RAGGED // MB} MB")
    text = decode(content, read.get("encoding"))
    text = re.sub(r"(?<!\r)\r++\n", "\n", text).replace("\r", "\n")
    if not text.strip():
        raise Refused("empty_file")
    delimiter = read.get("delimiter") or _delimiter(text, read)
    csv.field_size_limit(MOST_CELL)
    reader = csv.reader(io.StringIO(text), delimiter=delimiter, strict=True)
    rows, line = [], 1
    try:
        for cells in reader:
            rows.append((line, cells))
            line = reader.line_num + 1
    except csv.Error as error:
        if "field limit" in str(error):
            raise Refused("long_cell", line=line, most=MOST_CELL) from error
        raise Refused("malformed_csv", line=line, error=str(error)) from error
    return Sheet(None, rows)


def plain_rows(path: PurePath, content: bytes, read: dict) -> Rows | None:
    """The Rows of a large CSV file without quotes and ragged rows; None for any other.

    PyArrow reads these ten times faster than Python's csv and in a quarter of the memory; what
    comes out is the same.
    """
    header, first = lines_of_header(read)
    if max(header, default=0) >= first or not _may_be_plain(content, read):
        return None
    content = content.removeprefix(codecs.BOM_UTF8)
    lines = _first_lines(content, first)
    if not lines or not lines[0].strip():
        return None
    mark = read.get("delimiter") or _delimiter("\n".join(lines), read)
    cells = [line.split(mark) for line in lines]
    names = read.get("names") or header_names([cells[n - 1] for n in header])
    names = [name.strip() for name in names]
    if not names or not all(names) or not mark.isascii():
        return None
    table = _plain_table(content, mark, len(names), first)
    if table is None:
        return None
    columns, doubled = column_names(names)
    own = own_columns(path.name, range(first, first + table.num_rows))
    made = pa.table(own | dict(zip(columns, table.columns, strict=True)))
    return Rows(made, columns, doubled, first - 1, [(path.name, columns)])


def _plain_table(content, mark, width, first):
    """The table of the rows from a line on; None where not each line is a row."""
    kinds = {f"f{i}": pa.string() for i in range(width)}
    try:
        table = pacsv.read_csv(
            io.BytesIO(content),
            pacsv.ReadOptions(skip_rows=first - 1, column_names=list(kinds)),
            pacsv.ParseOptions(delimiter=mark, quote_char=False, ignore_empty_lines=False),
            pacsv.ConvertOptions(column_types=kinds, strings_can_be_null=False),
        )
    except pa.ArrowInvalid:  # ragged rows or letters that are not UTF-8: the other way says where
        return None
    lines = content.count(b"\n") + (not content.endswith(b"\n"))
    return table if table.num_rows == lines - (first - 1) else None


def _may_be_plain(content, read):
    """Whether a file is large, in UTF-8, and without quotes and odd line ends."""
    encoding = read.get("encoding", "utf-8").lower()
    return (
        len(content) >= LARGE
        and encoding in ("utf-8", "utf-8-sig")
        and not read.get("cells")
        and not any(mark in content for mark in (b'"', b"\0", b"\r\r", b"\n\n", b"\r\n\r\n"))
        and content.count(b"\r") == content.count(b"\r\n")
    )


def _first_lines(content, first):
    """The texts of the lines before and with the first row but one; None where there are none."""
    head = content[: 4 * MOST_LINE].split(b"\n", first)
    if len(head) <= first:
        return None
    try:
        return [line.decode().rstrip("\r") for line in head][:-1]
    except UnicodeDecodeError:
        return None


def decode(content: bytes, encoding: str | None) -> str:
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


def refuse_long_lines(path: Path) -> None:
    """Refused where a line is longer than any row of a table, before the file is read."""
    since, line = 0, 1  # bytes since the last line end
    with path.open("rb") as file:
        while block := file.read(MB):
            ends = [i for end in (b"\n", b"\r") for i in (block.find(end), block.rfind(end))]
            ends = [i for i in ends if i >= 0]
            if since + min(ends, default=len(block)) > MOST_LINE:
                raise Refused("long_line", line=line, most=f"{MOST_LINE // MB} MB")
            since = len(block) - max(ends) - 1 if ends else since + len(block)
            line += block.count(b"\n")
