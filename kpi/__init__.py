"""What we measure, and the only door from pages to data.

A `Snapshot` is one city's warehouse as it was known on one day; pages ask it for figures
(kpi/<name>.sql) and for tables that are not KPIs (kpi/queries/<name>.sql). Every page of one visit
reads one snapshot, and its id (city, version, as-of) is what a figure is quoted with.
"""

import io
import json
import re
import tomllib
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path

import duckdb
import pyarrow as pa
from numpy import ndarray
from pandas import DataFrame, read_csv
from pyarrow import csv

from etl import findings, warehouse
from kpi import serving
from kpi.beside import Place, places
from kpi.lineage import Values
from kpi.nowcast import Nowcast, nowcast, table
from kpi.once import once
from kpi.outlook import Outlook
from kpi.plausibility import Comparison, comparisons
from kpi.scorecard import Row, default_year, scale, scorecard, years
from kpi.simulated import is_simulated
from kpi.year_end import YearEnd, month_ends, year_end

HERE = Path(__file__).parent
KPIS = tuple(sorted(path.stem for path in HERE.glob("*.sql")))
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

    def __init__(self, code):
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, kw_only=True)
class Figure:
    """One value of one KPI with what it counts: never a bare number.

    `value` is in the KPI's unit (visits, share of one, visits per day), None where there is none;
    `reason` says why. Counts of values say how complete it is; `value_ids` lead back to the rows of
    the warehouse. What a KPI's SQL does not say of a value is what stands here.
    """

    kpi: str
    unit: str
    city: str
    area: str
    definition: str
    series: str
    year: int
    period_start: date
    period_end: date
    covered_to: date | None
    value: float | None
    numerator: int | None = None
    denominator: int | None = None
    obs_status: str
    is_complete: bool = True
    values_summed: int | None = 1
    measures_summed: int | None = 1
    values_reported: int | None = 1
    values_expected: int | None = 1
    origins: tuple = ()
    known_at: date | None = None
    value_ids: tuple = ()
    as_of: date | None
    reason: str | None = None
    is_choice: bool = False
    is_city_choice: bool = False  # the target does not say what it counts: the city has chosen
    target_document: str | None = None
    target_known_at: date | None = None
    witnesses: int | None = None
    measures: tuple = field(default=())  # of the definition, in order


@cache
def metadata() -> dict[str, dict]:
    """{KPI name: the TOML block of its SQL}."""
    return {name: tomllib.loads(_sql(name).split("/*")[1].split("*/")[0]) for name in KPIS}


def catalogue() -> dict[str, dict]:
    """{KPI name: header} of the KPIs by themselves, without what is derived from one of them."""
    return {name: meta for name, meta in metadata().items() if "derived_from" not in meta}


@cache
def calibration() -> list[dict]:
    """How often the targets came that were given a chance, on the panel that the method was scored
    with: [{above, up_to (a class of chances), n, said (their mean), came (share), series}]."""
    table = read_csv(HERE / "calibration.csv", dtype={"n": int, "series": int})
    return table.to_dict("records")


def cities() -> list[tuple[str, str]]:
    """[(folder name, city's name)] of all cities that have a warehouse, the default one first."""
    found = []
    for city in serving.cities():
        try:
            with _cursor(serving.path(city)) as con:
                name, default = con.execute('select name, "default" from city').fetchall()[0]
        except (NoWarehouse, duckdb.Error):
            name, default = city, False
        found.append((not default, city, name))
    return [(folder, name) for _, folder, name in sorted(found)]


def demo_day(city: str) -> date | None:
    """The day as of which a city opens where the address names none; None: all that is known."""
    try:
        with _cursor(serving.path(city)) as con:
            return con.execute("select demo_as_of from city").fetchall()[0][0]
    except (NoWarehouse, duckdb.Error):
        return None


