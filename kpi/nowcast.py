"""What has not been reported yet, estimated from what the others reported for the same periods.

Ratio imputation on a table of periods by cells: a missing cell is worth the visits of the cells
that did report, times its usual proportion to them in the nearest complete periods of the same kind
(weekday). It is the fit of a two-way multiplicative model to an incomplete table: Deming and
Stephan (1940), Goodman's quasi-independence (1968), chain ladder reserving (Mack 1991).
The band is the same rule tried on the past: the whole pattern of what is missing is laid over
earlier periods, all that came after them is cut off, and what was there is compared with what the
rule says, by month and for months that hang together at once. Same arguments, same bits.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from kpi.forecast import PATHS, Note, Refused, interval

NEAREST = 6  # complete periods of the same kind from which a proportion is taken
FEWEST = 3  # of them below which nothing is estimated
THIN = 0.05  # usual share of the reporting cells in the whole below which nothing is read from them
ENOUGH = {"D": 26, "M": 6}  # tries of the rule, half a year of them, below which there is no band
TRIES = 104  # at most
BAND = 80  # %
YEAR = {"D": 364, "M": 12}  # periods back to the like one a year before: the weekday is the same
STEP = {"D": 7, "M": 1}  # periods from one try of the rule to the one before
CELL = ["measure", "place", "origin"]


@dataclass(frozen=True)
class Nowcast:
    """What was reported of every month, and what the missing part is likely to be.

    months: a row a month (PeriodIndex): visits `reported`, the `estimate` of what is missing with
    `low` and `high` (BAND %), `missing` and `estimated` (cells x periods), `open` (periods with
    missing cells without an estimate, as nothing or next to nothing was reported: they are in
    no sum here), `share_missing` (0 to 1) of the volume of the same periods a year before, and
    `is_last_year`: False where that is not known and each cell's mean of the last year stands in.
    sample: (PATHS, months) of the estimated part. low, high and sample are NaN without a band.
    filled: the table of cells with the estimates, NaN where there is none.
    missing: a row a cell and stretch of periods: measure, place, origin, first, last, periods.
    notes: no_band, not_estimated.
    """

    months: pd.DataFrame
    sample: np.ndarray
    filled: pd.DataFrame
    missing: pd.DataFrame
    notes: tuple

    @property
    def rows(self) -> list[dict]:
        """The months as dicts, newest first, `month` as its first day; None where NaN."""
        frequency = "D" if isinstance(self.filled.index, pd.DatetimeIndex) else "M"
        rows = self.months[::-1].reset_index().assign(frequency=frequency).to_dict("records")
        return [
            {k: None if v != v else v for k, v in row.items()}
            | {"month": row["month"].start_time.date()}
            for row in rows
        ]


def table(rows: list[dict] | pd.DataFrame) -> pd.DataFrame:
    """The table of cells that `nowcast` takes, of the query visits_cells (rows or a DataFrame).

    By day where every cell is counted by day, else by whole month, which is known when all its days
    are. A cell is zero where it is not expected. Periods before one in which no cell is expected
    are left out. Raises Refused("no_report").
    """
    if not len(rows):
        raise Refused("no_report")
    long = pd.DataFrame(rows).astype({"visits": float})
    period = pd.to_datetime(long["period_start"])
    if (long["frequency"] == "M").any():
        period = period.dt.to_period("M")
        ended = period.dt.end_time.dt.normalize() <= pd.to_datetime(long["period_end"]).max()
        long, period = long[ended], period[ended]
    cells = long.groupby([period, *CELL])["visits"].sum(skipna=False).unstack(CELL, fill_value=0)
    every = pd.date_range if isinstance(cells.index, pd.DatetimeIndex) else pd.period_range
    cells = cells.reindex(every(cells.index[0], cells.index[-1], freq=cells.index.freq or "D"))
    gaps = np.flatnonzero(~cells.index.isin(period))
    return cells.iloc[gaps[-1] + 1 if len(gaps) else 0 :]


def nowcast(cells: pd.DataFrame, *, seed: int = 0) -> Nowcast:
    """The Nowcast of a table of cells.

    cells: visits, a row a day (DatetimeIndex) or month (PeriodIndex) without gaps, a column a cell
    (levels measure, place, origin); NaN = not reported. seed: which of the past errors meet in one
    path of the sample. Raises Refused with the codes no_report or negative.
    """
    values = cells.to_numpy(float)
    known = np.isfinite(values)
    if not known.any():
        raise Refused("no_report")
    if np.nanmin(values) < 0:
        raise Refused("negative")
    is_daily = isinstance(cells.index, pd.DatetimeIndex)
    step, year, enough = (by["D" if is_daily else "M"] for by in (STEP, YEAR, ENOUGH))
    kind = np.arange(len(cells)) % step
    measure = cells.columns.get_level_values("measure").to_numpy()
    month = (cells.index.to_period("M") if is_daily else cells.index).rename("month")

    partial = np.flatnonzero(known.any(axis=1) & ~known.all(axis=1))
    filled = _filled(values, partial, kind, measure)
    estimated = np.isfinite(filled) & ~known
    by_month = pd.DataFrame(
        {
            "reported": np.nansum(values, axis=1),
            "estimate": np.where(estimated, filled, 0).sum(axis=1),
            "missing": (~known).sum(axis=1),
            "estimated": estimated.sum(axis=1),
            "open": (~known & ~estimated).any(axis=1),
        },
        index=month,
    )
    months = by_month.groupby(level=0).sum()
    shares = [_share_missing(values, np.flatnonzero(month == m), year) for m in months.index]
    months["share_missing"], months["is_last_year"] = zip(*shares, strict=True)

    rng, notes = np.random.default_rng(seed), []
    sample = np.zeros((PATHS, len(months)))
    at = months.index.get_indexer(month)
    for stretch in _stretches(np.flatnonzero(months["estimated"])):  # months that hang together
        ratios = _ratios(values, estimated, np.isin(at, stretch), kind, measure, step, at)
        if len(ratios) < enough:
            names = tuple(str(m) for m in months.index[stretch])
            notes.append(Note("no_band", {"months": names, "tries": len(ratios)}, "band"))
            ratios = np.full((1, len(stretch)), np.nan)
        picked = ratios[rng.permutation(PATHS) % len(ratios)]
        sample[:, stretch] = months["estimate"].to_numpy()[stretch] * picked
    months["low"], months["high"] = interval(sample, BAND)
    lacking = ~known[partial] & ~estimated[partial]
    if lacking.any():
        notes.append(Note("not_estimated", {"periods": int(lacking.any(axis=1).sum())}))
    return Nowcast(
        months=months,
        sample=sample,
        filled=pd.DataFrame(filled, index=cells.index, columns=cells.columns),
        missing=_missing(cells.columns, cells.index, ~known),
        notes=tuple(notes),
    )


def _filled(values, rows, kind, measure):
    """The values with the missing cells of these rows estimated, each from the cells of its own
    measure that reported, or from all where these are none or next to nothing."""
    known, visits, filled = np.isfinite(values), np.nan_to_num(values), values.copy()
    for t in rows:
        for name in set(measure[~known[t]]):
            asked = ~known[t] & (measure == name)
            for told in (known[t] & (measure == name), known[t]):
                whole = known[:, asked | told].all(axis=1) & (kind[: len(known)] == kind[t])
                near = np.flatnonzero(whole)
                near = near[np.argsort(np.abs(near - t), kind="stable")[:NEAREST]]
                usual = visits[near].sum(axis=0)
                if len(near) >= FEWEST and usual[told].sum() > THIN * usual[asked | told].sum():
                    filled[t, asked] = usual[asked] * visits[t, told].sum() / usual[told].sum()
                    break
    return filled


def _ratios(values, estimated, inside, kind, measure, step, at):
    """What was there over what the rule says, (tries, months), in earlier periods.

    estimated: the cells whose estimates are tried, those of the rows `inside`; at: each row's
    month. Tries in which one of these cells is not known, or not estimated, do not count.
    """
    unknown = ~np.isfinite(values)
    rows = np.flatnonzero(inside & estimated.any(axis=1))
    cells = estimated[rows]
    starts = np.flatnonzero(np.diff(at[rows], prepend=-1))
    ratios = []
    for back in range(step, min(step * TRIES, rows[0]) + 1, step):
        truth = values[rows - back]
        if not np.isfinite(truth[cells]).all():
            continue
        past = np.where(unknown[back:], np.nan, values[:-back])
        said = _filled(past, rows - back, kind, measure)[rows - back]
        if np.isfinite(said[cells]).all():
            was, is_said = (
                np.add.reduceat(np.where(cells, v, 0).sum(axis=1), starts) for v in (truth, said)
            )
            ratios.append(np.where(is_said > 0, was / np.maximum(is_said, 1e-9), 1.0))
    return np.array(ratios)


def _share_missing(values, rows, year):
    """(share of the volume of these rows a year before that their missing cells had, True), or by
    the cells' means of the last year, False."""
    missing = ~np.isfinite(values[rows])
    before = values[rows - year] if rows[0] >= year else np.full(missing.shape, np.nan)
    is_known = bool(np.isfinite(before).all() and before.sum() > 0)
    if not is_known:
        recent = pd.DataFrame(values[max(rows[-1] + 1 - year, 0) : rows[-1] + 1])
        before = np.broadcast_to(recent.mean().fillna(0).to_numpy(), missing.shape)
    total = before.sum()
    return (before[missing].sum() / total if total else np.nan), is_known


def _stretches(numbers):
    """Whole numbers in order, cut where one is left out."""
    return np.split(numbers, np.flatnonzero(np.diff(numbers) > 1) + 1) if len(numbers) else []


def _missing(columns, index, missing):
    rows = [
        (*columns[c], index[stretch[0]], index[stretch[-1]], len(stretch))
        for c in np.flatnonzero(missing.any(axis=0))
        for stretch in _stretches(np.flatnonzero(missing[:, c]))
    ]
    return pd.DataFrame(rows, columns=[*columns.names, "first", "last", "periods"])
