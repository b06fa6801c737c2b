"""What files would change: the warehouse of the checked files beside the warehouse that serves.

A key is that of the contract without published_at; of several vintages the newest one counts.
Findings are those of the checks over both together that speak of a value of the file. Nothing is
written: both are attached read-only to a database in memory.
"""

from dataclasses import dataclass, field
from pathlib import Path

import duckdb

from etl import warehouse
from etl.build import CHECKED
from etl.contract import contracts, literal, macros, statement
from etl.findings import findings_of, speaking_of
from etl.load.tables import NEAR, light_marts

SHOWN = 5  # keys listed of each kind
NAMES = 2000  # columns of more different values than this hold numbers of cases, not names
OFFSET = 1 << 40  # added to the value_id of the file's values


@dataclass
class Changes:
    """What a file would change: counts of keys, and the first of them as dicts."""

    version: str
    dataset: str
    new: int = 0
    same: int = 0
    changed: int = 0
    vanished: int = 0
    changes: list = field(default_factory=list)  # {key: {column: text}, change: {column: (a, b)}}
    conflicts: tuple = (0, None)  # number, the served files that are contradicted
    older: str | None = None  # the served file with the most keys of this one, where some are gone
    gone: list = field(default_factory=list)  # {column: text} of keys in `older` and not here
    near: list = field(default_factory=list)  # (column, value never seen before, one like it)


def set_aside(checked: Path) -> list[tuple]:
    """[(file, reason, number of rows, the first [(sheet, line)])] of checked rows set aside."""
    with warehouse.connect(checked) as con:
        return con.execute(
            "select file, reason, count(*), list((sheet, line) order by row)[:?] "
            "from (select unit_id, file, reason, sheet, line, row, fate from source_rows) "
            "semi join (from units where starts_with(lake_key, ?)) using (unit_id) "
            "where fate = 'aside' group by file, reason order by min(unit_id), min(row)",
            [SHOWN, CHECKED],
        ).fetchall()


def extracts(checked: Path) -> list[tuple]:
    """[(series, agency, service, the last day on which checked requests are known, by what)]."""
    with warehouse.connect(checked) as con:
        return con.execute(
            "select series, agency, service_code, max(reaches_to), arg_max(last_event, reaches_at) "
            "from service_reach group by all order by all"
        ).fetchall()


def compare(served: Path, checked: Path) -> tuple[list[Changes], list[dict]] | None:
    """([Changes] that checked files would make, one a dataset; findings over both together).

    None where the warehouses are not alike, or nothing was read. The datasets of one contract are
    compared at once: to plan a query takes longer than to run it over many.
    """
    with _attached(served=served, checked=checked) as con:
        con.execute(
            "create temp table sets as select row_number() over (order by min(unit_id)) as _set, "
            "contract, dataset, list(unit_id) as unit_ids, flatten(list(files)) as files, "
            "max(published_at) as published_at "
            "from checked.units where starts_with(lake_key, ?) and refusal is null "
            "group by contract, dataset",
            [CHECKED],
        )
        sets = con.sql("select _set, contract, dataset from sets order by _set").fetchall()
        if not sets or not _alike(con):
            return None
        version = con.execute("select version from served.version").fetchall()[0][0]
        told = {number: Changes(version, dataset) for number, _, dataset in sets}
        _siblings(con)
        own = [contracts()[name] for name in dict.fromkeys(name for _, name, _ in sets)]
        for contract in own:
            _open(con, contract)
            _keys(con, contract, told)
            _vanished(con, contract, told)
            if not any(told[n].new for n, name, _ in sets if name == contract.name):
                continue  # no name is new
            for column in contract.columns:
                if column.type == "VARCHAR" and column.name in contract.key:
                    for number, *near in _near(con, contract, column.name):
                        told[number].near.append(tuple(near))
        return list(told.values()), _findings(con, own)


def _attached(**paths):
    con = duckdb.connect()
    con.execute(macros())
    for name, path in paths.items():
        con.execute(f"attach {literal(path)} as {name} (read_only)")
    return con


def _alike(con):
    """Whether both warehouses have the same tables with the same columns."""
    columns = (
        "select table_name, column_name, data_type from duckdb_columns() "
        "where database_name = '{}' and not internal"
    )
    one, other = (con.sql(columns.format(name)).fetchall() for name in ("served", "checked"))
    return set(one) == set(other)


def _siblings(con):
    """The temp table siblings: served units of the checked datasets; own are replaced by a file."""
    names = "list_transform({}.files, lambda f: parse_filename(f))"
    con.execute(f"""
        create temp table siblings as
        select
            s._set, u.unit_id, u.file, u.published_at,
            list_has_any({names.format("u")}, {names.format("s")}) as is_own,
            coalesce(u.published_at <= s.published_at, true) as is_older
        from served.units as u join sets as s using (dataset) where u.refusal is null
    """)


