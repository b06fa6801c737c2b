"""What we measure, and the only door from pages to data.

A `Snapshot` is one city's warehouse as it was known on one day; pages ask it for figures
(kpi/<name>.sql) and for tables that are not KPIs (kpi/queries/<name>.sql). Every page of one visit
reads one snapshot, and its id (city, version, as-of) is what a figure is quoted with.
"""

import io
from contextlib import suppress
from datetime import date
from pathlib import Path

import duckdb
import pyarrow as pa
from numpy import ndarray
from pandas import DataFrame
from pyarrow import csv

from etl import warehouse
from kpi import reading, serving
from kpi.beside import Place, places
from kpi.figure import HERE as HERE
from kpi.figure import KPIS as KPIS
from kpi.figure import Figure
from kpi.figure import calibration as calibration
from kpi.lineage import Values
from kpi.nowcast import Nowcast, nowcast, table
from kpi.once import once
from kpi.outlook import Outlook
from kpi.plausibility import Comparison, comparisons
from kpi.reading import NoWarehouse, catalogue
from kpi.reading import metadata as metadata
from kpi.scorecard import Row, default_year, scale, scorecard, years
from kpi.simulated import is_simulated
from kpi.year_end import YearEnd, month_ends, year_end


def cities() -> list[tuple[str, str]]:
    """[(folder name, city's name)] of all cities that have a warehouse, the default one first."""
    found = []
    for city in serving.cities():
        try:
            with reading.cursor(serving.path(city)) as con:
                name, default = con.execute('select name, "default" from city').fetchall()[0]
        except (NoWarehouse, duckdb.Error):
            name, default = city, False
        found.append((not default, city, name))
    return [(folder, name) for _, folder, name in sorted(found)]


def demo_day(city: str) -> date | None:
    """The day as of which a city opens where the address names none; None: all that is known."""
    try:
        with reading.cursor(serving.path(city)) as con:
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
        reading.check(path, as_of)
        self.city, self.path, self.as_of = city, path, as_of
        # what everything kept is of: today, too, where figures depend on it
        self._known = (path, as_of, reading.today(as_of))

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
        return list(reading.figures(*self._known, name))

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
        return [
            dict(row) for row in reading.table(*self._known, query, tuple(sorted(params.items())))
        ]

    def frame(self, query: str, **params: object) -> DataFrame:
        """The rows of kpi/queries/<query>.sql as a DataFrame: for many rows of numbers."""
        args = (*self._known, query, tuple(sorted(params.items())))
        return reading.frame(*args).copy()

    def rows(self, values: Values, limit: int = 100, offset: int = 0) -> list[dict]:
        """The values behind a figure (kpi.lineage.Values) with the rows of files that they came
        from (kpi/queries/rows.sql), a page of them, as a list of dicts."""
        page = {"limit": limit, "offset": offset}
        return [
            dict(row)
            for row in reading.asked(*self._known, "rows", *values.key, tuple(page.items()))
        ]

    def rows_file(self, values: Values) -> bytes:
        """All values behind a figure with their rows as a CSV for machines (rows_file.sql), with
        `as_of` and `snapshot` in each line. Written batch by batch."""
        about = {"as_of": self.day.isoformat(), "snapshot": self.id}
        sql, named = reading.about_values("rows_file", *values.key)
        out = io.BytesIO()
        with reading.cursor(self.path, self.as_of, sql) as con:
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
        return [dict(row) for row in reading.asked(*self._known, "rows_counted", *values.key, ())]

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
        return dict(reading.columns(*self._known, query, key))

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


@once(32)
def _nowcast(city, path, as_of, _day, definition, series):
    snapshot = Snapshot(city, path, as_of)
    return nowcast(table(snapshot.frame("visits_cells", definition=definition, series=series)))


@once(256)
def _outlook(city, path, as_of, _today, asked):
    return year_end(Snapshot(city, path, as_of), **dict(asked))


@once(32)
def _scorecard(city, path, as_of, _today, year):
    return tuple(scorecard(Snapshot(city, path, as_of), catalogue(), year))
