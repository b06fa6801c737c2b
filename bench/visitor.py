"""Visitors without a browser: sessions of a running server over Streamlit's own websocket.

What a browser adds (its scripts, drawing) is the same for every page; what is measured and tested
here is what the server does: a session, a run of the page, all that it sends.
"""

import asyncio
import time
from dataclasses import dataclass

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import connect

PATIENCE = 120  # seconds for one page


@dataclass(frozen=True)
class Visit:
    """What one session was sent by the first run of a page, and how long that took."""

    seconds: float
    messages: tuple[ForwardMsg, ...]

    @property
    def errors(self) -> list[str]:
        """The exceptions that the page shows."""
        found = (m.delta.new_element for m in self.messages if m.HasField("delta"))
        return [e.exception.message for e in found if e.WhichOneof("type") == "exception"]

    @property
    def text(self) -> str:
        """All that was sent, as text in which one may look for words."""
        return "".join(str(m.delta.new_element) for m in self.messages if m.HasField("delta"))


async def visit(address: str, page: str = "", query: str = "") -> Visit:
    """The Visit of a new session to a page (its path, "" for the home page) with its query."""
    began = time.perf_counter()
    messages = []
    where = address.replace("http", "ws", 1) + "/_stcore/stream"
    async with connect(where, origin=address, max_size=None, open_timeout=PATIENCE) as socket:
        ask = BackMsg()
        ask.rerun_script.query_string = query
        ask.rerun_script.page_name = page
        ask.rerun_script.context_info.color_scheme = "light"
        await socket.send(ask.SerializeToString())
        async with asyncio.timeout(PATIENCE):
            while not messages or not messages[-1].HasField("script_finished"):
                messages.append(ForwardMsg.FromString(await socket.recv()))
    return Visit(time.perf_counter() - began, tuple(messages))


def at_once(address: str, asked: list[tuple[str, str]]) -> list[Visit]:
    """The Visits of as many sessions as are asked [(page, query)], all opened at once."""

    async def all_of_them():
        return await asyncio.gather(*(visit(address, *one) for one in asked))

    return asyncio.run(all_of_them())
