"""Visits: their course, a year against the one before, who gained or lost, the ladder."""

import streamlit as st

from kpi.simulated import is_simulated
from ui.kit import cards, frame, plain, sentences
from ui.kit.text import unlinked
from ui.visits import filters, plots, tables

snapshot, say, words = (st.session_state[name] for name in ("snapshot", "say", "words"))
is_dark = st.context.theme.type == "dark"
top = st.container()
view = filters.visits(say, snapshot.table("visits_choices"), words)


def figure(name, alt, build, *data, split=(), **options):
    """The figure of a name, drawn once for this view, above its caption."""
    key = (name, snapshot.id, say.lang, is_dark, *view.key, *split)
    plots.show(
        say.plain,
        key,
        lambda: build(say.plain, *data, is_dark),
        unlinked(alt),
        is_simulated(view.scope),
        **options,
    )
    plain.caption(sentences.caption(say, name, view, words, snapshot.as_of))


def table(show, *rows):
    """What a figure was drawn from."""
    with plain.expander(say("visits.table")):
        show(say, *rows)


if view is None:
    plain.title(say("visits.title"), at=top)
    frame.known_on(say, "visits.as_of", snapshot)
    frame.lacks(say, snapshot, say("visits.none"), "visits")
else:
    pairs = snapshot.table("visits_pairs", **view.scope, year=view.year)
    everywhere = snapshot.table("visits_pairs", **view.everywhere, year=view.year)
    ladder = snapshot.table("visits_ladder", year=view.year)
    breaks = sentences.breaks(say, snapshot.table("findings"), view)
    totals, months = sentences.totals(pairs), sentences.months(pairs)
    places, cells = sentences.places(everywhere), sentences.cells(everywhere)

    with top:
        plain.title(sentences.visits_title(say, view, pairs, words))
        frame.simulated(say, [view.scope, *ladder])
        frame.known_on(say, "visits.as_of", snapshot)
    if totals:
        frame.html(cards.comparisons(say, totals, is_simulated(view.scope)))
        plain.caption(sentences.alignment(say, totals))
    else:
        plain.info(sentences.not_compared(say, view))

    heading, split = filters.course(say, view)
    periods = snapshot.table("visits_periods", **view.scope, **split)
    days = snapshot.table("calendar_days", **sentences.span(periods))
    plain.header(sentences.peak(say, periods, split["step"]), at=heading)
    name = "course" if split["step"] == "A" or not days else "course_days"
    drawn = (periods, days, breaks, split["step"])
    figure(name, sentences.course_alt(say, periods), plots.course, *drawn, split=split.values())
    frame.html(cards.notes([(say("mark.break"), sentence) for _, sentence in breaks]))
    table(tables.periods, periods, view, words)

    both = months and len(places) > 1
    left, right = st.columns(2, gap="medium") if both else (st.container(), st.container())
    if months:
        with left:
            title = sentences.compared_title(say, totals, view)
            plain.header(title)
            name = "years_aligned" if sentences.is_aligned(totals) else "years"
            figure(name, title, plots.years, pairs, view)
            table(tables.pairs, totals + months, "visits-years", view, words)
    if len(places) > 1:
        with right:
            plain.header(sentences.least(say, places, "visits.least_place"))
            alt = say("visits.changes_alt", places=say.number(len(places)))
            figure("changes", alt, plots.changes, places, view, on_select=frame.pointed)
            table(tables.pairs, places, "visits-places", view, words)
    if both:
        plain.header(sentences.least(say, cells, "visits.least_cell"))
        figure("heat", say("visits.heat_alt"), plots.heat, cells, view)
        table(tables.pairs, cells, "visits-places-months", view, words)

    plain.header(say("visits.ladder", year=view.year))
    frame.html(cards.arithmetic(say, ladder, words))
    plain.caption(say("visits.ladder_caption"))
    table(tables.ladder, ladder, words)
