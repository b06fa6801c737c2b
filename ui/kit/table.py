"""Every table of every page: rows as they were queried and a list of columns.

    rows, [Col] -> Table -> st.dataframe: values that sort, in the reader's words
                         -> XLSX for people, CSV for machines, made when they are asked for

What each column holds is decided by its values: numbers, days or texts, never two of them.
"""

import csv
import io
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cached_property
from itertools import cycle

import pandas as pd
import streamlit as st
from pandas.io.formats.style import Styler

from kpi.lineage import Address
from kpi.simulated import is_simulated
from ui.export import sheets
from ui.kit import plain
from ui.kit.text import Text

TOLD = ("table.status", "table.series", "table.dataset")  # headings of what marks the simulated
NAMED = ("share", "hours", "days")  # units that stand in a column's name for machines
WIDE = 290  # pixels: of a name with its mark, not to be cut off
MOST_STYLED = 200_000  # cells that get words, in two seconds of CPU; pandas allows 262,144
WEB = re.compile(r"https?://|figure\?")  # no link is a script


@dataclass(frozen=True)
class Col:
    """One column: its heading, what stands in its cells and how that is read.

    heading: a code of the catalogues (with `params`) or a text of data; value: a field of the rows
    or a function of a row; words(say, row): what is read in place of the value, which alone goes
    to machines; unit: of its numbers; name: for machines, else from the heading's code; only:
    "page" or "files", where it stands nowhere else; link: the code of what a link is read as.
    """

    heading: str
    value: str | Callable[[object], object]
    words: Callable[[Text, object], str] | None = None
    unit: str = ""
    name: str = ""
    only: str = ""
    link: str | None = None
    width: int | None = None
    params: dict = field(default_factory=dict)

    def of(self, row: object) -> object:
        """The value in a row: a number, a day, a text, whether; None where there is none."""
        value = self.value(row) if callable(self.value) else field_of(row, self.value)
        value = value.item() if hasattr(value, "item") else value  # NumPy's
        value = float(value) if isinstance(value, Decimal) else value
        if isinstance(value, list | tuple):
            return "; ".join(map(str, value)) or None
        return None if value is None or value != value or value == "" else value

    @property
    def machine_name(self) -> str:
        """Its name for machines: visits, growth_share."""
        name = self.name or self.heading.rpartition(".")[2]
        is_told = self.unit not in NAMED or name.endswith(self.unit)
        return name if is_told else f"{name}_{self.unit}"


def columns(space: str, *names: str, **more: object) -> list[Col]:
    """A column each of these fields, under the heading of the code `space`.<field>."""
    return [Col(f"{space}.{name}", name, **more) for name in names]


def field_of(row: object, name: str) -> object:
    """A field of a row, be it a dict or an object; None where it lacks it."""
    return row.get(name) if isinstance(row, dict) else getattr(row, name, None)


