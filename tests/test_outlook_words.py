"""The words of the outlook in every situation, fixed in golden_outlook.csv; figures made again."""

import csv
from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd
import pytest
from conftest import ROOT
from test_outlook import HISTORY, SYAWAL, by_month, days, series

from kpi.outlook import Target, outlook
from kpi.year_end import EXCLUDED, YearEnd, _path
from ui.kit.text import languages, text
from ui.outlook import chart as path_chart
from ui.outlook import tables as outlook_tables
from ui.outlook import words

GOLDEN = ROOT / "tests" / "golden_outlook.csv"
DAYS = days()
BOTH = ("attraction_visits", "accommodation_guests")


def year_end(as_of, target, history=HISTORY, year=2019, more=None, **about):
    """The YearEnd of a made-up year; more: of outlook(), about: fields of the YearEnd."""
    made = outlook(history, year, target, as_of, definition="both", series="office", **(more or {}))
    told = {
        "definition": "both",
        "measures": BOTH,
        "series": "office",
        "target_measures": BOTH,
        "target_series": "office",
        "document": "RKPD",
        "is_city_choice": False,
        "is_own_target": False,
        "known_months": tuple(history.dropna().index),
        "excluded": EXCLUDED,
        "late": None,
        "late_share": None,
        "against": None,
        "growths": (),
        "course": (),
        "usual_share": None,
        "breaks": (),
        "path": _path(made),
        "events": (),
    }
    return YearEnd(outlook=made, **told | about)


def gaps(*months):
    history = HISTORY.copy()
    history[list(months)] = np.nan
    return history


def by_days(as_of, target, daily=DAYS, **about):
    return year_end(as_of, target, by_month(daily), more={"daily": daily}, **about)


def reported_late(as_of, month, **about):
    """Some visits of a month are not reported yet."""
    visits, late = by_month(DAYS), pd.Period(month)
    so_far = DAYS[DAYS.index.to_period("M") == late][:as_of].sum()
    more = {"daily": DAYS, "late": {late: (so_far - 3000, np.linspace(2500, 3500, 1000))}}
    return year_end(as_of, 1_600_000, visits, more=more, late=(2600, 3000, 3400), **about)


def broken():
    history = series(108)
    history["2018-10":] *= 2
    return year_end("2019-05-10", 2_500_000, history, more={"breaks": ["2018-10"]})


def excluded():
    history = series(132, "2012-01")
    history["2020-03":"2021-12"] *= 0.2
    exclude = {"exclude": EXCLUDED, "calendar": SYAWAL}
    return year_end("2022-09-10", 2_000_000, history, 2022, more=exclude)


