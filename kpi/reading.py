"""The queries of kpi, run on a warehouse as it was known on a day; what they gave is kept."""

import json
import re
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path

import duckdb
from numpy import ndarray
from pandas import DataFrame

from etl import findings, warehouse
from kpi.figure import HERE, KPIS, Figure
from kpi.once import once

Day = date | None
# what a query may read: other KPIs as <name>_kpi, other queries as <name>_query
VIEWS = {f"{name}_kpi": name for name in KPIS}
VIEWS |= {f"{p.stem}_query": f"queries/{p.stem}" for p in (HERE / "queries").glob("*.sql")}
ASKED = {"definition", "series", "value", "obs_status"}  # of a KPI's SQL, with year or period_start
# queries whose rows are kept, since several queries of a page read them
KEPT = ("yearly_visits", "visits_leaves", "cells", "found")


class NoWarehouse(Exception):
    """Nothing serves this city, and `code` says why.

    none: none was built; damaged: it cannot be read; outdated: another version of the code made it;
    gone: the version that is asked for is not kept any more.
    """

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@cache
def metadata() -> dict[str, dict]:
    """{KPI name: the TOML block of its SQL}."""
    return {name: tomllib.loads(sql_of(name).split("/*")[1].split("*/")[0]) for name in KPIS}


def catalogue() -> dict[str, dict]:
    """{KPI name: header} of the KPIs by themselves, without what is derived from one of them."""
    return {name: meta for name, meta in metadata().items() if "derived_from" not in meta}


@once(16)
def database(path: Path | None) -> duckdb.DuckDBPyConnection:
    """The one read-only connection to a warehouse file. It answers one query at a time: only
    cursor takes it, and whoever asks gets a cursor, with views and variables of its own."""
    if path is None:
        raise NoWarehouse("none")
    try:
        return warehouse.connect(path)
    except warehouse.Refused as refusal:
        raise NoWarehouse("damaged") from refusal


@once(64)
def check(path: Path, as_of: Day) -> None:
    """Raises NoWarehouse where the KPIs or the city cannot be read from a warehouse."""
    with cursor(path, as_of, " ".join(f"{name}_kpi" for name in KPIS)) as con:
        con.execute(sql_of("queries/city"))


@contextmanager
def cursor(
    path: Path | None, as_of: Day = None, sql: str = ""
) -> Iterator[duckdb.DuckDBPyConnection]:
    """A cursor on a warehouse as known on a day, with the views and rows that `sql` reads."""
    con = database(path).cursor()
    try:
        if as_of:
            con.execute(f"set variable as_of = date '{as_of.isoformat()}'")
        for view in _views(sql):
            name = view.removesuffix("_query")
            if name in KEPT:
                con.register(view, _kept(path, as_of, today(as_of), name))
            else:
                con.execute(f"create temp view {view} as {sql_of(VIEWS[view])}")
        yield con
    except (duckdb.CatalogException, duckdb.BinderException) as error:
        raise NoWarehouse("outdated") from error  # a table or column that is asked for is not there
    except (duckdb.ProgrammingError, duckdb.PermissionException):
        raise  # the query's fault, not the file's
    except duckdb.Error as error:
        with suppress(
            warehouse.Refused
        ):  # what is damaged is known from now on, and serves no more
            warehouse.verify(path)  # type: ignore[arg-type]  # else there is no connection
        raise NoWarehouse("damaged") from error
    finally:
        con.close()


def today(as_of: Day) -> date | None:
    """Today where figures depend on it; None as of a day, since what was known then stays so."""
    return None if as_of else date.today()


@once(256)
def figures(path: Path, as_of: Day, _today: Day, name: str) -> tuple[Figure, ...]:
    """The Figures of a KPI."""
    unit = metadata()[name]["unit"]
    with cursor(path, as_of, f"from {name}_kpi") as con:
        measures = dict(
            con.execute(
                "select definition, list(measure order by value_id) from definitions group by all"
            ).fetchall()
        )
        ((city, area),) = con.execute("select name, area from city").fetchall()
        rows = con.execute(f"from {name}_kpi")
        names = [column[0] for column in rows.description]
        if not ASKED.issubset(names) or not {"year", "period_start"} & {*names}:
            raise ValueError(
                f"kpi/{name}.sql: {sorted(ASKED)} and year or period_start, not {names}"
            )
        told = {"kpi": name, "unit": unit, "as_of": as_of, "city": city, "area": area}
        found = [
            {column: _plain(column, value) for column, value in zip(names, row, strict=True)}
            for row in rows.fetchall()
        ]
    return tuple(Figure(**told | _whole(row, measures)) for row in found)


