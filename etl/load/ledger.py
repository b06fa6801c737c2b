"""The ledger: datasets, units (a file, or all files of a dataset), rejects and every row's fate.

Every source row has one fate (aside, rejected, accepted) and every value one end (loaded, rejected,
same again); `assert_accounts` stops a build in which either does not add up.
"""

import json
import re
from collections.abc import Iterable
from pathlib import Path

import duckdb

from etl import warehouse
from etl.contract import HERE, contracts, literal, statement
from etl.load.unit import Unit
from etl.problem import Refused, spelled

DATES = ("published_at", "published_at_basis", "received_at")
COUNTS = (
    "rows_read", "rows_aside", "headings", "values_made", "unread_columns", "fast_rows",
    "values_good",
)  # fmt: skip


def open_ledger(
    con: duckdb.DuckDBPyConnection, units: list[Unit], refused: dict[str, Refused], folder: Path
) -> None:
    """The empty tables of the ledger, and datasets, which is filled at once."""
    con.execute((HERE / "load" / "ledger.sql").read_text(encoding="utf-8"))
    keys = ("title", "producer", "address", "licence", "status", "accessed")
    seen = {u.dataset.name: u.dataset for u in units}
    rows = [
        (name, d.loads, *(_text(d.source.get(k)) for k in keys), _excused(d), None, None)
        for name, d in seen.items()
    ]
    rows += [
        (name, None, *[None] * len(keys), None, r.code, json.dumps(r.params))
        for name, r in refused.items()
    ]
    if rows:
        con.executemany(f"insert into datasets values ({', '.join('?' * 11)})", rows)


def _excused(dataset):
    return [f"{column}: {reason}" for column, reason in dataset.personal.items()]


def _text(value):
    return None if value is None else str(value)


def note_unit(con: duckdb.DuckDBPyConnection, number: int, unit: Unit) -> None:
    """The row of a unit in the ledger, with what came of it or why it was refused."""
    got = unit.outcome
    files = [spelled(_below(p, unit.dataset.folder)) for p in unit.paths]
    row: dict[str, object] = {
        "unit_id": number, "lake_key": unit.key, "dataset": unit.dataset.name,
        "contract": unit.dataset.loads, "file": ", ".join(files), "files": files,
    }  # fmt: skip
    row |= dict(zip(DATES, unit.dates, strict=True))
    if isinstance(got, Refused):
        row |= {"refusal": got.code, "params": json.dumps(got.params)}
    else:
        row |= {name: getattr(got, name) for name in COUNTS}
    con.execute(
        f"insert into units ({', '.join(row)}) values ({', '.join('?' * len(row))})",
        list(row.values()),
    )


def _below(path, folder):
    return path.relative_to(folder).as_posix() if path.is_relative_to(folder) else path.name


def parquet(folders: Iterable[Path], name: str) -> str:
    """SQL that reads one kind of lake file of many folders, with lake_key."""
    files = ", ".join(
        literal(re.sub(r"([*?[])", r"[\1]", str(f / f"{name}.parquet")))  # no pattern, but a name
        for f in dict.fromkeys(folders)
    )
    return (
        f"(select *, parse_path(filename)[-2] as lake_key "
        f"from read_parquet([{files}], union_by_name = true, filename = true))"
    )


def account(con: duckdb.DuckDBPyConnection, folders: list[Path]) -> None:
    """The tables rejects and source_rows, and the counts of every unit."""
    _fates(con, folders)
    _counts(con)
    con.execute("""
        drop table build_rejects; drop table fetched_rows;
        alter table units drop fast_rows; alter table units drop values_good;
    """)


def _fates(con, folders):
    """The tables rejects and source_rows: what became of every row that a lake file tells of."""
    rejected = f"""
        select
            u.unit_id, r._rows as source_rows, r.source_column, r.contract_column, r.text, r.rule,
            r.params
        from {parquet(folders, "rejects")} as r join units as u using (lake_key)
    """ if folders else "(select * from build_rejects limit 0)"  # fmt: skip
    read = f"""
        select
            u.unit_id, r._row, u.files[r._part + 1] as _file, r._sheet, r._line, r._aside, r.cells
        from {parquet(folders, "rows")} as r join units as u using (lake_key)
    """ if folders else (
        "select null::integer as unit_id, 0::bigint as _row, '' as _file, '' as _sheet, "
        "0::bigint as _line, '' as _aside, ['']::varchar[] as cells limit 0"
    )  # fmt: skip
    con.execute(statement("row_fates", rejected=rejected, read=read))


def _counts(con):
    """The counts of every unit: rows by their fate, values by their end."""
    con.execute(statement("unit_counts"))
    kept = [name for name, contract in contracts().items() if contract.kind != "event"]
    tables = " union all ".join(f"select unit_id from {name}" for name in kept)
    con.execute(f"""
        update units set values_loaded = if(
            contract in ({", ".join(map(literal, kept))}),
            (select count(*) from ({tables}) as v where v.unit_id = units.unit_id),
            values_good - values_same_again
                - (select count(*) from build_rejects as r where r.unit_id = units.unit_id)
        ) where refusal is null
    """)


def assert_accounts(con: duckdb.DuckDBPyConnection) -> None:
    """Every source row has one fate and every value one end, or there is no warehouse."""
    wrong = con.sql("""
        select file, rows_read, rows_aside, rows_rejected, rows_accepted,
            values_made, values_loaded, values_rejected, values_same_again
        from units
        where refusal is null and (
            rows_read <> rows_aside + rows_rejected + rows_accepted
            or values_made <> values_loaded + values_rejected + values_same_again
        )
    """).fetchall()
    if wrong:
        raise Refused("account_does_not_add_up", account=str(wrong))


def _records(relation):
    return [dict(zip(relation.columns, row, strict=True)) for row in relation.fetchall()]


def report(path: Path) -> dict[str, list[dict]]:
    """What a warehouse says of its making: version, units, datasets refused, rejects, findings."""
    con = warehouse.connect(path)
    try:
        read = {
            "version": "from version",
            "units": "from units order by dataset, file",
            "refused": "from datasets where refusal is not null",
            "rejects": """
                select
                    r.*, coalesce(s.file, u.file) as file, s.sheet, s.line, u.dataset, u.lake_key
                from rejects as r join units as u using (unit_id)
                left join source_rows as s
                    on s.unit_id = r.unit_id and s.row = r.source_rows[1]
                order by u.dataset, s.file, s.line, r.reject_id
            """,
            "findings": "from findings",
        }
        return {name: _records(con.sql(query)) for name, query in read.items()}
    finally:
        con.close()