def snapshot(city: str, as_of: date | None = None, version: str | None = None) -> "Snapshot":
    """The Snapshot of the warehouse that serves `city` now, or of a version of it that a link
    names; raises NoWarehouse."""
    if version:
        return _pinned(city, as_of, version)
    path = serving.path(city)
    if path is None and warehouse.serving(warehouse.warehouse_folder() / city)[1]:
        raise NoWarehouse("damaged")
    try:
        return Snapshot(city, path, as_of)
    except NoWarehouse:
        if not is_replaced(city, path):
            raise
    return snapshot(city, as_of)


def _pinned(city, as_of, version):
    path = warehouse.of_version(warehouse.warehouse_folder() / city, version)
    if path is None:
        raise NoWarehouse("gone")
    return Snapshot(city, path, as_of)


def is_replaced(city: str, path: Path | None) -> bool:
    """Whether another warehouse serves a city by now: the newer, or one whole for one damaged."""
    return serving.path(city) not in (None, path)


class Snapshot:
    """One city's warehouse, read as it was known on the day `as_of` (None: all that is known)."""

    def __init__(self, city: str, path: Path | None, as_of: date | None) -> None:
        if path is None:
            raise NoWarehouse("none")
        _check(path, as_of)
        self.city, self.path, self.as_of = city, path, as_of
        # what everything kept is of: today, too, where figures depend on it
        self._known = (path, as_of, _today(as_of))

    def __eq__(self, other):
        return isinstance(other, Snapshot) and self._known == other._known

    def __hash__(self):
        return hash(self._known)

    @property
    def id(self) -> str:
        """What a figure is quoted with: city, version and as-of."""
        return f"{self.city}-{self.path.stem}" + (f"-{self.as_of}" if self.as_of else "")

    @property
    def instead(self) -> str | None:
        """Why it is not the warehouse that was meant to serve, or None (etl.warehouse.serving)."""
        path, instead = warehouse.serving(self.path.parent)
        return instead if path == self.path else None

    @property
    def day(self) -> date:
        """The day from which is looked: as_of, or today."""
        return self.as_of or date.today()

    def figures(self, name: str) -> list[Figure]:
        """[Figure] of a KPI, in the order of its SQL."""
        return list(_figures(*self._known, name))

    def latest(self) -> Figure | None:
        """The yearly Figure of visits that a city without a target opens with: of the count that
        the pages visits and outlook open with, the last whole year, else the last; None without."""
        counts = [row for row in self.table("visits_order") if not is_simulated(row)]
        published = [(row["definition"], row["series"]) for row in counts]
        known = [
            figure
            for figure in self.figures("visits")
            if figure.value is not None and [(figure.definition, figure.series)] == published[:1]
        ]
        return max(known, key=lambda f: (f.is_complete, f.year), default=None)

    def table(self, query: str, **params: object) -> list[dict]:
        """The rows of kpi/queries/<query>.sql as a list of dicts."""
        return [dict(row) for row in _table(*self._known, query, tuple(sorted(params.items())))]

    def frame(self, query: str, **params: object) -> DataFrame:
        """The rows of kpi/queries/<query>.sql as a DataFrame: for many rows of numbers."""
        args = (*self._known, query, tuple(sorted(params.items())))
        return _frame(*args).copy()

    def rows(self, values: Values, limit: int = 100, offset: int = 0) -> list[dict]:
        """The values behind a figure (kpi.lineage.Values) with the rows of files that they came
        from (kpi/queries/rows.sql), a page of them, as a list of dicts."""
        page = {"limit": limit, "offset": offset}
        return [dict(row) for row in _asked(*self._known, "rows", *values.key, tuple(page.items()))]

    def rows_file(self, values: Values) -> bytes:
        """All values behind a figure with their rows as a CSV for machines (rows_file.sql), with
        `as_of` and `snapshot` in each line. Written batch by batch."""
        about = {"as_of": self.day.isoformat(), "snapshot": self.id}
        sql, named = _about_values("rows_file", *values.key)
        out = io.BytesIO()
        with _cursor(self.path, self.as_of, sql) as con:
            reader = con.sql(sql, params=named).to_arrow_reader(10_000)
            told = [*reader.schema, *(pa.field(name, pa.string()) for name in about)]
            options = csv.WriteOptions(quoting_style="needed")
            with csv.CSVWriter(out, pa.schema(told), write_options=options) as file:
                for batch in reader:
                    more = [pa.array([text] * len(batch)) for text in about.values()]
                    columns = [*batch.columns, *more]
                    file.write_batch(pa.record_batch(columns, schema=pa.schema(told)))
        return out.getvalue()

    def counted(self, values: Values) -> list[dict]:
        """How many values are behind each part of a figure, and their sum (rows_counted.sql)."""
        return [dict(row) for row in _asked(*self._known, "rows_counted", *values.key, ())]

    def nowcast(self, definition: str, series: str) -> Nowcast:
        """The Nowcast of what is not reported of a definition and series; raises Refused."""
        return _nowcast(self.city, self.path, self.as_of, self.day, definition, series)

    def outlook(self, **asked: object) -> YearEnd | None:
        """The YearEnd of the target's year and count, or of what is asked; see kpi/year_end.py."""
        args = tuple(sorted(asked.items()))
        return _outlook(self.city, *self._known, args)

    def month_ends(self, year: int, **asked: object) -> list[tuple[date, Outlook]]:
        """What was said of a year at the end of each of its months: [(day, Outlook)]."""
        return [
            (day, said.outlook)
            for day in month_ends(year, self.day)
            if (said := Snapshot(self.city, self.path, day).outlook(year=year, **asked))
        ]

    def comparisons(self, year_end: YearEnd) -> list[Comparison]:
        """What else is known of the city, held against a YearEnd: [Comparison]."""
        rows = self.table("plausibility", year=year_end.outlook.year)
        return list(comparisons(year_end, rows))

    def columns(self, query: str, **params: object) -> dict[str, ndarray]:
        """The rows of kpi/queries/<query>.sql as {column: NumPy array}, not to be changed."""
        key = tuple(sorted(params.items()))
        return dict(_columns(*self._known, query, key))

    def years(self) -> tuple[list[int], int | None]:
        """(the years that a scorecard can be made of, newest first; the one that it opens with)."""
        known = years(self, catalogue())
        return known, default_year(self, known)

    def scorecard(self, year: int) -> list[Row]:
        """[Row] of every KPI in a year, what needs attention first; see kpi/scorecard.py."""
        return list(_scorecard(self.city, *self._known, year))

    def scale(self) -> list[dict]:
        """The bands of the scale that the city has named for attainments; [] without one."""
        return scale(self)

    def places(self, lang: str) -> list[Place]:
        """[kpi.beside.Place]: this city, the other cities as known on the same day, then other
        places in its data; the names of publishers in a language."""
        others = []
        for folder, _ in cities():
            if folder != self.city:
                with suppress(NoWarehouse):  # another city's trouble is not this one's
                    others.append(snapshot(folder, self.as_of))
        words = {each.city: each.words(lang) for each in (self, *others)}
        return places(self, others, words)

    def words(self, lang: str) -> dict[str, str]:
        """The city's own sentences in a language: {key: text}."""
        return {row["key"]: row["text"] for row in self.table("city_text", lang=lang)}


