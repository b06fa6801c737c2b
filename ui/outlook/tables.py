"""The columns of the tables of the outlook, and the questions that can be put to it."""

import streamlit as st

from kpi.lineage import of_outlook
from kpi.simulated import is_simulated
from ui.kit import fields, frame, table
from ui.kit.table import Col, columns
from ui.outlook import words as outlook


def path(say, year_end, words):
    """The figures of the path chart: a row a day, from the eve of the year."""
    rows = [{"day": day.date(), **row} for day, row in year_end.path.iterrows()]

    def counted(row):
        known = (row.get("counted"), row.get("running"))
        return next((v for v in known if v is not None and v == v), None)

    cols = [
        Col("path.day", "day"),
        Col("path.counted", counted, unit="visits"),
        Col("path.median", "median", unit="visits"),
        *(
            Col(f"table.{k}", f"{k[:2]}-{n}", unit="visits", name=f"{k}_{n}", params={"level": n})
            for n in (80, 95)
            for k in ("low", "high")
        ),
        Col("path.season", "season", unit="visits"),
        *fields.of_all(year_end, words),
    ]
    year, simulated = year_end.outlook.year, is_simulated(year_end)

    def at(row):
        known = "counted" if counted(row) is not None else "likely"
        return of_outlook(year_end, known)

    table.show(say, f"outlook-{year}", rows, cols, simulated, at=at)


def said(say, month_ends, end, words):
    """What was said of a year at the end of each month, and what came.

    month_ends: [(day, Outlook)]; end: the YearEnd as it is known now.
    """
    came = end.outlook.known if end.outlook.is_over else None
    rows = [_said(day, then, came) for day, then in month_ends]

    def thousands(name):
        return lambda say, row: say.number(round(row[name], -3))

    cols = [
        Col("said.day", "day"),
        Col("said.total", "total", thousands("total"), unit="visits"),
        *(
            Col(f"table.{k}", k, thousands(k), unit="visits", params={"level": 80})
            for k in ("low", "high")
        ),
        Col(
            "said.chance",
            "chance",
            lambda say, row: outlook.probability(say, row["chance"]),
            unit="share",
        ),
        Col("said.known", "known", unit="visits"),
        Col("said.came", "came", unit="visits"),
        Col("said.error", "error", lambda say, row: say.signed_percent(row["error"]), unit="share"),
        Col("said.held", "is_held", name="is_held"),
        *fields.of_all(end, words),
    ]
    table.show(say, f"said-{end.outlook.year}", rows, cols, is_simulated(end))


def _said(day, then, came):
    """A row of what an Outlook said on a day; came: the visits of the year, once it is over."""
    low, high = then.intervals[80] if then.total is not None else (None, None)
    row = {"day": day, "total": then.total, "low": low, "high": high, "chance": then.probability}
    row |= {"known": then.known, "came": came}
    if came is not None and then.total is not None:
        row |= {"error": then.total / came - 1 if came else None, "is_held": low <= came <= high}
    return row


def calibration(say, rows):
    """Chances given and what share of them came true, a row a class."""

    def span(say, row):
        return f"{say.percent(row['above'], 0)}–{say.percent(row['up_to'], 0)}"

    cols = [
        Col("calibration.class", "above", span, unit="share", name="above"),
        Col("table.until", "up_to", unit="share", only="files", name="up_to"),
        *columns("calibration", "said", "came", unit="share"),
        Col("calibration.n", "n"),
    ]
    rows = [{k: row[k] for k in ("above", "up_to", "said", "came", "n")} for row in rows]
    table.show(say, "calibration", rows, cols)


def what_if(say, year_end):
    """What the reader asks instead: {target, exclude} where it differs; it stands in the URL."""
    goal = year_end.outlook.target
    months = [str(m) for m in year_end.known_months]
    usual = [m for m in months if m in year_end.excluded]
    left, right = st.columns([1, 2])
    usual_target = int(goal.value) if goal else None
    target = frame.amount(say, "target", say("if.target"), usual_target, left)
    words = {"format_func": say.month_of, "placeholder": say("if.none")}
    excluded = frame.several(say, "exclude", say("if.exclude"), months, usual, right, **words)
    asked = {}
    if target and not (goal and target == goal.value):
        asked["target"] = float(target)
    if set(excluded) != set(usual):
        asked["exclude"] = tuple(excluded)
    return asked
