"""What is known of the sheets of an .xls file before they are opened ([MS-CFB] and [MS-XLS])."""

import struct
from dataclasses import dataclass, field

from python_calamine import PasswordError

from etl.read.kinds import refuse_streams


@dataclass
class Scan:
    """What is known of a sheet before it is opened; rows and columns count from 0."""

    rows: int = 0
    columns: int = 0
    errors: dict = field(default_factory=dict)  # (row, column): "#REF!"

    def reach(self, row: int, column: int) -> None:
        """Takes note of the place of a cell with content."""
        self.rows, self.columns = max(self.rows, row + 1), max(self.columns, column + 1)

    @property
    def cells(self) -> int:
        """The cells of the rectangle that the sheet spans."""
        return self.rows * self.columns


XLS_ERRORS = {
    0: "#NULL!", 7: "#DIV/0!", 15: "#VALUE!", 23: "#REF!", 29: "#NAME?", 36: "#NUM!", 42: "#N/A",
}  # fmt: skip
BOF, EOF, BOUNDSHEET, FILEPASS = 0x0809, 0x000A, 0x0085, 0x002F
FORMULA, BOOLERR, MULRK = 0x0006, 0x0205, 0x00BD
CELLS = {FORMULA, BOOLERR, MULRK, 0x0203, 0x027E, 0x00FD, 0x0204, 0x00D6}


def scans(content: bytes) -> dict[str, Scan]:
    """{sheet: Scan} of the records of an .xls file, in the order of its sheets."""
    stream = _stream(content)
    found, begins = {}, {}
    scan, depth, at = None, 0, 0
    while at + 4 <= len(stream):
        kind, size = struct.unpack_from("<HH", stream, at)
        data = stream[at + 4 : at + 4 + size]
        if kind == FILEPASS:
            raise PasswordError
        if kind == BOUNDSHEET:
            name = _sheet_name(data)
            begins[struct.unpack_from("<I", data)[0]] = found[name] = Scan()
        elif kind == BOF:
            depth += 1  # a chart lies within a sheet, with numbers of its own
            scan = begins.get(at, scan if depth > 1 else None)
        elif kind == EOF:
            depth -= 1
        elif kind in CELLS and scan and depth == 1:
            _xls_cell(kind, data, scan)
        at += 4 + size
    return found


def _xls_cell(kind, data, scan):
    row, column = struct.unpack_from("<HH", data)
    scan.reach(row, struct.unpack("<H", data[-2:])[0] if kind == MULRK else column)
    if kind == BOOLERR and data[7]:
        scan.errors[row, column] = XLS_ERRORS.get(data[6], "#ERROR!")
    if kind == FORMULA and data[6] == 2 and data[12:14] == b"\xff\xff":
        scan.errors[row, column] = XLS_ERRORS.get(data[8], "#ERROR!")


def _sheet_name(data):
    length, wide = data[6], data[7]
    if wide > 1:  # before Excel 97 there was no such mark
        return data[7 : 7 + length].decode("cp1252", "replace")
    return data[8 : 8 + length * (1 + wide)].decode("utf-16-le" if wide else "latin-1", "replace")


def _stream(content):
    """The stream Workbook of an OLE file; PasswordError where it holds a locked .xlsx instead."""
    shift, small_shift = struct.unpack_from("<HH", content, 30)
    first, _, least, small_first, _, more = struct.unpack_from("<IIIIII", content, 48)
    size = 1 << shift

    def sector(number):
        return content[(number + 1) * size : (number + 2) * size]

    def numbers(block):
        return list(struct.unpack(f"<{len(block) // 4}I", block))

    def chain(number, table):
        seen: list = []
        while number < 0xFFFFFFFA and len(seen) <= len(table):
            seen.append(number)
            number = table[number]
        return seen

    tables = numbers(content[76:512])
    while more < 0xFFFFFFFA and len(tables) * size <= len(content):
        *some, more = numbers(sector(more))
        tables += some
    fat = [n for table in tables if table < 0xFFFFFFFA for n in numbers(sector(table))]
    folder = b"".join(map(sector, chain(first, fat)))
    entries = [folder[at : at + 128] for at in range(0, len(folder), 128)]
    found: dict = {}
    for entry in entries:
        name = entry[: max(struct.unpack_from("<H", entry, 64)[0] - 2, 0)].decode("utf-16-le")
        found.setdefault(name.lower(), struct.unpack_from("<II", entry, 116))
    if "encryptedpackage" in found:
        raise PasswordError
    refuse_streams(found)
    begin, length = found["workbook"] if "workbook" in found else found["book"]
    if length >= least:
        return b"".join(map(sector, chain(begin, fat)))[:length]
    small_table = numbers(b"".join(map(sector, chain(small_first, fat))))
    small = b"".join(map(sector, chain(struct.unpack_from("<I", entries[0], 116)[0], fat)))
    step = 1 << small_shift
    parts = (small[n * step : (n + 1) * step] for n in chain(begin, small_table))
    return b"".join(parts)[:length]
