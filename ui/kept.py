"""What all visitors see alike is drawn once for all of them, charts above all.

Streamlit keeps what a function of st.cache_resource has drawn and sends it again; those who ask for
what is being drawn wait for it. Buttons and other controls are a visitor's own and cannot be kept.
"""

from collections.abc import Callable

import altair as alt
import streamlit as st

MOST = 512  # drawings; a page in one language and theme has about four


def chart(name: str, build: Callable[[], alt.TopLevelMixin | None], *about: object) -> None:
    """Shows the Altair chart that build() makes, if any, or that it made before; see `drawn`."""

    def draw():
        if made := build():
            st.altair_chart(made, width="stretch")

    drawn(name, draw, *about)


def drawn(name: str, draw: Callable[[], None], *about: object) -> None:
    """Does what draw() does, or sends what it drew before for this snapshot, day, language, theme.

    name: of the drawing, no other one's; about: what else it depends on. Nothing of a guest's file
    may be drawn so.
    """
    snapshot, say = st.session_state["snapshot"], st.session_state["say"]
    seen = (snapshot.id, snapshot.day, say.lang, st.context.theme.type)
    _drawn(tuple(map(str, (name, *seen, *about))), draw)


@st.cache_resource(max_entries=MOST, show_spinner=False)
def _drawn(key, _draw):
    _draw()
