"""The server around Streamlit: whom it answers, what it says with each answer, how it ends."""

import http.client
import json
import os
import socket
import subprocess
import sys
from types import SimpleNamespace

import pytest
from conftest import ROOT
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

import run
from ui import serve
from ui.kit import frame

pytestmark = pytest.mark.build
SCRIPT = next(f"/static/{path}" for path in serve.Packed(None).paths if path.startswith("js/index"))
LOCAL = f"http://{run.HOST}"


def started(tmp_path, port, **env):
    """A server on an empty warehouse, which answers."""
    server = subprocess.Popen(
        [sys.executable, "-m", "ui.serve", "--server.port", str(port)],
        cwd=ROOT,
        env=os.environ | {"DUAJUTA_WAREHOUSE": str(tmp_path)} | env,
    )
    assert run.answers(server, f"{LOCAL}:{port}")
    return server


@pytest.fixture(scope="module")
def port(tmp_path_factory):
    """The port of a server that an operator gave a name."""
    port = run.free_port(0)
    hosts = {serve.HOSTS: "dasbor.kota.go.id, *.dinas.go.id"}
    server = started(tmp_path_factory.mktemp("warehouse"), port, **hosts)
    yield port
    server.terminate()
    server.wait()


def ask(port, path="/", host=None, method="GET", body=None, **headers):
    """(status, headers, body) of an answer; `host` as the header says it."""
    server = http.client.HTTPConnection(run.HOST, port, timeout=20)
    named = {"Host": host or f"{run.HOST}:{port}"}
    named |= {name.replace("_", "-"): value for name, value in headers.items()}
    server.request(method, path, body, named)
    answer = server.getresponse()
    told = SimpleNamespace(status=answer.status, headers=answer.headers, body=answer.read())
    server.close()
    return told


OURS = ("127.0.0.1:{}", "localhost:{}", "LOCALHOST", "[::1]:{}", "[::1]", "dasbor.kota.go.id")
OTHERS = ("rebind.example:{}", "127.0.0.1.example", "[::2]:{}", "::1", "dinas.go.id", "a b", "")


@pytest.mark.parametrize("host", [*OURS, "a.dinas.go.id:443"])
def test_a_host_of_ours_is_answered(port, host):
    assert ask(port, host=host.format(port)).status == 200


@pytest.mark.parametrize("host", OTHERS)
@pytest.mark.parametrize("path", ["/", "/_stcore/health", SCRIPT])
def test_another_host_is_told_nothing(port, host, path):
    answer = ask(port, path, host.format(port) or " ")
    assert answer.status == 400 and len(answer.body) < 40


@pytest.mark.parametrize("path", ["/", "/_stcore/health", "/_stcore/upload_file/a/b"])
@pytest.mark.parametrize(
    "origin", ["http://localhost:1", "null", "https://evil.example", "http://["]
)
def test_a_page_of_another_origin_is_told_nothing(port, path, origin):
    answer = ask(port, path, Origin=origin)
    assert answer.status == 403 and "Access-Control-Allow-Origin" not in answer.headers


def stream(port, host, origin):
    """Opens the web socket of a page."""
    to = socket.create_connection((run.HOST, port))
    address = f"ws://{host}/_stcore/stream"
    return connect(address, sock=to, origin=origin, subprotocols=["streamlit"])


def test_a_page_of_ours_gets_its_web_socket(port):
    for host in (f"{run.HOST}:{port}", "dasbor.kota.go.id"):
        with stream(port, host, f"http://{host}") as opened:
            assert opened.subprotocol == "streamlit"


@pytest.mark.parametrize(
    "host, origin",
    [
        ("rebind.example", "http://rebind.example"),
        ("127.0.0.1", "http://127.0.0.1:1"),
        ("127.0.0.1", "null"),
    ],
)
def test_another_page_gets_no_web_socket(port, host, origin):
    with pytest.raises(InvalidStatus) as refused:
        stream(port, host, origin)
    assert refused.value.response.status_code in (400, 403)


ELSE = ("/auth/login", "/oauth2callback")
CLOSED = ("metrics", "agent/openapi.json", "agent/interact", "agent/mcp", "script-health-check")


@pytest.mark.parametrize("path", [*(f"/_stcore/{p}" for p in CLOSED), *ELSE])
def test_what_no_page_needs_is_not_there(port, path):
    assert ask(port, path).status == 404
    assert ask(port, path, method="POST", body="{}").status == 404


def test_health_says_that_it_is_up_and_no_more(port):
    assert ask(port, "/_stcore/health").body == b"ok"
    told = json.loads(ask(port, "/_stcore/host-config").body)
    assert not any(told.values())


@pytest.mark.parametrize(
    "path, host",
    [
        *(("/", None), ("/visits", None), (SCRIPT, None), ("/_stcore/health", None)),
        *(("/", "rebind.example"), ("/_stcore/metrics", None), ("//x", None), ("/media/x", None)),
    ],
)
def test_every_answer_says_what_a_browser_may_do_with_it(port, path, host):
    told = ask(port, path, host).headers
    assert {name: told.get_all(name) for name, _ in serve.headers()} == {
        name: [value] for name, value in serve.headers()
    }
    assert "Server" not in told


def test_no_script_runs_that_is_not_ours():
    (scripts,) = [rule for rule in serve.policy().split("; ") if rule.startswith("script-src")]
    assert "unsafe" not in scripts and "http" not in scripts
    assert scripts.count("'sha256-") == len(frame.scripts()) + 3  # the story's two, Streamlit's one


def test_a_script_is_compressed_once_and_kept_by_the_browser(port):
    plain, packed = ask(port, SCRIPT), ask(port, SCRIPT, Accept_Encoding="gzip, br")
    assert packed.headers["Content-Encoding"] == "gzip" and "Content-Encoding" not in plain.headers
    assert len(packed.body) < len(plain.body) / 2
    for name in ("Cache-Control", "Content-Type"):
        assert packed.headers[name].split(";")[0] == plain.headers[name].split(";")[0]


def test_a_request_has_an_end(port):
    path = "/_stcore/upload_file/a/b"
    assert ask(port, path, method="PUT", body=b"x" * (serve.BODY + 1)).status == 413


WARMING = """
import asyncio, uvicorn
from ui.serve import Server

async def app(scope, receive, send):
    print("warming", flush=True)
    await asyncio.sleep(30)

Server(uvicorn.Config(app, port=0, lifespan="on")).run()
"""


def test_a_signal_ends_a_server_that_is_warming_up():
    command = [sys.executable, "-c", WARMING]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout.readline() == "warming\n"
        server.terminate()
        assert server.wait(timeout=2) < 0
