"""The story for guests: shown here, and handed out with the other files to take away."""

import streamlit as st

from ui.export.contents import contents
from ui.export.outputs import OUTPUTS
from ui.kit import cards, frame, plain

snapshot, say, words = (st.session_state[name] for name in ("snapshot", "say", "words"))


@st.cache_data(max_entries=16, show_spinner=False)
def made(name, snapshot_id, day, lang):
    """The bytes of an output, made once for each snapshot, day and language."""
    return OUTPUTS[name].make(snapshot, lang)


def asked(name):
    """The same, made when it is asked for."""
    return made(name, snapshot.id, snapshot.day, say.lang)


@st.cache_data(max_entries=16, show_spinner=False)
def outline(snapshot_id, day, lang):
    """(whether anything that is told is simulated, the titles of the parts), made once, too."""
    told = contents(say, snapshot, words)
    return told.is_simulated, [part.title for part in told.parts]


plain.title(say("story.title"))
with plain.spinner(say("story.making")):
    is_simulated, titles = outline(snapshot.id, snapshot.day, say.lang)
    file = asked("story").decode()
frame.simulated(say, [{"is_simulated": is_simulated}])
frame.known_on(say, "frame.as_of_banner", snapshot)
frame.lacks(say, snapshot, "", "visits", "targets")
plain.caption(say("story.intro"))
st.iframe(file, height=720)
with st.container(horizontal=True):
    for name, output in OUTPUTS.items():
        plain.download_button(
            say(f"output.{name}"),
            lambda name=name: asked(name),
            file_name=f"{name}-{snapshot.id}-{say.lang}{output.suffix}",
            mime=output.mime,
            key=f"download_{name}",
            on_click="ignore",  # a run anew would take the file of the next click away
        )
plain.header(say("story.outline"))
frame.html(cards.remarks(titles))
