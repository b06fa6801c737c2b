"""Monthly visits to come, as a joint sample of futures. docs/outlook.en.md has method and sources.

In short: logs of visits (plus a fifth of their median), less the moving holiday; damped
Holt-Winters over a fixed grid of gains, averaged by their own past multi-month errors and blended
with the seasonal naive and its recent growth; the mean of the past errors, shrunk, is added. A
future is the forecast plus one whole path of past errors, so that sums over months keep the errors'
dependence, plus what similar series with as few years were off. There is no optimiser; the seed
only decides which paths are taken, how far each is stretched and shifted.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

import numpy as np
import pandas as pd

LEVELS = (50, 80, 95)
PATHS = 1000
FEWEST = 24  # observed months below which nothing is forecast
FARTHEST = 24  # months ahead to which the method has been scored

LEVEL, SEASON, TREND = (0.05, 0.1, 0.2, 0.4, 0.7), (0.3, 0.6, 0.9), (0.0, 0.1, 0.2)
GRID = np.array([(a, g, b) for a in LEVEL for g in SEASON for b in TREND]).T  # gains, (3, members)
DAMPING = 0.9  # what is left of the trend after a month
SHARPNESS = 5  # a member weighs (its past error) ** -SHARPNESS
NAIVE = 0.25  # weight of the seasonal naive
DRIFT, RECENT = 0.6, 6  # part of the recent months' growth over a year that is added to it, months
FADING = 0.9  # what is left of that growth after a month
OFFSET = 0.2  # of the median month, added before taking logs
OUTLIER = 2.0  # one-step errors beyond this many mean ones are cut to it before they are learned
BIAS = 96  # past paths after which half of their mean error is believed
MEMORY = 48  # months after which a past path counts half
LONGEST = 2.0  # paths of errors more than this many times as long as the median are cut to it
FEW = 0.4  # how much the sample widens where few past paths do not overlap
SCALE = 3.0  # no path is stretched more than this
WIDTH = 0.4  # of the past errors; what follows, learned from similar series, adds the rest
ROUGH = 24  # last months whose mean change over a year is a series' roughness
LEVEL_DOUBT, MONTH_DOUBT = 2.5, 0.55  # of the roughness: the level a year ahead, each month
SHORT = 1.4  # the level's doubt falls with the known years of growth to this power
GROWS = 0.7  # and rises to a year ahead with the months ahead to this power
KNOWN = 60  # last months in which years of growth are counted: what lies before a shock is old
TAILS, FAR = 3, 6.0  # degrees of freedom of both doubts, and t values to which they are cut
LAST = 3  # excluded months at the end from which the level is learned all the same
WINDOW = (-2, 11)  # days from 1 Syawal between which people travel
DOUBT = 1.0  # t value of the moving holiday's effect below which it is not believed


@dataclass(frozen=True)
class Note:
    """A code with parameters that a page turns into a sentence; `withholds` names what it costs.

    `withholds` is "forecast" (nothing of the future is given), "probability" (nothing that needs a
    target) or "" (all is given, but this has to be known with it).
    """

    code: str
    params: dict = field(default_factory=dict)
    withholds: str = ""


class Refused(Exception):
    """No forecast can be made; `note` says why."""

    def __init__(self, code, **params):
        super().__init__(code, params)
        self.note = Note(code, params, "forecast")


@dataclass(frozen=True)
class Forecast:
    """Visits of the months to come: `paths` (PATHS, months) is their joint sample.

    `median` (months,) is the point forecast; `intervals` is {level in %: (low, high)}, each
    (months,), quantiles of the paths; `filled` is {month: (PATHS,)} for the months of the history
    that are not known; `holiday` what a month is multiplied by that
    holds the moving holiday's whole window.
    """

    months: pd.PeriodIndex
    median: np.ndarray
    intervals: dict
    paths: np.ndarray
    filled: dict
    holiday: float


def forecast(
    history: pd.Series,
    horizon: int,
    levels: Iterable[float] = LEVELS,
    *,
    calendar: Iterable[date] = (),
    exclude: Iterable = (),
    breaks: Iterable = (),
    seed: int = 0,
) -> Forecast:
    """The Forecast of `horizon` (1 to FARTHEST) months after a monthly history.

    history: float visits, PeriodIndex of frequency M, one row a month; NaN = not known.
    calendar: days of 1 Syawal. exclude: months from which nothing is learned. breaks: first months
    of a new level. Same arguments, same bits. Raises Refused with the codes no_report, negative,
    all_zero, under_12_months, under_24_months or too_far.
    """
    visits = _learned(history.astype(float), periods(exclude), periods(breaks))
    _refuse(visits.to_numpy(), horizon)
    months, size = visits.index, len(visits)
    ahead = pd.period_range(months[-1] + 1, periods=horizon, freq="M")
    window = np.log1p(holiday_share(months.append(ahead), calendar))
    usual = np.median(visits[visits > 0])
    effect = _holiday(np.log(visits.to_numpy() + usual / 100), window[:size])
    lift, offset = np.exp(effect * window), OFFSET * usual
    logs = np.log(visits.to_numpy() / lift[:size] + offset)
    for first in months.get_indexer(periods(breaks)):
        _splice(logs, first)

    point, errors, within = _blend(logs, horizon)
    rng = np.random.default_rng(seed)
    bias, sample = _futures(errors, rng)
    sample += _doubt(logs, within, horizon, rng)

    def visits_of(values, at):
        return np.maximum(np.exp(values) - offset, 0) * lift[at]

    paths = visits_of(point + bias + sample, slice(size, None))
    return Forecast(
        months=ahead,
        median=visits_of(point + bias, slice(size, None)),
        intervals={level: interval(paths, level) for level in levels},
        paths=paths,
        filled={
            months[t]: visits_of(within[t] + sample[:, 0], t)
            for t in np.flatnonzero(np.isnan(logs))
        },
        holiday=float(2**effect),
    )


def interval(sample: np.ndarray, level: float) -> tuple[np.ndarray, ...]:
    """(low, high) between which `level` % of the sample lies, along its first axis."""
    return tuple(np.quantile(sample, [0.5 - level / 200, 0.5 + level / 200], axis=0))


def periods(months: Iterable) -> pd.PeriodIndex:
    """The months of anything that names them, as a PeriodIndex."""
    return pd.PeriodIndex([pd.Period(month, "M") for month in months], freq="M")


def holiday_window(calendar: Iterable[date]) -> np.ndarray:
    """The days of the moving holiday's window, (holidays, days), from its first days."""
    first = np.array([np.datetime64(day, "D") for day in calendar], "datetime64[D]")
    return first[:, None] + np.arange(WINDOW[0], WINDOW[1] + 1)


