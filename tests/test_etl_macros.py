"""num, month, period: what they understand, and that they never change a figure without a word."""

from datetime import date, datetime, timedelta, timezone
from decimal import Decimal

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from etl.contract import macros
from etl.recipe.sql import guarded_cast

CON = duckdb.connect()
CON.execute(macros())
MONTHS = "Januari Februari Maret April Mei Juni Juli Agustus September Oktober November Desember"
MONTHS_EN = "January February March April May June July August September October November December"
QUICK = settings(deadline=None, max_examples=25)


def call(expression, *values):
    """The value of a SQL expression over parameters."""
    return CON.execute(f"select {expression}", list(values)).fetchall()[0][0]


def calls(expression, texts):
    """The values of a SQL expression over x, for each of many texts."""
    query = f"select {expression} from (select unnest(?::varchar[]) as x)"
    return [row[0] for row in CON.execute(query, [texts]).fetchall()]


def as_numbers(texts):
    """What a contract makes of texts: numbers, None where it rejects one."""
    return calls(guarded_cast("DECIMAL(18, 3)", "strip(x)")[0], texts)


@st.composite
def renderings(draw):
    """(a number in thousandths, its text in some Indonesian or English style, its decimal mark)."""
    whole = draw(st.integers(0, 10**12))
    thousandths = draw(st.sampled_from([None, 5, 25, 125, 500, 250, 999]))
    decimal, thousands = draw(st.sampled_from([(",", "."), (".", ","), (",", " "), (".", " ")]))
    text = f"{whole:,}".replace(",", thousands) if draw(st.booleans()) else str(whole)
    if thousandths is not None:
        digits = f"{thousandths:03}"
        text += decimal + (digits.rstrip("0") if draw(st.booleans()) else digits)
    sign = draw(st.sampled_from(["", "-", "+"]))
    value = (whole * 1000 + (thousandths or 0)) * (-1 if sign == "-" else 1)
    blank = draw(st.sampled_from(["", " ", "\t", "\xa0"]))
    return value, f"{blank}{sign}{text}{blank}", decimal


@given(st.lists(renderings(), min_size=1, max_size=40))
@QUICK
def test_num_gives_the_number_or_the_text_and_never_another_number(rendered):
    values, texts, _ = zip(*rendered, strict=True)
    made = calls("num(x)", texts)
    for value, text, handed, number in zip(values, texts, made, as_numbers(made), strict=True):
        assert handed == text if number is None else number * 1000 == value


@given(st.lists(renderings(), min_size=1, max_size=40))
@QUICK
def test_num_with_the_decimal_mark_always_gives_the_number(rendered):
    for mark in ",.":
        known = [(value, text) for value, text, decimal in rendered if decimal == mark]
        numbers = as_numbers(calls(f"num(x, '{mark}')", [text for _, text in known]))
        assert [number * 1000 for number in numbers] == [value for value, _ in known]


@given(st.lists(st.text(max_size=12), min_size=1, max_size=40))
@QUICK
def test_num_hands_back_what_is_no_number(texts):
    made = calls("num(x)", texts)
    for text, handed, number in zip(texts, made, as_numbers(made), strict=True):
        assert handed is None or handed == text or number is not None


@st.composite
def months(draw):
    """(the first day of a month, one of the ways to write that month)."""
    month, year = draw(st.integers(1, 12)), draw(st.integers(1990, 2035))
    name = draw(st.sampled_from([MONTHS, MONTHS_EN])).split()[month - 1]
    name = draw(st.sampled_from([name, name.upper(), name.lower(), name[:3]]))
    forms = [f"{year}-{month:02}", f"{month:02}/{year}", f"{month}-{year}", f"{name} {year}"]
    forms += [f"{name}-{year % 100:02}", f"{name}. {year}", f" {year}-{month} "]
    return date(year, month, 1).isoformat(), draw(st.sampled_from(forms))


@given(st.lists(months(), min_size=1, max_size=40))
@QUICK
def test_period_finds_the_month_in_every_way_of_writing_it(written):
    days, texts = zip(*written, strict=True)
    assert calls("period(x)", texts) == list(days)
    assert set(calls("period_frequency(x)", texts)) == {"M"}


