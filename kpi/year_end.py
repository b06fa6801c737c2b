"""The outlook of one year of one series, put together from what a Snapshot knows on its day.

Which series is asked, its months and days, what of them is reported late, the target it may be held
against, the moving holiday and the breaks that the checks have found; kpi/outlook.py makes the year
of it.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from kpi.nowcast import table
from kpi.outlook import Outlook, Refused, Target, outlook
from kpi.simulated import like, original

if TYPE_CHECKING:
    from kpi import Snapshot

# nothing is learned from the pandemic: from the first known case in Indonesia (2 March 2020) to the
# last year end with limits on travel (2021)
EXCLUDED = tuple(map(str, pd.period_range("2020-03", "2021-12", freq="M")))
ENOUGH = 0.5  # of a day's usual visits must be reported for the day to count as reported


@dataclass(frozen=True)
class YearEnd:
    """An Outlook with what it speaks of.

    `definition`, its `measures` and `series` are what is counted; `target_series`,
    `target_measures` and `document` are those of the target, `is_city_choice` whether the document
    does not say them. `known_months` are those of the history, `excluded` those that nothing is
    learned from. `late` are the visits of the year that are estimated to have come without a report
    so far: (low, median, high) at 80 %; `late_share` their share of what has come. `against` is
    what was counted in the year against the same days, or months, of the year before: the row of
    visits_pairs of all places, None without; the outlook's growth is that one. `growths` is each
    measure's growth over the same months of the year before. `course` are the visits of the
    last two years' months, `usual_share` is the share of a year that has usually come by the last
    day counted. `path` is the table of the chart
    (see `_path`), `breaks` the first days of new levels in the year, `events` the year's events
    with `day` and `value`, a point of the path.
    """

    outlook: Outlook
    definition: str
    measures: tuple
    series: str
    target_measures: tuple
    target_series: str | None
    document: str | None
    is_city_choice: bool
    is_own_target: bool
    known_months: tuple
    excluded: tuple
    late: tuple | None
    late_share: float | None
    against: dict | None
    growths: tuple
    course: tuple
    usual_share: float | None
    breaks: tuple
    path: pd.DataFrame
    events: tuple


def year_end(
    snapshot: "Snapshot",
    *,
    definition: str | None = None,
    series: str | None = None,
    year: int | None = None,
    target: float | None = None,
    exclude: Iterable[str] = EXCLUDED,
) -> YearEnd | None:
    """The YearEnd of a series by day or month; None where there is nothing to speak of.

    definition, series: None for those of the city's target, or, while these have no monthly
    figures, the simulated record made like them. year: None for the target's year, or that of the
    snapshot's day. target: visits to ask for instead of the target known; exclude: months (text)
    from which nothing is learned.
    """
    choice = next((f for f in snapshot.figures("attainment") if f.is_choice), None)
    subject = _subject(snapshot.table("counted_often"), choice, definition, series)
    if subject is None:
        return None
    year = year or (choice.year if choice else snapshot.day.year)
    asked = choice if choice and choice.year == year else None
    reports, breaks = _reports(snapshot, subject), _breaks(snapshot.table("findings"), subject)
    result = outlook(
        reports.months,
        year,
        Target(target) if target else _goal(asked),
        snapshot.day,
        daily=reports.days,
        counted=reports.counted,
        late=reports.late,
        definition=subject["definition"],
        series=original(subject["series"]),
        calendar=[row["day"] for row in snapshot.table("moving_holiday")],
        exclude=exclude,
        breaks=breaks,
    )
    against = _against(snapshot, subject, year)
    if against and against["growth"] is not None and result.growth is not None:
        result = replace(result, growth=1 + against["growth"])
    path = _path(result)
    return YearEnd(
        outlook=result,
        definition=subject["definition"],
        measures=tuple(subject["measures"]),
        series=subject["series"],
        **_of_target(asked),
        is_own_target=bool(target),
        known_months=tuple(reports.months.dropna().index),
        excluded=tuple(exclude),
        **_late(result, reports.late),
        against=against,
        growths=_growths(reports.by_measure, year),
        course=tuple(reports.months.reindex(_months_to(result)).astype(object)),
        usual_share=_usual_share(path),
        breaks=tuple(pd.Timestamp(first) for first in breaks if first.startswith(f"{year}-")),
        path=path,
        events=_events(snapshot.table("events", year=year), path),
    )


def _goal(choice):
    """The Target that an attainment is held against, None without one."""
    if choice is None or choice.denominator is None:
        return None
    return Target(choice.denominator, choice.definition, choice.series)


def _of_target(choice):
    """What a YearEnd says of the city's target, by the attainment that is held against it."""
    return {
        "target_measures": choice.measures if choice else (),
        "target_series": choice.series if choice else None,
        "document": choice.target_document if choice else None,
        "is_city_choice": bool(choice and choice.is_city_choice),
    }


