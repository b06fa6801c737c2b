"""The contract tables: values of the lake whose references hold and whose key is theirs alone."""

import re
from functools import cache
from graphlib import TopologicalSorter

import duckdb

from etl.contract import HERE, Contract, Reference, statement
from etl.load.ledger import parquet
from etl.load.unit import Yield

NEAR = 0.85  # Jaro-Winkler similarity from which a known name is suggested for an unknown one


def contract_table(con: duckdb.DuckDBPyConnection, contract: Contract, yields: list[Yield]) -> None:
    """The table of a contract, made of Yields; what does not fit goes to build_rejects."""
    columns = ", ".join(f"v.{c.name}" for c in contract.columns if c.name != "published_at")
    if not yields:
        typed = ", ".join(
            f"null::{c.type} as {c.name}" for c in contract.columns if c.name != "published_at"
        )
        con.execute(
            f"create table {contract.name} as select null::bigint as value_id, {typed}, "
            "null::date as published_at, null::varchar as published_at_basis, "
            "null::date as received_at, null::integer as unit_id, "
            "null::bigint[] as source_rows, null::varchar as source_column limit 0"
        )
        return
    key = ", ".join(f"v.{name}" for name in contract.key)
    con.execute(
        statement(
            "staged_values",
            key=key,
            columns=columns,
            made=parquet([y.folder for y in yields], "values"),
        )
    )
    for reference in contract.references:
        if con.sql(f"select count(*) from {reference.table}").fetchall()[0][0]:
            _resolve(con, reference)
    _keys(con, contract)
    _finish(con, contract, yields)


def match_reference(con: duckdb.DuckDBPyConnection, reference: Reference, relation: str) -> None:
    """The temp table matched: every value used in a relation, with what is listed of it.

    id: its identifier; ids: how many places it may name, null for none; near: a listed name that is
    written almost alike, or null.
    """
    column, table, identifier = reference.column, reference.table, reference.match[0]
    texts = " union all ".join(
        f"select {identifier}::varchar as id, {m}::varchar as text from {table}"
        for m in reference.match
    )
    con.execute(
        statement("matched_reference", texts=texts, near=NEAR, column=column, relation=relation)
    )


def _resolve(con, reference):
    """Rejects staged values that the reference does not list; the others get its identifier."""
    column, table, identifier = reference.column, reference.table, reference.match[0]
    match_reference(con, reference, f"staged where {reference.when}")
    con.execute(f"""
        update staged set
            _column = '{column}',
            _rule = if(m.ids is null, 'unknown_reference', 'ambiguous_reference'),
            _text = {column},
            _params = to_json({{
                reference: '{table}', near: if(m.ids is null, m.near, null)
            }})::varchar
        from matched as m
        where m.value = {column} and {reference.when}
            and _rule is null and coalesce(m.ids, 0) <> 1
    """)
    if reference.name:
        con.execute(f"""
            update staged set
                _column = '{reference.name}', _rule = 'name_differs', _text = {reference.name},
                _params = to_json({{listed: {column}, expected: r.name}})::varchar
            from matched as m join {table} as r on r.{identifier} = m.id
            where m.value = {column} and {reference.when} and _rule is null
                and comparable({reference.name}) <> comparable(r.name)
        """)
    con.execute(f"""
        update staged set {column} = m.id from matched as m
        where m.value = {column} and {reference.when} and m.ids = 1 and _rule is null
    """)


def _keys(con, contract):
    """Same key twice on one day of publication: equal = the same again, different = a conflict."""
    key = ", ".join((*contract.key, "published_at"))
    differs = {c: f"count(distinct coalesce(s.{c}::varchar, '')) > 1" for c in contract.values}
    columns = ", ".join(f"if({test}, '{column}', null)" for column, test in differs.items())
    same = " and ".join(
        f"k.{c} is not distinct from s.{c}" for c in (*contract.key, "published_at")
    )
    text = ", ".join(
        f"if(list_contains(k.columns, '{c}'), coalesce(s.{c}::varchar, '-'), null)" for c in differs
    )
    key_of_s = ", ".join(f"s.{c}" for c in (*contract.key, "published_at"))
    shown = ", ".join(f"{name}: s.{name}::varchar" for name in contract.key)
    con.execute("create or replace temp table again (value_id bigint)")
    twice = con.execute(f"""
        create or replace temp table twice as
        select {key} from staged where _rule is null group by all having count(*) > 1
    """)
    if twice.fetchall() == [(0,)]:  # how many: mostly none, and what follows takes its time to plan
        return
    con.execute(
        statement(
            "keys_twice",
            key_of_s=key_of_s,
            columns=columns,
            same=same,
            texts=text or "null",
            shown=shown,
        )
    )


def _finish(con, contract, yields):
    """The contract's table; what did not get into it goes to the ledger."""
    made_by = {(y.key, column): sources for y in yields for column, sources in y.made_by.items()}
    con.execute("create or replace temp table made_by (lake_key text, made text, sources text)")
    if made_by:
        rows = [(*made, sources) for made, sources in made_by.items()]
        con.executemany("insert into made_by values (?, ?, ?)", rows)
    con.execute(statement("contract_table", table=contract.name))


def light_marts(con: duckdb.DuckDBPyConnection) -> None:
    """Makes the marts of etl/marts that are not there yet, each after those that it reads."""
    query = (
        "select table_name from information_schema.tables where table_catalog = current_catalog()"
    )
    there = {name for (name,) in con.sql(query).fetchall()}
    for name, sql in ordered_marts().items():
        if name not in there:
            con.execute(sql)


@cache
def ordered_marts() -> dict[str, str]:
    """{mart: its SQL} of etl/marts, each after those that it reads."""
    texts = {p.stem: p.read_text(encoding="utf-8") for p in sorted((HERE / "marts").glob("*.sql"))}
    words = {name: re.findall(r"\w+", re.sub("--.*", "", sql)) for name, sql in texts.items()}
    reads = {name: texts.keys() & {*found} - {name} for name, found in words.items()}
    return {name: texts[name] for name in TopologicalSorter(reads).static_order()}
