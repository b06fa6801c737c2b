#!/usr/bin/env python3
"""The one way in: installs the pinned libraries, builds the warehouse, serves the dashboard.

    python3 run.py [--city NAME] [--port NUMBER]   the dashboard, on this computer only
    python3 run.py etl [ARGUMENTS]                 the warehouse alone; `etl --help` says more
    python3 run.py bundle [--to FOLDER]            a folder that installs and runs without internet
    python3 run.py export story [ARGUMENTS]        a file to take away; `export --help` says more
    python3 run.py test [PYTEST ARGUMENTS]         style and tests, browser included
    python3 run.py test --fast                     what needs no warehouse and no browser: a minute
    python3 run.py test --deep                     every test, then faults, fuzz and soak: an hour

Standard library only. Exit code 2: something is missing, and a message says what.
"""

from __future__ import annotations  # lets an older Python read on to the message in main

import argparse
import contextlib
import hashlib
import importlib.util
import os
import platform
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
import webbrowser
from pathlib import Path

OLDEST = (3, 11)
VERSION = "{}.{}".format(*sys.version_info)
ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
WHEELS = ROOT / "wheels"  # in a bundle: the libraries as files
MADE_FOR = "made-for.txt"  # in wheels/: the computers that they are for
LEFT_OUT = (  # of a bundle: what is made anew, and what Python and its tools leave behind
    *(".git", ".venv", "warehouse", "wheels", "__pycache__"),
    *(".hypothesis", ".pytest_cache", ".ruff_cache", "test-results"),
    *(".env*", "venv", "secrets.toml", "*.html", "*.pptx", ".idea", ".vscode"),  # a user's own
)
COMMANDS = {"etl": "etl", "export": "ui.export"}  # what passes through to a module
HOST = "127.0.0.1"
ENDED = (0, -signal.SIGINT, -signal.SIGTERM)  # a server that was told to
DEATHS, LONG = (
    5,
    60,
)  # a server that dies so often in a row, each within so many seconds, stays down
# a whole lane: a file of tests a core, and which were the slowest
SIDE_BY_SIDE = ("-n", "auto", "--dist", "loadfile", "--durations", "20")
LANES = {  # of tests, by their marks (tests/conftest.py)
    "--fast": ("-m", "not build and not browser and not deep"),
    "": ("-m", "not deep"),
    "--deep": (),
}
DEEP = ("faults", "fuzz", "soak")  # of bench/: what lasts as long as one lets it
MINUTES = "3"  # for each of them
BROWSERS = [
    *("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"),
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    r"%ProgramFiles%\Google\Chrome\Application\chrome.exe",
    r"%LocalAppData%\Google\Chrome\Application\chrome.exe",
]
BROWSER_COMMANDS = {
    "darwin": "brew install --cask chromium",
    "win32": "winget install Google.Chrome",
}


def say(indonesian: str, english: str) -> None:
    """One line for the reader, in both languages."""
    print(f"{indonesian} / {english}", flush=True)


def stop(indonesian: str, english: str, command: str = "") -> None:
    """The end, with exit code 2 and the one command that helps."""
    print(f"{indonesian} / {english}\n    {command}".rstrip(), file=sys.stderr)
    sys.exit(2)


def venv_python() -> Path:
    """The interpreter in .venv."""
    return VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def start(*args: str, **env: str) -> subprocess.Popen:
    """A process of the .venv's Python, in the top folder, with `env` added to ours."""
    env = {**os.environ, "PIP_DISABLE_PIP_VERSION_CHECK": "1", **env}
    return subprocess.Popen([str(venv_python()), *args], cwd=ROOT, env=env)


def run(*args: str, **env: str) -> int:
    """The exit code of such a process, once it has ended."""
    with start(*args, **env) as process:
        return process.wait()


def stamp(requirements: str) -> Path:
    """The file that says: this Python has installed this content of `requirements`."""
    content = hashlib.sha256((ROOT / requirements).read_bytes()).hexdigest()
    return VENV / f"{VERSION}-{content}.stamp"


def prepare(*requirements: str) -> None:
    """A .venv with the pinned libraries; pip runs only where a stamp is missing."""
    stamps = [stamp(name) for name in requirements]
    usable = venv_python().exists()
    if usable and all(path.exists() for path in stamps):
        return
    if not usable or not any(VENV.glob(f"{VERSION}-*.stamp")):
        make_venv()
    for old in VENV.glob("*.stamp"):  # a .venv without stamps counts as half-made
        old.unlink()
    say("Memasang pustaka ...", "Installing libraries ...")
    files = [word for name in requirements for word in ("-r", name)]
    source = offline() if requirements == ("requirements.txt",) else []
    if run("-m", "pip", "install", "--require-hashes", *source, *files):
        stop("Pustaka gagal dipasang.", "The libraries could not be installed.")
    for path in stamps:
        path.touch()


