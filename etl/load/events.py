"""Events: rows that stay in the lake (kind = "event"), known to the warehouse by their marts.

A mart in etl/marts/heavy/ is a GROUP BY in SQL that DuckDB and Spark run unchanged. Over events it
is made once a lake folder of many rows (mart_<name>.parquet) and added up at every build: one
more day's file costs one day. References and keys are judged at the build, on distinct values and
on ranges; rows that do not hold there are subtracted again. An event has no vintages: of one key in
two files the one that was published last counts.
"""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import duckdb

from etl.contract import HERE, Contract, header, literal, statement
from etl.load.ledger import parquet
from etl.load.tables import match_reference
from etl.load.unit import Yield

BY_ITSELF = 10_000  # rows from which a lake folder has marts of its own
DENSE = 64  # a bit a number is cheaper than a hash up to this many bits a row


@dataclass(frozen=True)
class Mart:
    """A GROUP BY over one contract: `sums` are the columns that add up, the others its grain."""

    name: str
    contract: str
    sums: tuple
    sql: str
    vintages: bool = False  # reads <contract>_changes instead of the newest vintages


@cache
def heavy_marts(contract: str | None = None) -> list[Mart]:
    """The marts of etl/marts/heavy/, or those over one contract."""
    found = []
    for path in sorted((HERE / "marts" / "heavy").glob("*.sql")):
        sql = path.read_text(encoding="utf-8")
        meta = header(sql)
        vintages = meta.get("vintages", False)
        found.append(Mart(path.stem, meta["contract"], tuple(meta["sums"]), sql, vintages))
    return [mart for mart in found if contract in (None, mart.contract)]


def fact_marts(con: duckdb.DuckDBPyConnection, contract: Contract) -> None:
    """The tables of the heavy marts over a contract's table, and the view <contract>_changes.

    A mart reads the newest vintage of every key or, with `vintages`, the changes: every vintage
    enters on the day known_on that it was published (change = 1) and leaves again when the next one
    comes (change = -1), so that sums of change up to a day are what was known on it.
    """
    key = ", ".join(contract.key)
    con.execute(statement("vintage_changes", table=contract.name, key=key))
    for mart in heavy_marts(contract.name):
        newest = f"""
            select * from main.{contract.name}
            qualify is_newest(({key}), published_at, received_at, value_id)
        """
        seen = f"from main.{contract.name}_changes" if mart.vintages else newest
        con.execute(f"""
            create schema seen;
            create view seen.{contract.name} as {seen};
            use seen;
            create table main.{mart.name} as {mart.sql};
            use main;
            drop schema seen cascade
        """)


def note_events(
    con: duckdb.DuckDBPyConnection, contract: Contract, folder: Path, is_streamed: bool
) -> dict[str, list[tuple]]:
    """Writes the marts of a lake folder; {"keys": (lowest, highest, whether each stands once)}."""
    con.execute(
        f"create or replace temp view {contract.name} as {_rows_of(contract, folder, is_streamed)}"
    )
    for mart in heavy_marts(contract.name):
        path = literal(folder / f"mart_{mart.name}.parquet")
        con.execute(f"copy ({mart.sql}) to {path} (format parquet)")
    keys = _keys_of(con, contract)
    con.execute(f"drop view {contract.name}")
    return {"keys": keys}


def _keys_of(con, contract):
    """[(series, lowest number, highest number, whether each stands once)] of the rows of a view."""
    number, series = contract.key
    found = con.sql(
        f"select {series}, min({number}), max({number}), count(*) from {contract.name} "
        "group by all order by all"
    ).fetchall()
    if not found:
        return []
    _, lows, highs, counts = zip(*found, strict=True)
    low, high = min(lows), max(highs)
    is_dense = len(found) * (high - low) < DENSE * sum(counts)
    distinct = (
        f"bit_count(bitstring_agg({number}, {low}, {high}))"
        if is_dense
        else f"count(distinct {number})"
    )
    by_series = f"group by {series} order by {series}" if len(found) > 1 else ""
    distinct = con.sql(f"select {distinct} from {contract.name} {by_series}").fetchall()
    return [
        (name, low, high, count == numbers)
        for (name, low, high, count), (numbers,) in zip(found, distinct, strict=True)
    ]


def _rows_of(contract, folder, is_streamed):
    """SQL of the good rows of a lake folder: contract columns, _position (fast rows) or _rows."""
    columns = ", ".join(contract.names)

    def part(name, position, rows, where=""):
        path = literal(folder / f"{name}.parquet")
        return (
            f"select {columns}, {position} as _position, {rows} as _rows "
            f"from read_parquet({path}, file_row_number = true) {where}"
        )

    usual = part("odd" if is_streamed else "values", "null::bigint", "_rows")
    if not is_streamed:
        return usual
    fast = part("values", "file_row_number", "null::bigint[]", "where not _odd")
    return f"{fast} union all {usual}"