@given(st.lists(st.text("0123456789-/. IVQTWabcjunme", max_size=10), min_size=1, max_size=60))
@QUICK
def test_period_and_month_hand_back_what_they_do_not_understand(texts):
    told = calls("[period(x), month(x), period_frequency(x)]", texts)
    for text, (period, month, frequency) in zip(texts, told, strict=True):
        assert period == text.partition("..")[0] or frequency in ("A", "Q", "M", "D", "C")
        assert month == text or 1 <= int(month) <= 12


@given(st.dates(date(1990, 1, 1), date(2035, 12, 31)))
@QUICK
def test_a_day_stays_that_day(day):
    text = day.isoformat()
    assert call("period(?)", text) == call("period_last(?)", text) == text
    assert call("ymd(?, ?, ?)", str(day.year), str(day.month), str(day.day)) == text


PERIODS = {
    "2019": ("2019-01-01", "A", "2019-12-31"),
    "2019-05": ("2019-05-01", "M", "2019-05-31"),
    "2020-02": ("2020-02-01", "M", "2020-02-29"),
    "2019-Q2": ("2019-04-01", "Q", "2019-06-30"),
    "Triwulan II 2019": ("2019-04-01", "Q", "2019-06-30"),
    "TW4 2019": ("2019-10-01", "Q", "2019-12-31"),
    "2019-05-17": ("2019-05-17", "D", "2019-05-17"),
    "Mei 2019": ("2019-05-01", "M", "2019-05-31"),
    "May-19": ("2019-05-01", "M", "2019-05-31"),
    "2023-01..2023-07": ("2023-01-01", "C", "2023-07-31"),
    "2020-Q1..Q3": ("2020-01-01", "C", "2020-09-30"),
    "2019-13": ("2019-13-01", "M", "2019-13-01"),
    "1-1990": ("1990-01-01", "M", "1990-01-31"),
    "2019-1": ("2019-01-01", "M", "2019-01-31"),
    "1 2019": ("1 2019", "1 2019", "1 2019"),
    "semester I": ("semester I", "semester I", "semester I"),
}


@pytest.mark.parametrize("text", PERIODS)
def test_a_period_has_a_first_day_a_frequency_and_a_last_day(text):
    told = tuple(call(f"{m}(?)", text) for m in ("period", "period_frequency", "period_last"))
    assert told == PERIODS[text]


@pytest.mark.parametrize(
    "written, number",
    [("Agustus", "8"), ("ags", "8"), ("Mrt.", "3"), ("NOPEMBER", "11"), ("02", "2"), ("13", "13")],
)
def test_month_knows_names_abbreviations_and_numbers(written, number):
    assert call("month(?)", written) == number


def test_helpers_stay_small_enough_to_plan():
    CON.execute("create or replace temp table few as select '2019-05..2019-07' as x")
    plan = CON.execute("explain select period_last(x), period_end(period(x), 'M') from few")
    assert len(plan.fetchall()[0][1]) < 200_000


def test_names_of_one_place_compare_equal():
    assert call("comparable(?)", " Kab.  Bogor") == call("comparable(?)", "KABUPATEN BOGOR")


@QUICK
@given(st.decimals(-(10**15) + 1, 10**15 - 1, places=4), st.sampled_from([1000, 10**6]))
def test_times_is_exact(number, factor):
    text = f"{number}e0" if number % 1 else f"{number:.0f}"
    made = call("times(?, ?)::varchar", text, factor)
    assert Decimal(made.removesuffix("e0")) == number * factor
    assert made.endswith("e0") == bool(number * factor % 1)


@pytest.mark.parametrize("text", ["12345678901234567", "1e3", "2.5e7", "24.325", "24,3", "belum"])
def test_what_cannot_be_multiplied_exactly_is_no_number(text):
    assert as_numbers([call("times(?, 1000)", text)]) == [None]


@QUICK
@given(st.datetimes(datetime(1900, 1, 2), datetime(2199, 12, 30)), st.integers(-719, 719))
def test_a_moment_with_its_offset_is_that_moment_in_utc(moment, minutes):
    told = moment.replace(tzinfo=timezone(timedelta(minutes=minutes))).isoformat(" ")
    expected = moment - timedelta(minutes=minutes)
    for query in ("utc(?)", "utc(?, '%d/%m/%Y', 'Asia/Jakarta')"):
        assert datetime.fromisoformat(call(query, told)) == expected


def test_a_moment_without_an_offset_is_none_in_utc():
    (handed_back,) = calls("utc(x)", ["2019-05-17 08:15:00"])
    assert calls(guarded_cast("TIMESTAMP", "x")[0], [handed_back]) == [None]