def _whole(row, measures):
    """The row of a KPI with what follows from it: a figure is of a calendar year, all of it, where
    its SQL says nothing else."""
    start = row.get("period_start") or date(row["year"], 1, 1)
    end = row.get("period_end") or date(start.year, 12, 31)
    days = {"year": start.year, "period_start": start, "period_end": end, "covered_to": end}
    return days | {"measures": tuple(measures.get(row["definition"], ()))} | row


@once(2 * len(KEPT))
def _kept(path, as_of, _today, name):
    """The rows of a query as an Arrow table; as of a day, checks find what could be seen then."""
    sql = sql_of(f"queries/{name}")
    with cursor(path, as_of, sql) as con:
        if name == "found" and as_of:
            con.execute("create temp table seen as from findings limit 0")
            findings.run(con, into="seen")
            sql = "from temp.seen"
        return con.sql(sql).to_arrow_table()


def _plain(name, value):
    """A value of a KPI's row as a Figure takes it: lists as tuples, decimals as floats."""
    if name in ("origins", "value_ids"):
        return tuple(value or ())
    return float(value) if isinstance(value, Decimal) else value


@once(256)
def table(path: Path, as_of: Day, _today: Day, query: str, params: tuple) -> tuple[tuple, ...]:
    """The rows of a query, each ((column, value), ...)."""
    return _fetched(path, as_of, sql_of(f"queries/{query}"), _values(params))


@once(256)
def asked(
    path: Path,
    as_of: Day,
    _today: date | None,
    query: str,
    values: str,
    params: tuple,
    more: tuple,
) -> tuple[tuple, ...]:
    """The rows of a query about values."""
    sql, named = about_values(query, values, params + more)
    return _fetched(path, as_of, sql, named)


def about_values(query: str, values: str, params: tuple) -> tuple[str, dict]:
    """(SQL, parameters) of a query that asks about those of kpi/queries/values_<values>.sql."""
    asked = f"(\n{sql_of(f'queries/values_{values}')})"
    sql = sql_of(f"queries/{query}").replace("asked_query", asked)
    known = _values(params)
    return sql, {name: known.get(name) for name in re.findall(r"\$([a-z_]+)", sql)}


def _fetched(path, as_of, sql, params):
    with cursor(path, as_of, sql) as con:
        found = con.execute(sql, params)
        names = [column[0] for column in found.description]
        return tuple(
            tuple(
                (n, json.loads(v) if n == "params" and v else v)
                for n, v in zip(names, row, strict=True)
            )
            for row in found.fetchall()
        )


@once(16)
def frame(path: Path, as_of: Day, _today: Day, query: str, params: tuple) -> DataFrame:
    """The rows of a query as a DataFrame."""
    sql = sql_of(f"queries/{query}")
    with cursor(path, as_of, sql) as con:
        return con.execute(sql, dict(params)).df()


def _views(sql):
    """The views that a query reads, each after those that it reads itself; of kept rows none."""
    found: dict = {}
    for view in re.findall(r"\w+_(?:kpi|query)\b", sql):
        if view in VIEWS and view not in found:
            kept = view.removesuffix("_query") in KEPT
            found |= dict.fromkeys(() if kept else _views(sql_of(VIEWS[view]))) | {view: None}
    return list(found)


@once(64)
def columns(path: Path, as_of: Day, _today: Day, query: str, params: tuple) -> dict[str, ndarray]:
    """The rows of a query as {column: NumPy array}."""
    sql = sql_of(f"queries/{query}")
    with cursor(path, as_of, sql) as con:
        columns = con.execute(sql, _values(params)).fetchnumpy()
    for column in columns.values():
        column.setflags(write=False)  # all who ask read the same
    return columns


def _values(params):
    return {k: list(v) if isinstance(v, tuple) else v for k, v in params}


@cache
def sql_of(name: str) -> str:
    """The text of a query. One with parameters cannot be a view: it stands where it is read."""
    return re.sub(r"\w+_query\b", _put_in, (HERE / f"{name}.sql").read_text(encoding="utf-8"))


def _put_in(view):
    sql = sql_of(VIEWS[view[0]]) if view[0] in VIEWS else ""
    return f"(\n{sql})" if re.search(r"\$[a-z]", sql) else view[0]
