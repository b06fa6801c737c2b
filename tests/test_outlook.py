"""The outlook: made-up months with a known truth, continued; a year put together from its paths."""

from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.outlook import forecast as for_scoring
from kpi.outlook import Refused, Target, forecast, outlook

SYAWAL = [date(2010, 9, 10) + timedelta(days=round(354.367 * i)) for i in range(12)]


def series(months=96, start="2011-01", noise=0.05, growth=0.05, level=100_000, seed=0):
    """Months with a season, growth a year and noise, all multiplied."""
    t, rng = np.arange(months), np.random.default_rng(seed)
    season = 1 + 0.4 * np.sin(2 * np.pi * t / 12)
    visits = level * season * (1 + growth) ** (t / 12) * rng.lognormal(0, noise, months)
    return pd.Series(visits, index=pd.period_range(start, periods=months, freq="M"))


def days(start="2011-01-01", end="2019-12-31", seed=0):
    """Days with a busy weekend, a season and noise."""
    every, rng = pd.date_range(start, end), np.random.default_rng(seed)
    weekday = np.array([0.7, 0.7, 0.7, 0.8, 1.0, 1.5, 1.8])[every.day_of_week]
    season = 1 + 0.3 * np.sin(2 * np.pi * every.day_of_year / 365)
    return pd.Series(4000 * weekday * season * rng.lognormal(0, 0.1, len(every)), index=every)


def by_month(daily):
    return daily.groupby(daily.index.to_period("M")).sum()


def share_in(months):
    """The part of the fourteen days around 1 Syawal that lies in each month."""
    window = [pd.Period(d + timedelta(days=i), "M") for d in SYAWAL for i in range(-2, 12)]
    return np.array([window.count(m) / 14 for m in months])


# the forecast


def test_the_same_arguments_give_the_same_bits():
    first, second = (forecast(series(), 12, seed=7).paths for _ in range(2))
    assert first.tobytes() == second.tobytes()


def test_season_and_growth_are_continued():
    whole = series(120, noise=0.02)
    made = forecast(whole[:96], 24)
    assert np.abs(made.median / whole[96:] - 1).mean() < 0.05
    assert list(made.months) == list(whole.index[96:])


def test_ten_times_the_visits_give_ten_times_the_forecast():
    one, ten = forecast(series(60), 12), forecast(10 * series(60), 12)
    np.testing.assert_allclose(ten.paths, 10 * one.paths, rtol=1e-6)


months_of_any_kind = st.lists(
    st.one_of(st.just(np.nan), st.just(0.0), st.floats(1, 1e7)), min_size=24, max_size=70
)


@settings(max_examples=60, deadline=None)
@given(months_of_any_kind, st.integers(1, 24))
def test_any_history_is_continued_or_refused(values, horizon):
    history = pd.Series(values, index=pd.period_range("2015-01", periods=len(values), freq="M"))
    try:
        made = forecast(history, horizon, calendar=SYAWAL)
    except Refused as refused:
        assert refused.note.withholds == "forecast"
        return
    assert made.paths.shape == (1000, horizon)
    assert np.isfinite(made.paths).all() and (made.paths >= 0).all()
    (low, high), (lower, higher) = made.intervals[80], made.intervals[95]
    assert (lower <= low).all() and (low <= high).all() and (high <= higher).all()


def test_most_made_up_years_fall_into_the_95_percent_interval():
    hits = []
    for seed in range(80):
        walk = np.exp(np.random.default_rng(1000 + seed).normal(0, 0.04, 84).cumsum())
        whole = series(84, seed=seed) * walk
        low, high = np.quantile(forecast(whole[:72], 12).paths.sum(axis=1), [0.025, 0.975])
        hits.append(low <= whole[72:].sum() <= high)
    assert np.mean(hits) > 0.75


def test_a_rougher_past_gives_a_wider_future():
    width = [np.ptp(forecast(series(noise=n), 12).intervals[80], axis=0).sum() for n in (0.03, 0.2)]
    assert width[1] > 3 * width[0]


def test_one_wild_year_does_not_widen_the_tails_without_end():
    wild = series()
    wild["2013"] *= np.random.default_rng(0).lognormal(0, 2, 12)
    calm, rough = (np.ptp(forecast(s, 12).intervals[95], axis=0).sum() for s in (series(), wild))
    assert rough < 6 * calm


