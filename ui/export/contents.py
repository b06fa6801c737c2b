"""What leaves the dashboard, once: story, briefing, workbook and deck are all made of Contents.

Every output shows the same numbers, titles, sentences and charts, read from one snapshot in one
language; an output only decides how they look.
"""

from dataclasses import dataclass
from datetime import date

import altair as alt


@dataclass(frozen=True)
class Number:
    """A number that outputs show: under one code in all of them, as value and as it is read."""

    code: str  # outlook.total
    label: str  # what it is: Perkiraan akhir tahun
    value: float | int | None  # in the unit; None where there is none
    unit: str  # visits, share, hours, requests, per_day, ... as in the headers of kpi/*.sql
    text: str  # as it is read: 1,79 juta
    flag: str  # of its status, as in etl/obs_status.csv; empty for a final one
    is_simulated: bool
    source: str  # whose it is, what it counts, up to when


@dataclass(frozen=True)
class Part:
    """One part of the story: a slide, a block of the briefing, a sheet of the workbook."""

    code: str  # goal, outlook, condition, service, places, honest, home
    title: str  # the finding, in at most ten words or so
    sentences: tuple[str, ...]
    numbers: tuple[Number, ...]
    chart: alt.TopLevelMixin | None  # as on the pages, in light colours
    chart_title: str
    rows: tuple[dict, ...]  # the table behind the chart: {heading: value}
    caption: str  # source, as-of, what is counted
    notes: tuple[str, ...]  # for who speaks
    is_simulated: bool


@dataclass(frozen=True)
class Contents:
    """All parts of a city's story as known on a day, in one language."""

    city: str
    lang: str
    title: str  # the city's own, or its name
    snapshot: str  # id of the Snapshot that every number is of
    day: date  # as known on
    parts: tuple[Part, ...]

    @property
    def is_simulated(self):
        """Whether anything in it is simulated."""
        return any(part.is_simulated for part in self.parts)