@once(16)
def _database(path):
    """The one read-only connection to a warehouse file. It answers one query at a time: only
    _cursor takes it, and whoever asks gets a cursor, with views and variables of its own."""
    if path is None:
        raise NoWarehouse("none")
    try:
        return warehouse.connect(path)
    except warehouse.Refused as refusal:
        raise NoWarehouse("damaged") from refusal


@once(64)
def _check(path, as_of):
    """Raises NoWarehouse where the KPIs or the city cannot be read from a warehouse."""
    with _cursor(path, as_of, " ".join(f"{name}_kpi" for name in KPIS)) as con:
        con.execute(_sql("queries/city"))


@contextmanager
def _cursor(path, as_of=None, sql=""):
    """A cursor on a warehouse as known on a day, with the views and rows that `sql` reads."""
    con = _database(path).cursor()
    try:
        if as_of:
            con.execute(f"set variable as_of = date '{as_of.isoformat()}'")
        for view in _views(sql):
            name = view.removesuffix("_query")
            if name in KEPT:
                con.register(view, _kept(path, as_of, _today(as_of), name))
            else:
                con.execute(f"create temp view {view} as {_sql(VIEWS[view])}")
        yield con
    except (duckdb.CatalogException, duckdb.BinderException) as error:
        raise NoWarehouse("outdated") from error  # a table or column that is asked for is not there
    except (duckdb.ProgrammingError, duckdb.PermissionException):
        raise  # the query's fault, not the file's
    except duckdb.Error as error:
        with suppress(
            warehouse.Refused
        ):  # what is damaged is known from now on, and serves no more
            warehouse.verify(path)
        raise NoWarehouse("damaged") from error
    finally:
        con.close()


