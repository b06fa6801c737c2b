"""Where the year will end, how likely the target is, and what would have to happen.

`outlook` puts a year together from what was reported and the sample of futures of kpi/forecast.py;
every figure of an `Outlook` comes from that one sample. What cannot be said, and why, stands in its
notes as codes. docs/outlook.en.md has method and sources.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from math import ceil

import numpy as np
import pandas as pd

from kpi.forecast import (
    LEVELS,
    PATHS,
    Forecast,
    Note,
    Refused,
    forecast,
    holiday_share,
    holiday_window,
    interval,
    periods,
)

__all__ = ["Forecast", "Note", "Outlook", "Refused", "Target", "forecast", "outlook"]

SILENT = 6  # whole months without a report after which a measure has stopped
PACE = 28  # days
WEEKS = 26  # of daily data from which the weekdays' profile is taken
ENOUGH_DAYS, ENOUGH_MONTHS = 7, 6  # of the running month, and before it, to complete it by days


@dataclass(frozen=True)
class Target:
    """Visits to be reached in a year, and what they count; None: the same as the data."""

    value: float
    definition: str | None = None
    series: str | None = None


@dataclass(frozen=True)
class Outlook:
    """What a year's total will be, as seen on a day: visits, None where a note withholds them.

    The year is `complete`, the sum of what is `reported` (12,) of its `months_known` months, plus
    `late` {month: (n,)}, what of them is not reported yet, plus `months`, those that are not known:
    `paths` (n, months) are their totals. `running` is what the days reported of these have brought,
    `counted_to` the last day of which anything was counted, `days_left` the days after it. `season`
    (12,) is the share of a year that has usually come by the end of each month, None where no year
    is whole. `total` is the median of `sample`, `intervals` {level in %: (low, high)} its
    quantiles, `probability` the share of it that reaches the target: (hits + 1/2) / (n + 1), 0 or 1
    only where nothing is open.
    `growth` is that of the year's reported months over the same months a year before, 1 before the
    first report. `pace` is what was counted a day in the last 28 days that are known; `best_pace`
    the best mean a day of any window as long as `days_left`, in days, or where these are not known
    in `best_months` whole months.
    """

    year: int
    as_of: date
    target: Target | None
    complete: float
    running: float
    months_known: int
    counted_to: date | None
    days_left: int
    last_year: float | None
    growth: float | None
    total: float | None
    intervals: dict
    probability: float | None
    pace: float | None
    best_pace: float | None
    best_months: int | None
    reported: pd.Series
    late: dict
    months: pd.PeriodIndex
    paths: np.ndarray
    season: np.ndarray | None
    forecast: Forecast | None
    notes: tuple

    @property
    def known(self) -> float:
        """Visits of the year that were counted."""
        return self.complete + self.running

    @property
    def sample(self) -> np.ndarray:
        """The year's total in each future, (n,)."""
        return self.cumulative[:, -1]

    @property
    def cumulative(self) -> np.ndarray:
        """Visits from 1 January to the end of each month in each future, (n, 12)."""
        visits = np.tile(self.reported.fillna(0.0).to_numpy(), (len(self.paths), 1))
        for month, sample in self.late.items():
            visits[:, month.month - 1] += sample[: len(visits)]
        visits[:, self.months.month - 1] = self.paths
        return visits.cumsum(axis=1)

    @property
    def is_over(self) -> bool:
        """Whether nothing of the year is open."""
        return not len(self.months) and not self.late

    @property
    def simple(self) -> float | None:
        """The simple rule: last year x growth to date."""
        if self.growth is None or self.last_year is None:
            return None
        return self.last_year * self.growth

    @property
    def left(self) -> float | None:
        """Visits that the target still needs."""
        if self.target is None or _withheld(self.notes, "probability"):
            return None
        return max(self.target.value - self.known, 0.0)

    @property
    def needed_per_day(self) -> int | None:
        """Visits a day, whole, that reach the target on 31 December; None when no day is left."""
        return (
            ceil(self.left / self.days_left) if self.left is not None and self.days_left else None
        )

    @property
    def needed_factor(self) -> float | None:
        """What is needed over what is expected (median), which knows the season."""
        expected = None if self.total is None else self.total - self.known
        return self.left / expected if self.left is not None and expected else None