def holiday_share(months: pd.PeriodIndex, calendar: Iterable[date]) -> np.ndarray:
    """The share (0 to 1) of the moving holiday's window that falls into each month, (months,)."""
    window = holiday_window(calendar)
    at = window.astype("datetime64[M]").astype(int).ravel() - months[0].ordinal
    counts = np.bincount(at[(at >= 0) & (at < len(months))], minlength=len(months))
    return counts / window.shape[1]


def _learned(visits, exclude, breaks):
    """The history without excluded months, from its first known month; a first level shorter than
    a year is left out. Where it ends in excluded months the last of them stay: they tell the level
    from which the months to come start."""
    excluded = visits.index.isin(exclude)
    if excluded[-1:].any():
        excluded[-LAST:] = False
    visits = visits.mask(excluded)
    visits = visits.loc[visits.first_valid_index() :] if visits.notna().any() else visits[:0]
    for first in sorted(breaks):
        if 0 < visits.index.searchsorted(first) < min(12, len(visits)):
            visits = visits.loc[first:].loc[visits.loc[first:].first_valid_index() :]
    return visits


def _refuse(values, horizon):
    known = values[~np.isnan(values)]
    if not len(known):
        raise Refused("no_report")
    if known.min() < 0:
        raise Refused("negative")
    if known.max() == 0:
        raise Refused("all_zero", months=len(known))
    if len(known) < FEWEST:
        raise Refused(
            "under_12_months" if len(known) < 12 else "under_24_months", months=len(known)
        )
    if horizon > FARTHEST:
        raise Refused("too_far", months=horizon, farthest=FARTHEST)


