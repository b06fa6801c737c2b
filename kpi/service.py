"""Public services by time: how long requests take, which are open, and what is signal in it.

A request that is open is not a fast one: beside the simple figures over what was completed stands
the Kaplan-Meier estimate, in which an open request counts as waiting until its age. Durations come
from the additive histogram, so every figure is exact to one bin: a minute below 24 hours, then an
hour; ages of open requests are exact to an hour.
"""

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from kpi import spc, survival
from kpi.once import once

if TYPE_CHECKING:
    from kpi import Figure, Snapshot

UNITS = ("month", "week")
LEFT_OUT = ("before", "zero", "day", "none")  # closed without a duration that can be used
BIN = ("lower_hours", "width_hours", "requests")
AGES = (0, 2, 8, 15, 31)  # days at which a step of age of open requests begins


@dataclass(frozen=True)
class Share:
    """How many requests kept a standard: `met` of `decided` (done, or open for longer than it)."""

    standard: dict
    met: int
    decided: int

    @property
    def value(self) -> float | None:
        """The share of one; None where nothing is decided yet."""
        return self.met / self.decided if self.decided else None


@dataclass(frozen=True)
class Times:
    """How long the requests of one period or channel took, in hours; None where not known.

    median, p90: of those completed; expected_median, expected_p90: Kaplan-Meier, with those open;
    working_median: of those completed, within office hours. ages: {hours: open requests}.
    """

    name: str
    requests: int
    done: int
    open: int
    withdrawn: int
    left_out: dict
    median: float | None
    p90: float | None
    expected_median: float | None
    expected_p90: float | None
    working_median: float | None
    ages: dict
    shares: tuple
    curve: survival.Curve
    simple: survival.Curve  # of those completed alone


@dataclass(frozen=True)
class Service:
    """All of one service at one agency (None: all): a Times a period, and the channels of one.

    chart: the Xmr of the expected medians (NaN where half are not done yet), variation what the
    newest period says and assurance whether they meet `standard`, the one for every channel.
    sources: rows of kpi/queries/service_series.sql, all of one series; waiting: the open requests
    of all periods on the day reaches_to, that of the last_event (completion or request) that its
    agencies sent, the earliest of theirs.
    """

    code: str
    agency: str | None
    unit: str
    sources: tuple
    reaches_to: object
    last_event: str
    periods: tuple
    period: Times
    channels: tuple
    chart: spc.Xmr | None
    variation: str | None
    assurance: str | None
    standard: dict | None
    waiting: "Waiting"


@dataclass(frozen=True)
class Waiting:
    """Open requests by age in days: steps are [(from, to or None, requests)]."""

    requests: int
    median_days: int | None
    oldest_days: int | None
    steps: tuple


@dataclass(frozen=True)
class Element:
    """One element of the satisfaction survey: its mean score (1 to 4) over `answers`."""

    element: str
    mean: float
    answers: int


def services(snapshot: "Snapshot") -> dict[str, dict[str, list[str]]]:
    """{service: {series: [agency]}} of all services with known requests, the city's first one
    first, and of each what reaches furthest: figures of two series are never added."""
    first = snapshot.table("city")[0]["first_service"]
    found: dict = {}
    for row in snapshot.table("service_series"):
        found.setdefault(row["service_code"], []).append(row)
    order = sorted(found, key=lambda code: (code != first, code))
    return {code: _of_series(found[code]) for code in order}


def _of_series(rows):
    """{series: [agency]} of rows of service_series, what reaches furthest first."""
    rows = sorted(rows, key=lambda r: r["reaches_at"], reverse=True)
    return {
        series: sorted(r["agency"] for r in rows if r["series"] == series)
        for series in dict.fromkeys(r["series"] for r in rows)
    }


def periods(
    snapshot: "Snapshot", code: str, agency: str | None, unit: str, series: str | None = None
) -> list[str]:
    """The first days of all periods with requests, as texts, oldest first; series: as service."""
    about = {"service": code, "agency": agency, "unit": unit}
    about["series"] = series or next(iter(services(snapshot)[code]))
    rows = snapshot.table("service_fates", period=None, **about)
    return list(dict.fromkeys(row["name"] for row in rows))


