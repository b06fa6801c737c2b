"""Files to rows of text: CSV, workbooks and Parquet, with the file, sheet and line of every row.

Nothing is typed or trimmed here. Typed cells become text in one way: whole numbers as digits, other
numbers marked as numbers (24.325e0, so that they are never mistaken for the text "24.325"), days as
yyyy-mm-dd, times as yyyy-mm-dd hh:mm:ss, true and false, errors as they show (#REF!).

read_file guards the reading: what is too large for the memory of a desk computer is refused before
it is read, and a file that changes while it is read is refused as changed.
"""

from fnmatch import fnmatch
from pathlib import Path, PurePath

import pyarrow as pa

from etl.problem import Refused
from etl.read import csv, kinds, parquet, workbook
from etl.read.files import Stamp, stamp_of
from etl.read.rows import Rows, Sheet, column_names, grid_rows, own_columns
from etl.read.workbook import MB, SUFFIXES

MOST_CSV = 1024 * MB  # what is larger has to be a plain file of events (etl/load/stream.py)
PARQUET = (".parquet", ".pq")
OF_LOOKUPS = ("encoding", "drop")  # of [read], what holds for lookup files too


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
        parts = [grid_rows(path, Sheet(name, grid), read) for name, grid in grids.items()]
    else:
        parts = [
            csv.plain_rows(path, content, read) or grid_rows(path, csv.grid(content, read), read)
        ]
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
        csv.refuse_long_lines(path)
        if size > MOST_CSV:
            raise Refused("file_too_large", most=f"{MOST_CSV // MB} MB")


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


def _typed_rows(path, typed):
    """The Rows of columns that have names and texts already; lines count from 1."""
    names = [" ".join(name.split()) or f"c{i}" for i, (name, _) in enumerate(typed, start=1)]
    columns, doubled = column_names(names)
    rows = len(typed[0][1]) if typed else 0
    table = own_columns(path.name, range(1, rows + 1))
    table |= dict(zip(columns, (texts for _, texts in typed), strict=True))
    return Rows(pa.table(table), columns, doubled, 0, [(path.name, columns)])
