"""The glossary: what every KPI counts, how it is computed, whose it is, and which way is better."""

import streamlit as st

import kpi
from ui.kit import cards, frame, glossary, plain

say = st.session_state["say"]
metadata = kpi.metadata()

plain.title(say("glossary.title"))
plain.caption(say("glossary.caption"))
frame.html(glossary.contents(say, metadata))
for name, header in metadata.items():
    plain.header(glossary.name(say, name), anchor=name)
    frame.html(cards.facts(glossary.facts(say, name, header)))
frame.to_anchor()
