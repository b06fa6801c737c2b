"""Large CSV files of events: one pass for rows that are plainly right, the usual way for others.

The fast pass lets DuckDB read, cast and write a file in one COPY. It takes a row only if every text
is in canonical form (its value, written again, is the same text) and no rule or [aside] touches it.
All other rows are odd: they are fetched by their line and go the way of any small file
(etl/recipe/typed.py), so what is accepted, rejected and said is the same for a file of any size.
The position of a row in values.parquet is its identity: a plan with a join, which could move rows,
is not used.
"""

import csv
from collections.abc import Sequence
from itertools import zip_longest
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa

from etl.contract import literal, quoted
from etl.problem import Refused
from etl.read.csv import header_delimiter
from etl.read.files import Stamp, stamp_of
from etl.read.reader import MOST_CSV, read_rows
from etl.recipe.dataset import Dataset
from etl.recipe.names import named, names_given
from etl.recipe.personal import SIXTEEN, excused, refuse_names
from etl.recipe.sql import GUARDED, is_row_by_row
from etl.recipe.typed import expressions, make, write

SMALLEST = 2 * 2**20  # bytes from which DuckDB reads a file faster than Python's csv
MOST_ODD = 200_000  # odd rows up to which they are fetched one by one
CHUNK = 4 * 2**20  # bytes of the beginning and of the end that are looked at
BLOCK = 64 * 1024  # bytes read at once to count lines: NumPy counts these four times faster
END = ord("\n")
READ_KEYS = {"delimiter", "drop", "encoding"}  # of [read], what the fast pass can do
DEFAULTS = {"header": [1], "first": 2, "pad": False, "unit": "file"}  # as if not stated
CANONICAL = ("BIGINT", "INTEGER", "DATE", "TIMESTAMP", "BOOLEAN")


def fits(dataset: Dataset, paths: Sequence[Path]) -> bool:
    """Whether a unit can be one large, plain CSV file of events that [map] takes row by row."""
    contract, path = dataset.contract, paths[0]
    return (
        len(paths) == 1
        and contract.kind == "event"
        and not contract.defaults
        and all(c.type in (*CANONICAL, "VARCHAR") for c in contract.columns)
        and all(k in READ_KEYS or DEFAULTS.get(k) == v for k, v in dataset.read.items())
        and dataset.read.get("encoding", "utf-8").lower() in ("utf-8", "utf-8-sig")
        and path.suffix.lower() in (".csv", ".txt")
        and path.stat().st_size >= SMALLEST
    )


class _NotPlain(Exception):
    """A file that must go the usual way."""


def load(
    con: duckdb.DuckDBPyConnection,
    dataset: Dataset,
    path: Path,
    folder: Path,
    stamp: Stamp | None = None,
) -> dict | None:
    """Writes what a file yields into a folder; its account, or None where it must go the usual way.

    stamp: the file's size and time of change when its content was hashed. Refused where the file
    changed since, or where it is too large for the usual way, which so many of its rows would need.
    """
    before = stamp_of(path)
    try:
        _plain(is_row_by_row(con, dataset))
        head, names, delimiter, none = _header(path, dataset)
        unsplit = _fast_pass(con, path, names, delimiter, dataset, folder)
        odd, count = _odd_positions(con, folder)
        blank = _blank_lines(path)
        lines = sorted([*unsplit, *lines_of(odd, unsplit)])
        if len(lines) > MOST_ODD and before[0] > MOST_CSV:
            raise Refused("too_many_odd_rows", rows=count, odd=len(lines), line=lines[0])
        found, last = _fetch_lines(path, lines)
        if not stamp_of(path) == before == tuple(stamp or before):
            raise Refused("file_changed")
        _plain(len(lines) <= MOST_ODD and len(lines) < last - 1 - blank)
        _plain(last - 1 - blank == count + len(unsplit))  # blank lines, line ends in quotes
        _plain(_is_clean(con, dataset, folder))
        lines += range(last - blank + 1, last + 1)
        found |= dict.fromkeys(lines[len(lines) - blank :], b"")
        rows = _odd_rows(path, dataset, head, lines, found) if lines else none
    except _NotPlain:
        return None
    rows.table = rows.table.append_column("_part", pa.repeat(0, rows.table.num_rows))
    account = make(con, dataset, rows, row="_line - 1")
    write(con, folder, "odd")
    fast = count - len(odd)
    counts = {name: account[name] + fast for name in ("values_made", "values_good")}
    counts |= {"rows_read": last - 1, "fast_rows": fast, "headings": 1}
    return account | counts | {"streamed": True, "unsplit": unsplit}


def _plain(is_plain):
    if not is_plain:
        raise _NotPlain


