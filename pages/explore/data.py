"""The data: what was received, what became of every row, what changed, what is due, whom to ask."""

import streamlit as st

from ui.data import completeness, letters, tables
from ui.kit import cards, frame, plain

OLD = ("definition", "series", "year")  # of an address of 0.1, which named a figure of visits

if all(name in st.query_params for name in OLD):
    named = {"kind": "figure", "kpi": "visits"} | {name: st.query_params[name] for name in OLD}
    st.switch_page("pages/explore/figure.py", query_params=frame.address() | named)
snapshot, say, words = (st.session_state[name] for name in ("snapshot", "say", "words"))
datasets = snapshot.table("datasets")
names = sorted({row["dataset"] for row in datasets + snapshot.table("duties")})

plain.title(say("data.title"))
frame.simulated(say, datasets)
frame.known_on(say, "data.as_of", snapshot)
frame.lacks(say, snapshot)

with st.container(horizontal=True, vertical_alignment="bottom"):
    view, dataset = frame.view(say), frame.dataset(say, names)


def mine(query):
    """The rows of a query that are about the chosen dataset."""
    return tables.of(snapshot.table(query), dataset)


if view == "datasets":
    first = tables.first(say, mine("findings"))
    if first:
        plain.header(say("data.first", n=len(first)))
        frame.html(cards.notes(first))
        frame.to_view(say("data.to_letters"), "letters")
    plain.header(say("data.datasets"))
    plain.caption(say("data.account"))
    tables.datasets(say, mine("datasets"))
    if dataset:
        tables.provenance(say, mine("datasets"))
        tables.files(say, mine("files"))
    plain.header(say("data.rejects"))
    tables.rejects(say, mine("rejects"))
    plain.header(say("data.aside"))
    tables.aside(say, mine("aside"))
    plain.header(say("data.findings"))
    tables.findings(say, mine("findings"), words)

if view == "vintages":
    plain.header(say("vintages.title"))
    plain.caption(say("vintages.caption"))
    tables.vintages(say, mine("vintages"), words)

if view == "calendar":
    plain.header(say("calendar.title"))
    plain.caption(say("calendar.caption", day=say.date(snapshot.day)))
    tables.calendar(say, mine("duties"), mine("deliveries"))

if view == "completeness":
    plain.header(say("completeness.title"))
    plain.caption(say("completeness.caption", day=say.date(snapshot.day)))
    subjects = snapshot.table("counted_often")[:1]
    for subject in subjects:
        what = {name: subject[name] for name in ("definition", "series")}
        months = snapshot.nowcast(**what).rows
        places = tables.of(snapshot.table("place_months", **what), dataset)
        found = [mine(query) for query in ("deliveries", "gaps")]
        completeness.show(say, subject, months, places, *found, words)
    if not subjects:
        plain.info(say("completeness.none"))

if view == "letters":
    plain.header(say("letter.title"))
    plain.caption(say("letter.caption"))
    frame.to_view(say("letter.to_completeness"), "completeness")
    asked = ("addressees", "deliveries", "gaps", "files", "rejects", "findings")
    found = [mine(query) for query in asked]
    about = {"city": snapshot.table("city")[0]["name"], "day": say.date(snapshot.day)}
    tables.letters(say, letters.of_all(say.plain, *found, words, id=snapshot.id, **about))
