"""The nowcast: made-up tables with a known truth, hidden and estimated; then the bundled record."""

from datetime import date

import numpy as np
import pandas as pd
import pytest
from conftest import SITES
from test_data_page import CLOSED, DUTIES, counts

import kpi
from kpi.nowcast import Nowcast, Refused, nowcast, table

LEVELS = ["measure", "place", "origin"]
PARK, MUSEUM, HOTELS = (
    ("attraction_visits", "park", "total"),
    ("attraction_visits", "museum", "total"),
    ("accommodation_guests", "hotels", "total"),
)


def cells(days=800, noise=0.0, seed=0, **columns):
    """Days from 1 January 2018: every place is a share of one total with a busy weekend."""
    every, rng = pd.date_range("2018-01-01", periods=days), np.random.default_rng(seed)
    total = 1000 * np.where(every.day_of_week >= 5, 2.0, 1.0) * rng.lognormal(0, 0.2, days)
    shares = {PARK: 0.5, MUSEUM: 0.2, HOTELS: 0.3} | columns
    made = {c: total * s * rng.lognormal(0, noise, days) for c, s in shares.items()}
    return pd.DataFrame(made, index=every).rename_axis(columns=LEVELS)


def hidden(whole, *places, first, last=None):
    """The table with some columns not reported from one day to another."""
    made = whole.copy()
    made.loc[first : last or first, list(places)] = np.nan
    return made


def truth(result, made, whole):
    """The visits by month that the estimates of a result stand for."""
    estimated = (made.isna() & result.filled.notna()).reindex_like(made)
    visits = whole.reindex_like(made).where(estimated).sum(axis=1)
    return visits.groupby(made.index.to_period("M")).sum()[result.months["estimated"] > 0]


def holds(result, made, whole):
    """Whether the band of each month that is estimated holds its truth."""
    months = result.months[result.months["estimated"] > 0]
    return list(
        truth(result, made.loc[result.filled.index], whole).between(months.low, months.high)
    )


def codes(result):
    return [note.code for note in result.notes]


# the rule


def test_a_missing_cell_is_its_share_of_what_the_others_reported():
    whole = cells()
    result = nowcast(hidden(whole, MUSEUM, first="2020-02-03", last="2020-02-20"))
    pd.testing.assert_frame_equal(result.filled, whole, check_freq=False)


def test_weekdays_have_shares_of_their_own():
    whole = cells()
    whole.loc[whole.index.day_of_week == 0, [MUSEUM]] = 0.0
    result = nowcast(hidden(whole, MUSEUM, first="2020-02-03", last="2020-02-20"))
    np.testing.assert_allclose(result.filled, whole)


def test_cells_of_the_same_measure_speak_first():
    whole = cells()
    day = "2020-02-12"
    whole.loc[day, [HOTELS]] *= 10
    filled = nowcast(hidden(whole, MUSEUM, first=day)).filled
    assert filled.loc[day, MUSEUM] == pytest.approx(whole.loc[day, MUSEUM])


def test_another_measure_speaks_where_nothing_of_the_same_is_reported():
    whole = cells()
    filled = nowcast(hidden(whole, HOTELS, first="2020-02-12")).filled
    assert filled.loc["2020-02-12", HOTELS] == pytest.approx(whole.loc["2020-02-12", HOTELS])


def test_a_day_on_which_nothing_is_reported_is_missing_and_not_estimated():
    day = "2020-02-12"
    result = nowcast(hidden(cells(), PARK, MUSEUM, HOTELS, first=day))
    assert result.filled.loc[day].isna().all()
    month = result.months.loc["2020-02"]
    assert (month.missing, month.estimated, month.estimate) == (3, 0, 0)
    assert list(result.missing["periods"]) == [1, 1, 1] and codes(result) == []


def test_next_to_nothing_says_nothing_of_the_rest():
    kiosk = ("attraction_visits", "kiosk", "total")
    whole = cells()
    whole[kiosk] = whole[PARK] / 100
    result = nowcast(hidden(whole, PARK, MUSEUM, HOTELS, first="2020-02-12"))
    assert result.filled.loc["2020-02-12", [PARK]].isna().all()
    assert [(n.code, n.params) for n in result.notes] == [("not_estimated", {"periods": 1})]


def test_months_are_estimated_like_days():
    whole = cells(1500).groupby(lambda day: day.to_period("M")).sum()[:-1]
    result = nowcast(hidden(whole, MUSEUM, HOTELS, first="2021-12", last="2021-12"))
    np.testing.assert_allclose(result.filled, whole)
    assert result.months.loc["2021-12", "estimated"] == 2 and codes(result) == []