def _holiday(logs, window):
    """The effect of the moving holiday, visits ~ (1 + share of its window) ** effect: a Huber
    regression of year-on-year differences (less their running median) on those of the log of that,
    shrunk by its t value (James and Stein 1961)."""
    rise, moved = logs[12:] - logs[:-12], window[12:] - window[:-12]
    usual = pd.Series(rise).rolling(13, center=True, min_periods=4).median().to_numpy()
    use = np.isfinite(rise) & np.isfinite(usual) & (moved != 0)
    if use.sum() < 4:
        return 0.0
    y, x = (rise - usual)[use], moved[use]
    weight = np.ones(len(x))
    for _ in range(8):
        squares = (weight * x * x).sum()
        slope = (weight * x * y).sum() / squares
        off = np.abs(y - slope * x)
        cut = 1.345 * 1.4826 * np.median(off) + 1e-9
        weight = cut / np.maximum(off, cut)
    variance = (weight * off**2).sum() / max(weight.sum() - 1, 1) / squares
    return float(slope * max(0.0, 1 - DOUBT**2 * variance / max(slope**2, 1e-12)))


def _splice(logs, first):
    """Lifts what lies before the break onto the new level, in place: by the median growth over the
    year before of up to 12 months after it, less the same of the months before it."""
    if first < 12:
        return
    rise = logs[12:] - logs[:-12]
    after, before = rise[first - 12 : first], rise[max(first - 24, 0) : first - 12]
    if np.isfinite(after).any():
        growth = np.nanmedian(before) if np.isfinite(before).any() else 0.0
        logs[:first] += np.nanmedian(after) - growth


def _smooth(logs):
    """States of all members after each month: level, trend (months, members), season (months, 12,
    members); before the first year is full its mean and deviations, with no trend.

    A gain starts as in a plain mean (season) and makes up for months that are not known (level,
    Wright 1986); one-step errors are cut before they are learned (Gelper, Fried and Croux 2010).
    """
    gain, season_gain, trend_gain = GRID
    known = np.isfinite(logs)
    year = np.where(known[:12], logs[:12], logs[:12][known[:12]].mean())
    level, trend = np.full(gain.size, year.mean()), np.zeros(gain.size)
    season = np.repeat((year - year.mean())[:, None], gain.size, axis=1)
    seen, missed = known[:12].astype(int), 0
    usual = np.full(gain.size, 0.2)
    levels, trends = np.empty((2, len(logs), gain.size))
    seasons = np.empty((len(logs), 12, gain.size))
    levels[:12], trends[:12], seasons[:12] = level, trend, season
    for t in range(12, len(logs)):
        m = t % 12
        trend = DAMPING * trend
        level = level + trend
        if known[t]:
            error = logs[t] - level - season[m]
            size = np.abs(error)
            error = error * np.minimum(1, OUTLIER * usual / np.maximum(size, 1e-12))
            usual = 0.9 * usual + 0.1 * np.minimum(size, 2 * OUTLIER * usual)
            step = 1 - (1 - gain) ** (missed + 1)
            seen[m], missed = seen[m] + 1, 0
            level = level + step * error
            trend = trend + step * trend_gain * error
            season[m] += np.maximum(season_gain, 1 / seen[m]) * (1 - step) * error
        else:
            missed += 1
        levels[t], trends[t], seasons[t] = level, trend, season
    return levels, trends, seasons


