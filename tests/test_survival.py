"""Kaplan and Meier's estimate: a published example, lifelines, and what may not happen."""

import csv

import numpy as np
import pytest
from conftest import ROOT

from kpi import survival

# weeks in remission, 21 patients on 6-MP; Freireich et al. (1963), Blood 21, 699-716, as worked by
# hand in Kleinbaum and Klein, Survival Analysis, 3rd ed., chapter 2
ENDED = [6, 6, 6, 7, 10, 13, 16, 22, 23]
ONGOING = [6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35]
PUBLISHED = {
    6: (21, 0.8571), 7: (17, 0.8067), 10: (15, 0.7529), 13: (12, 0.6902), 16: (11, 0.6275),
    22: (7, 0.5378), 23: (6, 0.4482),
}  # fmt: skip


def patients():
    """times, done and lost of the published example."""
    lost = np.repeat([0, 1], [len(ENDED), len(ONGOING)])
    return ENDED + ONGOING, 1 - lost, lost


def test_the_published_example_is_met():
    curve = survival.kaplan_meier(*patients())
    found = zip(curve.times, curve.at_risk, np.round(curve.share, 4), strict=True)
    assert {int(t): (int(n), float(s)) for t, n, s in found} == PUBLISHED
    assert survival.time_until(curve, 0.5) == 23


def test_without_anyone_lost_it_is_the_plain_share():
    times = np.arange(1, 11)
    curve = survival.kaplan_meier(times, np.ones(10), np.zeros(10))
    assert curve.share == pytest.approx(1 - times / 10)
    assert survival.time_until(curve, 0.9) == 9


def test_the_share_done_within_a_time_is_the_step_below_it_with_its_bounds():
    curve = survival.kaplan_meier(*patients())
    assert curve.done_within(5.9) == (0, 0, 0)
    share, low, high = curve.done_within(12)
    assert round(share, 4) == 0.2471 and 0 < low < share < high < 1
    assert curve.done_within(12) == curve.done_within(10)  # as worked by hand: 1 - 0.7529


def test_one_that_is_lost_is_not_taken_for_a_fast_one():
    curve = survival.kaplan_meier([1, 2, 3, 9], [1, 1, 1, 0], [0, 0, 0, 5])
    assert survival.time_until(curve, 0.5) is None
    assert survival.time_until(survival.kaplan_meier([1, 2, 3], [1] * 3, [0] * 3), 0.5) == 2


def test_of_one_time_what_is_lost_was_still_waiting_when_the_others_ended():
    curve = survival.kaplan_meier([5, 5, 6], [1, 0, 1], [0, 1, 0])
    assert curve.at_risk.tolist() == [3, 1]


@pytest.mark.parametrize("done, lost", [([], []), ([0, 0], [3, 4])])
def test_nothing_done_is_an_empty_curve(done, lost):
    curve = survival.kaplan_meier([1, 2][: len(done)], done, lost)
    assert len(curve.times) == 0 and survival.time_until(curve, 0.5) is None


def test_bounds_enclose_the_share_and_stay_between_none_and_all():
    curve = survival.kaplan_meier(*patients())
    assert (curve.low <= curve.share).all() and (curve.share <= curve.high).all()
    assert (curve.low >= 0).all() and (curve.high <= 1).all()


# lifelines is no requirement of the tests: its autograd-gamma is built from source by a setup.py
# that needs NumPy beside it. lifelines 0.30.3 wrote tests/files/lifelines.csv from these samples;
# of the real one, every so many times (tests/test_service.py).

SAMPLES = {
    "ties": (
        np.array([0.1, 0.1, 0.2, 2.5, 2.5, 24, 24, 25.5, 72, 72, 96, 168, 400, 500]),
        np.array([9, 0, 4, 7, 0, 0, 3, 5, 6, 0, 2, 1, 0, 3]),
        np.array([0, 2, 0, 0, 1, 8, 0, 0, 0, 5, 0, 0, 6, 0]),
    )
}
for seed in range(5):
    draws = np.random.default_rng(seed)
    SAMPLES[f"random {seed}"] = (
        draws.integers(1, 60, 80),
        draws.integers(0, 5, 80),
        draws.integers(0, 3, 80),
    )


def lifelines(sample):
    """{times, share, low, high, at_risk: [figures]} of lifelines for a sample."""
    with (ROOT / "tests" / "files" / "lifelines.csv").open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row.pop("sample") == sample]
    return {name: np.array([float(row[name]) for row in rows]) for name in rows[0]}


@pytest.mark.parametrize("sample", SAMPLES)
def test_it_is_what_lifelines_gives(sample):
    curve = survival.kaplan_meier(*SAMPLES[sample])
    for name, theirs in lifelines(sample).items():
        assert getattr(curve, name) == pytest.approx(theirs, abs=1e-9), name