def test_a_whole_table_has_nothing_to_estimate():
    result = nowcast(cells(60))
    assert isinstance(result, Nowcast) and result.missing.empty and result.notes == ()
    assert not result.sample.any() and not result.months["share_missing"].any()


# the band


def test_the_same_table_gives_the_same_bits():
    made = hidden(cells(noise=0.2), MUSEUM, first="2020-02-03")
    assert nowcast(made).sample.tobytes() == nowcast(made).sample.tobytes()


def test_later_days_change_no_earlier_try():
    made = hidden(cells(noise=0.2), MUSEUM, first="2020-03-01", last="2020-03-10")
    shown = made.copy()
    shown.iloc[-10:] *= 3  # the days of the gap: only the level changes, not the errors
    one, other = nowcast(made), nowcast(shown)
    np.testing.assert_allclose(other.sample[:, -1], 3 * one.sample[:, -1])


def test_rougher_places_have_a_wider_band():
    calm, rough = (
        nowcast(hidden(cells(noise=n), MUSEUM, first="2020-02-03", last="2020-02-09")).months
        for n in (0.05, 0.3)
    )
    width = [(m.high - m.low)["2020-02"] / m.estimate["2020-02"] for m in (calm, rough)]
    assert 0 < 3 * width[0] < width[1]


def test_months_that_hang_together_err_together():
    whole, rng = cells(1100), np.random.default_rng(1)
    level = np.repeat(rng.lognormal(0, 0.3, 28), 40)[:1100]  # of the museum, 40 days long
    whole[MUSEUM] *= level
    made = nowcast(hidden(whole, MUSEUM, first="2020-10-25", last="2020-11-08"))
    first, second = made.sample[:, made.months["estimated"] > 0].T
    assert np.corrcoef(first, second)[0, 1] > 0.5


def test_eight_of_ten_bands_hold():
    whole, held = cells(1000, noise=0.25), []
    for first in whole.index[400:990:7]:
        made = hidden(whole, MUSEUM, first=first, last=first + pd.Timedelta(days=6))
        held += holds(nowcast(made[: first + pd.Timedelta(days=6)]), made, whole)
    assert 0.7 < np.mean(held) < 0.9


def test_a_short_history_gives_an_estimate_without_a_band():
    result = nowcast(hidden(cells(120, noise=0.1), MUSEUM, first="2018-04-20"))
    april = result.months.loc["2018-04"]
    assert april.estimate > 0 and np.isnan([april.low, april.high]).all()
    assert np.isnan(result.sample[:, -1]).all() and codes(result) == ["no_band"]
    assert result.notes[0].withholds == "band"


# how much is missing


def test_the_share_missing_is_that_of_the_same_days_a_year_before():
    whole = cells()
    whole.loc["2019-02", [MUSEUM]] *= 10  # 70 % of that month
    result = nowcast(hidden(whole, MUSEUM, first="2020-02-01", last="2020-02-29"))
    before = whole.loc["2019-02-02":"2019-03-02"]
    month = result.months.loc["2020-02"]
    assert month.share_missing == pytest.approx(before[MUSEUM].sum() / before.sum().sum())
    assert month.is_last_year


def test_without_a_last_year_the_usual_proportion_stands_in_and_says_so():
    month = nowcast(hidden(cells(200), MUSEUM, first="2018-07-03")).months.loc["2018-07"]
    assert month.share_missing == pytest.approx(0.2 / 19, rel=0.3) and not month.is_last_year


def test_every_stretch_of_a_cell_is_listed():
    made = hidden(cells(), MUSEUM, first="2020-02-03", last="2020-02-05")
    made.loc["2020-02-09", [MUSEUM]] = np.nan
    rows = nowcast(made).missing
    assert list(rows["place"]) == ["museum", "museum"] and list(rows["periods"]) == [3, 1]
    assert list(rows["first"].dt.day) == [3, 9] and list(rows["last"].dt.day) == [5, 9]


@pytest.mark.parametrize("value, code", [(np.nan, "no_report"), (-1.0, "negative")])
def test_a_table_of_nothing_or_below_zero_is_refused(value, code):
    with pytest.raises(Refused) as refused:
        nowcast(cells(30) * 0 + value)
    assert refused.value.note.code == code


# the table


def row(start, visits, place="park", frequency="D", end=None):
    start = date.fromisoformat(start)
    return {
        "place": place,
        "measure": "attraction_visits",
        "origin": "total",
        "frequency": frequency,
        "period_start": start,
        "period_end": date.fromisoformat(end) if end else start,
        "visits": visits,
    }


