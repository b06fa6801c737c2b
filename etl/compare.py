"""What files would change: the warehouse of the checked files beside the warehouse that serves.

A key is that of the contract without published_at; of several vintages the newest one counts.
Findings are those of the checks over both together that speak of a value of the file. Nothing is
written: both are attached read-only to a database in memory.
"""

from dataclasses import dataclass, field

import duckdb

from etl import warehouse
from etl.build import CHECKED
from etl.contract import contracts, literal, macros
from etl.findings import queries
from etl.tables import NEAR, light_marts

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
    conflicts: list = field(
        default_factory=list
    )  # [number, the served files that are contradicted]
    older: str | None = None  # the served file of the dataset with the most keys of this one
    gone: list = field(default_factory=list)  # {column: text} of keys in `older` and not here
    near: list = field(default_factory=list)  # (column, value never seen before, one like it)


def set_aside(checked):
    """[(file, reason, number of rows, the first [(sheet, line)])] of checked rows set aside."""
    with warehouse.connect(checked) as con:
        return con.execute(
            "select file, reason, count(*), list((sheet, line) order by row)[:?] "
            "from (select unit_id, file, reason, sheet, line, row, fate from source_rows) "
            "semi join (from units where starts_with(lake_key, ?)) using (unit_id) "
            "where fate = 'aside' group by file, reason order by min(unit_id), min(row)",
            [SHOWN, CHECKED],
        ).fetchall()


def extracts(checked):
    """[(series, agency, service, the last day on which checked requests are known, by what)]."""
    with warehouse.connect(checked) as con:
        return con.execute(
            "select series, agency, service_code, max(reaches_to), arg_max(last_event, reaches_at) "
            "from service_reach group by all order by all"
        ).fetchall()


def compare(served, checked):
    """([Changes] that checked files would make, one a dataset; findings over both together).

    None where the warehouses are not alike, or nothing was read.
    """
    with _attached(served=served, checked=checked) as con:
        found = con.execute(
            "select contract, dataset, list(unit_id), flatten(list(files)), max(published_at) "
            "from checked.units where starts_with(lake_key, ?) and refusal is null "
            "group by contract, dataset order by min(unit_id)",
            [CHECKED],
        ).fetchall()
        if not found or not _alike(con):
            return None
        version = con.execute("select version from served.version").fetchall()[0][0]
        con.execute("create temp table replaced (unit_id integer)")
        told = []
        for name, dataset, *unit in found:
            contract = contracts()[name]
            changes = Changes(version, dataset)
            _open(con, contract, dataset, *unit)
            _keys(con, contract, changes)
            _vanished(con, contract, changes)
            for column in contract.columns if changes.new else ():  # else no name is new
                if column.type == "VARCHAR" and column.name in contract.key:
                    changes.near += _near(con, contract, column.name)
            told.append(changes)
        names = dict.fromkeys(name for name, *_ in found)
        return told, _findings(con, [contracts()[name] for name in names])


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


def _open(con, contract, dataset, unit_ids, files, published_at):
    """The temp table file (the newest value a key); served units: own (replaced), sibling."""
    key = ", ".join(contract.key)
    con.execute(f"""
        create or replace temp table file as
        select * from checked.{contract.name} where unit_id in {tuple(unit_ids)}
        qualify row_number() over (partition by {key} order by published_at desc nulls last) = 1
    """)
    names = "list_transform({}, lambda f: parse_filename(f))"
    is_own = f"list_has_any({names.format('files')}, {names.format('?::varchar[]')})"
    con.execute(
        f"create or replace temp table siblings as select unit_id, file, published_at, {is_own} "
        "as is_own, "
        "coalesce(published_at <= ?::date, true) as is_older "
        "from served.units where dataset = ? and refusal is null",
        [files, published_at, dataset],
    )
    con.execute("insert into replaced select unit_id from siblings where is_own")