def _open(con, contract):
    """The temp table file: the values of the checked files, the newest a dataset and key."""
    key = ", ".join(contract.key)
    con.execute(f"""
        create or replace temp table file as
        select s._set, v.* from checked.{contract.name} as v
        join (select _set, unnest(unit_ids) as unit_id from sets) as s using (unit_id)
        qualify row_number() over (
            partition by _set, {key} order by published_at desc nulls last
        ) = 1
    """)


def _keys(con, contract, told):
    """Counts the keys of the files that are new, the same or changed, and keeps some changes."""
    key, values = ", ".join(contract.key), contract.values
    differs = " or ".join(f"f.{v} is distinct from o.{v}" for v in values) or "false"
    kept = ", ".join(f"[f.{v}::varchar, o.{v}::varchar]" for v in values) or "[]"
    con.execute(
        statement(
            "changes_pairs",
            table=contract.name,
            key=key,
            texts=", ".join(f"f.{k}::varchar as {k}" for k in contract.key),
            kept=kept,
            differs=differs,
        )
    )
    counts = con.sql("select _set, _kind, count(*) from pairs group by all").fetchall()
    for number, kind, count in counts:
        setattr(told[number], kind, count)
    if not any(kind == "changed" for _, kind, _ in counts):
        return
    shown = con.sql(
        f"select _set, {key}, _texts from pairs where _kind = 'changed' "
        f"qualify row_number() over (partition by _set order by _id) <= {SHOWN} order by _id"
    ).fetchall()
    named = _key(con, contract)
    for number, *texts, both in shown:
        change = {v: (old, new) for v, (new, old) in zip(values, both, strict=True) if old != new}
        told[number].changes.append({"key": named(number, texts), "change": change})
    conflicts = con.sql("""
        select p._set, count(*), string_agg(distinct u.file, ', ')
        from pairs as p join served.units as u on u.unit_id = p._old_unit
        where p._kind = 'changed' and p._same_day
            and (p._set, p._old_unit) not in (select (_set, unit_id) from siblings where is_own)
        group by p._set
    """).fetchall()
    for number, *found in conflicts:
        told[number].conflicts = tuple(found)


def _vanished(con, contract, told):
    """The keys of the older file with the most keys of a file that this one no longer has."""
    key = ", ".join(contract.key)
    gone = con.sql(
        statement(
            "changes_gone",
            table=contract.name,
            key=key,
            texts=", ".join(f"{k}::varchar" for k in contract.key),
            most=SHOWN,
        )
    ).fetchall()
    if not gone:
        return
    named = _key(con, contract)
    for number, file, count, *texts in gone:
        told[number].older, told[number].vanished = file, count
        told[number].gone.append(named(number, texts))


def _key(con, contract):
    """A function of a dataset's number and the texts of a key: {column: text}.

    Without the columns in which the keys of the dataset's files do not differ.
    """
    counts = ", ".join(f"count(distinct {k})" for k in contract.key)
    rows = con.sql(f"select _set, {counts} from file group by _set").fetchall()
    distinct = {number: counted for number, *counted in rows}

    def named(number, texts):
        told = zip(contract.key, texts, distinct[number], strict=True)
        found = {column: text for column, text, count in told if count > 1}
        return found or dict(zip(contract.key[:1], texts[:1], strict=True))

    return named


def _near(con, contract, column):
    """(set, column, value, known) of names that no served value has, but one much like it.

    The name that may be meant stands in the same series: another publisher's names are its own.
    """
    series = ", series" if "series" in contract.names and column != "series" else ""
    same = "and old.series = new.series" if series else ""
    alike = "jaro_winkler_similarity(lower(old.name), lower(new.name))"
    return con.sql(
        statement(
            "changes_near",
            column=column,
            series=series,
            table=contract.name,
            most=NAMES,
            alike=alike,
            near=NEAR,
            same=same,
        )
    ).fetchall()


def _findings(con, checked):
    """Findings over the served values (without those that the files replace) and the files'.

    checked: the contracts that the files load.
    """
    tables = con.sql(
        "select table_name from duckdb_tables() where database_name = 'served' and not internal"
    ).fetchall()
    for (name,) in tables:
        con.execute(f"create view {name} as from served.{name}")
    for contract in checked:
        con.execute(f"""
            create or replace view {contract.name} as
            from served.{contract.name}
            where unit_id not in (select unit_id from siblings where is_own)
            union all by name
            select * replace (value_id + {OFFSET} as value_id, -1 as unit_id)
            from checked.{contract.name}
            where unit_id in (
                select unit_id from checked.units where starts_with(lake_key, '{CHECKED}')
            )
        """)
    con.execute("create or replace view findings as from served.findings limit 0")
    light_marts(con)  # tables stay as they are served: no check reads them
    told = findings_of(con, speaking_of([c.name for c in checked]))
    own = f'select "check", severity, params from ({told}) where list_max(value_ids) >= {OFFSET}'
    names = ("check", "severity", "params")
    return [dict(zip(names, row, strict=True)) for row in con.execute(own).fetchall()]
