"""The frame: which city, language and day (from the URL), the menu, and the page between them."""

import streamlit as st

import kpi
from kpi import serving
from ui import warm
from ui.data import lineage
from ui.kit import frame, plain
from ui.kit.text import text

st.set_page_config(page_title="Dua Juta", page_icon="ui/icon.svg", layout="wide")

serving.ahead.set(warm.is_ours())
cities = kpi.cities() or [("", "")]
city, lang, as_of, told = frame.place(cities, kpi.demo_day)
say = text(lang).linked(lineage.linker())
frame.style(lang)
frame.reconnect()

menu = [
    st.Page("pages/review/target.py", title=say("nav.target"), default=True),
    st.Page("pages/explore/outlook.py", title=say("nav.outlook"), url_path="outlook"),
    st.Page("pages/explore/visits.py", title=say("nav.visits"), url_path="visits"),
    st.Page("pages/explore/condition.py", title=say("nav.condition"), url_path="condition"),
    st.Page("pages/explore/service.py", title=say("nav.service"), url_path="service"),
    st.Page("pages/review/scorecard.py", title=say("nav.scorecard"), url_path="scorecard"),
    st.Page("pages/present/compare.py", title=say("nav.compare"), url_path="compare"),
    st.Page("pages/present/story.py", title=say("nav.story"), url_path="story"),
    st.Page("pages/explore/glossary.py", title=say("nav.glossary"), url_path="glossary"),
    st.Page("pages/explore/data.py", title=say("nav.data"), url_path="data"),
    st.Page(
        "pages/explore/figure.py",
        title=say("lineage.title"),
        url_path="figure",
        visibility="hidden",
    ),
]
page = st.navigation(menu, position="top")

for code, params in told:
    plain.warning(say(code, **params))
title, snapshot = "", None
try:
    try:
        snapshot = kpi.snapshot(city, as_of, frame.version())
    except kpi.NoWarehouse:
        if not frame.version():
            raise
        frame.newest()
        plain.warning(say("error.gone"))
        snapshot = kpi.snapshot(city, as_of)
    words = snapshot.words(lang)
    title = " · ".join(filter(None, (snapshot.table("city")[0]["name"], words.get("title"))))
    st.session_state.update(snapshot=snapshot, say=say, words=words)
    frame.header(say, title, cities, city, lang, as_of, snapshot)
    frame.pinned(say, snapshot)
    frame.instead(say, snapshot)
    page.run()
    plain.caption(say("frame.snapshot", id=snapshot.id))
except kpi.NoWarehouse as problem:
    if snapshot and not frame.version() and kpi.is_replaced(city, snapshot.path):
        st.rerun()
    if not title:
        frame.header(say, "Dua Juta", cities, city, lang, as_of)
    frame.broken(say, problem.code)
