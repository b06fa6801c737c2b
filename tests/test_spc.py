"""Signal or noise: the limits, each rule by a row that breaks it and one that does not."""

import numpy as np
import pytest

from kpi import spc

NAN = np.nan
CALM = [10, 12, 9, 11, 10, 12, 9, 11, 10, 12, 9, 11]  # median 10.5, median moving range 2


def test_limits_are_the_median_and_3145_median_moving_ranges():
    chart = spc.xmr(CALM)
    ranges = np.abs(np.diff(CALM))
    assert np.median(ranges) == 2
    assert chart.middle.tolist() == [10.5] * 12
    assert (chart.low[0], chart.high[0]) == pytest.approx((10.5 - 6.29, 10.5 + 6.29))


def test_one_wild_value_is_a_signal_and_does_not_widen_the_limits():
    chart = spc.xmr([*CALM[:6], 90, *CALM[6:]])
    assert [n for n, rules in enumerate(chart.signals) if rules] == [6]
    assert chart.signals[6] == ("outside",) and chart.high[0] < 20


def test_what_only_goes_up_and_down_is_no_signal():
    chart = spc.xmr(CALM)
    assert set(chart.signals) == {()} and spc.variation(chart) == "common"


@pytest.mark.parametrize("length, is_signal", [(6, False), (7, True)])
def test_seven_in_a_row_on_one_side_are_a_shift(length, is_signal):
    side = [12.0, 11.0, 12.5, 11.5, 12.0, 11.2, 12.4][:length]
    values = [9, 11, 8, 12, 9, *side, 8, 10, 7, 9, 8, 10, 7]
    marked = [n for n, rules in enumerate(spc.xmr(values).signals) if "shift" in rules]
    assert marked == (list(range(5, 5 + length)) if is_signal else [])


@pytest.mark.parametrize("length, is_signal", [(6, False), (7, True)])
def test_seven_in_a_row_that_rise_are_a_trend(length, is_signal):
    rise = [8.0 + 0.4 * n for n in range(length)]
    values = [12, 9, 12, 9, 12, *rise, 8, 12, 9, 12, 8]
    marked = [n for n, rules in enumerate(spc.xmr(values).signals) if "trend" in rules]
    assert bool(marked) == is_signal
    assert not is_signal or set(range(6, 5 + length)) <= set(marked)


def test_two_of_three_in_the_outer_third_are_a_signal_and_one_is_not():
    two, one = [*CALM, 15.5, 10, 15.5], [*CALM, 15.5, 10, 12]
    marked = [
        [n for n, r in enumerate(spc.xmr(v).signals) if "two_of_three" in r] for v in (two, one)
    ]
    assert marked == [[12, 14], []]


def test_limits_begin_anew_where_seven_in_a_row_lie_outside_the_old_ones():
    chart = spc.xmr([*CALM, *(n + 90 for n in CALM[:8])])
    assert chart.starts == (0, 12) and not chart.is_firm
    assert (chart.middle[11], chart.middle[12]) == (10.5, 100.5)
    assert set(chart.signals) == {()}


def test_six_outside_are_signals_of_the_old_process():
    chart = spc.xmr([*CALM, *(n + 90 for n in CALM[:6])])
    assert chart.starts == (0,) and all("outside" in rules for rules in chart.signals[12:])


@pytest.mark.parametrize("points, is_firm", [(11, False), (12, True)])
def test_limits_of_fewer_than_twelve_points_are_provisional(points, is_firm):
    assert spc.xmr(CALM[:points]).is_firm == is_firm


@pytest.mark.parametrize("values", [[], [1.0], [1, 2], [1, NAN, 2, NAN]])
def test_fewer_than_three_points_have_no_limits(values):
    assert spc.xmr(values) is None


def test_what_is_not_known_breaks_no_rule_and_takes_part_in_none():
    chart = spc.xmr([*CALM[:6], NAN, *CALM[6:], NAN])
    assert set(chart.signals) == {()} and chart.middle.tolist() == [10.5] * 14


def test_no_limit_lies_below_the_floor():
    assert spc.xmr([1, 3, 0.5, 4, 1], floor=0).low[0] == 0


def test_values_that_are_all_alike_are_no_signal():
    assert set(spc.xmr([5] * 14).signals) == {()}


@pytest.mark.parametrize("last, direction, told", [
    (30, "down", "concerning"), (-10, "down", "improving"),
    (30, "up", "improving"), (11, "up", "common"),
])  # fmt: skip
def test_a_signal_is_good_or_bad_by_the_direction(last, direction, told):
    assert spc.variation(spc.xmr([*CALM, last]), direction) == told


def test_a_trend_goes_where_it_goes_on_either_side_of_the_middle():
    chart = spc.xmr([12, 9, 12, 9, 12, 9, 12, 9, 12, *(8.0 + 0.6 * n for n in range(7))])
    alone = [n for n, rules in enumerate(chart.signals) if rules == ("trend",)]
    assert alone and {bool(chart.values[n] > chart.middle[n]) for n in alone} == {True, False}
    assert {chart.sides[n] for n in alone} == {1}


@pytest.mark.parametrize("target, direction, told", [
    (20, "down", "passes"), (10, "down", "by_chance"), (2, "down", "fails"),
    (2, "up", "passes"), (10, "up", "by_chance"), (20, "up", "fails"),
])  # fmt: skip
def test_a_target_is_met_or_not_or_by_chance(target, direction, told):
    assert spc.assurance(spc.xmr(CALM), target, direction) == told