def _header(path, dataset):
    """(the header line, a name a column or None, the delimiter, Rows without a row) of a file."""
    head = _head(path)
    _plain(head is not None)
    sample = read_rows(path, b"\n".join(head), dataset.read)[0]
    _plain(not sample.doubled and sample.table.num_rows == 1)
    refuse_names(dataset, sample.columns)
    delimiter = dataset.read.get("delimiter") or header_delimiter(head[0].decode("utf-8-sig"))
    names = _names(dataset, sample.columns, head, delimiter)
    sample = named(dataset, sample)
    _plain(names is not None and set(sample.columns) == set(names) - {None, ""})
    sample.table = sample.table.slice(0, 0)
    return head[0], names, delimiter, sample


def _odd_rows(path, dataset, header, lines, found):
    """The Rows of fetched lines, read the usual way; a refusal names the line in the file."""
    # the header again as a row: what is too long is so beside a row that is not
    content = b"\n".join([header, header, *(found[line] for line in lines), b""])
    try:
        rows = read_rows(path, content, dataset.read)[0]
    except Refused as refusal:
        at = int(str(refusal.params.get("line", 0))) - 3
        if 0 <= at < len(lines):
            refusal.params["line"] = lines[at]
        raise
    _plain(rows.table.num_rows == len(lines) + 1)
    rows.table = rows.table.slice(1)
    return _renumbered(named(dataset, rows), lines)


def _fast_pass(con, path, names, delimiter, dataset, folder):
    """Writes values.parquet of all rows in the file's order, _odd where the usual way must look.

    names: the columns of the file, in order, None for those that are dropped. Returns the lines
    that DuckDB could not split into these columns, sorted.
    """
    columns = ", ".join(f"{literal(f'c{i}')}: 'VARCHAR'" for i in range(len(names)))
    texts = ", ".join(
        f"c{i} as {quoted(name or f'_blank{i}')}"
        for i, name in enumerate(names)
        if name is not None
    )
    con.execute("drop table if exists reject_errors; drop table if exists reject_scans")
    con.execute(f"""
        create or replace temp view raw as
        select {literal(path.name)} as _file, null::varchar as _sheet, {texts}
        from read_csv({literal(path)}, header = false, skip = 1, auto_detect = false,
            columns = {{{columns}}}, delim = {literal(delimiter)}, quote = '"', escape = '"',
            force_not_null = {[f"c{i}" for i in range(len(names))]},
            store_rejects = true, rejects_limit = 0)
    """)
    base = expressions(con, dataset)[0]
    blank = [f"_blank{i}" for i, name in enumerate(names) if name == ""]
    query = _query(dataset, base, _not_checked_by_type(names, base, excused(dataset)), blank)
    target = literal(folder / "values.parquet")
    try:
        _plain("JOIN" not in con.execute(f"explain {query}").fetchall()[0][1])
        con.execute(f"copy ({query}) to {target} (format parquet, parquet_version v2)")
    except (duckdb.ProgrammingError, duckdb.DataError) as error:
        raise _NotPlain from error  # the recipe does not fit: the usual way says where
    lines = con.sql("select distinct line from reject_errors order by line").fetchall()
    return [line for (line,) in lines]


def _not_checked_by_type(names, base, free):
    """The columns of the file that no contract column takes as they are, and that are not free."""
    taken = {text.strip('()"\n').lower() for text in base.values()} | free
    return [name for name in names if name and name.lower() not in taken]


def _query(dataset, base, unchecked, blank):
    contract = dataset.contract
    texts, casts, plain = [], [], []
    for column in contract.columns:
        text = f"{column.name}__text"
        default = f", {column.default}" if column.default else ""
        texts.append(f"coalesce(nullif({base[column.name]}::varchar, ''){default}) as {text}")
        value = text if column.type == "VARCHAR" else f"try_cast({text} as {column.type})"
        casts.append(f"{value} as {column.name}")
        may_lack = "" if column.required else f"{text} is null or "
        if column.type != "VARCHAR":
            plain.append(f"({may_lack}{column.name}::varchar = {text})")
            if column.type in ("DATE", "TIMESTAMP"):  # infinity is canonical, too
                days = "timestamp '1800-01-01' and timestamp '2199-12-31 23:59:59.999999'"
                plain.append(f"({may_lack}{column.name} between {days})")
        elif column.required:
            plain.append(f"{column.name} is not null")
    plain += [f"coalesce({check.expression}, true)" for check in contract.checks]
    flags = [f"coalesce(strip({c}), '') <> ''" for c in blank]
    flags += [
        f"coalesce(length({quoted(n)}) > 15 and regexp_matches({quoted(n)}, '{SIXTEEN}'), false)"
        for n in unchecked
    ]
    plain += ["not _flagged"] if flags else []
    aside = [f"({predicate}) as _aside{i}" for i, predicate in enumerate(dataset.aside.values())]
    plain += [f"not coalesce(_aside{i}, false)" for i in range(len(dataset.aside))]
    aside += [f"{' or '.join(flags)} as _flagged"] if flags else []
    return (
        f"select {', '.join(contract.names)}, "
        f"case when {' and '.join(plain)} then false else true end as _odd from ("
        f"select *, {', '.join(casts)} from (select {', '.join([*texts, *aside])} from raw))"
    )