SITUATIONS = {
    "before the first report": lambda: year_end("2019-01-20", 1_500_000, HISTORY[:96]),
    "before the first report, last year's still out": lambda: year_end(
        "2019-01-20", 1_500_000, HISTORY[:95]
    ),
    "before the first report, no target": lambda: year_end("2019-01-20", None, HISTORY[:96]),
    "one month": lambda: year_end("2019-02-10", 1_800_000),
    "behind": lambda: year_end("2019-07-05", 1_900_000),
    "far behind": lambda: year_end("2019-07-05", 2_400_000),
    "out of reach": lambda: year_end("2019-11-05", 9_000_000),
    "even": lambda: year_end("2019-07-05", 1_790_000),
    "ahead": lambda: year_end("2019-07-05", 1_750_000),
    "far ahead": lambda: year_end("2019-07-05", 1_400_000),
    "eleven months": lambda: year_end("2019-12-05", 1_800_000),
    "passed": lambda: year_end("2019-10-05", 1_000_000),
    "passed to the visit": lambda: year_end(
        "2019-10-05", float(HISTORY["2019-01":"2019-09"].sum())
    ),
    "no target": lambda: year_end("2019-08-05", None),
    "a target on another definition": lambda: year_end(
        "2019-08-05", Target(1_500_000, "attractions", "office"), target_measures=BOTH[:1]
    ),
    "a target on another series": lambda: year_end(
        "2019-08-05", Target(1_500_000, "both", "province"), target_series="province"
    ),
    "over and reached": lambda: year_end("2020-02-10", 1_500_000),
    "over and missed": lambda: year_end("2020-02-10", 2_000_000),
    "over, no target": lambda: year_end("2020-02-10", None),
    "over, December not reported": lambda: year_end("2020-01-20", 1_800_000, HISTORY[:-1]),
    "days, above the pace": lambda: by_days("2019-08-20", 1_700_000),
    "days, below the pace": lambda: by_days("2019-08-20", 1_450_000),
    "days, at the pace": lambda: by_days("2019-08-20", 1_545_500),
    "days, far above the pace": lambda: by_days("2019-08-20", 2_600_000),
    "days, never reached before": lambda: by_days("2019-04-10", 2_200_000),
    "days, too few": lambda: by_days("2019-08-03", 1_600_000),
    "days, Lebaran still to come": lambda: year_end(
        "2018-05-20", 1_600_000, by_month(DAYS), 2018, more={"daily": DAYS, "calendar": SYAWAL}
    ),
    "days of the last December": lambda: by_days("2019-12-28", 1_600_000),
    "late in a whole month": lambda: reported_late("2019-08-20", "2019-07", late_share=0.003),
    "late in the running month": lambda: reported_late("2019-08-20", "2019-08", late_share=0.003),
    "a month missing in the year": lambda: year_end("2019-08-05", 1_800_000, gaps("2019-03")),
    "two months missing": lambda: year_end("2019-08-05", 1_800_000, gaps("2019-02", "2018-11")),
    "one month late": lambda: year_end("2019-08-05", 1_800_000, HISTORY[:102]),
    "three months late": lambda: year_end("2019-10-05", 1_800_000, HISTORY[:102]),
    "stopped reporting": lambda: year_end("2019-11-30", 1_800_000, HISTORY[:98]),
    "reports begin in the year": lambda: year_end(
        "2021-10-05", 1_800_000, series(30, "2019-03"), year=2019
    ),
    "the first days of a record": lambda: year_end(
        "2019-01-09", 1_600_000, HISTORY[:0], more={"daily": DAYS["2019-01-01":"2019-01-07"]}
    ),
    "nothing reported": lambda: year_end("2010-05-01", 1_800_000),
    "below zero": lambda: year_end("2019-08-05", 1_800_000, -HISTORY),
    "all zero": lambda: year_end("2019-08-05", 1_800_000, HISTORY * 0),
    "under 12 months": lambda: year_end("2019-09-01", 1_800_000, series(8, "2019-01")),
    "under 24 months": lambda: year_end("2019-09-01", 1_800_000, series(20, "2018-01")),
    "too far ahead": lambda: year_end("2019-08-05", 1_800_000, year=2022),
    "a level break": broken,
    "excluded months": excluded,
    "another target is asked": lambda: year_end("2019-07-05", 1_700_000, is_own_target=True),
    "a target lowered": lambda: year_end("2019-07-05", 1_780_000, document="RKPD Perubahan"),
    "the city's choice": lambda: year_end("2019-07-05", 1_780_000, is_city_choice=True),
    "simulated": lambda: by_days("2019-08-20", 1_700_000, series="simulated:office"),
    "simulated and too short": lambda: year_end(
        "2019-09-01", 1_800_000, series(8, "2019-01"), series="simulated:office"
    ),
    "a fall": lambda: year_end("2019-07-05", 900_000, series(108, growth=-0.08)),
    "a small place": lambda: year_end("2019-07-05", 900, series(108, level=60, noise=0.2)),
    "a nation": lambda: year_end("2019-07-05", 1.8e9, HISTORY * 1000),
}


def spoken(say, told):
    """All that is said of a YearEnd."""
    return {
        "headline": words.headline(say, told),
        "pace": words.pace(say, told),
        "simple": words.simple(say, told),
        "notes": " ".join(words.notes(say, told)),
        "title": words.title(say, told),
        "counts": words.counted(say, told, {}),
    }