def span(period: str, unit: str) -> tuple[date, date]:
    """The first and the last day of a period, which is named by its first day."""
    whole = pd.Period(period, "M" if unit == "month" else "W-SUN")
    return whole.start_time.date(), whole.end_time.date()


def standards(snapshot: "Snapshot", code: str) -> list[dict]:
    """The standards of a service that are known, as rows; those for every channel first."""
    return [s for s in snapshot.table("service_standards") if s["service_code"] == code]


@once(64)
def service(
    snapshot: "Snapshot",
    code: str,
    agency: str | None,
    unit: str,
    period: str,
    series: str | None = None,
) -> Service:
    """The Service of a code; `period` is the name (first day) of the one looked at, `series` the
    one that is asked for, None for the one that reaches furthest."""
    series = series or next(iter(services(snapshot)[code]))
    about = {"service": code, "agency": agency, "unit": unit, "series": series}
    rules = standards(snapshot, code)
    sources = [
        row
        for row in snapshot.table("service_series")
        if (row["service_code"], row["series"]) == (code, series)
        and agency in (None, row["agency"])
    ]
    first = min(sources, key=lambda row: row["reaches_at"])
    times = _times(snapshot, rules, period=None, **about)
    medians = [np.nan if t.expected_median is None else t.expected_median for t in times]
    chart = spc.xmr(medians, floor=0)
    standard = next((s for s in rules if not s["channel"]), None)
    return Service(
        code=code,
        agency=agency,
        unit=unit,
        sources=tuple(sources),
        reaches_to=first["reaches_to"],
        last_event=first["last_event"],
        periods=tuple(times),
        period=next(t for t in times if t.name == period),
        channels=tuple(_times(snapshot, rules, period=period, **about)),
        chart=chart,
        variation=_variation(chart, times) if chart else None,
        assurance=spc.assurance(chart, standard["hours"]) if chart and standard else None,
        standard=standard,
        waiting=_waiting(times),
    )


def newest(snapshot: "Snapshot") -> Service | None:
    """The Service that comes first, by month, in its newest month; None where none is known."""
    for code in services(snapshot):
        return service(snapshot, code, None, "month", periods(snapshot, code, None, "month")[-1])
    return None


def elements(snapshot: "Snapshot", figure: "Figure") -> list[Element]:
    """[Element] of the survey behind a Figure skm_index, U1 to U9."""
    about = (figure.definition, figure.series, figure.year)
    found: dict = {}
    for row in snapshot.table("survey_elements"):
        if (row["service_code"], row["series"], row["year"]) == about:
            before = found.get(row["element"], (0, 0))
            found[row["element"]] = (before[0] + row["scores"], before[1] + row["answers"])
    return [Element(name, scores / answers, answers) for name, (scores, answers) in found.items()]


def band(snapshot: "Snapshot", scale: str, value: float | None) -> dict | None:
    """The class of a scale that a value lies in, as a row of the bands; None without one."""
    rows = (row for row in snapshot.table("bands") if row["scale"] == scale)
    return None if value is None else next((r for r in rows if r["lower"] <= value), None)


def _times(snapshot, standards, **about):
    """[Times] of every period, or of every channel within about["period"]."""
    fates: dict = {}
    for row in snapshot.table("service_fates", **about):
        fates.setdefault(row["name"], {})[row["fate"]] = row["requests"]
    if not fates:
        return []
    names = tuple(fates)
    bins = snapshot.columns("service_durations", names=names, **about)
    ages = snapshot.columns("service_ages", names=names, **about)
    elapsed, working = (_where(bins, bins["is_working"] == is_so) for is_so in (False, True))
    times = []
    for nth, name in enumerate(names):
        day, channel = (about["period"], name) if about["period"] else (name, "")
        own = [_where(part, part["nth"] == nth) for part in (elapsed, working, ages)]
        times.append(
            _time(name, fates[name], own, [s for s in standards if _applies(s, day, channel)])
        )
    return times