def _today(as_of):
    """Today where figures depend on it; None as of a day, since what was known then stays so."""
    return None if as_of else date.today()


@once(256)
def _figures(path, as_of, _today, name):
    unit = metadata()[name]["unit"]
    with _cursor(path, as_of, f"from {name}_kpi") as con:
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
    sql = _sql(f"queries/{name}")
    with _cursor(path, as_of, sql) as con:
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
def _table(path, as_of, _today, query, params):
    return _fetched(path, as_of, _sql(f"queries/{query}"), _values(params))


@once(256)
def _asked(path, as_of, _today, query, values, params, more):
    """The rows of a query about values."""
    sql, named = _about_values(query, values, params + more)
    return _fetched(path, as_of, sql, named)


def _about_values(query, values, params):
    """(SQL, parameters) of a query that asks about those of kpi/queries/values_<values>.sql."""
    asked = f"(\n{_sql(f'queries/values_{values}')})"
    sql = _sql(f"queries/{query}").replace("asked_query", asked)
    known = _values(params)
    return sql, {name: known.get(name) for name in re.findall(r"\$([a-z_]+)", sql)}


def _fetched(path, as_of, sql, params):
    with _cursor(path, as_of, sql) as con:
        cursor = con.execute(sql, params)
        names = [column[0] for column in cursor.description]
        return tuple(
            tuple(
                (n, json.loads(v) if n == "params" and v else v)
                for n, v in zip(names, row, strict=True)
            )
            for row in cursor.fetchall()
        )


@once(16)
def _frame(path, as_of, _today, query, params):
    sql = _sql(f"queries/{query}")
    with _cursor(path, as_of, sql) as con:
        return con.execute(sql, dict(params)).df()


@once(32)
def _nowcast(city, path, as_of, _day, definition, series):
    snapshot = Snapshot(city, path, as_of)
    return nowcast(table(snapshot.frame("visits_cells", definition=definition, series=series)))


@once(256)
def _outlook(city, path, as_of, _today, asked):
    return year_end(Snapshot(city, path, as_of), **dict(asked))


def _views(sql):
    """The views that a query reads, each after those that it reads itself; of kept rows none."""
    found: dict = {}
    for view in re.findall(r"\w+_(?:kpi|query)\b", sql):
        if view in VIEWS and view not in found:
            kept = view.removesuffix("_query") in KEPT
            found |= dict.fromkeys(() if kept else _views(_sql(VIEWS[view]))) | {view: None}
    return list(found)


@once(64)
def _columns(path, as_of, _today, query, params):
    sql = _sql(f"queries/{query}")
    with _cursor(path, as_of, sql) as con:
        columns = con.execute(sql, _values(params)).fetchnumpy()
    for column in columns.values():
        column.setflags(write=False)  # all who ask read the same
    return columns


def _values(params):
    return {k: list(v) if isinstance(v, tuple) else v for k, v in params}


@once(32)
def _scorecard(city, path, as_of, _today, year):
    return tuple(scorecard(Snapshot(city, path, as_of), catalogue(), year))


@cache
def _sql(name):
    """The text of a query. One with parameters cannot be a view: it stands where it is read."""
    return re.sub(r"\w+_query\b", _put_in, (HERE / f"{name}.sql").read_text(encoding="utf-8"))


def _put_in(view):
    sql = _sql(VIEWS[view[0]]) if view[0] in VIEWS else ""
    return f"(\n{sql})" if re.search(r"\$[a-z]", sql) else view[0]