def test_a_shock_that_is_excluded_teaches_nothing():
    calm, whole = series(), series()
    whole["2015-03":"2016-06"] *= 0.2
    made = forecast(whole, 12, exclude=pd.period_range("2015-03", "2016-06", freq="M"))
    np.testing.assert_allclose(made.median, forecast(calm, 12).median, rtol=0.05)


def test_two_years_of_history_give_a_wider_future_than_eight():
    low, high = (
        [f.intervals[80][i].sum() for f in (forecast(series()[-n:], 12) for n in (24, 96))]
        for i in (0, 1)
    )
    assert high[0] - low[0] > 1.5 * (high[1] - low[1])


def test_a_year_after_a_shock_starts_from_the_level_of_its_last_months():
    whole = series()
    whole["2017-03":] *= 0.4
    made = forecast(whole[:84], 12, exclude=pd.period_range("2017-03", "2017-12", freq="M"))
    assert made.median.sum() < 0.75 * series()["2018"].sum()


def test_growth_of_the_last_months_is_carried_on_but_fades():
    whole = series(48, noise=0.01, growth=0)
    whole[36:] *= 1.5
    year = forecast(whole, 24).median / np.tile(whole[36:], 2)
    assert 1.02 < year[:3].mean() < 1.3 and year[12:].mean() < 1.5


def test_a_known_break_starts_a_new_level():
    whole = series(108)
    whole["2018-06":] *= 3
    known, unknown = (forecast(whole[:96], 12, breaks=b).median for b in (["2018-06"], []))
    assert np.abs(known / whole[96:] - 1).mean() < 0.08
    assert np.abs(unknown / whole[96:] - 1).mean() > 0.15


def test_a_level_shorter_than_a_year_before_a_break_is_left_out():
    whole = series(84)
    after = forecast(whole[6:], 12)
    whole[:6] *= 9
    np.testing.assert_array_equal(forecast(whole, 12, breaks=["2011-07"]).paths, after.paths)


def test_the_moving_holiday_moves():
    whole = series(108, noise=0.03)
    whole *= 1 + 0.9 * share_in(whole.index)
    touched = share_in(whole.index[96:]) + share_in(whole.index[84:96]) > 0.1
    error = [
        np.abs(forecast(whole[:96], 12, calendar=c).median / whole[96:] - 1)[touched].mean()
        for c in (SYAWAL, [])
    ]
    assert error[0] < 0.5 * error[1]


def test_no_holiday_is_seen_where_there_is_none():
    assert abs(forecast(series(), 12, calendar=SYAWAL).holiday - 1) < 0.1


@pytest.mark.parametrize(
    "history, horizon, code, params",
    [
        (series(24) * np.nan, 12, "no_report", {}),
        (-series(24), 12, "negative", {}),
        (series(24) * 0, 12, "all_zero", {"months": 24}),
        (series(11), 12, "under_12_months", {"months": 11}),
        (series(23), 12, "under_24_months", {"months": 23}),
        (series(36), 25, "too_far", {"months": 25, "farthest": 24}),
    ],
)
def test_what_cannot_be_forecast_is_refused(history, horizon, code, params):
    with pytest.raises(Refused) as caught:
        forecast(history, horizon)
    assert (caught.value.note.code, caught.value.note.params) == (code, params)


def test_the_scored_shape_is_the_same_forecast():
    table = for_scoring(series(60), 12, [80, 95])
    assert list(table) == ["mean", "lo-80", "hi-80", "lo-95", "hi-95"]
    np.testing.assert_array_equal(table.attrs["paths"], forecast(series(60), 12).paths)


# the year

HISTORY = series(108)  # 2011 to 2019


def seen(as_of="2019-08-05", target=1_500_000, history=HISTORY, year=2019, **more):
    return outlook(history, year, target, as_of, **more)


def codes(result):
    return [note.code for note in result.notes]