def _blend(logs, horizon):
    """The forecast (horizon,), its errors from all past origins (origins, horizon; NaN where no
    month is known), and the history with its unknown months filled, (months,)."""
    levels, trends, seasons = _smooth(logs)
    origin = np.arange(11, len(logs))
    ahead = np.arange(1, horizon + 1)
    target = origin[:, None] + ahead
    damped = np.cumsum(DAMPING**ahead)[:, None]
    members = (
        levels[origin, None] + trends[origin, None] * damped + seasons[origin[:, None], target % 12]
    )
    actual = np.append(logs, np.full(horizon, np.nan))[target]
    loss = np.nanmean(np.abs(actual[:, :, None] - members), axis=(0, 1)) + 1e-6
    weight = (loss / loss.min()) ** -SHARPNESS
    weight /= weight.sum()
    t = np.arange(len(logs))
    fitted = (levels + seasons[t, t % 12]) @ weight
    within = np.where(np.isnan(logs), fitted, logs)
    naive = within[target - 12 * ((ahead - 1) // 12 + 1)]
    growth = pd.Series(np.append(np.zeros(12), within[12:] - within[:-12]))
    recent = growth.rolling(RECENT, min_periods=1).mean().to_numpy()[origin, None]
    naive = naive + DRIFT * recent * FADING ** (ahead - 1)
    point = (1 - NAIVE) * members @ weight + NAIVE * naive
    return point[-1], actual - point, within


def _futures(errors, rng):
    """The bias (horizon,) and PATHS centred paths of errors (PATHS, horizon).

    errors: (origins, horizon), oldest first. Whole paths are taken, the younger the more often; one
    with unknown months at an end keeps its last known error. As paths overlap, effective / horizon
    of them are as good as independent: the fewer, the wider the sample, and the less certain is its
    width, so that it is mixed over scales as Student's t is.
    """
    horizon = errors.shape[1]
    share_known = np.isfinite(errors).mean(axis=1)
    whole = share_known >= 0.75 if (share_known >= 0.75).sum() >= 3 else share_known > 0
    paths = pd.DataFrame(errors[whole]).ffill(axis=1).bfill(axis=1).to_numpy()
    weight = 0.5 ** (np.arange(len(paths))[::-1] / MEMORY)
    weight /= weight.sum()
    effective = 1 / (weight**2).sum()
    bias = weight @ paths
    paths = paths - bias
    length = np.sqrt((paths**2).mean(axis=1))
    longest = LONGEST * (np.median(length) or length.max())
    paths *= (longest / np.maximum(length, longest + 1e-12))[:, None]
    picked = np.searchsorted(np.cumsum(weight), (np.arange(PATHS) + rng.random()) / PATHS)
    degrees = 2 + effective / horizon
    scale = np.minimum(np.sqrt(degrees / rng.chisquare(degrees, PATHS)), SCALE)
    scale *= WIDTH * np.sqrt(1 + FEW * horizon / effective)
    sample = paths[np.minimum(picked, len(paths) - 1)] * scale[:, None]
    return bias * effective / (effective + BIAS), sample


def _doubt(logs, within, horizon, rng):
    """What the forecast may be off beyond the past errors of its own series, (PATHS, horizon).

    In units of roughness, with weights learned from series of the same kind: a level that moves,
    the less certain the fewer years of growth are known, and each month by itself.
    """
    change = np.abs(within[12:] - within[:-12])[np.isfinite(logs[12:])]
    rough = change[-ROUGH:].mean() if len(change) else 0.0
    years = max(np.isfinite(logs[12:] - logs[:-12])[-KNOWN:].sum() / 12, 1.0)
    ahead = np.minimum(np.arange(1, horizon + 1), 12) / 12
    level, month = (np.clip(rng.standard_t(TAILS, (PATHS, n)), -FAR, FAR) for n in (1, horizon))
    return rough * (LEVEL_DOUBT / years**SHORT * level * ahead**GROWS + MONTH_DOUBT * month)