@dataclass(frozen=True)
class Table:
    """Rows with their columns, as known in a snapshot (kpi.Snapshot), under a name.

    is_simulated: whether all rows are, where they do not say so by themselves.
    """

    say: Text
    name: str
    rows: Sequence[object]
    cols: Sequence[Col]
    snapshot: object
    is_simulated: bool = False

    @property
    def title(self) -> str:
        """What it holds, in a few words."""
        name, _, year = re.fullmatch(r"(.*?)(-(\d{4}))?", self.name).groups("")
        return f"{self.say(f'file.{name}')} {year}".strip()

    def heading(self, col: Col) -> str:
        """The words above a column."""
        if not self.say.has(col.heading):
            return col.heading
        return self.say(col.heading, **col.params).strip()

    def columns(self, place: str) -> list[Col]:
        """The columns on a "page" or in "files"; what marks simulated rows is seen."""
        cols = [col for col in self.cols if col.only in ("", place)]
        if any(self.simulated) and not any(col.heading in TOLD for col in cols):
            cols.insert(1, Col("table.status", self.status, _mark, name="obs_status"))
        return cols

    def status(self, row: object) -> str | None:
        """The obs_status of a row, where it has one."""
        told = "simulated" if self.is_simulated or is_simulated(row) else None
        return field_of(row, "obs_status") or told

    @cached_property
    def simulated(self) -> list[bool]:
        """Whether each row is simulated or made of what is."""
        return [self.is_simulated or is_simulated(row) for row in self.rows]

    def read(self, col: Col, row: object) -> str:
        """A cell as it is read."""
        value = col.of(row)
        if col.words:
            return col.words(self.say, row)
        if isinstance(value, bool):
            return self.say("table.yes" if value else "table.no")
        if isinstance(value, int | float):
            return self.say.quantity(value, col.unit, is_bare=True)
        return self.say.date(value) if isinstance(value, date) else value or ""

    def is_text(self, col: Col) -> bool:
        """Whether a column holds texts, and neither numbers nor days."""
        return any(isinstance(col.of(row), str | bool) for row in self.rows)

    def frame(self) -> pd.DataFrame:
        """What the page shows: numbers and days as they are, all else as it is read."""
        return pd.DataFrame({self.heading(col): self._series(col) for col in self.columns("page")})

    def _series(self, col):
        values = [col.of(row) for row in self.rows]
        if col.link is not None:
            return pd.Series(values, dtype=object)
        if self.is_text(col):
            return pd.Series([self.read(col, row) or None for row in self.rows], dtype=object)
        numbers = [v for v in values if isinstance(v, int | float)]
        if not numbers:
            return pd.Series(values, dtype=object)
        is_whole = all(isinstance(v, int) for v in numbers)
        return pd.Series(values, dtype="Int64" if is_whole else "Float64")

    def styled(self) -> pd.DataFrame | Styler:
        """The frame with the words that are read in place of its numbers and days."""
        frame, words = self.frame(), {}
        if frame.size > MOST_STYLED:
            return frame
        for col in self.columns("page"):
            if not self.is_text(col) and col.link is None:
                read = (self.read(col, r) if col.of(r) is not None else "" for r in self.rows)
                told = cycle(list(read))  # asked for row by row
                words[self.heading(col)] = lambda _, told=told: next(told)
        return frame.style.format(words)

    def csv(self) -> bytes:
        """The file for machines: a unit a column, decimal points, ISO days, codes for words."""
        cols = self.columns("files")
        names = [col.machine_name for col in cols]
        if "obs_status" not in names and any(map(self.status, self.rows)):
            cols.append(Col("table.status", self.status, name="obs_status"))
            names.append("obs_status")
        about = {"as_of": self.snapshot.day.isoformat(), "snapshot": self.snapshot.id}
        out = io.StringIO(newline="")
        lines = csv.writer(out, lineterminator="\n")
        lines.writerow([*names, "is_simulated", *about])
        for row, is_made in zip(self.rows, self.simulated, strict=True):
            cells = [machine_cell(col.of(row)) for col in cols]
            lines.writerow([*cells, machine_cell(is_made), *about.values()])
        return out.getvalue().encode()

    def xlsx(self) -> bytes:
        """The file for people: a cover, and numbers and days that count and sort."""
        return sheets.table(self)

    def file(self, suffix: str) -> str:
        """The name of a file: city, table and as-of."""
        return f"{self.snapshot.city}-{self.name}-{self.snapshot.day}.{suffix}"


def machine_cell(value: object) -> str:
    """A value as a machine reads it; a text is no formula (etl/recipe/typed.py undoes that)."""
    if value is None or isinstance(value, bool):
        return "" if value is None else str(value).lower()
    if isinstance(value, str):
        return f"'{value}" if sheets.FORMULA.match(value) else value
    return value.isoformat() if isinstance(value, date) else repr(value)


def of(
    say: Text, name: str, rows: Iterable[object], cols: Sequence[Col], is_simulated: bool = False
) -> Table:
    """The Table of rows of the snapshot that this visit reads."""
    return Table(say.plain, name, list(rows), cols, st.session_state["snapshot"], is_simulated)


def show(
    say: Text,
    name: str,
    rows: Iterable[object],
    cols: Sequence[Col],
    is_simulated: bool = False,
    is_whole: bool = True,
    at: Callable[[object], Address | None] | None = None,
) -> None:
    """A table with its files, or a word where it is empty.

    is_whole: False, and no file is offered; at: the Address of the figure of a row.
    """
    if at and say.link:
        cols = [*cols, Col("table.rows", _origin(say, at), only="page", link="home.where_from")]
    table = of(say, name, rows, cols, is_simulated)
    if not table.rows:
        plain.caption(say("table.empty"))
        return
    st.dataframe(
        table.styled(),
        hide_index=True,
        width="stretch",
        column_config={table.heading(col): _config(table, col) for col in table.columns("page")},
        placeholder="—",
    )
    if is_whole:
        offer(table)


def _origin(say, at):
    """What leads from a row to where its figure comes from."""

    def link(row):
        address = at(row)
        return say.link(address) if address else None

    return link


def offer(table: Table) -> None:
    """The buttons that hand out a table; a file is made when it is asked for."""
    kinds = (("xlsx", table.xlsx, sheets.KIND), ("csv", table.csv, "text/csv"))
    with st.container(horizontal=True):
        for suffix, make, mime in kinds:
            plain.download_button(
                table.say(f"table.{suffix}"),
                make,
                table.file(suffix),
                mime,
                key=f"{suffix}-{table.name}",
                on_click="ignore",
            )


def _config(table, col):
    """How Streamlit shows a column: links as links, marked names whole."""
    if col.link is not None:
        known = [col.of(row) or "" for row in table.rows]
        if all(WEB.match(value) or not value for value in known):
            return st.column_config.LinkColumn(
                display_text=table.say(col.link) if col.link else None
            )
    is_marked = col.heading == "table.dataset" and any(table.simulated)
    return st.column_config.Column(width=col.width or (WIDE if is_marked else None))


def _mark(say, row):
    return say("simulated.mark")