def _applies(standard, day, channel):
    """Whether a standard is for the requests of the period of a first day, and for the channel."""
    starts = standard["from_date"].replace(day=1).isoformat()
    ends = standard["to_date"].isoformat() if standard["to_date"] else "9999"
    return starts <= day <= ends and standard["channel"] in ("", channel)


def _time(name, fates, own, standards):
    elapsed, working, ages = own
    lower, width, done = (elapsed[k] for k in BIN)
    waited, still = ages["hours"], ages["requests"]
    middle = lower + width / 2
    times = np.concatenate([middle, waited])
    ended = np.concatenate([done, np.zeros_like(still)])
    lost = np.concatenate([np.zeros_like(done), still])
    curve = survival.kaplan_meier(times, ended, lost)
    ends = -np.diff(curve.share, prepend=1)
    return Times(
        name=name,
        requests=sum(fates.values()),
        done=fates.get("done", 0),
        open=fates.get("open", 0),
        withdrawn=fates.get("withdrawn", 0),
        left_out={fate: fates[fate] for fate in LEFT_OUT if fate in fates},
        median=quantile(lower, width, done, 0.5),
        p90=quantile(lower, width, done, 0.9),
        expected_median=quantile(lower, width, ends, 0.5, 1),
        expected_p90=quantile(lower, width, ends, 0.9, 1),
        working_median=quantile(
            working["lower_hours"], working["width_hours"], working["requests"], 0.5
        ),
        ages=dict(zip(waited.tolist(), still.tolist(), strict=True)),
        shares=tuple(_share(s, lower, width, done, waited, still) for s in standards),
        curve=curve,
        simple=survival.kaplan_meier(middle, done, np.zeros_like(done)),
    )


def _share(standard, lower, width, done, waited, still):
    """The Share of a standard: a minute counts until its end, an hour only if it is over."""
    hours = standard["hours"] + 1e-9
    met = done[np.where(width < 1, lower, lower + width) <= hours].sum()
    return Share(standard, int(met), int(done.sum() + still[waited >= standard["hours"]].sum()))


def quantile(
    lower: np.ndarray,
    width: np.ndarray,
    counts: np.ndarray,
    part: float,
    whole: float | None = None,
) -> float | None:
    """The value below which `part` (0 to 1) of a histogram lies, even within a bin.

    lower, width, counts: (bins,), in the order of lower; whole: what the part is of, their sum
    unless more are still to come. None where the histogram does not reach so far.
    """
    reached = np.cumsum(counts)
    wanted = part * (counts.sum() if whole is None else whole)
    at = np.searchsorted(reached, wanted - 1e-12)
    if at == len(reached) or not wanted:
        return None
    before = reached[at] - counts[at]
    return float(lower[at] + width[at] * (wanted - before) / counts[at])


def _where(columns, is_so):
    return {name: values[is_so] for name, values in columns.items()}


def _variation(chart, times):
    """What the newest period says, as spc.variation; "unreached" where half are not done yet.

    It says "concerning" then, too, if those of a period have waited for longer than the limits.
    """
    last = int(np.flatnonzero(~np.isnan(chart.values))[-1])
    late = range(last + 1, len(times))
    if any(max(times[n].ages, default=0) > chart.high[n] for n in late):
        return "concerning"
    return "unreached" if late else spc.variation(chart)


def _waiting(times):
    """The Waiting of all periods together."""
    ages: dict = {}
    for t in times:
        for hours, requests in t.ages.items():
            ages[hours // 24] = ages.get(hours // 24, 0) + requests
    days = np.repeat(list(ages), list(ages.values()))
    edges = [*AGES, None]
    return Waiting(
        requests=len(days),
        median_days=int(np.median(days)) if len(days) else None,
        oldest_days=int(days.max()) if len(days) else None,
        steps=tuple(
            (low, high, sum(n for d, n in ages.items() if low <= d and (not high or d < high)))
            for low, high in zip(edges, edges[1:], strict=False)
        ),
    )