def test_a_cell_is_zero_where_it_is_not_expected_and_empty_where_it_is_missing():
    made = table([row("2019-01-01", 5), row("2019-01-02", None), row("2019-01-02", 7, "museum")])
    np.testing.assert_array_equal(made[[PARK, MUSEUM]], [[5, 0], [np.nan, 7]])


def test_days_beside_months_become_whole_months():
    days = [row(f"2019-01-{d:02}", 1) for d in range(1, 32)]
    days += [row(f"2019-02-{d:02}", None if d == 3 else 1) for d in range(1, 29)]
    days += [row("2019-03-01", 1)]
    months = [row("2019-01-01", 70, "museum", "M", "2019-01-31")]
    made = table(days + months)
    np.testing.assert_array_equal(made[[PARK, MUSEUM]], [[31, 70], [np.nan, 0]])
    assert made.index.freqstr == "M"


def test_nothing_expected_is_refused():
    with pytest.raises(Refused):
        table([])


MONTHS = "park,2019,1,2019-02-01,100\nmuseum,2019,2,2019-03-01,7\npark,2019,3,2019-04-01,90\n"


@pytest.fixture
def made(city, monkeypatch):
    """The made-up city with two sites, not yet built."""
    monkeypatch.setenv("DUAJUTA_WAREHOUSE", str(city.target.parent))
    return city.write(SITES)


def statuses(as_of, series="gate"):
    """{(place, month): (visits, status)} of the made-up city."""
    snapshot = kpi.snapshot("city", date.fromisoformat(as_of))
    rows = snapshot.table("visits_cells", definition="attractions", series=series)
    return {
        (r["place"], f"{r['period_start']:%Y-%m}"): (r["visits"], r["obs_status"]) for r in rows
    }


def test_a_place_is_expected_from_its_first_value_to_the_last_month_that_ended(made):
    made.build(DUTIES | counts(MONTHS))
    assert statuses("2019-05-15") == {
        ("park", "2019-01"): (100, "final"),
        ("park", "2019-02"): (None, "missing"),
        ("park", "2019-03"): (90, "final"),
        ("park", "2019-04"): (None, "missing"),
        ("museum", "2019-02"): (7, "final"),
        ("museum", "2019-03"): (None, "missing"),
        ("museum", "2019-04"): (None, "missing"),
    }


def test_the_first_report_of_a_year_counts_before_every_place_has_reported(made):
    made.build(counts(MONTHS + "park,2020,1,2020-02-01,80\n"))
    january = {p: v for (p, month), v in statuses("2020-02-15").items() if month == "2020-01"}
    assert january == {"park": (80, "final"), "museum": (None, "missing")}


def test_a_place_that_was_closed_all_the_month_is_a_zero(made):
    made.build(CLOSED | counts(MONTHS))
    assert statuses("2019-05-15")["museum", "2019-03"] == (0, "closed")


def test_a_simulated_closure_excuses_no_real_place(made):
    made.build({f"simulated/{n}": t for n, t in CLOSED.items()} | counts(MONTHS))
    assert statuses("2019-05-15")["museum", "2019-03"] == (None, "missing")


def test_what_was_not_published_by_the_day_was_missing_then(made):
    made.build(counts(MONTHS))
    assert statuses("2019-03-31")["park", "2019-03"] == (None, "missing")


def test_a_year_after_the_last_value_nothing_is_expected_any_more(made):
    made.build(counts(MONTHS))
    assert max(statuses("2021-01-01")) == ("park", "2020-03")


# the bundled record: what was late there is known by now


def record(as_of):
    """The table of the simulated record as it was known on a day."""
    params = {"definition": "attractions_accommodation", "series": "simulated:disparbud_jabar"}
    return table(kpi.snapshot("cirebon", as_of).table("visits_cells", **params))


@pytest.mark.usefixtures("served")
def test_on_the_record_the_estimates_came_close_and_the_bands_held():
    whole, held, errors, volume = record(date(2020, 6, 30)), [], [], []
    for day in pd.date_range("2016-10-12", "2019-12-20", freq="97D"):
        made = record(day.date())
        result = nowcast(made)
        came = truth(result, made, whole)
        held += holds(result, made, whole)
        errors += list((result.months["estimate"][came.index] - came).abs())
        volume += list(came)
    assert len(held) > 20
    assert sum(errors) < 0.2 * sum(volume)
    assert 0.6 < np.mean(held) < 0.95