def event_marts(
    con: duckdb.DuckDBPyConnection, contract: Contract, units: list[tuple[int, Yield]]
) -> None:
    """The tables of the heavy marts of events; rows that do not hold go to the ledger.

    units: [(unit_id, Yield)].
    """
    _see_rows(con, contract, units)
    con.execute(
        "create or replace temp table removed as select *, null::varchar as _end, "
        "null::varchar as _column, null::varchar as _rule, null::varchar as _text, "
        "null::varchar as _params from event_rows limit 0"
    )
    for reference in contract.references:
        _unlisted(con, reference)
    shared = _shared_ranges(con, contract, units)
    if shared:
        _repeated(con, contract, shared)
    _note_removed(con, contract, units)
    for mart in heavy_marts(contract.name):
        _add_up(con, contract, mart, units)
    _note_days(con, contract, units)


def _see_rows(con, contract, units):
    """The views small_rows and event_rows: good rows of the small, and of all lake folders."""
    columns = ", ".join(contract.names)
    none = ", ".join(f"null::{c.type} as {c.name}" for c in contract.columns)
    parts = [
        f"select null::integer as unit_id, {none}, null::bigint as _position, "
        "null::bigint[] as _rows limit 0"
    ]
    small = dict.fromkeys(got.folder for _, got in units if got.keys is None)
    if small:
        parts.append(
            f"select unit_id, {columns}, null, _rows from {parquet(small, 'values')} "
            "join units using (lake_key)"
        )
    con.execute(f"create or replace temp view small_rows as {_union(parts)}")
    large = [
        f"select {unit_id} as unit_id, * from ({_rows_of(contract, got.folder, got.streamed)})"
        for unit_id, got in units
        if got.keys is not None
    ]
    con.execute(f"create or replace temp view event_rows as {_union(['from small_rows', *large])}")


def _union(parts):
    """SQL of all rows of several queries in parentheses."""
    return " union all ".join(f"({part})" for part in parts)


def _unlisted(con, reference):
    """Removes rows whose reference is not listed; matched_<column> has the identifiers."""
    column, table = reference.column, reference.table
    listed = con.sql(f"select count(*) from {table}").fetchall()[0][0]
    match_reference(con, reference, "event_rows" if listed else "event_rows limit 0")
    con.execute(f"create or replace temp table matched_{column} as from matched")
    if con.sql("select count(*) from matched where coalesce(ids, 0) <> 1").fetchall()[0][0]:
        con.execute(f"""
            insert into removed
            select
                e.*, 'rejected', '{column}',
                if(m.ids is null, 'unknown_reference', 'ambiguous_reference'), e.{column},
                to_json({{reference: '{table}', near: if(m.ids is null, m.near, null)}})::varchar
            from event_rows as e join matched as m on m.value = e.{column}
            where coalesce(m.ids, 0) <> 1
        """)


def _shared_ranges(con, contract, units):
    """[(series, lowest, highest)] numbers between which one may stand twice, none overlapping."""
    number, series = contract.key
    ranges = con.sql(
        f"select {series}, min({number}), max({number}), count(*) = count(distinct {number}) "
        "from small_rows group by all"
    ).fetchall()
    ranges += [tuple(span) for _, got in units for span in got.keys or ()]
    shared: list[tuple] = []
    before: dict[str, int] = {}  # series: the highest number so far
    for name, low, high, once in sorted(ranges):
        highest = before.get(name)
        both = [] if once else [(low, high)]
        if highest is not None and low <= highest:
            both.append((low, min(high, highest)))
        for begin, end in both:
            if shared and shared[-1][0] == name and begin <= shared[-1][2]:
                begin, end = min(begin, shared[-1][1]), max(end, shared[-1][2])
                shared.pop()
            shared.append((name, begin, end))
        before[name] = high if highest is None else max(high, highest)
    return shared