def month_ends(year: int, day: date) -> list[date]:
    """The ends of the months of a year up to a day."""
    ends = (d.date() for d in pd.date_range(f"{year}-01-01", periods=12, freq="ME"))
    return [end for end in ends if end <= day]


def _subject(known, choice, definition, series):
    """The row of counted_often that is asked for; a choice without months has an empty one."""
    if definition or series:
        asked = {"definition": definition, "series": series}
        return next((r for r in known if all(v in (r[k], None) for k, v in asked.items())), None)
    if choice is None:
        return known[0] if known else None
    for name in (choice.series, like(choice.series)):
        for row in known:
            if (row["definition"], row["series"]) == (choice.definition, name):
                return row
    return vars(choice)


@dataclass(frozen=True)
class Reports:
    """Visits by month (PeriodIndex) and by day (None where they are counted by month), filled where
    some of a period's reports are outstanding; `counted`, what was reported by day; `late` {month:
    (reported, (PATHS,) sample of what is not)}; `by_measure` (months, measures)."""

    months: pd.Series
    days: pd.Series | None
    counted: pd.Series | None
    late: dict
    by_measure: pd.DataFrame


def _reports(snapshot, subject):
    """The Reports of a definition and series, from the first period that all its measures have."""
    asked = {name: subject[name] for name in ("definition", "series")}
    rows = snapshot.frame("visits_cells", **asked)
    try:
        if set(rows["measure"]) < set(subject["measures"]):  # no sum of some of the measures
            raise Refused("no_report")
        cells = table(rows)
        made = snapshot.nowcast(**asked)
    except Refused:
        months = pd.Series(dtype=float, index=pd.PeriodIndex([], freq="M"))
        return Reports(months, None, None, {}, months.to_frame())
    since = rows.groupby("measure")["period_start"].min().max()
    filled, cells = made.filled[str(since)[:10] :], cells[str(since)[:10] :]
    by_measure = filled.T.groupby(level="measure").sum(min_count=1).T
    by_measure[filled.isna().any(axis=1)] = np.nan
    days, counted, unreported = None, None, pd.Series(dtype=float)
    if isinstance(filled.index, pd.DatetimeIndex):
        reported, known = cells.sum(axis=1), by_measure.sum(axis=1, skipna=False)
        by_measure = _days(by_measure, reported)
        days = by_measure.sum(axis=1, skipna=False)
        taken = (days - reported[days.index])[known[days.index].isna()].dropna()
        unreported = taken.groupby(taken.index.to_period("M")).sum()
        by_measure = by_measure.groupby(by_measure.index.to_period("M")).agg(_whole)
        is_report = rows["visits"].notna() & (rows["obs_status"] != "closed")
        counted = rows[is_report].groupby("period_start")["visits"].sum()
        counted.index = pd.DatetimeIndex(counted.index)
    sample = np.where(np.isnan(made.sample), made.months["estimate"], made.sample)
    late = {
        month: (row.reported, sample[:, i] + unreported.get(month, 0.0))
        for i, (month, row) in enumerate(made.months.iterrows())
        if row.estimated or unreported.get(month, 0.0)
    }
    return Reports(by_measure.sum(axis=1, skipna=False), days, counted, late, by_measure)


def _days(by_measure, reported):
    """The days up to the last one of which enough was reported; a day without any report is taken
    to be like the same weekday of the weeks beside it."""
    total = by_measure.sum(axis=1, skipna=False)
    share = (reported / total).mask(total == 0, 1.0)  # zeros are reports too
    days = by_measure[: share[share >= ENOUGH].index.max()]
    return days.fillna((days.shift(7) + days.shift(-7)) / 2)


def _whole(days):
    """The sum of a month's days, NaN where one is not known."""
    return days.sum() if days.notna().sum() == days.index[0].days_in_month else np.nan


