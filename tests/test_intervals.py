"""Intervals: published worked examples, and what must hold of any sample."""

import pytest

from kpi import intervals
from kpi.intervals import Estimate


def ends(estimate, digits=4):
    """The rounded ends of an Estimate."""
    return round(estimate.low, digits), round(estimate.high, digits)


@pytest.mark.parametrize(
    "count, n, low, high",
    [
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_a_share_has_wilsons_interval_as_newcombe_prints_it(count, n, low, high):
    assert ends(intervals.share(count, n)) == (low, high)


def test_all_of_a_sample_leaves_room_below_and_none_above():
    estimate = intervals.share(8, 8)
    assert estimate.high == 1 and 0.6 < estimate.low < 0.7


@pytest.mark.parametrize("events, low, high", [(10, 4.795, 18.390), (100, 81.363, 121.627)])
def test_a_rate_is_near_the_exact_poisson_interval(events, low, high):
    estimate = intervals.rate(events, 2)
    assert estimate.value == events / 2
    assert 2 * estimate.low == pytest.approx(low, rel=0.002)
    assert 2 * estimate.high == pytest.approx(high, rel=0.002)


def test_no_event_is_no_proof_of_none():
    estimate = intervals.rate(0, 10)
    assert (estimate.value, estimate.low) == (0, 0) and 0.3 < estimate.high < 0.4


def test_a_difference_of_shares_is_newcombes_method_ten():
    change = intervals.difference(intervals.share(56, 70), intervals.share(48, 80))
    assert round(change.value, 4) == 0.2 and ends(change) == (0.0524, 0.3339)


def test_without_intervals_a_difference_has_none():
    assert intervals.difference(Estimate(0.5), Estimate(0.2)) == Estimate(0.3)


def test_a_weighted_mean_follows_the_people_and_not_the_points():
    strata = [(900, 10, 0, 100), (100, 50, 0, 100)]
    estimate = intervals.weighted(strata, seed=1)
    assert estimate.value == pytest.approx(0.14) and estimate.low < 0.14 < estimate.high
    deviation = (0.9**2 * 0.1 * 0.9 / 100 + 0.1**2 * 0.5 * 0.5 / 100) ** 0.5
    assert estimate.high - estimate.low == pytest.approx(2 * intervals.Z * deviation, rel=0.1)


def test_half_a_point_counts_half_and_the_seed_decides_the_interval():
    strata = [(1, 200, 400, 1000)]
    assert intervals.weighted(strata, seed=3) == intervals.weighted(strata, seed=3)
    assert intervals.weighted(strata, seed=3).value == pytest.approx(0.4)
    assert intervals.weighted(strata, seed=3) != intervals.weighted(strata, seed=4)
