"""The data: what was received, what became of every row, and the rows behind a figure."""

import streamlit as st

from ui import cards, frame, sentences, tables

snapshot, say, words = (st.session_state[name] for name in ("snapshot", "say", "words"))
asked = {name: st.query_params.get(name, "") for name in ("definition", "series", "year")}
figure = next(
    (
        f
        for f in snapshot.figures("visits")
        if {"definition": f.definition, "series": f.series, "year": str(f.year)} == asked
    ),
    None,
)

st.title(say("data.title"))
if snapshot.as_of:
    st.info(say("data.as_of", day=say.date(snapshot.as_of)))

if figure:
    st.header(say("data.figure", year=figure.year, definition=say.definition(figure.measures)))
    frame.html(cards.latest(say, figure, words))
    st.page_link("pages/review/target.py", label=say("data.back"), query_params=frame.address())
    tables.source_rows(say, snapshot.table("rows", value_ids=figure.value_ids), words)
elif any(asked.values()):
    frame.warn(say, "data.no_figure", **asked)

st.header(say("data.datasets"))
st.caption(say("data.account"))
datasets = snapshot.table("datasets")
tables.datasets(say, datasets)
names = [d["dataset"] for d in datasets]
chosen = st.selectbox(say("data.choose"), names, key="dataset") if names else None
if chosen:
    tables.dataset(say, next(d for d in datasets if d["dataset"] == chosen))
    tables.files(say, [f for f in snapshot.table("files") if f["dataset"] == chosen])

st.header(say("data.rejects"))
tables.rejects(say, snapshot.table("rejects"))

st.header(say("data.aside"))
tables.aside(say, snapshot.table("aside"))

st.header(say("data.findings"))
tables.findings(say, [(sentences.finding(say, f), f) for f in snapshot.table("findings")], words)
