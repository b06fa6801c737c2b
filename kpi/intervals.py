"""What so many inspections can tell: shares, rates, differences, weighted means, with intervals.

Every function gives an `Estimate`: a value and the ends of its 95 % interval, in its unit.
"""

from dataclasses import dataclass
from math import sqrt

import numpy as np

Z = 1.959964  # of the normal distribution, 95 % two-sided
DRAWS = 2000


@dataclass(frozen=True)
class Estimate:
    """A value with the ends of its 95 % interval; None where there is no interval."""

    value: float
    low: float | None = None
    high: float | None = None


def share(numerator: float, denominator: float) -> Estimate:
    """A share of counts, 0 to 1, with the Wilson score interval (Wilson 1927).

    A numerator with half weights (NI 195) has a smaller variance than whole counts of the same sum:
    the interval is then too wide rather than too narrow. ZeroDivisionError without a denominator.
    """
    p, n = numerator / denominator, denominator
    middle = (p + Z**2 / (2 * n)) / (1 + Z**2 / n)
    half = Z / (1 + Z**2 / n) * sqrt(p * (1 - p) / n + Z**2 / (4 * n**2))
    return Estimate(p, max(0.0, min(p, middle - half)), min(1.0, max(p, middle + half)))


def rate(events: float, exposure: float) -> Estimate:
    """Events an exposure (violations an hour), with Byar's interval (Breslow and Day 1987, 2.3).

    It is within 1 % of the exact Poisson interval from five events on. ZeroDivisionError without an
    exposure.
    """
    more = events + 1
    low = events * (1 - 1 / (9 * events) - Z / (3 * sqrt(events))) ** 3 if events else 0.0
    high = more * (1 - 1 / (9 * more) + Z / (3 * sqrt(more))) ** 3
    return Estimate(events / exposure, max(0.0, low) / exposure, high / exposure)


def difference(after: Estimate, before: Estimate) -> Estimate:
    """after - before of two independent Estimates: limits recovered from theirs.

    Newcombe 1998 (method 10) for shares; Zou and Donner 2008 for any two. Without intervals none.
    """
    change = after.value - before.value
    if after.low is None or after.high is None or before.low is None or before.high is None:
        return Estimate(change)
    down = sqrt((after.value - after.low) ** 2 + (before.high - before.value) ** 2)
    up = sqrt((after.high - after.value) ** 2 + (before.value - before.low) ** 2)
    return Estimate(change, change - down, change + up)


def weighted(strata: list[tuple], seed: int, draws: int = DRAWS) -> Estimate:
    """The mean of strata by their weights, with a stratified percentile bootstrap (Efron 1979).

    strata: [(weight, whole, half, n)]: of n points `whole` count one and `half` count a half. Each
    stratum is drawn anew by itself; the same seed gives the same interval.
    """
    generator = np.random.default_rng(seed)
    weights = np.array([weight for weight, *_ in strata], dtype=float)
    weights /= weights.sum()
    value, sample = 0.0, np.zeros(draws)
    for weight, (_, whole, half, n) in zip(weights, strata, strict=True):
        chances = np.array([whole, half, n - whole - half], dtype=float) / n
        drawn = generator.multinomial(n, chances, size=draws)
        sample += weight * (drawn[:, 0] + drawn[:, 1] / 2) / n
        value += weight * (whole + half / 2) / n
    low, high = np.quantile(sample, (0.025, 0.975))
    return Estimate(float(value), float(low), float(high))
