"""The home page: is the year's target reached, by what count, and how did the years before go?"""

import streamlit as st

from kpi import condition, service
from kpi.simulated import is_simulated
from ui.home import overview
from ui.kit import cards, charts, frame, kept, plain, sentences
from ui.outlook import chart as path_chart
from ui.outlook import tables as outlook_tables
from ui.outlook import words as outlook
from ui.visits import tables

snapshot, say, words = (st.session_state[name] for name in ("snapshot", "say", "words"))
city = snapshot.table("city")[0]
rungs = snapshot.figures("attainment")
figures = [f for f in snapshot.figures("visits") if not is_simulated(f)]
findings = snapshot.table("findings")
choice = next((f for f in rungs if f.is_choice), None)
latest = snapshot.latest()
shown = choice or latest
# a simulated record is shown, apart, only as long as nothing is published
lacks_figure = choice and choice.value is None
simulated = snapshot.figures("simulated_attainment") if lacks_figure else []
is_open = choice and not choice.is_complete
year_end = snapshot.outlook() if is_open and snapshot.table("counted_often") else None
is_dark = st.context.theme.type == "dark"
served = service.newest(snapshot)
reviews = [condition.review(snapshot, d, condition.MONTHS[0]) for d in ("kebersihan", "ketertiban")]

counts = snapshot.table("visits_order")
alone = None if shown else sentences.of_places(say, counts, words)  # no figure is of the whole
plain.title(sentences.verdict(say, choice, latest, city["name"], words, counts))
sources = served.sources if served else ()
frame.simulated(say, [*rungs, *simulated, *sources, *(vars(r) for r in reviews if r)])
frame.known_on(say, "frame.as_of_banner", snapshot)
if not choice:
    frame.lacks(say, snapshot, "", "visits", "targets")
if year_end:
    frame.html(cards.statement(outlook.headline(say, year_end)))

row = [overview.visits(say, year_end, words)] if year_end else []
if choice and choice.is_complete:
    row = [overview.published(say, choice, words)]
if served:
    row.append(overview.service_time(say, served, words))
for review in filter(None, reviews):
    row.append(overview.area(say, review, condition.trend(snapshot, review), words))
if row:
    frame.html(overview.row(say, row))

if year_end:
    plain.header(outlook.title(say, year_end))
    kept.chart("home-path", lambda: path_chart.path(say.plain, year_end, is_dark))
    plain.caption(outlook.legend(say, year_end))
    frame.html(cards.remarks(outlook.remarks(say, year_end)))
    with plain.expander(say("path.table")):
        outlook_tables.path(say, year_end, words)
    plain.page_link(
        "pages/explore/outlook.py", label=say("outlook.more"), query_params=frame.address()
    )

left, right = st.columns(2, gap="medium") if choice else (st.container(), None)
with left:
    if choice:
        required = snapshot.figures("required_per_day")[0]
        frame.html(cards.target(say, choice, required, words, findings))
    elif alone:
        plain.page_link(
            "pages/explore/visits.py", label=say("home.places"), query_params=frame.address()
        )
    else:
        frame.html(cards.latest(say, latest, words, findings))
    if shown:
        plain.page_link(
            "pages/explore/figure.py",
            label=say("home.where_from"),
            query_params=frame.figure_link(shown),
        )
if choice:
    with right:
        plain.header(say("home.ladder", year=choice.year))
        frame.html("".join(cards.rung(say, f, words, findings) for f in rungs))
        frame.html(cards.notes(sentences.marked(say, findings, choice)))
        for figure in simulated:
            plain.header(say("simulated.title", year=figure.year))
            frame.html(cards.progress(say, figure, words))
            plain.page_link(
                "pages/explore/figure.py",
                label=say("home.where_from"),
                query_params=frame.figure_link(figure),
            )


def histories():
    """A chart a series, side by side."""
    each = list(charts.histories(say.plain, figures, findings, shown, is_dark))
    for column, (series, chart) in zip(st.columns(max(1, len(each))), each, strict=False):
        plain.subheader(sentences.series_name(say, series, words), at=column)
        column.altair_chart(chart, width="stretch")


if not alone:
    plain.header(charts.history_title(say, figures, shown, words))
    kept.drawn("histories", histories)
    plain.caption(say("history.legend"))
    with plain.expander(say("history.table")):
        tables.figures(say, figures, findings, words)

if snapshot.as_of:
    plain.header(say("later.title"))
    plain.caption(say("later.caption", day=say.date(snapshot.as_of)))
    tables.known_later(say, snapshot.table("known_later"), words)

plain.header(say("targets.title"))
tables.targets(say, snapshot.table("targets"))
