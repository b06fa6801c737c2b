"""Signal or noise: the XmR chart of single values, and whether a target lies inside its limits.

Limits: median +- 3.145 median moving ranges (Wheeler, Understanding Variation, 1993), which single
odd values do not widen. Rules and words are those of the NHS programme Making Data Count, with the
run lengths of its package NHSRplotthedots (github.com/nhs-r-community/NHSRplotthedots): a point
outside the limits; seven in a row on one side of the middle; seven in a row that rise or fall; two
of three in the outer third. Western Electric (1956) and Nelson (1984) have the same with runs of
eight, nine and six. Limits begin anew where seven in a row lie outside the old ones on one side:
the process is another one then. That rule is ours.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

WIDTH = 3.145  # 3 / 0.954, of the median moving range of two
RUN = 7  # points in a row that are no chance
FIRM = 12  # points from which limits are not provisional any more
FEWEST = 3  # points below which there are no limits


@dataclass(frozen=True)
class Xmr:
    """The chart of values (n,): middle, low, high (n,), and per point the rules that it breaks.

    signals: n tuples of "outside", "shift", "trend", "two_of_three"; sides (n,): 1 above the
    middle, -1 below; of a point in a trend and with no other signal, the way that it goes. starts:
    the points at which limits begin anew; is_firm: the newest limits rest on FIRM points or more.
    """

    values: np.ndarray
    middle: np.ndarray
    low: np.ndarray
    high: np.ndarray
    sides: np.ndarray
    signals: tuple
    starts: tuple
    is_firm: bool


def xmr(values: ArrayLike, floor: float = -np.inf) -> Xmr | None:
    """The Xmr of values in the order of time; None with fewer than FEWEST. NaN is not known.

    floor: the least possible value, below which no limit lies.
    """
    values = np.asarray(values, float)
    at = np.flatnonzero(~np.isnan(values))
    known = values[at]
    if len(known) < FEWEST:
        return None
    starts = _phases(known)
    middle, low, high, sides = (np.zeros(len(values)) for _ in range(4))
    signals = [()] * len(values)
    for start, end in zip(starts, [*starts[1:], len(known)], strict=True):
        phase = known[start:end]
        first, last = at[start] if start else 0, at[end] if end < len(known) else len(values)
        m, reach = _limits(phase)
        middle[first:last], low[first:last], high[first:last] = m, max(floor, m - reach), m + reach
        rows = zip(at[start:end], _broken(phase, m, reach), phase - m, _ways(phase), strict=True)
        for n, rules, away, way in rows:
            signals[n], sides[n] = rules, way if rules == ("trend",) else np.sign(away)
    is_firm = len(known) - starts[-1] >= FIRM
    told = tuple(int(at[s]) for s in starts)
    return Xmr(values, middle, low, high, sides.astype(int), tuple(signals), told, is_firm)


def variation(chart: Xmr, direction: str = "down") -> str:
    """What the newest known point says: "improving", "concerning", or "common" (noise).

    direction: which way is better. A trend goes where it goes; all else lies on its side.
    """
    newest = np.flatnonzero(~np.isnan(chart.values))[-1]
    if not chart.signals[newest]:
        return "common"
    return "improving" if (chart.sides[newest] > 0) == (direction == "up") else "concerning"


def assurance(chart: Xmr, target: float, direction: str = "down") -> str:
    """Whether the process as its newest limits show it meets a target.

    "passes" or "fails" whatever chance does, "by_chance" where the target lies inside the limits.
    """
    low, high = chart.low[-1], chart.high[-1]
    if direction == "up":
        low, high, target = -high, -low, -target
    return "passes" if high <= target else "fails" if low > target else "by_chance"


def _limits(values):
    """(middle, distance of the limits from it) of values without gaps."""
    return np.median(values), WIDTH * np.median(np.abs(np.diff(values)))


def _phases(values):
    """The points at which limits begin anew: RUN in a row outside those of the points before."""
    starts = [0]
    for first in range(RUN, len(values) - RUN + 1):
        if first - starts[-1] >= RUN:
            middle, reach = _limits(values[starts[-1] : first])
            away = values[first : first + RUN] - middle
            if (away > reach).all() or (away < -reach).all():
                starts.append(first)
    return starts


def _broken(values, middle, reach):
    """The names of the rules that each value breaks."""
    away = values - middle
    thirds = 3 * away / reach if reach else 4 * np.sign(away)
    broken = {
        "outside": np.abs(thirds) > 3,
        "shift": _runs(np.sign(away), RUN),
        "trend": _risen(np.sign(np.diff(values))),
        "two_of_three": _outer(thirds, 1) | _outer(thirds, -1),
    }
    return [tuple(n for n, is_so in zip(broken, row, strict=True) if is_so)
            for row in zip(*broken.values(), strict=True)]  # fmt: skip


def _runs(signs, length):
    """Whether each of (n,) signs is one of `length` or more equal ones in a row; 0 is none."""
    edges = np.flatnonzero(np.diff(signs, prepend=np.nan, append=np.nan) != 0)
    sizes = np.diff(edges)
    return np.repeat(sizes >= length, sizes) & (signs != 0)


def _risen(steps):
    """Whether each point is one of RUN or more that only rise, or only fall, by steps (n - 1,)."""
    steep = _runs(steps, RUN - 1)
    return np.append(steep, False) | np.insert(steep, 0, False)


def _ways(values):
    """Where each point of a trend goes: 1 up, -1 down; its first one as the next."""
    steps = np.sign(np.diff(values))
    steep = _runs(steps, RUN - 1)
    before = np.insert(steps * steep, 0, 0)
    return np.where(before, before, np.append(steps * steep, 0))


def _outer(thirds, side):
    """Whether each point lies in the outer third of a side with another of three in a row."""
    outer = (side * thirds > 2) & (side * thirds <= 3)
    marked = np.zeros(len(thirds), bool)
    for first in range(len(thirds) - 2):
        near = slice(first, first + 3)
        if outer[near].sum() >= 2:
            marked[near] |= outer[near]
    return marked
