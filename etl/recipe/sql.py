"""The SQL of recipes: how a text is cast, and what an expression of a sidecar reads."""

import json
from collections.abc import Iterator

import duckdb

from etl.contract import literal
from etl.problem import Refused
from etl.recipe.dataset import Dataset

DAY = r"(1[89]|2[01])\d{2}-\d{2}-\d{2}"  # 0019 is a year of two digits, misread
CLOCK = r"\d{2}:\d{2}:\d{2}([.]\d{1,6})?"
# a text behind the apostrophe that keeps spreadsheets from taking it for a formula (ui/kit/table)
GUARDED = r"^'('*[=+@\t\r-])"
WHOLE = r"[+-]?\d+"
NUMBER = r"[+-]?\d+([.]\d+)?[eE][+-]?\d+"  # as num() and workbooks write decimals
# switched off: a list of literals must not become a join, which moves rows (etl/load/stream.py);
# and a plan must tell all columns that it reads
OPTIMIZERS = "in_clause,statistics_propagation,empty_result_pullup"
ROWS = ("unnest", "generate_subscripts")  # functions that make many rows of one
TWO_WAYS = r"[+-]?[1-9]\d{0,2}[.,]\d{3}"


def guarded_cast(kind: str, text: str) -> tuple[str, str | None]:
    """(SQL cast of a text column to a type, SQL of the rule broken where a text casts to null).

    Guarded, because TRY_CAST alone changes figures without a word: '24.325' as BIGINT is 24, 'yes'
    is a boolean, a date swallows its time. Texts that can be thousands or decimals are refused by
    name.
    """
    if kind == "DATE":
        return (
            f"case when regexp_full_match({text}, '{DAY}') then try_cast({text} as date) end",
            "'not_a_date'",
        )
    if kind == "BOOLEAN":
        guard = f"lower({text}) in ('true', 'false')"
        return f"case when {guard} then {text}::boolean end", "'not_true_or_false'"
    if kind == "VARCHAR":
        return f"regexp_replace({text}, {literal(GUARDED)}, '\\1')", None
    if kind == "TIMESTAMP":
        guard = f"regexp_full_match({text}, '{DAY}([ T]{CLOCK})?')"
        return f"case when {guard} then try_cast({text} as timestamp) end", "'not_a_moment'"
    two_ways = f"regexp_full_match({text}, '{TWO_WAYS}')"
    exact = f"try_cast({text} as double)"
    if kind not in ("BIGINT", "INTEGER"):
        cast = (
            f"case when regexp_full_match({text}, '{WHOLE}|{NUMBER}') "
            f"and try_cast({text} as {kind})::double = {exact} then try_cast({text} as {kind}) end"
        )
        return cast, f"if({two_ways}, 'ambiguous_number', 'not_a_number')"
    cast = (
        f"case when regexp_full_match({text}, '{WHOLE}') then try_cast({text} as {kind}) "
        f"when regexp_full_match({text}, '{NUMBER}') and {exact} = round({exact}) "
        f"and abs({exact}) < {2**53} "
        f"then try_cast({exact} as {kind}) end"
    )
    return cast, f"if({two_ways}, 'ambiguous_number', 'not_a_whole_number')"


def columns_in(con: duckdb.DuckDBPyConnection, expression: str) -> list[str]:
    """The names of the columns that a scalar SQL expression refers to, in order.

    Refused where it is none, or asks for more than the row before it: a query, a table, many rows.
    """
    tree = _parsed(con, expression)
    statement = tree["statements"][0]["node"]
    if len(tree["statements"]) > 1 or len(statement.get("select_list", ())) != 1:
        raise Refused("bad_expression", expression=expression, error=", ;")
    found = list(nodes(tree))
    for node in found:
        if node.get("class") in ("SUBQUERY", "STAR") or node.get("function_name") in ROWS:
            raise Refused("not_scalar", expression=expression)
    refs = [node["column_names"][-1] for node in found if node.get("class") == "COLUMN_REF"]
    return list(dict.fromkeys(refs))


def is_row_by_row(con: duckdb.DuckDBPyConnection, dataset: Dataset) -> bool:
    """Whether a recipe sees one source row at a time, so that files may be loaded together."""
    if dataset.sql or dataset.one_unit:
        return False
    expressions = [*dataset.map.values(), *dataset.aside.values()]
    return not any(
        "_row" in columns_in(con, expression)
        or any(node.get("class") == "WINDOW" for node in nodes(_parsed(con, expression)))
        for expression in expressions
    )


def names_of(con: duckdb.DuckDBPyConnection, relation: str) -> list[str]:
    """The names of the columns of a table or view."""
    return [row[0] for row in con.sql(f"describe {relation}").fetchall()]


def unmarked(text: str) -> str:
    """SQL of a text without the mark e0 of a decimal number, as a person knows it."""
    return f"regexp_replace({text}, '^([+-]?\\d+[.]\\d+)e0$', '\\1')"


def nodes(tree: object) -> Iterator[dict]:
    """Every dict of a JSON tree."""
    if isinstance(tree, dict):
        yield tree
    for child in (
        tree.values() if isinstance(tree, dict) else tree if isinstance(tree, list) else ()
    ):
        yield from nodes(child)


def _parsed(con, expression):
    """The JSON tree of a select of a SQL expression; Refused where it is none."""
    query = f"select {expression}".replace("'", "''")
    tree = json.loads(con.sql(f"select json_serialize_sql('{query}')").fetchall()[0][0])
    if tree.get("error"):
        raise Refused("bad_expression", expression=expression, error=tree.get("error_message", ""))
    return tree