def test_every_figure_comes_from_the_same_paths():
    result = seen()
    total = HISTORY["2019-01":"2019-07"].sum() + result.paths.sum(axis=1)
    np.testing.assert_allclose(result.sample, total)
    assert result.total == np.median(result.sample)
    np.testing.assert_allclose(result.intervals[80], np.quantile(result.sample, [0.1, 0.9]))
    assert result.probability == ((total >= 1_500_000).sum() + 0.5) / 1001
    assert result.left == 1_500_000 - HISTORY["2019-01":"2019-07"].sum()
    assert result.days_left == 153 and result.needed_per_day == -(-result.left // 153)
    assert result.needed_factor == result.left / (result.total - result.known)
    assert codes(result) == [] and result.counted_to == date(2019, 7, 31)


def test_what_is_reported_late_is_part_of_the_year_but_not_of_what_is_known():
    june = pd.Period("2019-06")
    late = {june: (HISTORY[june] - 1000, np.linspace(900, 1100, 1000))}
    result, plain = seen(late=late), seen()
    assert result.complete == pytest.approx(plain.complete - 1000)
    np.testing.assert_allclose(result.sample, plain.sample - 1000 + late[june][1])
    assert result.growth == plain.growth and result.paths.tobytes() == plain.paths.tobytes()
    assert result.cumulative[0, 5] == pytest.approx(HISTORY["2019-01":"2019-06"].sum() - 100)


def test_late_days_of_the_running_month_are_not_counted_twice():
    daily = days()
    so_far = daily["2019-08-01":"2019-08-20"].sum()
    late = {pd.Period("2019-08"): (so_far - 1000, np.linspace(900, 1100, 1000))}
    plain = seen("2019-08-20", history=by_month(daily), daily=daily)
    result = seen("2019-08-20", history=by_month(daily), daily=daily, late=late)
    assert result.running == pytest.approx(plain.running - 1000)
    np.testing.assert_allclose(result.sample, plain.sample)


def test_the_season_is_that_of_whole_years_with_this_years_holiday():
    history = series(108, noise=0, growth=0)
    assert seen(history=history).season == pytest.approx(
        history["2018"].cumsum() / history["2018"].sum()
    )
    history *= 1 + 0.9 * share_in(history.index)
    moved = seen("2018-02-05", history=history, year=2018, calendar=SYAWAL).season
    assert moved == pytest.approx(history["2018"].cumsum() / history["2018"].sum(), abs=0.01)
    assert seen(history=history[100:]).season is None


def test_the_simple_rule_is_last_year_times_growth_to_date():
    growth = HISTORY["2019-01":"2019-07"].sum() / HISTORY["2018-01":"2018-07"].sum()
    assert seen().simple == pytest.approx(HISTORY["2018"].sum() * growth)


def test_later_months_change_nothing():
    assert seen(history=HISTORY[:-5]).paths.tobytes() == seen().paths.tobytes()


@given(st.floats(0, 3e6), st.floats(0, 3e6))
@settings(max_examples=20, deadline=None)
def test_a_higher_target_is_never_likelier(one, other):
    low, high = sorted((one, other))
    assert seen(target=low).probability >= seen(target=high).probability


def test_a_target_that_is_passed_is_certain_and_needs_nothing():
    result = seen(target=600_000)
    assert (result.probability, result.left, result.needed_per_day) == (1.0, 0.0, 0)


@pytest.mark.parametrize("target, reached", [(900_000, 1.0), (9_000_000, 0.0)])
def test_a_year_that_is_over_is_certain(target, reached):
    result = seen("2020-02-10", target)
    assert result.total == HISTORY["2019"].sum() and result.probability == reached
    assert result.needed_per_day is None and codes(result) == []


@pytest.mark.parametrize(
    "target, code",
    [
        (None, "no_target"),
        (Target(1e6, definition="both"), "target_on_another_definition"),
        (Target(1e6, series="province"), "target_on_another_series"),
    ],
)
def test_without_a_target_of_its_own_kind_only_the_total_is_given(target, code):
    result = seen(target=target, definition="attractions", series="office")
    assert codes(result) == [code] and result.notes[0].withholds == "probability"
    assert result.total and result.probability is result.left is result.needed_per_day is None


def test_a_target_of_the_same_kind_is_compared():
    target = Target(1_500_000, "attractions", "office")
    result = seen(target=target, definition="attractions", series="office")
    assert result.probability == seen().probability


@pytest.mark.parametrize(
    "history, as_of, code, simple",
    [
        (series(8, "2019-01"), "2019-09-01", "under_12_months", False),
        (series(20, "2018-01"), "2019-09-01", "under_24_months", True),
        (series(108) * 0, "2019-09-01", "all_zero", False),
        (HISTORY, "2010-05-01", "no_report", False),
        (HISTORY[:105], "2019-12-05", "report_outstanding", True),
        (HISTORY[:98], "2019-11-30", "stopped_reporting", True),
        (HISTORY, "2019-01-20", "before_first_report", True),
        (series(30, "2019-03"), "2021-10-05", "starts_later", False),
    ],
)
def test_what_is_wrong_with_the_reports_is_said(history, as_of, code, simple):
    result = seen(as_of, history=history)
    (note,) = (n for n in result.notes if n.code == code)
    assert (result.total is None) == (note.withholds == "forecast")
    assert (result.simple is not None) == simple


def test_a_gap_in_the_year_is_filled_and_said():
    history = HISTORY.copy()
    history["2019-03"] = np.nan
    result = seen(history=history)
    assert [(n.code, n.params) for n in result.notes] == [("gaps", {"months": ("2019-03",)})]
    assert list(result.months)[0] == pd.Period("2019-03")
    assert np.median(result.paths[:, 0]) == pytest.approx(HISTORY["2019-03"], rel=0.2)
    assert result.complete == pytest.approx(history["2019-01":"2019-07"].sum())


def test_a_break_within_the_last_year_is_said():
    (note,) = seen(breaks=["2019-02"]).notes
    assert (note.code, note.params) == ("recent_break", {"first": "2019-02", "months": 6})


def test_days_complete_the_running_month():
    daily = days()
    with_days = seen("2019-08-20", history=by_month(daily), daily=daily)
    august, truth = with_days.paths[:, 0], daily["2019-08"].sum()
    assert np.median(august) == pytest.approx(truth, rel=0.06)
    assert with_days.running == pytest.approx(daily["2019-08-01":"2019-08-20"].sum())
    assert august.min() > with_days.running
    assert with_days.counted_to == date(2019, 8, 20) and with_days.days_left == 133
    assert with_days.pace == pytest.approx(daily["2019-07-24":"2019-08-20"].mean())
    assert with_days.best_pace == pytest.approx(daily[:"2019-08-20"].rolling(133).mean().max())
    without = seen("2019-08-20", history=by_month(daily)).paths[:, 0]
    assert np.ptp(august) < np.ptp(without)


def test_estimated_days_are_in_no_count_and_its_last_day_is_that_of_the_last_report():
    daily = days()[:"2019-08-20"]
    counted = days()[:"2019-08-22"] - 10.0
    result = seen("2019-08-25", history=by_month(daily), daily=daily, counted=counted)
    assert result.pace == pytest.approx(daily["2019-07-24":].mean() - 10)
    assert (result.counted_to, result.days_left) == (date(2019, 8, 22), 131)


def test_few_days_only_bound_the_running_month():
    daily = days()
    result = seen("2019-08-03", history=by_month(daily), daily=daily)
    assert result.running == pytest.approx(daily["2019-08-01":"2019-08-03"].sum())
    assert result.paths[:, 0].min() >= daily["2019-08-01":"2019-08-03"].sum()


def test_days_know_that_the_holiday_is_still_to_come():
    daily = days()
    window = pd.DatetimeIndex([d + timedelta(days=i) for d in SYAWAL for i in range(-2, 12)])
    daily[daily.index.isin(window)] *= 2.5
    history, (day,) = by_month(daily), [d for d in SYAWAL if d.year == 2018]
    as_of = day - timedelta(days=3)
    result = seen(as_of, history=history, year=2018, daily=daily, calendar=SYAWAL)
    month = pd.Period(as_of, "M")
    assert np.median(result.paths[:, 0]) == pytest.approx(history[month], rel=0.12)


def test_whole_months_of_days_stand_in_for_a_late_report():
    daily = days()
    result = seen("2019-08-05", history=by_month(daily)[:"2019-06"], daily=daily)
    assert result.months_known == 7
    assert result.complete == pytest.approx(daily["2019-01":"2019-07"].sum())
