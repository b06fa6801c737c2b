"""Rows of text with the file, sheet and line of each; a grid becomes them as [read] says."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import PurePath

import pyarrow as pa

from etl.problem import Refused
from etl.read.workbook import place_of

MOST_COLUMNS = 2_000  # each costs 5 ms; no table of a city is nearly as wide
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


def lines_of_header(read: dict) -> tuple[list[int], int]:
    """(the lines of the header, the line of the first row) as [read] says."""
    header = read.get("header", [] if "names" in read else [1])
    return header, read.get("first", max(header, default=0) + 1)


def grid_rows(path: PurePath, sheet: Sheet, read: dict) -> Rows:
    """The Rows of a Sheet as [read] says."""
    header, first = lines_of_header(read)
    by_line = dict(sheet.grid)
    names = read.get("names") or header_names([by_line.get(n, []) for n in header])
    body = [(line, cells) for line, cells in sheet.grid if line >= first]
    used = _used(names, body)
    columns, doubled = column_names([name or f"c{i + 1}" for i, name in used])
    texts = [[_at(cells, i) for _, cells in body] for i, _ in used]
    for name, text in _cells_at(by_line, read.get("cells", {}), columns).items():
        columns.append(name)
        texts.append([text if _is_filled(cells) else None for _, cells in body])
    own = own_columns(path.name, [line for line, _ in body], sheet.name, _faults(names, body, read))
    arrays = (pa.array(each, pa.string()) for each in texts)
    table = pa.table(own | dict(zip(columns, arrays, strict=True)))
    place = f"{path.name} [{sheet.name}]" if sheet.name else path.name
    return Rows(table, columns, doubled, len(sheet.grid) - len(body), [(place, columns)])


def own_columns(
    file: str, lines: Sequence[int], sheet: str | None = None, faults: list | None = None
) -> dict[str, pa.Array]:
    """Our columns of rows that stand on these lines of a file."""
    rows = len(lines)
    return {
        "_file": pa.repeat(file, rows),
        "_sheet": pa.repeat(pa.scalar(sheet, pa.string()), rows),
        "_line": pa.array(lines, pa.int64()),
        "_fault": pa.array(faults, pa.string()) if faults else pa.nulls(rows, pa.string()),
    }


def _at(cells, i):
    return cells[i] if i < len(cells) else None


def _is_filled(cells):
    return any(c.strip() for c in cells)


def _used(names, body):
    """[(number from 0, name)] of the columns that have a name or content."""
    width = max([len(names), *(len(cells) for _, cells in body)])
    filled = [*names, *[""] * (width - len(names))]
    return [
        (i, name)
        for i, name in enumerate(filled)
        if name or any(_is_filled(cells[i : i + 1]) for _, cells in body)
    ]


def _faults(names, body, read):
    """What is wrong with each row's length: long_row, short_row or None."""
    needed = max((i + 1 for i, name in enumerate(names) if name), default=0)
    filled = sum(_is_filled(cells) for _, cells in body)
    long = {line for line, cells in body if needed and _is_filled(cells[needed:])}
    if len(long) == filled:
        long = set()  # a column without a name on every row is a column, not a fault
    return [_fault(line, cells, needed, long, read) for line, cells in body]


def _fault(line, cells, needed, long, read):
    if not _is_filled(cells):
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


def column_names(names: list[str]) -> tuple[list[str], set[str]]:
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


def _cells_at(by_line, cells, columns):
    """{name: text} of single cells that become columns beside others."""
    for name in cells:
        if name.lower() in [c.lower() for c in columns]:
            raise Refused("doubled_column", column=name, found=", ".join(columns))
    return {name: _cell(by_line, place) for name, place in cells.items()}


def _cell(by_line, place):
    found = place_of(str(place).upper())
    if not found:
        raise Refused("bad_cell", value=str(place))
    line, column = found
    cells = by_line.get(line, [])
    return cells[column - 1] if column <= len(cells) else None
