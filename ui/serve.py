"""Starts the dashboard: python -m ui.serve [--server.address ADDRESS] [--server.port PORT].

All other options of Streamlit stand in .streamlit/config.toml. Around Streamlit's own app lies what
it lacks: only hosts that are ours are answered and only pages of ours may ask (a web socket, too),
what nobody needs is not there, scripts are compressed once each, and every answer says what a
browser may do with it.

Streamlit takes any folder named pages/ for its old way of finding pages until st.navigation has run
once, so the first visitor to open a link to a page other than the home page would be told "Page not
found" (streamlit issue 8860). It is told beforehand that this project does not use the old way.

Starlette would write what is uploaded into a temporary file from 1 MB on; here it stays in memory.
"""

import argparse
import asyncio
import gzip
import mimetypes
import os
import re
import signal
from base64 import b64encode
from functools import cache
from hashlib import sha256
from pathlib import Path
from types import FrameType
from urllib.parse import urlsplit

import streamlit as st
import uvicorn
from starlette.applications import Starlette
from starlette.datastructures import Headers
from starlette.formparsers import MultiPartParser
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Mount, Route, Router, WebSocketRoute
from starlette.types import ASGIApp, Receive, Scope, Send
from streamlit import config, file_util
from streamlit.runtime.pages_manager import PagesManager

from ui import warm
from ui.export import story
from ui.kit import frame

DASHBOARD = Path(__file__).parents[1] / "dashboard.py"
HOSTS = "DUAJUTA_HOSTS"  # the names that the operator gives this computer, separated by commas
LOOPBACK = ("127.0.0.1", "localhost", "[::1]")
NEEDED = ("health", "host-config", "upload_file/{rest:path}")  # by Streamlit's page in a browser
PACKED = (".js", ".css", ".json", ".svg")  # what gzip makes smaller
FOREVER = "public, immutable, max-age=31536000"  # as Streamlit has it: a file's name holds its hash
BODY = 2**22  # bytes of a request; a guest's file is 1 MB at most
GRACE = 1  # seconds that an answer under way gets when the server ends


class Server(uvicorn.Server):
    """A server that a signal ends at once while it warms up: nobody waits for an answer yet."""

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Takes a signal."""
        if not self.started:
            signal.signal(sig, signal.SIG_DFL)
            signal.raise_signal(sig)
        super().handle_exit(sig, frame)


class OwnOrigin:
    """Refuses what a page of another origin asks; a browser names that origin."""

    def __init__(self, app: ASGIApp, names: list[str]) -> None:
        self.app, self.names = app, names

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        asked = Headers(raw=scope.get("headers", []))  # no request at the start and the end
        own = "origin" not in asked or self._is_ours(asked["origin"], asked.get("host"))
        app = self.app if own else PlainTextResponse("Not ours", 403)
        await app(scope, receive, send)

    def _is_ours(self, origin: str, host: str | None) -> bool:
        try:
            asked = urlsplit(origin)
            return asked.netloc == host or asked.hostname in self.names
        except ValueError:  # no address at all
            return False


class Packed:
    """Streamlit's scripts and styles, each compressed once; the rest as `app` has it."""

    def __init__(self, app: ASGIApp) -> None:
        folder = Path(file_util.get_static_dir()) / "static"
        paths = [path for path in folder.rglob("*") if path.suffix in PACKED]
        self.paths = {path.relative_to(folder).as_posix(): path for path in paths}
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = self.paths.get(scope["path_params"]["path"])
        accepted = "gzip" in Headers(scope=scope).get("accept-encoding", "")
        app = self.app
        if path and accepted and scope["method"] in ("GET", "HEAD"):
            headers = {"Content-Encoding": "gzip", "Vary": "Accept-Encoding"}
            headers["Cache-Control"] = FOREVER
            kind = mimetypes.guess_type(path.name)[0]
            app = Response(await asyncio.shield(packed(path)), media_type=kind, headers=headers)
        await app(scope, receive, send)


@cache
def packed(path: Path) -> asyncio.Task[bytes]:
    """The work of compressing a file, which all who ask for it wait for."""
    return asyncio.ensure_future(asyncio.to_thread(lambda: gzip.compress(path.read_bytes(), 6)))


def named() -> list[str]:
    """The names that the operator gives this computer."""
    return [name.strip() for name in os.environ.get(HOSTS, "").split(",") if name.strip()]


def app(address: str) -> Starlette:
    """Streamlit's app with what lies around it, served at an address."""
    dashboard = st.App(DASHBOARD, lifespan=warm.lifespan)
    hosts = [*LOOPBACK, address, *named()]
    return Starlette(
        routes=[
            *(Route(f"/_stcore/{path}", dashboard) for path in NEEDED),
            WebSocketRoute("/_stcore/stream", dashboard),
            *(Mount(path, Router()) for path in ("/_stcore", "/auth")),
            Route("/oauth2callback{rest:path}", Router()),
            Route("/static/{path:path}", Packed(dashboard)),
            Mount("/", dashboard),
        ],
        middleware=[
            Middleware(TrustedHostMiddleware, allowed_hosts=hosts, www_redirect=False),
            Middleware(OwnOrigin, names=named()),
        ],
        lifespan=dashboard.lifespan(),
        max_body_size=BODY,
    )


def policy() -> str:
    """What a page may load and run, for the header Content-Security-Policy.

    Scripts are Streamlit's files, and those in a page that this project or Streamlit wrote: each by
    its hash. Styles stand in pages everywhere. A page asks nobody but this server.
    """
    index = Path(file_util.get_static_dir(), "index.html").read_text(encoding="utf-8")
    scripts = [*re.findall("(?s)<script>(.*?)</script>", index), *frame.scripts(), *story.scripts()]
    hashes = [b64encode(sha256(one.encode()).digest()).decode() for one in scripts]
    return "; ".join(
        [
            "default-src 'none'",
            " ".join(["script-src 'self'", *(f"'sha256-{one}'" for one in hashes)]),
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data: blob:",
            "font-src 'self' data:",
            "connect-src 'self'",
            "manifest-src 'self'",
            "worker-src blob:",  # of Plotly's maps
            "base-uri 'none'",
            "form-action 'none'",
            "frame-ancestors 'none'",
        ]
    )


def headers() -> list[tuple[str, str]]:
    """What every answer says, one of an error included."""
    return [
        ("Content-Security-Policy", policy()),
        ("X-Content-Type-Options", "nosniff"),
        ("Referrer-Policy", "same-origin"),
    ]


def main() -> None:
    """Serves until a signal ends the process."""
    PagesManager.uses_pages_directory = False
    MultiPartParser.spool_max_size = 2**24  # more than .streamlit/config.toml lets in
    parser = argparse.ArgumentParser(prog="python -m ui.serve")
    parser.add_argument("--server.address", dest="address")
    parser.add_argument("--server.port", dest="port", type=int)
    options = parser.parse_args()
    address = options.address or config.get_option("server.address")
    server = Server(
        uvicorn.Config(
            app(address),
            host=address,
            port=options.port or config.get_option("server.port"),
            headers=headers(),
            server_header=False,
            log_level="warning",
            access_log=False,
            lifespan="on",
            timeout_graceful_shutdown=GRACE,
        )
    )
    server.run()


if __name__ == "__main__":
    main()
