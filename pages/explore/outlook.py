"""The outlook: will the target be reached, what would have to happen, what was said?"""

import streamlit as st

import kpi
from ui.kit import cards, frame, kept, plain
from ui.outlook import chart as path_chart
from ui.outlook import tables as outlook_tables
from ui.outlook import words as outlook

snapshot, say, words = (st.session_state[name] for name in ("snapshot", "say", "words"))
known = snapshot.table("counted_often")

plain.title(say("outlook.title"))
with st.container(horizontal=True, vertical_alignment="bottom"):
    asked = frame.counts(say, known, words)
    view = frame.view(say, ("ask.now", "ask.said", "ask.plausible"))
year_end = snapshot.outlook(**asked) if known else None
frame.known_on(say, "frame.as_of_banner", snapshot)
if year_end:
    frame.simulated(say, [vars(year_end)])
    frame.html(cards.statement(outlook.headline(say, year_end)))
    plain.caption(outlook.counted(say, year_end, words))
else:
    counts, city = snapshot.table("visits_order"), snapshot.table("city")[0]["name"]
    frame.lacks(say, snapshot, outlook.nothing(say, counts, city, words), "visits", "targets")

if year_end and view == "now":
    frame.html(cards.remarks(outlook.remarks(say, year_end)))
    plain.header(outlook.title(say, year_end))
    is_dark = st.context.theme.type == "dark"
    kept.chart("path", lambda: path_chart.path(say.plain, year_end, is_dark), *asked.values())
    plain.caption(outlook.legend(say, year_end))
    with plain.expander(say("path.table")):
        outlook_tables.path(say, year_end, words)

    plain.header(say("if.title"))
    plain.caption(say("if.caption"))
    changed = outlook_tables.what_if(say, year_end)
    if changed:
        other = snapshot.outlook(**asked, **changed)
        frame.html(cards.statement(outlook.headline(say, other), outlook.pace(say, other)))

if year_end and view == "said":
    year = year_end.outlook.year
    for one in (year, year - 1):
        plain.header(say("said.title", year=one))
        with plain.spinner(say("said.wait")):
            said = snapshot.month_ends(one, **asked)
        outlook_tables.said(say, said, snapshot.outlook(year=one, **asked), words)
    plain.caption(say("said.caption"))
    plain.header(outlook.calibrated(say, kpi.calibration()))
    outlook_tables.calibration(say, kpi.calibration())
    plain.caption(say("calibration.caption"))

if year_end and view == "plausible":
    plain.header(say("plausible.title"))
    plain.caption(say("plausible.caption"))
    frame.html(cards.remarks(outlook.plausible(say, snapshot.comparisons(year_end), words)))
