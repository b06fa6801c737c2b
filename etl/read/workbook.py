"""Workbooks to grids of text: .xlsx, .xlsm, .ods and .xls, each known by its content.

    bytes -> scanned: unpacked size, how far the cells reach, the error cells
          -> read by calamine -> texts

calamine reads an error cell as blank, and takes memory for the whole rectangle that the cells
span: one forgotten cell in the last row and column would end the process. So every sheet is
scanned before it is opened.

Sources: ECMA-376 part 1 (.xlsx), OASIS ODF 1.3 part 3 (.ods), [MS-CFB] and [MS-XLS] (.xls).
"""

import io
import re
import struct
from copy import copy
from datetime import datetime, time, timedelta
from fnmatch import fnmatch
from xml.etree import ElementTree
from xml.parsers import expat
from zipfile import BadZipFile, ZipFile
from zlib import error as ZlibError

from python_calamine import CalamineError, CalamineWorkbook, PasswordError

from etl.problem import Refused
from etl.read import xls
from etl.read.kinds import OLE, ZIP
from etl.read.xls import Scan

SUFFIXES = (".xlsx", ".xlsm", ".xls", ".ods")
MB = 10**6
# A full sheet of 1,048,576 rows and 10 columns is about 400 MB of XML; a zip bomb is far more
MOST_UNPACKED = 500 * MB
# .xls is not compressed; a full sheet of 65,536 rows and 100 columns is about 90 MB
MOST_XLS = 100 * MB
# calamine and Python hold some 150 bytes a cell: 20 million cells are 3 GB
MOST_CELLS = 20_000_000
MOST_TEXT = 1000 * MB  # of all cells of a sheet
DAMAGED = (
    CalamineError, OSError, ValueError, LookupError, RuntimeError, StopIteration, OverflowError,
    EOFError, BadZipFile, ZlibError, struct.error, expat.ExpatError, ElementTree.ParseError,
)  # fmt: skip
Grid = list[tuple[int, list[str]]]  # [(line, texts)], lines from 1


def is_workbook(content: bytes) -> bool:
    """Whether bytes begin like a workbook: a zip archive or an OLE file."""
    return content.startswith((ZIP, OLE))


def refuse_large(content: bytes, most_unpacked: int, most_cells: int) -> None:
    """Refused where a workbook unpacks to more bytes or spans more cells than a caller takes."""
    try:
        if content.startswith(ZIP):
            with ZipFile(io.BytesIO(content)) as archive:
                _refuse_unpacked(archive, most_unpacked)
        _refuse_wide(_scans(content, ["*"]), most_cells)
    except DAMAGED as error:
        raise Refused("unreadable_workbook", error=type(error).__name__) from error


def grids(content: bytes, patterns: list[str]) -> dict[str, Grid]:
    """{sheet: [(line, [texts])]} of the sheets with content that the patterns name.

    Refused where the workbook is damaged, locked or too large, or has no such sheet.
    """
    try:
        return _grids(content, patterns)
    except PasswordError as error:
        raise Refused("locked_workbook") from error
    except DAMAGED as error:
        raise Refused("unreadable_workbook", error=str(error)) from error
    except BaseException as error:
        if type(error).__name__ != "PanicException":  # calamine gave up: not an Exception
            raise
        raise Refused("unreadable_workbook", error=str(error)) from error


def _grids(content, patterns):
    scans = _scans(content, patterns)
    _refuse_wide(scans, MOST_CELLS)
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    _refuse_doubled(book.sheet_names)
    if content.startswith(OLE):  # the names are calamine's, the order is the file's
        scans = dict(zip(book.sheet_names, scans.values(), strict=True))
    names = [n for n in book.sheet_names if any(fnmatch(n, p) for p in patterns)]
    if not names:
        found = ", ".join(book.sheet_names)
        raise Refused("no_such_sheet", sheets=", ".join(patterns), found=found)
    made = {name: _grid(book.get_sheet_by_name(name), scans.get(name, Scan())) for name in names}
    return {name: grid for name, grid in made.items() if any(any(c) for _, c in grid)}


def _refuse_doubled(names):
    """Refused where two sheets have one name: rows could not be told apart by where they stand."""
    seen = set()
    for name in names:
        if name in seen:
            raise Refused("doubled_sheet", sheet=name)
        seen.add(name)