def outlook(
    history: pd.Series,
    year: int,
    target: Target | None,
    as_of: date,
    *,
    daily: pd.Series | None = None,
    counted: pd.Series | None = None,
    late: dict | None = None,
    definition: str | None = None,
    series: str | None = None,
    calendar: Iterable[date] = (),
    exclude: Iterable = (),
    breaks: Iterable = (),
    levels: Iterable[float] = LEVELS,
    seed: int = 0,
) -> Outlook:
    """The Outlook of `year` as seen on the day `as_of`.

    history: monthly visits of one definition and series as known on that day, see `forecast`;
    months that had not ended by then are left out. daily: visits of the same kind by day
    (DatetimeIndex); they complete the running month and give the pace. counted: what was reported
    by day, where daily contains estimates or ends before the last report. late: {month: (visits
    reported, (PATHS,) sample of those that are not yet)} of months of which history and daily
    contain an estimate. target: a Target, a number or None; one of another definition or series
    than the data's is not compared. calendar, exclude, breaks, levels, seed: see `forecast`.

    Codes of the notes: no_target, target_on_another_definition, target_on_another_series (no
    probability); stopped_reporting, starts_later and those of `forecast` (no forecast);
    report_outstanding, before_first_report, gaps, recent_break.
    """
    target = target if target is None or isinstance(target, Target) else Target(target)
    as_of = pd.Timestamp(as_of).normalize()
    days = pd.Series(dtype=float, index=pd.DatetimeIndex([])) if daily is None else daily
    days = days.astype(float).sort_index()[:as_of].dropna()
    told = days if counted is None else counted.astype(float).sort_index()[:as_of].dropna()
    visits = _reported(history.astype(float), days, as_of)
    running = days[days.index.to_period("M") > visits.index[-1]] if len(visits) else days
    in_year = visits.reindex(pd.period_range(f"{year}-01", f"{year}-12", freq="M"))
    months = in_year.index[in_year.isna()]
    late = {month: parts for month, parts in (late or {}).items() if month in in_year.index}
    so_far = days.groupby(days.index.to_period("M")).sum().reindex(months).dropna()
    reported, running_sum = _told(in_year, so_far, late)
    notes = (
        *_notes_on_target(target, definition, series, year),
        *_notes_on_reports(visits, in_year, running, as_of),
        *_notes_on_breaks(visits, breaks),
    )
    future, paths = None, np.empty((0 if len(months) else PATHS, len(months)))
    if len(months) and not _withheld(notes, "forecast"):
        settings = {"calendar": calendar, "exclude": exclude, "breaks": breaks, "seed": seed}
        try:
            future, paths = _paths(visits, days, months, so_far, levels, settings)
        except Refused as refused:
            notes += (refused.note,)

    counted_to = _counted_to(visits, told)
    days_left = _days_left(counted_to or as_of, year)
    last_year, growth = _growth(visits, in_year, year)
    best_pace, best_months = _best_pace(visits, days, days_left)
    result = Outlook(
        year=year,
        as_of=as_of.date(),  # type: ignore[attr-defined]  # a Timestamp by now
        target=target,
        complete=float(reported.sum()),
        running=running_sum,
        months_known=len(in_year) - len(months),
        counted_to=counted_to.date() if counted_to else None,
        days_left=days_left,
        last_year=last_year,
        growth=growth,
        total=None,
        intervals={},
        probability=None,
        pace=_pace(days, told),
        best_pace=best_pace,
        best_months=best_months,
        reported=reported,
        late={month: sample for month, (_, sample) in late.items() if month not in months},
        months=months,
        paths=paths,
        season=_season(visits, year, future, calendar, exclude),
        forecast=future,
        notes=notes,
    )
    return _judged(result, levels) if len(paths) else result


def _withheld(notes, what):
    return any(note.withholds == what for note in notes)


def _reported(history, days, as_of):
    """The months that had ended by `as_of`, to the last known one, and whole months of days after
    it; NaN where a month between them is not known."""
    ended = history[history.index.end_time.normalize() <= as_of].dropna()
    by_month = days.groupby(days.index.to_period("M")).agg(["sum", "size"])
    whole = by_month["sum"][by_month["size"].to_numpy() == by_month.index.days_in_month]
    if len(ended):
        whole = whole[whole.index > ended.index[-1]]
    visits = pd.concat([part for part in (ended, whole) if len(part)] or [ended])
    if not len(visits):
        return visits
    return visits.reindex(pd.period_range(visits.index[0], visits.index[-1], freq="M"))


