"""The scorecard: how does every KPI stand against its target, and which need attention?"""

import streamlit as st

from ui.export import lkjip, sheets
from ui.kit import cards, frame, plain
from ui.scorecard import words as scorecard

snapshot, say, words = (st.session_state[name] for name in ("snapshot", "say", "words"))
city = snapshot.table("city")[0]
known, default = snapshot.years()
heading = st.container()

if known:
    with st.container(horizontal=True, vertical_alignment="bottom", key="choices"):
        year = frame.year(say, known, default)
        rows = snapshot.scorecard(year)
        plain.download_button(
            say("lkjip.download"),
            lambda: lkjip.workbook(say.plain, snapshot, year, words),
            f"lkjip-{year}-{snapshot.id}.xlsx",
            sheets.KIND,
        )
    with heading:
        plain.title(scorecard.verdict(say, rows, year))
        frame.simulated(say, scorecard.figures(rows))
        frame.known_on(say, "frame.as_of_banner", snapshot)
    frame.html(scorecard.cards_of(say, rows, year, snapshot.table("findings"), words))
    plain.header(say("scorecard.how"))
    frame.html(cards.remarks(scorecard.remarks(say, snapshot.scale(), city["rating_scale"])))
else:
    plain.title(say("scorecard.title"), at=heading)
    frame.lacks(say, snapshot, say("scorecard.nothing"), "visits", "targets")
