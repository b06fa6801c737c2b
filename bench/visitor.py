"""Visitors of a server, as many at once as one likes: what a browser asks for, without drawing it.

A visit is the page with its scripts, styles and fonts as a browser takes them with nothing kept
from before (`files` watches one), a session over Streamlit's own websocket, and one run of the page
until all is sent. Drawing is left out: it is done on other computers, each its own.
"""

import asyncio
import http.client
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import psutil
from playwright.sync_api import sync_playwright
from streamlit.proto.Alert_pb2 import Alert
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import connect

import run

PATIENCE = 300  # seconds for one page
EARLY = ForwardMsg.ScriptFinishedStatus.Value("FINISHED_EARLY_FOR_RERUN")
ROOT = Path(__file__).parents[1]
OURS = ["-m", "ui.serve"]
BARE = "import streamlit as st\nst.title('Bare')\nst.write('Nothing but a title and a sentence.')\n"
DRAWN = """() => {
    const charts = [...document.querySelectorAll("[data-testid=stVegaLiteChart]")];
    return charts.length && charts.every((one) => one.querySelector("canvas, svg"));
}"""
FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"]


@dataclass(frozen=True)
class Visit:
    """What one session was sent by the first run of a page, and how long all of it took."""

    seconds: float
    messages: tuple[ForwardMsg, ...]

    @property
    def errors(self) -> list[str]:
        """The exceptions that the page shows, and what it says instead of a page."""
        shown = [m.delta.new_element for m in self.messages if m.HasField("delta")]
        broken = [e.exception.message for e in shown if e.HasField("exception")]
        return broken + [e.alert.body for e in shown if e.alert.format == Alert.ERROR]

    @property
    def text(self) -> str:
        """All that was sent, as text in which one may look for words."""
        return "".join(str(m.delta.new_element) for m in self.messages if m.HasField("delta"))


class Server:
    """A running server: its address, and the CPU seconds that it has used."""

    def __init__(self, address: str, process: subprocess.Popen):
        self.address, self._process = address, psutil.Process(process.pid)

    @property
    def cpu(self) -> float:
        """CPU seconds of the process and its children, so far."""
        return sum(
            sum(one.cpu_times()[:2])
            for one in (self._process, *self._process.children(recursive=True))
        )

    @property
    def memory(self) -> float:
        """MB that the process holds."""
        return self._process.memory_info().rss / 2**20


@contextmanager
def server(command: list[str], log: Path = Path(os.devnull), **env: str) -> Iterator[Server]:
    """A Server started by `python <command>`, which ends with the block; what it says is logged."""
    port = run.free_port(0)
    where = ["--server.address", run.HOST, "--server.port", str(port)]
    with log.open("w") as out:
        process = subprocess.Popen(
            [sys.executable, *command, *where],
            cwd=ROOT,
            env=os.environ | env,
            stdout=out,
            stderr=out,
        )
    address = f"http://{run.HOST}:{port}"
    try:
        if not run.answers(process, address):
            raise SystemExit(f"{command} does not start")
        yield Server(address, process)
    finally:
        process.terminate()
        process.wait()


class Chromium:
    """A real browser, which keeps nothing from one page to the next."""

    def __enter__(self) -> "Chromium":
        self._playwright = sync_playwright().start()
        launch = self._playwright.chromium.launch
        self._browser = launch(executable_path=run.find_chromium(), args=FLAGS)
        return self

    def __exit__(self, *_error: object) -> None:
        self._browser.close()
        self._playwright.stop()

    def files(self, address: str) -> list[str]:
        """The paths that it asks for to show the home page, in its order."""
        context, asked = self._browser.new_context(), []
        context.on("request", lambda request: asked.append(request.url))
        tab = context.new_page()
        tab.goto(address)
        tab.wait_for_selector("[data-test-script-state=notRunning]")
        tab.wait_for_load_state("networkidle")
        context.close()
        return [url.removeprefix(address) for url in asked if url.startswith(address)]

    def seconds(self, address: str) -> float:
        """How long the home page takes until it is there and its charts are drawn."""
        context = self._browser.new_context()
        tab = context.new_page()
        began = time.perf_counter()
        tab.goto(address, timeout=1000 * PATIENCE)
        tab.wait_for_selector("[data-test-script-state=notRunning]", timeout=1000 * PATIENCE)
        tab.wait_for_function(DRAWN, timeout=1000 * PATIENCE)
        taken = time.perf_counter() - began
        context.close()
        return taken


