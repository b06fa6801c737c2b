"""What all visitors see alike is drawn once for all of them, charts above all.

Streamlit keeps what a function of st.cache_resource has drawn and sends it again; those who ask for
what is being drawn wait for it. Buttons and other controls are a visitor's own and cannot be kept.
"""

from collections.abc import Callable
from typing import TypeVar

import altair as alt
import streamlit as st

MOST = 256  # drawings; a page in one language and theme has about four
T = TypeVar("T")


def chart(name: str, build: Callable[[], alt.TopLevelMixin | None], *about: object) -> None:
    """Shows the Altair chart that build() makes, if any, or that it made before; see `drawn`."""

    def draw():
        if made := build():
            st.altair_chart(made, width="stretch")

    drawn(name, draw, *about)


def value(name: str, make: Callable[[], T], *about: object) -> T:
    """What make() gives, or gave before; nobody may change it. See `drawn`."""
    return _drawn(_key(name, about), make)


def drawn(name: str, draw: Callable[[], object], *about: object) -> None:
    """Does what draw() does, or sends what it drew before for this snapshot, day, language, theme.

    name: of the drawing, no other one's; about: what else it depends on. Nothing of a guest's file
    may be drawn so.
    """
    _drawn(_key(name, about), draw)


def _key(name, about):
    snapshot, say = st.session_state["snapshot"], st.session_state["say"]
    seen = (snapshot.id, snapshot.day, say.lang, st.context.theme.type)
    return tuple(map(str, (name, *seen, *about)))


@st.cache_resource(max_entries=MOST, show_spinner=False)
def _drawn(key, _draw):
    return _draw()