def computer() -> str:
    """What a library has to fit: the system, the processor and the Python of this computer."""
    return f"{platform.system()} {platform.machine()}, Python {VERSION}"


def offline() -> list[str]:
    """What lets pip install from the files of a bundle alone; nothing where this is none."""
    if not WHEELS.exists():
        return []
    note = WHEELS / MADE_FOR
    made_for = note.read_text(encoding="utf-8").strip() if note.exists() else "?"
    if made_for != computer():
        stop(
            f"Paket ini dibuat untuk {made_for}; komputer ini {computer()}. Buat paket di komputer"
            " yang sejenis, atau, bila ada internet, hapus folder wheels.",
            f"This bundle was made for {made_for}; this computer is {computer()}. Make one on a"
            " computer of this kind or, with internet, delete the folder wheels.",
            "python3 run.py bundle",
        )
    return ["--no-index", "--find-links", str(WHEELS)]


def bundle(to: Path) -> int:
    """0 once `to` holds project, data and libraries, and installs on computers like this one."""
    if to.exists() or to.is_relative_to(ROOT):
        stop(
            f"Pilih folder baru di luar folder ini, bukan {to}.",
            f"Choose a new folder outside of this one, not {to}.",
            "python3 run.py bundle --to ../dua-juta-bundle",
        )
    prepare("requirements.txt")
    say("Mengumpulkan pustaka ...", "Collecting the libraries ...")
    try:
        collect(to)
    except OSError as error:  # of shutil.copytree, too
        stop(f"Paket tidak dapat ditulis: {error}.", f"The bundle could not be written: {error}.")
    say(f"Paket siap: {to}", f"The bundle is ready: {to}")
    say(f"Untuk {computer()}; di sana ketik:", f"For {computer()}; there, type:")
    print("    python3 run.py")
    return 0


def collect(to: Path) -> None:
    """Makes the folder `to` in one step, once all that belongs there lies beside it."""
    to.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=to.parent) as making:
        made = Path(making) / to.name
        shutil.copytree(ROOT, made, ignore=shutil.ignore_patterns(*LEFT_OUT))
        wheels = str(made / "wheels")
        files = ["--only-binary", ":all:", "-r", "requirements.txt", "--dest", wheels]
        if run("-m", "pip", "download", "--quiet", "--require-hashes", *offline(), *files):
            stop("Pustaka gagal diunduh.", "The libraries could not be downloaded.")
        (made / "wheels" / MADE_FOR).write_text(f"{computer()}\n", encoding="utf-8")
        made.rename(to)


def make_venv() -> None:
    """A new, empty .venv in place of what is there."""
    if not all(map(importlib.util.find_spec, ("venv", "ensurepip"))):
        command = f"sudo apt-get install python{VERSION}-venv"
        stop("Python ini tanpa venv. Ketik:", "This Python lacks venv. Type:", command)
    say("Menyiapkan .venv ...", "Preparing .venv ...")
    if subprocess.call([sys.executable, "-m", "venv", "--clear", str(VENV)]):
        stop(".venv gagal dibuat.", "The .venv could not be made.")


def build(city: str | None) -> None:
    """A warehouse to serve: a new one, or the one from before where the build failed."""
    code = run("-m", "etl", *(["--city", city] if city else []))
    warehouse = ROOT / os.environ.get("DUAJUTA_WAREHOUSE", "warehouse")
    if not any(warehouse.glob(f"{city or '*'}/current")):
        stop("Gudang data tidak terbentuk.", "No warehouse was built.")
    if code not in (0, 1):  # 1: built, with findings
        say("Gudang data lama dipakai.", "The build failed: the old warehouse is served.")


def free_port(first: int) -> int:
    """The first port from `first` on where a server can listen; for 0 any that nobody else asks."""
    for port in range(first, 65536):
        with contextlib.suppress(OSError), socket.create_server((HOST, port)) as taken:
            return taken.getsockname()[1]
    stop("Tidak ada port kosong.", "No port is free.")


def answers(server: subprocess.Popen, address: str) -> bool:
    """Whether the server came up; False where it ended instead."""
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))  # past any proxy
    while server.poll() is None:
        with contextlib.suppress(OSError):
            direct.open(f"{address}/_stcore/health", timeout=1).close()
            return True
        time.sleep(0.1)
    return False


def has_display() -> bool:
    """Whether a browser window can open here."""
    desktops = ("DISPLAY", "WAYLAND_DISPLAY")
    return sys.platform in ("darwin", "win32") or any(map(os.environ.get, desktops))


