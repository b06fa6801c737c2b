"""Pages are run before anybody asks: before the server listens, before a new version serves.

Who runs them is a visitor of our own, a session of Streamlit without a browser. What the first one
costs (libraries, catalogues, queries, charts) is paid by it; then all that has come to stay is kept
from the garbage collector, which Streamlit calls after each run and which would look at all of it.
"""

import asyncio
import gc
import logging
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager, suppress
from datetime import date
from urllib.parse import urlencode

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime import get_instance
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.session_manager import SessionClient

from kpi import serving
from ui.kit.text import DEFAULT

PAGE = ""  # the home page: the link that is handed round
THEMES = ("light", "dark")
PATIENCE = 30  # seconds for a run, after which it goes on by itself
LOOK = 1  # seconds between two looks whether there is a new version or day
LOG = logging.getLogger(__name__)
_ours: set[str] = set()  # sessions of our own


class Reader(SessionClient):
    """What stands for the browser: it notes that a page is finished."""

    def __init__(self) -> None:
        self.finished = asyncio.Event()

    def write_forward_msg(self, msg: ForwardMsg) -> None:
        """Takes what a browser would draw."""
        if msg.HasField("script_finished"):
            self.finished.set()


def is_ours() -> bool:
    """Whether this run is one of our own, which reads the newest version."""
    context = get_script_run_ctx()
    return context is not None and context.session_id in _ours


async def visit(city: str, theme: str) -> None:
    """Runs the page of a city once; what breaks there breaks for who asks for it, not here."""
    runtime, reader, ask = get_instance(), Reader(), BackMsg()
    ask.rerun_script.page_name = PAGE
    ask.rerun_script.query_string = urlencode({"city": city, "lang": DEFAULT})
    ask.rerun_script.context_info.color_scheme = theme
    session = runtime.connect_session(reader, user_info={})
    _ours.add(session)
    try:
        runtime.handle_backmsg(session, ask)
        with suppress(TimeoutError):
            await asyncio.wait_for(reader.finished.wait(), PATIENCE)
    finally:
        runtime.close_session(session)
        _ours.discard(session)


async def warm(cities: Iterable[str]) -> None:
    """Runs the page of each city, one run after the other, and keeps what it has left."""
    for city in cities:
        for theme in THEMES:
            await visit(city, theme)
    gc.unfreeze()
    gc.collect()
    gc.freeze()


async def _follow() -> None:
    """Makes warm what changes, a new version before it serves, as long as the server runs."""
    day = date.today()
    while True:
        await asyncio.sleep(LOOK)
        try:
            newer = await asyncio.to_thread(serving.newer)
            if newer or day != date.today():
                day = date.today()
                await warm(newer or serving.cities())
                serving.hold(newer)
        except Exception:
            LOG.exception("looking for new versions")  # and looking again


@asynccontextmanager
async def lifespan(_app: object) -> AsyncIterator[None]:
    """Around the life of the server: warms before it listens, then what changes."""
    newer = serving.newer()
    await warm(newer)
    serving.hold(newer)
    following = asyncio.create_task(_follow())
    try:
        yield
    finally:
        following.cancel()