async def visit(address: str, page: str = "", query: str = "", files: tuple = ()) -> Visit:
    """The Visit of a new session to a page (its path, "" for the home page) with its query."""
    began = time.perf_counter()
    await asyncio.to_thread(_fetch, address, files)
    async with _session(address) as socket:
        messages = await _run(socket, _ask(page, query))
    return Visit(time.perf_counter() - began, messages)


async def offer(address: str, page: str, query: str, name: str, content: bytes) -> Visit:
    """The Visit of a session that uploads a file into the first place for one on a page."""
    began = time.perf_counter()
    async with _session(address) as socket:
        messages = await _run(socket, _ask(page, query))
        shown = (m.delta.new_element for m in messages if m.HasField("delta"))
        places = [e.file_uploader for e in shown if e.WhichOneof("type") == "file_uploader"]
        if not places:  # as where nothing was built yet
            raise OSError("the page has no place for a file")
        ask = BackMsg()
        ask.file_urls_request.file_names.append(name)
        await socket.send(ask.SerializeToString())
        *_, answer = await _until(socket, "file_urls_response")
        (urls,) = answer.file_urls_response.file_urls
        status = await asyncio.to_thread(_upload, address, urls.upload_url, name, content)
        if status >= 500:
            raise OSError(f"upload: {status}")
        ask = _ask(page, query)
        state = ask.rerun_script.widget_states.widgets.add(id=places[0].id)
        if status < 400:
            state.file_uploader_state_value.uploaded_file_info.add(
                name=name, size=len(content), file_id=urls.file_id, file_urls=urls
            )
        messages += await _run(socket, ask)
    return Visit(time.perf_counter() - began, messages)


def _session(address):
    where = address.replace("http", "ws", 1) + "/_stcore/stream"
    return connect(where, origin=address, max_size=None, open_timeout=PATIENCE)


def _ask(page, query):
    ask = BackMsg()
    ask.rerun_script.query_string = query
    ask.rerun_script.page_name = page
    ask.rerun_script.context_info.color_scheme = "light"
    return ask


async def _run(socket, ask):
    """The messages of a run of the page, and of those that it asks for itself."""
    await socket.send(ask.SerializeToString())
    messages = ()
    while not messages or messages[-1].script_finished == EARLY:
        messages += await _until(socket, "script_finished")
    return messages


async def _until(socket, kind):
    """The messages up to the first of a kind."""
    messages = []
    async with asyncio.timeout(PATIENCE):
        while not messages or not messages[-1].HasField(kind):
            messages.append(ForwardMsg.FromString(await socket.recv()))
    return tuple(messages)


def _upload(address, path, name, content):
    """The status that the server gives to a file."""
    connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=PATIENCE)
    connection.request("GET", "/_stcore/health")
    answer = connection.getresponse()
    answer.read()
    token = answer.headers["Set-Cookie"].split(";")[0].split("=", 1)[1]
    name = name.replace('"', "%22").encode()
    head = b'--x\r\nContent-Disposition: form-data; name="file"; filename="%s"\r\n\r\n' % name
    headers = {"Content-Type": "multipart/form-data; boundary=x", "X-Xsrftoken": token}
    headers["Cookie"] = f"_streamlit_xsrf={token}"
    connection.request("PUT", path, head + content + b"\r\n--x--\r\n", headers)
    status = connection.getresponse().status
    connection.close()
    return status


def _fetch(address, files):
    """Asks for files one after the other, over one connection."""
    connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=PATIENCE)
    for path in files:
        connection.request("GET", path, headers={"Accept-Encoding": "gzip, br"})
        connection.getresponse().read()
    connection.close()


def at_once(address: str, asked: list[tuple[str, str]], files: tuple = ()) -> list[Visit]:
    """The Visits of as many sessions as are asked [(page, query)], all opened at once."""

    async def all_of_them():
        asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(len(asked)))
        return await asyncio.gather(*(visit(address, *one, files) for one in asked))

    with ThreadPoolExecutor(1) as aside:  # who asks may have an event loop
        return aside.submit(lambda: asyncio.run(all_of_them())).result()