def _repeated(con, contract, shared):
    """Removes rows whose number stands twice in a series: of two publications the later one counts.

    Within one, rows that are equal are the same again, and rows that differ are all rejected.
    """
    number, series = contract.key
    key = f"{number}, {series}"
    differs = {c: f"count(distinct coalesce({c}::varchar, '')) > 1" for c in contract.values}
    columns = ", ".join(f"if({test}, '{column}', null)" for column, test in differs.items())
    text = ", ".join(
        f"if(list_contains(columns, '{c}'), coalesce(r.{c}::varchar, '-'), null)" for c in differs
    )
    named = [reference.column for reference in contract.references]
    resolved = ", ".join(f"coalesce({c}_known.id, e.{c}) as {c}" for c in named)
    resolved = f" replace ({resolved})" if resolved else ""
    matched = " ".join(
        f"left join matched_{c} as {c}_known on {c}_known.value = e.{c}" for c in named
    )
    within = " or ".join([f"{series} = ? and {number} between ? and ?"] * len(shared))
    con.execute(
        statement(
            "numbers_twice",
            key=key,
            within=within,
            resolved=resolved,
            matched=matched,
            number=number,
        ),
        [bound for span in shared for bound in span],
    )
    con.execute(
        statement(
            "numbers_removed",
            key=key,
            columns=columns,
            texts=text or "null",
            number=number,
            series=series,
        )
    )


def _note_removed(con, contract, units):
    """Notes the removed rows in the ledger; fetched_rows has those that no lake file tells of."""
    con.execute("create or replace temp table unsplit (unit_id integer, before bigint)")
    for unit_id, got in units:
        con.execute(
            "insert into unsplit select ?, line - 1 - row_number() over (order by line) "
            "from (select unnest(?::bigint[]) as line)",
            [unit_id, list(got.unsplit)],
        )
    con.execute("""
        update removed set _rows = [_position + 1 + (
            select count(*) from unsplit as u
            where u.unit_id = removed.unit_id and u.before <= removed._position
        )] where _position is not null;
        insert into build_rejects
        select unit_id, _rows, _column, _column, _text, _rule, _params
        from removed where _end = 'rejected' order by unit_id, _rows;
        insert into same_again
        select unit_id, _rows from removed where _end = 'again' order by unit_id, _rows;
    """)
    for unit_id, got in ((n, y) for n, y in units if y.streamed):  # the file's columns, no others
        cells = ", ".join(f"{c}::varchar" for c in contract.names if c in got.made_by)
        con.execute(f"""
            insert into fetched_rows
            select distinct unit_id, _rows[1], [{cells}] from removed
            where _end = 'rejected' and _position is not null and unit_id = {unit_id}
        """)


def _add_up(con, contract, mart, units):
    """The table of a mart: of large folders, plus that of small rows, less that of removed rows."""
    files = ", ".join(
        literal(got.folder / f"mart_{mart.name}.parquet")
        for _, got in units
        if got.keys is not None
    )
    parts = [f"select * from read_parquet([{files}])"] if files else []
    for source, sign in (("small_rows", 1), ("removed", -1)):
        con.execute(f"create or replace temp view {contract.name} as select * from {source}")
        sums = ", ".join(f"{sign} * {name} as {name}" for name in mart.sums)
        con.execute(
            f"create or replace temp table part_{source} as "
            f"select * replace ({sums}) from ({mart.sql})"
        )
        parts.append(f"from part_{source}")
    con.execute(f"drop view {contract.name}")
    columns = [row[0] for row in con.sql("describe part_small_rows").fetchall()]
    grain = [c for c in columns if c not in mart.sums]
    known = {r.column for r in contract.references} & set(grain)
    shown = ", ".join(
        f"coalesce({c}_known.id, p.{c}) as {c}" if c in known else f"p.{c}" for c in grain
    )
    joins = " ".join(
        f"left join matched_{c} as {c}_known on {c}_known.value = p.{c}" for c in known
    )
    sums = ", ".join(f"cast(sum(p.{name}) as bigint) as {name}" for name in mart.sums)
    con.execute(
        f"create table {mart.name} as select {shown}, {sums} from ({_union(parts)}) as p {joins} "
        f"group by all having {' or '.join(f'sum(p.{name}) <> 0' for name in mart.sums)} "
        "order by all"
    )


def _note_days(con, contract, units):
    """The sites and days that each unit tells of, for the delivery calendar.

    An event is at the place of its first reference, on the day of its first moment; the first mart
    over it has both, as site and day.
    """
    site = contract.references[0].column
    moment = next(c.name for c in contract.columns if c.type in ("TIMESTAMP", "DATE"))
    mart = heavy_marts(contract.name)[0]
    parts = [f"select unit_id, {site} as site, {moment}::date as day from small_rows"]
    for unit_id, got in units:
        if got.keys is not None:
            path = literal(got.folder / f"mart_{mart.name}.parquet")
            parts.append(f"select {unit_id}, site, day from read_parquet({path})")
    con.execute(f"""
        insert into event_days
        select distinct '{contract.name}', unit_id, coalesce(m.id, p.site), day
        from ({_union(parts)}) as p left join matched_{site} as m on m.value = p.site
        where m.value is null or m.ids = 1  -- a site that is not listed has reported nothing
    """)