def golden():
    with GOLDEN.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("name", SITUATIONS)
def test_what_is_said_is_the_golden_text(name):
    told = SITUATIONS[name]()
    rows = [row for row in golden() if row["situation"] == name]
    assert {row["lang"] for row in rows} == set(languages())
    for row in rows:
        said = spoken(text(row["lang"]), told)
        assert {k: v.replace("\u00a0", " ") for k, v in said.items()} == {k: row[k] for k in said}


def test_there_are_forty_situations_and_no_other_row():
    assert len(SITUATIONS) >= 40
    assert {row["situation"] for row in golden()} == set(SITUATIONS)


def test_every_note_is_said_in_some_situation():
    codes = {c for c in text("id").codes if c.startswith("outlook_note.")}
    said = {n.code for make in SITUATIONS.values() for n in make().outlook.notes}
    assert codes == {f"outlook_note.{code}" for code in said}


@pytest.mark.parametrize("lang", languages())
@pytest.mark.parametrize(
    "name", ["behind", "ahead", "days, above the pace", "late in a whole month", "a level break"]
)
def test_every_number_is_made_again_of_the_same_paths(lang, name):
    say, told = text(lang), SITUATIONS[name]()
    made = told.outlook
    late = sum(made.late.values()) if made.late else 0
    total = made.complete + made.paths.sum(axis=1) + late
    goal, known = made.target.value, made.complete + made.running
    needed = -(-(goal - known) // made.days_left)
    headline, pace = words.headline(say, told), words.pace(say, told)
    for figure in (
        say.compact(np.median(total)),
        say.span(*np.quantile(total, (0.1, 0.9))),
        say.compact(goal),
        words.probability(say, ((total >= goal).sum() + 0.5) / 1001),
        say.number(needed),
        say.date(date(made.year, 12, 31)),
    ):
        assert figure in headline
    assert say.percent(abs((goal - known) / (np.median(total) - known) - 1), 0) in pace
    if made.pace:
        assert say.percent(abs(needed / made.pace - 1), 0) in headline


def test_the_chart_ends_where_the_sentence_says():
    told = SITUATIONS["days, above the pace"]()
    end = told.path.iloc[-1]
    assert end["median"] == pytest.approx(told.outlook.total)
    assert (end["lo-80"], end["hi-80"]) == pytest.approx(told.outlook.intervals[80])
    assert end["season"] == pytest.approx(told.outlook.target.value)
    assert told.path["running"].max() == pytest.approx(told.outlook.known)


def test_a_chance_is_never_said_to_be_none_or_certain():
    say = text("en")
    chances = [words.probability(say, p).replace("\u00a0", " ") for p in (0.0005, 0.5, 0.9995, 1.0)]
    assert chances == ["below 1 %", "50 %", "above 99 %", "100 %"]


def test_other_words_for_an_asked_target():
    asked = replace(SITUATIONS["ahead"](), is_own_target=True)
    assert "RKPD" not in words.counted(text("id"), asked, {})


def test_a_picture_of_simulated_data_says_so():
    say = text("id")
    titles = [
        path_chart.path(say, SITUATIONS[name](), False).to_dict().get("title")
        for name in ("simulated", "days, above the pace")
    ]
    assert titles[0]["text"] == say("simulated.mark") and titles[1] is None


def test_what_the_headline_says_is_not_said_again():
    told = year_end("2019-05-01", None, HISTORY[:0])  # no target either
    assert [n.code for n in told.outlook.notes] == ["no_target", "no_report"]
    assert words.notes(text("en"), told) == [text("en")("outlook_note.no_target", year=2019)]


@pytest.mark.parametrize("lang", languages())
def test_with_nothing_to_hold_a_year_against_the_page_says_so(lang):
    assert words.plausible(text(lang), [], {}) == [text(lang)("plausible.nothing")]


def test_a_year_of_zeros_is_told_without_a_share():
    then = SITUATIONS["behind"]().outlook
    row = outlook_tables._said(then.as_of, then, 0.0)
    assert row["error"] is None and not row["is_held"]
