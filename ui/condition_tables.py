"""The tables of the page on order, cleanliness and greening."""

import streamlit as st

from ui import condition, maps, plain, sentences, tables


def areas(say, review, words):
    """The table behind map and ranking."""
    table = [
        {
            say("condition.rank"): say.number(part.rank),
            say("table.area"): part.name,
            say("condition.parent"): part.parent,
            say("condition.value"): condition.amount(say, review.unit, part.now and part.now.value),
            say("condition.interval_head"): condition.interval(say, review.unit, part.now)
            if part.now
            else "—",
            say("condition.sample"): say.number(part.sample),
            say(
                "condition.beside_city"
            ): f"{maps.ICONS[part.word]} {say(f'condition.{part.word}')}",
            say("condition.before"): condition.amount(
                say, review.unit, part.before and part.before.value
            ),
            say("condition.change"): condition.change(say, review.unit, part.change),
            say("condition.months_known"): say.number(part.months),
            say("table.series"): sentences.series_name(say, review.series, words),
        }
        for part in review.areas
    ]
    tables.show(say, table, f"condition-{review.domain}", {})


def inspections(say, review, part, rows):
    """What was found in one area, a row a period, every value in a column of its own."""
    periods = rows[0]["periods"] if rows else 0
    told = say(
        "condition.inspections_shown", shown=say.number(len(rows)), periods=say.number(periods)
    )
    plain.caption(f"{condition.note(say, review, part)}. {told}")
    table = [
        {
            say("table.period"): sentences.period(say, row),
            **({say("condition.section"): row["section"]} if row["section"] else {}),
            **{_indicator(say, f): _found(say, f) for f in row["found"]},
            say("condition.sample"): say.number(row["sample_size"]),
            say("table.status"): say(f"obs_status.{row['obs_status']}"),
            say("table.known"): sentences.published(say, row),
            say("table.place"): "; ".join(_where(say, place) for place in row["places"] or ()),
        }
        for row in rows
    ]
    wide = st.column_config.TextColumn(width=150)
    tables.show(say, table, "inspections", {say("table.period"): wide})


def published(say, rows, words):
    """What has been published of a domain for the whole city, with its period and source."""
    table = [
        {
            say("table.period"): sentences.period(say, row),
            say("condition.indicator"): _indicator(say, row),
            say("condition.value"): _found(say, row),
            say("condition.unit"): _unit(say, row["unit"]),
            say("table.status"): say(f"obs_status.{row['obs_status']}"),
            say("table.series"): sentences.series_name(say, row["series"], words, row),
            say("table.known"): say.date(row["published_at"]),
        }
        for row in rows
    ]
    wide = st.column_config.TextColumn(width=240)
    tables.show(say, table, "published", {say("table.period"): wide})


def planted(say, rows, words):
    """Trees planted and, of those that were checked, alive, by year."""
    table = [
        {
            say("table.year"): str(row["year"]),
            say("condition.planted"): say.number(row["planted"]),
            say("condition.checked"): say.number(row["checked"]),
            say("condition.alive"): say.number(row["alive"]),
            say("condition.green_m2"): say.number(row["green_m2"]),
            say("condition.until"): say.date(row["covered_to"]),
            say("table.series"): sentences.series_name(say, row["series"], words, row),
        }
        for row in rows
    ]
    tables.show(say, table, "planted", {})


def _where(say, place):
    """The file and line, or lines from and to, that the values of a period came from."""
    first, last = place["line"], place["last_line"]
    return tables.where(say, {**place, "line": first if first == last else f"{first}–{last}"})


def _indicator(say, row):
    name = f"indicator.{row['indicator']}"
    name = say(name) if say.has(name) else row["indicator"]
    if not row["breakdown"]:
        return name
    return f"{name}: {condition.kind(say, row['breakdown'])}"


def _found(say, row):
    value = row["value"]
    return say.number(value, 0 if value is None or value == round(value) else 2)


def _unit(say, unit):
    return say(f"unit.{unit}") if say.has(f"unit.{unit}") else unit
