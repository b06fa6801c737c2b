"""Order, cleanliness and greening: which kelurahan differ from the city, and how surely."""

import streamlit as st

from kpi import condition
from ui.condition import tables
from ui.condition import words as shown
from ui.kit import frame, kept, maps, plain

snapshot, say, words = (st.session_state[name] for name in ("snapshot", "say", "words"))
is_dark = st.context.theme.type == "dark"
head = st.container()
controls = st.container(horizontal=True, vertical_alignment="bottom")
with controls:
    domain = frame.option(say, "domain", {d: say(f"condition.{d}") for d in condition.KPIS})
    spans = {str(m): say("condition.months", number=m) for m in condition.MONTHS}
    months = int(frame.option(say, "months", spans))
review = condition.review(snapshot, domain, months)
published = snapshot.table("condition_published", domain=domain)

with head:
    plain.title(shown.title(say, domain, review))
    frame.simulated(say, [review] if review else [])
    frame.known_on(say, "condition.as_of", snapshot)
    if not review:
        frame.lacks(say, snapshot, "", "condition")

if review:
    with controls:
        area = frame.pick(say, "area", {part.code: part.name for part in review.areas})
    shapes = {row["area"]: row["rings"] for row in snapshot.table("area_shapes")}

    def area_map():
        """The map of the areas, the chosen one framed."""
        return maps.area_map(shown.area_rows(say, review), shapes, area, is_dark)

    figure = kept.value("map", area_map, domain, months, area)
    left, right = st.columns(2, gap="medium")
    with left:
        plain.header(shown.differing(say, review, "condition.map"))
        if figure:
            frame.clickable(figure, "area")
        else:
            plain.info(say("condition.no_map"))
        plain.caption(shown.map_key(say, review, words))
    with right:
        plain.header(shown.differing(say, review, "condition.ranking"))
        kept.chart("ranking", lambda: shown.ranking(say.plain, review, is_dark), domain, months)
        plain.caption(shown.ranking_key(say, review, condition.MIN_SAMPLE, words))
    plain.caption(shown.about(say, review, words))
    if chosen := review.area(area):
        plain.header(say("condition.inspections", name=chosen.name))
        tables.inspections(say, review, chosen, condition.inspections(snapshot, review, area))
    if multiples := shown.multiples(say, review, condition.trend(snapshot, review)):
        plain.header(say("condition.multiples"))
        frame.html(multiples)
        plain.caption(shown.sourced(say, review, words, say("condition.multiples_key")))
    with plain.expander(say("condition.table")):
        tables.areas(say, review, words)

if domain == "kebersihan":
    plain.header(say("condition.adipura"))
    items = snapshot.table("condition_marks", **review.span) if review else []
    frame.html(shown.listed(shown.marks(say, items, published, words, review)))
if domain == "ketertiban" and review and review.kinds:
    plain.header(say("condition.kinds"))
    kept.chart("kinds", lambda: shown.kinds(say.plain, review, is_dark), months)
    plain.caption(shown.sourced(say, review, words, say("condition.kinds_key")))
if domain == "penghijauan":
    plain.header(say("condition.green"))
    frame.html(shown.green(say, condition.green(snapshot), words))
    plain.header(say("condition.trees"))
    tables.planted(say, snapshot.table("condition_planted"), words)
if published:
    plain.header(say("condition.published"))
    plain.caption(say(f"condition.published_{domain}"))
    tables.published(say, published, words)
source = vars(review) if review else {}
link = frame.account_link(snapshot.table("datasets"), "condition", source)
plain.page_link("pages/explore/data.py", label=say("home.where_from"), query_params=link)