def _against(snapshot, subject, year):
    """The row of visits_pairs of all places, on the same days or months of the year before."""
    asked = {name: subject[name] for name in ("definition", "series")}
    anything = dict.fromkeys(("measure", "origin", "site"))
    rows = snapshot.table("visits_pairs", year=year, **asked, **anything)
    whole = (r for r in rows if r["place"] is None and r["month_start"] is None)
    return next((r for r in whole if r["alignment"] == "calendar"), None)


def _growths(by_measure, year):
    """Each measure in the year's known months against the same months a year before."""
    now = by_measure[by_measure.index.year == year].dropna()
    before = by_measure.reindex(now.index - 12)
    if not len(now) or before.isna().any(axis=None):
        return ()
    return tuple(
        {
            "measure": name,
            "visits": float(now[name].sum()),
            "before": float(before[name].sum()),
            "factor": float(now[name].sum() / before[name].sum()),
            "days": int(now.index.days_in_month.to_numpy().sum()),
        }
        for name in now
        if before[name].sum() > 0
    )


def _breaks(findings, subject):
    """The first months of new levels of a whole measure that the checks have found in a series."""
    series = original(subject["series"])
    return [
        f"{row['params']['year']}-01"
        for row in findings
        if row["check"] == "series_break"
        and original(row["params"]["series"]) == series
        and row["params"]["measure"] in subject["measures"]
    ]


def _late(result, late):
    """The fields late and late_share of a YearEnd."""
    samples = [sample for month, (_, sample) in late.items() if month.year == result.year]
    if not samples:
        return {"late": None, "late_share": None}
    low, median, high = map(float, np.quantile(sum(samples), (0.1, 0.5, 0.9)))
    return {"late": (low, median, high), "late_share": median / (median + result.known)}


def _path(result):
    """Visits since 1 January, for a chart: a row for the eve of the year, the end of each month and
    the last day counted. `counted` is reported of whole months, `running` leads from there to
    the last day counted, where the sample begins: its `median` and its intervals `lo-` and `hi-
    <level>`. `season` is the way to the target as a year usually goes. NaN where nothing is drawn.
    """
    ends = pd.date_range(f"{result.year}-01-01", periods=12, freq="ME")
    path = pd.DataFrame({"counted": result.reported.cumsum().to_numpy()}, index=ends)
    path.loc[ends[0] - timedelta(days=31), "counted"] = 0.0
    path = path.sort_index()
    whole = path["counted"].last_valid_index() if result.months_known else path.index[0]
    if result.season is not None and result.probability is not None:
        path["season"] = pd.Series(result.season * result.target.value, index=ends)
        path.loc[path.index[0], "season"] = 0.0
    start = pd.Timestamp(result.counted_to) if result.running else whole
    if result.running and start > whole:
        path.loc[start, "running"] = result.known
        path.loc[whole, "running"] = path.loc[whole, "counted"]
    if len(result.paths) and len(result.months):
        ahead, sample = ends > start, result.cumulative
        edges = {"median": 0.5}
        for level in result.intervals:
            edges |= {f"lo-{level}": 0.5 - level / 200, f"hi-{level}": 0.5 + level / 200}
        for name, quantile in edges.items():
            fan = pd.Series(np.quantile(sample, quantile, axis=0), index=ends)[ahead]
            path[name] = pd.concat([pd.Series(result.known, index=[start]), fan])
    return path.sort_index()


def _months_to(result):
    """The months of two years up to the last one counted."""
    end = pd.Period(result.counted_to or result.as_of, "M")
    return pd.period_range(end - 23, end, freq="M")


def _usual_share(path):
    """The seasonal path at the last day counted, as a share of the target; None without it."""
    if "season" not in path:
        return None
    known = path.reindex(columns=["counted", "running"]).max(axis=1).last_valid_index()
    season = path["season"].dropna()
    days = [d.toordinal() for d in season.index]
    return float(np.interp(known.toordinal(), days, season) / season.iloc[-1])


def _events(rows, path):
    """The events with the point of the path at which they began."""
    line = path.reindex(columns=["counted", "running", "median"]).bfill(axis=1).iloc[:, 0].dropna()
    days = [pd.Timestamp(max(row["first_day"], line.index[0].date())) for row in rows]
    at = np.interp([d.toordinal() for d in days], [d.toordinal() for d in line.index], line)
    return tuple(
        row | {"day": day, "value": float(value)}
        for row, day, value in zip(rows, days, at, strict=True)
        if day <= line.index[-1]
    )
