"""How long until it is done, where some are not done yet: Kaplan and Meier's estimate.

Kaplan, E. L. and Meier, P. (1958), Nonparametric estimation from incomplete observations, JASA 53,
457-481. The variance is Greenwood's (1926), on the log-log scale (Kalbfleisch and Prentice, The
Statistical Analysis of Failure Time Data, 2nd ed., section 1.4), so that bounds stay in [0, 1].
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

Z95 = 1.959963984540054  # half of the width of a 95 % interval, in standard errors


@dataclass(frozen=True)
class Curve:
    """The share not done after a time: steps at `times` (k,), `share` (k,) from there on.

    low, high: 95 % bounds (k,); at_risk (k,): how many were waiting just before.
    """

    times: np.ndarray
    share: np.ndarray
    low: np.ndarray
    high: np.ndarray
    at_risk: np.ndarray

    def done_within(self, time: float) -> tuple[float, ...]:
        """(share, low, high) of those that are done after a time; zeros before the first one."""
        step = np.searchsorted(self.times, time, side="right") - 1
        bounds = (self.share, self.high, self.low)
        return tuple(1 - float(bound[step]) for bound in bounds) if step >= 0 else (0.0, 0.0, 0.0)


def kaplan_meier(times: ArrayLike, done: ArrayLike, lost: ArrayLike) -> Curve:
    """The Curve of counts: at each of `times` (n,) `done` (n,) ended and `lost` (n,) are censored.

    Times need no order and may repeat. Of the same time, what is lost was still waiting when the
    others ended.
    """
    times, at = np.unique(np.asarray(times, float), return_inverse=True)
    done, lost = (np.bincount(at, weights=n, minlength=len(times)) for n in (done, lost))
    left = np.cumsum((done + lost)[::-1])[::-1]
    keep = done > 0
    times, done, at_risk = times[keep], done[keep], left[keep]
    share = np.cumprod(1 - done / at_risk)
    with np.errstate(divide="ignore", invalid="ignore"):
        greenwood = np.cumsum(done / (at_risk * (at_risk - done)))
        spread = Z95 * np.sqrt(greenwood) / np.abs(np.log(share))
        low, high = share ** np.exp(spread), share ** np.exp(-spread)
    ended = share <= 0
    return Curve(times, share, np.where(ended, 0, low), np.where(ended, 0, high), at_risk)


def time_until(curve: Curve, part: float) -> float | None:
    """The time after which `part` (0 to 1) are done; None where so many are not done yet."""
    reached = np.flatnonzero(curve.share <= 1 - part + 1e-12)
    return float(curve.times[reached[0]]) if len(reached) else None
