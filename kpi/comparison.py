"""A figure held against a target, against the year before it and against its own past.

Pure functions and what they return; which figure meets which target is kpi/scorecard.py's business.
"""

from bisect import bisect
from dataclasses import dataclass
from datetime import date
from statistics import fmean
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kpi import Figure

POINTS, SETTLED = 5, 12  # years before that limits need, and that make them final
LIMIT = 2.66  # mean moving ranges from the mean to a limit (XmR chart; Wheeler 1993)


@dataclass(frozen=True)
class Target:
    """One target as one document stated it, in the KPI's unit; upper only where it is a range.

    `problem` says why it is compared with nothing: not_stated (what it counts), unit (another one
    than the KPI's), range (one is needed and its upper edge is not given), period (longer than a
    year, of which there is no figure).
    """

    kpi: str
    period_start: date
    period_end: date
    level: str
    document: str
    address: str | None
    value: float
    upper: float | None
    unit: str
    definition: str
    series: str
    said_by: str
    note: str | None
    published_at: date | None
    published_at_basis: str | None
    witnesses: int
    is_ruling: bool
    is_chosen: bool
    is_city_choice: bool
    measures: tuple  # of the definition, in order
    problem: str | None = None


@dataclass(frozen=True)
class Comparison:
    """A figure held against a target: attainment (share of one) and whether the target is met."""

    attainment: float
    is_met: bool


@dataclass(frozen=True)
class Change:
    """A complete figure against that of the same period a year before, of the same kind.

    growth is a share of the value before (None from zero), is_better None where nothing changed.
    """

    before: object
    difference: float
    growth: float | None
    is_better: bool | None


@dataclass(frozen=True)
class Signal:
    """Whether a complete figure lies outside the limits of the years before it (XmR).

    kind: too_few (years), common (inside), better, worse, outside (of a range's limits).
    """

    kind: str
    points: int
    low: float | None = None
    high: float | None = None
    is_provisional: bool = True
    needed: int = POINTS


def compare(value: float, target: Target, direction: str) -> Comparison:
    """The Comparison of a value with a Target: realisasi / target (Permendagri 86/2017).

    Where lower is better, (2 x target - realisasi) / target, as LKjIPs compute it. A range is met
    inside; outside, the distance to the nearer edge is what is lacking. Not cut off at 0 or 1.
    """
    low, high = target.value, target.upper
    if high is not None:
        edge = low if value < low else high
        is_met = low <= value <= high
        return Comparison(1.0 if is_met else 1 - abs(value - edge) / edge, is_met)
    if direction == "down":
        return Comparison((2 * low - value) / low, value <= low)
    return Comparison(value / low, value >= low)


def rate(attainment: float, bands: list[dict]) -> dict | None:
    """The band [{lower (percent), ...}] that an attainment lies in, None below the lowest.

    A band begins at its lower value and ends below that of the next one. Rounded to the four
    decimals that a lower value can have, so that 0.91 is 91 and not a hair below.
    """
    ladder = sorted(bands, key=lambda band: band["lower"])
    place = bisect([band["lower"] for band in ladder], round(attainment * 100, 4))
    return ladder[place - 1] if place else None


def change(
    figure: "Figure | None", before: "Figure | None", direction: str, target: Target | None = None
) -> Change | None:
    """The Change from one complete figure to another of the same kind; None where one is not."""
    value, past = _complete(figure), _complete(before)
    if value is None or past is None:
        return None
    difference = value - past
    gain = _gain(value, direction, target) - _gain(past, direction, target)
    growth = difference / past if past else None
    return Change(before, difference, growth, None if gain == 0 else gain > 0)


def signal(figure: "Figure | None", history: list["Figure"], direction: str) -> Signal | None:
    """The Signal of a complete figure among complete ones before it that no check has fired on."""
    value = _complete(figure)
    if figure is None or value is None:
        return None
    before = [
        past
        for f in sorted(history, key=lambda f: f.period_start)
        if (past := _complete(f)) is not None
        and f.obs_status != "suspect"
        and f.period_end < figure.period_start
    ]
    if len(before) < POINTS:
        return Signal("too_few", len(before))
    reach = LIMIT * fmean(abs(b - a) for a, b in zip(before, before[1:], strict=False))
    low, high = fmean(before) - reach, fmean(before) + reach
    kind = "common"
    if not low <= value <= high:
        good = {"up": value > high, "down": value < low}
        kind = {True: "better", False: "worse"}[good[direction]] if direction in good else "outside"
    return Signal(kind, len(before), low, high, len(before) < SETTLED)


def _gain(value, direction, target):
    """What grows as a value gets better; inside a range nothing does."""
    if target and target.upper is not None:
        return -max(target.value - value, value - target.upper, 0)
    return {"up": value, "down": -value}.get(direction, 0)


def _complete(figure: "Figure | None") -> float | None:
    """The value of a complete figure; None of any other."""
    return figure.value if figure is not None and figure.is_complete else None