def _odd_positions(con, folder):
    """(the positions, from 0, of the odd rows, rows in all)."""
    values = f"read_parquet({literal(folder / 'values.parquet')}, file_row_number = true)"
    rows = con.sql(f"select count(*) from {values}").fetchall()[0][0]
    odd = con.sql(f"select file_row_number as row from {values} where _odd order by row")
    return odd.to_arrow_table()["row"].to_pylist(), rows


def _is_clean(con, dataset, folder):
    """Whether no text has blanks or a guard to lose; Refused where a column is personal."""
    values = f"read_parquet({literal(folder / 'values.parquet')})"
    columns = dataset.contract.columns
    texts = [c.name for c in columns if c.type == "VARCHAR"]
    may = _may_hold_any(con, dataset)
    numbers = [c.name for c in columns if c.type == "BIGINT" and c.name not in may]
    tests: dict[str, object] = {
        n: f"bool_or({n} between {10**15} and {10**16 - 1})" for n in numbers
    }
    holds = [con.sql(f"select {test} from {values}").fetchall()[0][0] for test in tests.values()]
    dirty = False
    for name in texts:
        used = f"select distinct {name} as v from {values} where not _odd"
        long, blanks = con.sql(
            f"with used as materialized ({used}) select "
            f"bool_or(regexp_matches(v, '{SIXTEEN}')), "
            f"bool_or(v <> strip(v) or v = '' or regexp_matches(v, {literal(GUARDED)})) from used"
        ).fetchall()[0]
        tests[name] = long and name not in may
        holds.append(tests[name])
        dirty = dirty or bool(blanks)
    for name, personal in zip(tests, holds, strict=True):
        if personal:
            raise Refused("personal_data", column=name)
    return not dirty


def _may_hold_any(con, dataset):
    """The contract columns that are made only of columns that the sidecar excuses."""
    made_by = expressions(con, dataset)[1]
    free = excused(dataset)
    return {name for name, of in made_by.items() if of and {c.lower() for c in of} <= free}


def lines_of(positions: list[int], unsplit: list[int]) -> list[int]:
    """The lines of the rows at positions: line 1 is the header; `unsplit` have no position."""
    before = np.array(unsplit, dtype=np.int64) - 2 - np.arange(len(unsplit))
    at = np.array(positions, dtype=np.int64)
    return (at + 2 + np.searchsorted(before, at, "right")).tolist()


def _fetch_lines(path, wanted):
    """({line: its bytes} of the sorted lines wanted, the number of lines of the file)."""
    found, line, rest, pending = {}, 1, b"", list(reversed(wanted))
    with path.open("rb") as file:
        while chunk := file.read(BLOCK):
            count = int(np.count_nonzero(np.frombuffer(chunk, np.uint8) == END))
            if pending and pending[-1] <= line + count:
                pieces = (rest + chunk).split(b"\n")
                while pending and pending[-1] < line + count:
                    number = pending.pop()
                    found[number] = pieces[number - line]
                rest = pieces[-1]
            else:
                rest = chunk[chunk.rfind(b"\n") + 1 :] if count else rest + chunk
            line += count
    if pending:
        found[pending.pop()] = rest
    return found, line - (not rest)


def _blank_lines(path):
    """The number of blank lines at the end of a file."""
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - CHUNK))
        end = file.read()
    return max(0, end[len(end.rstrip(b"\r\n")) :].count(b"\n") - 1)


def _head(path):
    """The first two lines as bytes, or None where the fast pass cannot read such a file."""
    with path.open("rb") as file:
        sample = file.read(CHUNK)
    if sample.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\r\r\n" in sample or b"\0" in sample:
        return None
    if sample.count(b"\r") != sample.count(b"\r\n") or sample.count(b"\n") < 2:
        return None
    head = sample.split(b"\n", 2)[:2]
    if not head[1].strip() or any(line.count(b'"') % 2 for line in head):
        return None  # a blank line, a line end in quotes
    return head


def _names(dataset, columns, head, delimiter):
    """A name a cell of the header: None for one that is dropped, "" for one that must be empty.

    None where the first row has more cells than the header, or fills one after its last name.
    """
    lines = [line.decode("utf-8-sig").rstrip("\r") for line in head]
    header, first = (next(csv.reader([line], delimiter=delimiter), []) for line in lines)
    has_content = [bool(cell.strip()) for cell in first]
    needed = max((i + 1 for i, cell in enumerate(header) if cell.strip()), default=0)
    if any(has_content[needed:]) or len(first) > len(header):
        return None
    filled = zip_longest((bool(cell.strip()) for cell in header), has_content, fillvalue=False)
    known, given = iter(columns), names_given(dataset, columns)
    return [given.get(next(known)) if any(either) else "" for either in filled]


def _renumbered(rows, lines):
    """Rows read from fetched lines, under the numbers that the lines have in their file."""
    at = rows.table.column_names.index("_line")
    rows.table = rows.table.set_column(at, "_line", pa.array(lines, pa.int64()))
    return rows
