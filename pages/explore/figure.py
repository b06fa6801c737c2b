"""One figure: where it comes from, what it is made of, and the rows of files behind it."""

import streamlit as st

from kpi.lineage import NoFigure, read
from kpi.trace import trace
from ui.data import lineage
from ui.kit import cards, frame, plain

snapshot, say, words = (st.session_state[name] for name in ("snapshot", "say", "words"))
try:
    address = read(st.query_params)
    traced = address and trace(snapshot, address)
except NoFigure:
    traced = None

frame.html(cards.kicker(say("lineage.kicker")))
if traced is None:
    plain.title(say("lineage.title"))
    plain.warning(say("lineage.no_figure"))
else:
    plain.title(f"{lineage.name(say, traced)}: {lineage.value(say, traced)}")
    frame.simulated(say, [{"is_simulated": traced.is_simulated}])
    frame.known_on(say, "frame.as_of_banner", snapshot)
    plain.caption(" · ".join(lineage.about(say, traced, words)))
    frame.html(cards.facts(lineage.facts(say, traced)))
    if traced.values:
        page, pages, n = lineage.counts(say, snapshot.counted(traced.values))
        rows = snapshot.rows(traced.values, lineage.PAGE, lineage.PAGE * (page - 1))
        lineage.rows(say, rows, snapshot.table("findings"), words, is_whole=pages < 2)
        if pages > 1:
            lineage.offer(say, snapshot, traced.values, n, snapshot.table("findings"), words)
    else:
        plain.info(say("lineage.no_values"))
plain.page_link("pages/explore/data.py", say("lineage.all_data"), frame.address())