def _told(counted, so_far, late):
    """What is reported of the year's whole months, (12,), and what of the others."""
    reported, others = counted.copy(), dict(so_far)
    for month, (visits, _) in late.items():
        (others if np.isnan(counted[month]) else reported)[month] = visits
    return reported, float(sum(others.values()))


def _notes_on_target(target, definition, series, year):
    if target is None:
        yield Note("no_target", {"year": year}, "probability")
        return
    for name, data in {"definition": definition, "series": series}.items():
        counts = getattr(target, name)
        if counts is not None and counts != data:
            params = {"target": counts, "data": data}
            yield Note(f"target_on_another_{name}", params, "probability")


def _notes_on_reports(visits, reported, running, as_of):
    if not len(visits) and not len(running):
        yield Note("no_report", {"as_of": str(as_of.date())}, "forecast")
    elif not len(visits):
        yield Note("no_whole_month", {}, "forecast")
    if not len(visits) or reported.notna().all():
        return
    last = running.index[-1].to_period("M") if len(running) else visits.index[-1]
    today = (as_of + pd.Timedelta(days=1)).to_period("M")
    late = {"last": str(last), "months": today.ordinal - last.ordinal - 1}
    if late["months"] > SILENT:
        yield Note("stopped_reporting", late, "forecast")
    elif late["months"] > 0:
        yield Note("report_outstanding", late)
    if reported.isna().all() and not (running.index.year == reported.index[0].year).any():
        yield Note("before_first_report", {"year": reported.index[0].year, "last": str(last)})
    if reported.index[0] <= last and visits.index[0] > reported.index[0]:
        yield Note("starts_later", {"first": str(visits.index[0])}, "forecast")
    whole = pd.period_range(visits.index[0], last - int(len(running) > 0), freq="M")
    gaps = visits.reindex(whole)
    if gaps.isna().any():
        yield Note("gaps", {"months": tuple(map(str, gaps.index[gaps.isna()]))})


def _notes_on_breaks(visits, breaks):
    for first in periods(breaks) if len(visits) else ():
        since = visits.index[-1].ordinal - first.ordinal + 1
        if 0 < since < 12:
            yield Note("recent_break", {"first": str(first), "months": since})


def _paths(visits, days, months, so_far, levels, settings):
    """The Forecast, and the totals (PATHS, months) of the months of the year that are open: those
    of the past are filled, the running ones are completed by their days, and then the rest follows;
    none is less than what is reported of it so far."""
    horizon = max(months[-1].ordinal - visits.index[-1].ordinal, 1)
    future = forecast(visits, horizon, levels, **settings)
    column = dict(zip(future.months, future.paths.T, strict=True)) | future.filled
    for month in future.months:
        completed = _completed(days, month, settings["calendar"], future.holiday, settings["seed"])
        if completed is None:
            break
        column[month] = completed
        if month < future.months[-1]:
            visits = pd.concat([visits, pd.Series(np.median(completed), index=[month])])
            future = forecast(visits, len(future.months) - 1, levels, **settings)
            column |= dict(zip(future.months, future.paths.T, strict=True)) | future.filled
    if not column.keys() >= set(months):
        raise Refused("starts_later", first=str(visits.index[0]))
    return future, np.stack([np.maximum(column[m], so_far.get(m, 0)) for m in months], axis=1)


def _completed(days, month, calendar, holiday, seed):
    """(PATHS,) totals of a month of which some days are known: visits so far over the share of the
    month that they usually are (by weekday and moving holiday), times what whole months before it
    came to over the same estimate; None where the days or the months are too few."""
    known = days.index.to_period("M")
    running = days[known == month]
    sizes = known.value_counts().sort_index()
    whole = sizes.index[(sizes.to_numpy() == sizes.index.days_in_month) & (sizes.index < month)]
    if len(running) < ENOUGH_DAYS or running.sum() <= 0:
        return None
    past = days[known.isin(whole) & (days.groupby(known).transform("sum") > 0)]
    every = past.index.append(pd.date_range(month.start_time, periods=month.days_in_month))
    weight = _weights(every, days, calendar, holiday)
    table = pd.DataFrame({"visits": days.reindex(every).fillna(0), "weight": weight})
    all_, seen = (
        part.groupby(part.index.to_period("M")).sum()
        for part in (table, table[every.day.isin(running.index.day)])
    )
    estimate = seen.visits / seen.weight * all_.weight
    ratio = (all_.visits / estimate).iloc[:-1].replace([0, np.inf], np.nan).dropna().to_numpy()
    if len(ratio) < ENOUGH_MONTHS:
        return None
    order = np.random.default_rng(seed).permutation(PATHS)
    return estimate.iloc[-1] * ratio[order % len(ratio)]