def serve(city: str | None, port: int) -> int:
    """0 once a signal ends it; a server that dies is started again, up to DEATHS times in a row."""
    address = f"http://{HOST}:{port}"
    page = f"{address}/?city={city}" if city else address
    where = ["--server.address", HOST, "--server.port", str(port)]
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    server, deaths, began = start("-m", "ui.serve", *where), 0, time.monotonic()
    try:
        if answers(server, address):
            print(f"\n  Dua Juta: {page}\n", flush=True)
            if has_display():
                webbrowser.open(page)
        while (code := server.wait()) not in ENDED:
            deaths = 1 if time.monotonic() - began > LONG else deaths + 1
            if deaths == DEATHS:
                stop(
                    f"Server berhenti {deaths} kali berturut-turut (kode {code}).",
                    f"The server died {deaths} times in a row (code {code}).",
                )
            pause = 2 ** (deaths - 1)
            say(
                f"Server berhenti (kode {code}), dimulai lagi dalam {pause} detik ...",
                f"The server died (code {code}), it starts again in {pause} s ...",
            )
            time.sleep(pause)
            server, began = start("-m", "ui.serve", *where), time.monotonic()
    except KeyboardInterrupt:
        server.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            server.wait(timeout=2)
        server.kill()  # nothing where it has ended
    return 0


def find_chromium() -> str | None:
    """The path of a Chromium or Chrome on this computer."""
    names = [os.environ.get("DUAJUTA_CHROMIUM", ""), *map(os.path.expandvars, BROWSERS)]
    return next(filter(None, map(shutil.which, names)), None)


def install_chromium() -> None:
    """Debian's chromium, where that needs no password."""
    if not shutil.which("apt-get"):
        return
    sudo = "" if os.geteuid() == 0 else "sudo -n "
    if subprocess.call(f"{sudo}true", shell=True, stderr=subprocess.DEVNULL) == 0:
        say("Memasang chromium ...", "Installing chromium ...")
        install = f"{sudo}apt-get install -y --no-install-recommends chromium"
        subprocess.call(f"{sudo}apt-get update && {install}", shell=True)


def chromium() -> str:
    """The path of a Chromium, which is installed where it lacks."""
    if not find_chromium():
        install_chromium()
    found = find_chromium()
    if not found:
        command = BROWSER_COMMANDS.get(sys.platform, "sudo apt-get install chromium")
        stop("Perlu peramban Chromium. Ketik:", "A Chromium browser is needed. Type:", command)
    return found


def test(words: list[str]) -> int:
    """0 where style and tests are in order, else the exit code of the first that is not.

    words: the lane, --fast or --deep, then what goes to pytest, which may name tests of any lane.
    """
    lane = words[0] if words and words[0] in LANES else ""
    asked = words[1:] if lane else words
    prepare("requirements.txt", "requirements-dev.txt")
    env = {} if lane == "--fast" else {"DUAJUTA_CHROMIUM": chromium()}
    lanes = LANES[lane] if lane or not asked else ()
    codes = [
        run("-m", "ruff", "check"),
        run("-m", "ruff", "format", "--check"),
        run("-m", "pytest", *lanes, *(asked or SIDE_BY_SIDE), **env),
    ]
    if lane == "--deep" and not asked:
        codes += [run("-m", f"bench.{name}", "--minutes", MINUTES, **env) for name in DEEP]
    return next(filter(None, codes), 0)


def main(argv: list[str]) -> int:
    """The exit code of what `argv` asks for."""
    if sys.version_info < OLDEST:
        stop("Perlu Python 3.11 atau lebih baru.", "Python 3.11 or newer is needed.")
    if argv[:1] == ["test"]:
        return test(argv[1:])
    if argv[:1] == ["bundle"]:
        parser = argparse.ArgumentParser(prog="run.py bundle")
        parser.add_argument("--to", type=Path, default=ROOT.parent / "dua-juta-bundle")
        return bundle(parser.parse_args(argv[1:]).to.resolve())
    for command, module in COMMANDS.items():
        if argv[:1] == [command]:
            prepare("requirements.txt")
            return run("-m", module, *argv[1:], DUAJUTA_CALLED_FROM=os.getcwd())
    formatter = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=formatter)
    parser.add_argument("--city", help="a folder of data/")
    parser.add_argument("--port", type=int, default=8501, help="8501, or the next free one")
    options = parser.parse_args(argv)
    prepare("requirements.txt")
    build(options.city)
    return serve(options.city, free_port(options.port))


if __name__ == "__main__":
    with contextlib.suppress(KeyboardInterrupt):
        sys.exit(main(sys.argv[1:]))
    sys.exit(130)
