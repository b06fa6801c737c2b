"""The tables of the outlook, and the questions that can be put to it."""

import streamlit as st

from ui import outlook, plain, tables
from ui.sentences import is_simulated


def path(say, year_end):
    """The figures of the path chart: a row a day, from the eve of the year."""
    table = [
        {
            say("path.day"): say.date(day.date()),
            say("path.counted"): _visits(say, row.get("counted"), row.get("running")),
            say("path.median"): _visits(say, row.get("median")),
            say("path.interval", level=80): _interval(say, row, 80),
            say("path.interval", level=95): _interval(say, row, 95),
            say("path.season"): _visits(say, row.get("season")),
        }
        | _mark(say, year_end)
        for day, row in year_end.path.iterrows()
    ]
    tables.show(say, table, f"outlook-{year_end.outlook.year}", {})


def said(say, month_ends, end):
    """What was said of a year at the end of each month, and what came.

    month_ends: [(day, Outlook)]; end: the YearEnd as it is known now.
    """
    came = end.outlook
    table = [
        dict(
            zip(
                map(say, ("said.day", "said.total", "said.interval", "said.chance", "said.known")),
                [say.date(day), *outlook.said(say, then), say.number(round(then.known))],
                strict=True,
            )
        )
        | {say("said.came"): outlook.came(say, then, came) if came.is_over else say("said.open")}
        | _mark(say, end)
        for day, then in month_ends
    ]
    tables.show(say, table, f"said-{came.year}", {})


def calibration(say, rows):
    """Chances given and what share of them came true, a row a class."""
    table = [
        {
            say(
                "calibration.class"
            ): f"{say.percent(row['above'], 0)}–{say.percent(row['up_to'], 0)}",
            say("calibration.said"): say.percent(row["said"]),
            say("calibration.came"): say.percent(row["came"]),
            say("calibration.n"): say.number(row["n"]),
        }
        for row in rows
    ]
    tables.show(say, table, "calibration", {})


def what_if(say, year_end):
    """What the reader asks instead: {target, exclude} where it differs; nothing is kept."""
    goal = year_end.outlook.target
    months = [str(m) for m in year_end.known_months]
    usual = [m for m in months if m in year_end.excluded]
    left, right = st.columns([1, 2])
    target = plain.number_input(
        say("if.target"),
        at=left,
        min_value=1,
        value=int(goal.value) if goal else None,
        step=50_000,
        format="%d",
    )
    excluded = plain.multiselect(
        say("if.exclude"),
        months,
        at=right,
        default=usual,
        format_func=lambda m: say.month_of(m),
        placeholder=say("if.none"),
    )
    asked = {}
    if target and not (goal and target == goal.value):
        asked["target"] = float(target)
    if set(excluded) != set(usual):
        asked["exclude"] = tuple(excluded)
    return asked


def _mark(say, year_end):
    """The column that marks every row of a simulated series."""
    simulated = is_simulated(vars(year_end))
    return {say("table.status"): say("obs_status.simulated")} if simulated else {}


def _visits(say, *values):
    """The first value that is there, an em dash where none is."""
    known = [v for v in values if v is not None and v == v]
    return say.number(round(known[0])) if known else "—"


def _interval(say, row, level):
    low, high = (row.get(f"{edge}-{level}") for edge in ("lo", "hi"))
    return f"{_visits(say, low)}–{_visits(say, high)}" if low is not None and low == low else "—"
