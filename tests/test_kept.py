"""What all visitors see alike is drawn once, for one snapshot, day, language and theme."""

from datetime import date
from types import SimpleNamespace

import pytest
from streamlit.testing.v1 import AppTest

from ui.kit import kept

CALLS = []


def page():
    import streamlit as st
    from test_kept import CALLS

    from ui.kit import kept

    def draw():
        CALLS.append(st.session_state["about"])
        st.write(f"drawn {len(CALLS)}")

    kept.drawn("number", draw, st.session_state["about"])


def shown(snapshot="city-1", day=date(2019, 1, 1), lang="id", about="all"):
    """What a visitor of their own sees."""
    at = AppTest.from_function(page)
    at.session_state["snapshot"] = SimpleNamespace(id=snapshot, day=day)
    at.session_state["say"] = SimpleNamespace(lang=lang)
    at.session_state["about"] = about
    at.run()
    assert not at.exception
    return at.markdown[0].value


@pytest.fixture(autouse=True)
def nothing_kept():
    CALLS.clear()
    kept._drawn.clear()


def test_the_second_visitor_sees_what_was_drawn_for_the_first():
    assert [shown(), shown(), shown()] == ["drawn 1"] * 3


@pytest.mark.parametrize(
    "other",
    [{"snapshot": "city-2"}, {"day": date(2019, 1, 2)}, {"lang": "en"}, {"about": "one site"}],
    ids=lambda other: next(iter(other)),
)
def test_another_snapshot_day_language_or_view_is_drawn_anew(other):
    assert [shown(), shown(**other), shown()] == ["drawn 1", "drawn 2", "drawn 1"]