def _keys(con, contract, changes):
    """Counts the keys of the file that are new, the same or changed, and keeps some changes."""
    key, values = ", ".join(contract.key), contract.values
    differs = " or ".join(f"f.{v} is distinct from o.{v}" for v in values) or "false"
    kept = ", ".join(f"[f.{v}::varchar, o.{v}::varchar]" for v in values) or "[]"
    con.execute(f"""
        create or replace temp table pairs as
        with old as (
            select * from served.{contract.name} semi join file using ({key})
            qualify row_number() over (
                partition by {key}
                order by published_at desc nulls last, received_at desc nulls last, value_id desc
            ) = 1
        )
        select
            {", ".join(f"f.{k}::varchar as {k}" for k in contract.key)},
            [{kept}] as _texts,
            case
                when o.value_id is null then 'new' when {differs} then 'changed' else 'same'
            end as _kind,
            f.published_at is not distinct from o.published_at as _same_day,
            o.unit_id as _old_unit,
            f.value_id as _id
        from file as f left join old as o using ({key})
    """)
    counts = con.sql("select _kind, count(*) from pairs group by _kind").fetchall()
    for kind, number in counts:
        setattr(changes, kind, number)
    shown = con.sql(
        f"select {key}, _texts from pairs where _kind = 'changed' order by _id limit {SHOWN}"
    ).fetchall()
    for *texts, both in shown:
        change = {v: (old, new) for v, (new, old) in zip(values, both, strict=True) if old != new}
        changes.changes.append({"key": _key(con, contract, texts), "change": change})
    changes.conflicts = list(
        con.sql("""
            select count(*), string_agg(distinct u.file, ', ')
            from pairs as p join served.units as u on u.unit_id = p._old_unit
            where p._kind = 'changed' and p._same_day
                and p._old_unit not in (select unit_id from siblings where is_own)
        """).fetchall()[0]
    )


def _vanished(con, contract, changes):
    """The keys of the older file with the most keys of this one that this one no longer has."""
    key = ", ".join(contract.key)
    found = con.sql(f"""
        select s.unit_id, s.file from served.{contract.name} as o join siblings as s using (unit_id)
        semi join file using ({key}) where s.is_older
        group by all
        order by count(*) desc, max(s.published_at) desc nulls last, s.unit_id desc limit 1
    """).fetchall()
    if not found:
        return
    older, changes.older = found[0]
    gone = f"from served.{contract.name} anti join file using ({key}) where unit_id = {older}"
    changes.vanished = con.sql(f"select count(distinct ({key})) {gone}").fetchall()[0][0]
    texts = ", ".join(f"{k}::varchar" for k in contract.key)
    shown = con.sql(f"select distinct on ({key}) {texts} {gone} order by {key} limit {SHOWN}")
    changes.gone = [_key(con, contract, row) for row in shown.fetchall()]


def _key(con, contract, texts):
    """{column: text} of a key, without the columns in which the file's keys do not differ."""
    counts = ", ".join(f"count(distinct {k})" for k in contract.key)
    distinct = con.sql(f"select {counts} from file").fetchall()[0]
    told = zip(contract.key, texts, distinct, strict=True)
    found = {column: text for column, text, number in told if number > 1}
    return found or dict(zip(contract.key[:1], texts[:1], strict=True))


def _near(con, contract, column):
    """(column, value, known) of names that the warehouse does not have, but one much like it.

    The name that may be meant stands in the same series: another publisher's names are its own.
    """
    series = ", series" if "series" in contract.names and column != "series" else ""
    same = "and old.series = new.series" if series else ""
    alike = "jaro_winkler_similarity(lower(old.name), lower(new.name))"
    return con.sql(f"""
        with old as (select distinct {column} as name{series} from served.{contract.name}),
        new as (select distinct {column} as name{series} from file anti join old on name = {column})
        select '{column}', new.name, arg_max(old.name, {alike})
        from new join old on {alike} >= {NEAR} {same}
            and regexp_matches(new.name, '[A-Za-z]{{3}}')
            -- Hotel 1 and Hotel 2 are two names
            and regexp_replace(new.name, '\\D', '', 'g') = regexp_replace(old.name, '\\D', '', 'g')
        where (select count(distinct name) from old) <= {NAMES}
            and (select count(distinct name) from new) <= {NAMES}
        group by new.name order by new.name
    """).fetchall()


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
            from served.{contract.name} where unit_id not in (from replaced)
            union all by name
            select * replace (value_id + {OFFSET} as value_id, -1 as unit_id)
            from checked.{contract.name}
            where unit_id in (
                select unit_id from checked.units where starts_with(lake_key, '{CHECKED}')
            )
        """)
    con.execute("create or replace view findings as from served.findings limit 0")
    light_marts(con)  # tables stay as they are served: no check reads them
    found = []
    for relation, parameters in queries(con):
        rows = con.execute(
            f"select params from ({relation}) where list_max(value_ids) >= {OFFSET}", parameters
        ).fetchall()
        said = {name: parameters[name] for name in ("check", "severity")}
        found += [{**said, "params": params} for (params,) in rows]
    return found