def _weights(every, days, calendar, holiday):
    """How much a day usually brings: its weekday's mean over the last WEEKS, and what the moving
    holiday adds to the days of its window if it makes a month `holiday` times as much."""
    recent = days.iloc[-7 * WEEKS :]
    weekday = recent.groupby(recent.index.day_of_week).mean() / recent.mean()
    window = holiday_window(calendar)
    lift = (holiday - 1) * 30.4 / window.shape[1]
    inside = np.isin(every.to_numpy().astype("datetime64[D]"), window)
    weight = weekday.reindex(range(7)).fillna(1.0).to_numpy()[every.day_of_week]
    return weight * np.maximum(1 + lift * inside, 0.1)


def _judged(result, levels):
    """The Outlook with what its sample says of the total and of the target."""
    total = result.sample
    intervals = {level: interval(total, level) for level in levels}
    result = replace(result, total=float(np.median(total)), intervals=intervals)
    if _withheld(result.notes, "probability"):
        return result
    goal = result.target.value
    if result.known >= goal or result.is_over:
        return replace(result, probability=float(result.known >= goal))
    return replace(result, probability=float(((total >= goal).sum() + 0.5) / (len(total) + 1)))


def _season(visits, year, future, calendar, exclude):
    """The share of a year that has come by the end of each month, (12,): the mean over whole years,
    each freed of the moving holiday, with that of `year` put in; None where no year is whole."""
    effect = np.log2(future.holiday) if future else 0.0
    free = visits.mask(visits.index.isin(periods(exclude)))
    if len(visits):
        free = free / (1 + holiday_share(visits.index, calendar)) ** effect
    years = free.groupby([free.index.year, free.index.month]).sum(min_count=1).unstack()
    whole = years[years.index < year].reindex(columns=range(1, 13)).dropna()
    whole = whole[whole.sum(axis=1) > 0]
    if not len(whole):
        return None
    months = pd.period_range(f"{year}-01", f"{year}-12", freq="M")
    share = whole.div(whole.sum(axis=1), axis=0).mean().to_numpy()
    share = share * (1 + holiday_share(months, calendar)) ** effect
    return share.cumsum() / share.sum()


def _counted_to(visits, told):
    """The last day that the figures count, None where nothing is reported."""
    ends = [visits.index[-1].end_time.normalize()] if len(visits) else []
    return max([*ends, *told.index[-1:]], default=None)


def _days_left(counted_to, year):
    first = max(counted_to, pd.Timestamp(year - 1, 12, 31))
    return max((pd.Timestamp(year, 12, 31) - first).days, 0)


def _growth(visits, reported, year):
    """Last year's total and the growth to date over it; None where last year is not all known."""
    before = visits.reindex(reported.index - 12)
    if before.isna().any() or not before.sum():
        return (None, None)
    same = before.to_numpy()[reported.notna()].sum()
    growth = float(reported.sum() / same) if same else None
    return float(before.sum()), 1.0 if reported.isna().all() else growth


def _pace(days, told):
    """What was counted a day in the last 28 days known, None where they are not all known."""
    last = days[days.index > days.index[-1] - pd.Timedelta(days=PACE)] if len(days) else days
    return float(told.reindex(last.index).sum() / PACE) if len(last) == PACE else None


def _best_pace(visits, days, days_left):
    """The best mean a day over a window of `days_left` days, or of about as many whole months; and
    how many months, None where it is days."""
    if not days_left:
        return None, None
    if len(days) >= days_left:
        best = days.asfreq("D").rolling(days_left).mean().max()
        if not np.isnan(best):
            return float(best), None
    months = max(round(days_left / 30.4), 1)
    lengths = pd.Series(visits.index.days_in_month, index=visits.index)
    best = (visits.rolling(months).sum() / lengths.rolling(months).sum()).max()
    return (None, None) if np.isnan(best) else (float(best), months)