def _refuse_wide(scans, most):
    """Refused where the rectangles that the sheets span have more cells than `most`."""
    if sum(scan.cells for scan in scans.values()) > most:
        name, widest = max(scans.items(), key=lambda item: item[1].cells)
        raise Refused(
            "too_many_cells",
            sheet=name,
            row=widest.rows,
            column=column_name(widest.columns),
            most=f"{most:_}".replace("_", " "),
        )


def _scans(content, patterns):
    """{sheet: Scan}, of .xlsx only for the sheets that will be opened."""
    if content.startswith(OLE):
        return xls.scans(content)
    with ZipFile(io.BytesIO(content)) as archive:
        if _is_locked(archive):
            raise PasswordError
        _refuse_unpacked(archive, MOST_UNPACKED)
        if "content.xml" in archive.namelist():
            return _ods(archive.read("content.xml"))
        return _xlsx(archive, patterns)


def _is_locked(archive):
    """Whether a password is needed: ODF says so in its manifest, an archive in its members."""
    names = archive.namelist()
    manifest = "META-INF/manifest.xml"
    return (
        any(info.flag_bits & 1 for info in archive.infolist())
        or "encrypted-package" in names
        or (manifest in names and b"encryption-data" in archive.read(manifest))
    )


def _refuse_unpacked(archive, most):
    """Refused where the members of an archive, as stated or in truth, are too large."""
    left = most - sum(info.file_size for info in archive.infolist())
    if left >= 0:
        left = most
        for info in archive.infolist():
            honest = copy(info)  # an archive can state less than it holds: read to the end
            honest.file_size, honest.CRC = left + 1, None
            with archive.open(honest) as member:
                while left >= 0 and (block := member.read(MB)):
                    left -= len(block)
    if left < 0:
        raise Refused("unpacks_too_large", most=f"{most // MB} MB")


def _grid(sheet, scan):
    indent = [""] * (sheet.start or (0, 0))[1]
    grid, left = [], MOST_TEXT  # one text can stand in many cells
    for row in sheet.iter_rows() if sheet.start else ():
        grid.append([*indent, *map(cell_text, row)])
        left -= sum(map(len, grid[-1]))
        if left < 0:
            raise Refused("too_much_text", most=f"{MOST_TEXT // MB} MB")
    for (row, column), text in scan.errors.items():
        grid += [[] for _ in range(row + 1 - len(grid))]
        grid[row] += [""] * (column + 1 - len(grid[row]))
        grid[row][column] = text
    return list(enumerate(grid, start=1))


def cell_text(cell: object) -> str:
    """A workbook cell as text; see the docstring of etl/read/reader.py."""
    return TEXTS.get(type(cell), str)(cell)


def float_text(number: float) -> str:
    """Whole numbers as digits, others with the mark e0 of a number."""
    if number.is_integer() and abs(number) < 2**53:
        return str(int(number))
    text = repr(number)
    return text if "e" in text else f"{text}e0"


def _moment_text(moment):
    if moment.time() == time():
        return moment.date().isoformat()
    return moment.isoformat(" ", "milliseconds" if moment.microsecond else "seconds")


def span_text(span: timedelta) -> str:
    """A span of time as hours, minutes and seconds: 30:00:00."""
    seconds = round(span.total_seconds())
    hours, rest = divmod(abs(seconds), 3600)
    return f"{'-' if seconds < 0 else ''}{hours:02}:{rest // 60:02}:{rest % 60:02}"


def _ods_text(text):
    """calamine gives a span of a day or more in .ods as it is stored: PT30H00M00S."""
    found = re.fullmatch(r"PT(\d+)H(\d\d)M(\d\d)S", text)
    return f"{found[1]:0>2}:{found[2]}:{found[3]}" if found else text


TEXTS = {
    bool: lambda truth: str(truth).lower(),
    float: float_text,
    datetime: _moment_text,
    timedelta: span_text,
    str: lambda text: _ods_text(text) if text.startswith("PT") else text,
}


def place_of(name: str) -> tuple[int, int] | None:
    """(row, column), each from 1, of a cell's name: D2 is (2, 4); None where it is no name."""
    found = re.fullmatch(r"([A-Z]{1,3})([1-9]\d*)", name)
    if not found:
        return None
    column = 0
    for letter in found[1]:
        column = column * 26 + ord(letter) - 64
    return int(found[2]), column


