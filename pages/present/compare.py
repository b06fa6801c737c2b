"""Compare: the city beside another place, or beside the guest's own figures."""

import streamlit as st

from kpi import beside, guest
from ui.compare import chart as compare_chart
from ui.compare import guest_words
from ui.compare import words as compare
from ui.export import guest_file, sheets
from ui.kit import cards, frame, kept, plain

snapshot, say = (st.session_state[name] for name in ("snapshot", "say"))
is_dark = st.context.theme.type == "dark"
top, below = st.container(), st.container()


def read(name, content):
    """What the guest's file says; nothing else of it is kept."""
    return guest.read(name, content, guest_words.headings(), guest_words.meanings(guest.COUNTED))


with below:
    plain.header(say("guest.title"))
    plain.caption(say("guest.about", rows=say.number(guest.MOST_ROWS)))
    frame.html(cards.facts(guest_words.columns(say)))
    with st.container(horizontal=True):
        files = (
            ("xlsx", guest_file.workbook, sheets.KIND),
            ("csv", guest_file.plain, "text/csv"),
        )
        for ending, make, mime in files:
            label, name = say("guest.template", kind=ending.upper()), say("guest.file")
            plain.download_button(label, make(say), f"{name}.{ending}", mime)
    held = guest_words.upload(say, read, guest.MOST_MB)

own, *others = snapshot.places(say.lang)
places = beside.ordered(own, [*(held.places if held else ()), *others])

with top:
    heading = st.container()
    nothing = compare.nothing(say, own, places)
    if nothing:
        plain.title(say("compare.title"), at=heading)
        frame.known_on(say, "frame.as_of_banner", snapshot)
        frame.lacks(say, snapshot, nothing, "visits", "sites")
    else:
        with st.container(horizontal=True, vertical_alignment="bottom", key="choices"):
            other = compare.other(say, places)
            kinds = beside.kinds(own, other)
            kind = compare.kind(say, kinds)
            _, years = kinds[kind]
            year = frame.year(say, years, beside.newest(own, other, kind, years))
        pair = beside.pair(own, other, kind, year)
        with heading:
            plain.title(compare.title(say, pair))
            frame.simulated(say, [compare.is_simulated(pair)])
            frame.known_on(say, "frame.as_of_banner", snapshot)
        frame.html(cards.notes(compare.notes(say, pair)))

        def panels():
            """The counts of the two side by side, and what each is per head and area."""
            charts = compare.panels(say, pair)
            for column, panel in zip(st.columns(3, gap="medium"), charts, strict=True):
                column.altair_chart(compare_chart.panel(*panel, say, is_dark), width="stretch")

        if other.kind == "guest":
            panels()
        else:
            kept.drawn("panels", panels, pair)  # another city has versions of its own
        frame.html(cards.small(compare.caption(say, pair, snapshot.as_of)))
        with plain.expander(say("compare.table")):
            compare.sides_table(say, pair)
        with plain.expander(say("compare.every")):
            compare.pairs_table(say, beside.every(own, other))