def column_name(column: int) -> str:
    """The letters of a column, from 1: 28 is AB."""
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


# .xlsx


def _xlsx(archive, patterns):
    links = ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))
    targets = {link.attrib["Id"]: link.attrib["Target"] for link in links}
    scans = {}
    for sheet in ElementTree.fromstring(archive.read("xl/workbook.xml")).iter():
        name = sheet.get("name")
        if sheet.tag.endswith("}sheet") and any(fnmatch(name, p) for p in patterns):
            target = next(v for k, v in sheet.attrib.items() if k.endswith("}id"))
            path = targets[target].lstrip("/")
            scans[name] = _xlsx_sheet(
                archive.read(path if path.startswith("xl/") else f"xl/{path}")
            )
    return scans


def _xlsx_sheet(xml):
    rows, letters = set(), set()
    for at in range(0, len(xml), 4 * MB):  # in parts, that overlap by the length of a place
        part = xml[at : at + 4 * MB + 40]
        for letter, row in set(re.findall(rb"""\sr\s*=\s*["']([A-Z]{0,3})(\d{1,15})["']""", part)):
            rows.add(row)
            letters.add(letter or b"A")
    scan = Scan(max(map(int, rows), default=0))
    scan.columns = max(((place_of(f"{w.decode()}1") or (0, 0))[1] for w in letters), default=0)
    if re.search(rb"""\st=["']e["']""", xml):
        scan.errors = _xlsx_errors(xml)
    return scan


def _xlsx_errors(xml):
    """{(row, column): text} of the cells of type e; a cell or row may lack its number."""
    errors, row, column, data = {}, 0, 0, None
    for event, node in ElementTree.iterparse(io.BytesIO(xml), events=("start", "end")):
        match event, node.tag.rpartition("}")[2]:
            case "start", "sheetData":
                data = node
            case "start", "row":
                row, column = int(node.get("r", row + 1)), 0
            case "end", "row" if data is not None:
                data.clear()  # keeps the tree small
            case "start", "c":
                row, column = place_of(node.get("r", "")) or (row, column + 1)
            case "end", "c" if node.get("t") == "e":
                text = next((v.text for v in node if v.tag.endswith("}v")), None)
                errors[row - 1, column - 1] = text or "#ERROR!"
    return errors


# .ods


def _ods(xml):
    scanner = _Ods()
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler = scanner.start
    parser.EndElementHandler = scanner.end
    parser.CharacterDataHandler = scanner.text
    parser.buffer_text = True
    parser.Parse(xml, True)
    return scanner.scans


class _Ods:
    """Follows the rows and cells of content.xml, each of which may stand for many."""

    def __init__(self):
        self.scans, self.scan = {}, None
        self.row = self.column = self.rows = self.columns = 0  # place, and how often it repeats
        self.words, self.notes = None, 0  # of an error cell; how deep in a cell's comments

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """An element begins."""
        attributes = {key.rpartition(" ")[2]: value for key, value in attributes.items()}
        match tag.rpartition(" ")[2]:
            case "table" if "name" in attributes:
                self.scan = self.scans[attributes["name"]] = Scan()
                self.row = self.rows = 0
            case "table-row":
                self.row, self.column, self.columns = self.row + self.rows, 0, 0
                self.rows = int(attributes.get("number-rows-repeated", 1))
            case "table-cell" | "covered-table-cell" if self.scan:
                self.column += self.columns
                self.columns = int(attributes.get("number-columns-repeated", 1))
                if "value-type" in attributes:
                    self.scan.reach(self.row + self.rows - 1, self.column + self.columns - 1)
                if attributes.get("value-type") == "error" or attributes.get("string-value") == "":
                    self.words = []
            case "annotation":
                self.notes += 1

    def end(self, tag: str) -> None:
        """An element ends."""
        match tag.rpartition(" ")[2]:
            case "table-cell" | "covered-table-cell":
                if self.words and self.scan and self.scan.cells <= MOST_CELLS:
                    for row in range(self.row, self.row + self.rows):
                        for column in range(self.column, self.column + self.columns):
                            self.scan.errors[row, column] = "".join(self.words)
                self.words = None
            case "annotation":
                self.notes -= 1
            case "table":
                self.scan = None

    def text(self, words: str) -> None:
        """The text that an error cell shows."""
        if self.words is not None and not self.notes:
            self.words.append(words)
