"""run.py bundle: what is in it, and that it installs and runs where there is no network.

The last test makes a bundle with all libraries and starts it in a network of its own that has only
a loopback (Linux, `unshare`); elsewhere pip is told of no index and of proxies that lead nowhere.
"""

import os
import shutil
import subprocess
import sys

import pytest
from conftest import ROOT

import run

NOWHERE = "http://127.0.0.1:9"
KEPT = ("run.py", "data/kudus/city.toml", "etl/warehouse.py", ".streamlit/config.toml")
OWN = (".env", "venv/x", ".streamlit/secrets.toml", "story-kudus.html")
MADE_ANEW = (".git/HEAD", ".venv/x", "warehouse/kudus/current", "etl/__pycache__/a.pyc")
UNREACHABLE = ("NewConnectionError", "NameResolutionError", "ConnectTimeoutError", "ProxyError")
ALONE = ["unshare", "--map-root-user", "--net"]
# starts a bundle's dashboard, asks it for a page, ends it; argv: whether the network is cut
DRIVER = r"""
import fcntl, re, socket, struct, subprocess, sys, urllib.request
if sys.argv[1] == "cut":
    with socket.socket() as one:  # ip link set lo up
        fcntl.ioctl(one, 0x8914, struct.pack("16sh14x", b"lo", 1))
    try:
        socket.create_connection(("192.0.2.1", 80), timeout=5)
    except OSError as error:
        assert error.errno == 101, error  # network is unreachable
command = [sys.executable, "run.py", "--city", "demak"]
process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
for line in process.stdout:
    print(line, end="")
    if found := re.search(r"http://127\.0\.0\.1:\d+\S*", line):
        direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        print("answered", direct.open(found[0], timeout=60).status)
        process.terminate()
"""


@pytest.fixture
def made(tmp_path, monkeypatch):
    """The folder of a bundle made here of which pip fetched nothing."""
    monkeypatch.setattr(run, "ROOT", tmp_path / "dua-juta")
    monkeypatch.setattr(run, "prepare", lambda name: None)
    monkeypatch.setattr(run, "WHEELS", tmp_path / "dua-juta" / "wheels")
    done = []

    def pip(*args):
        done.append(" ".join(args))
        folder = args[args.index("--dest") + 1]
        run.Path(folder).mkdir()
        return 0

    monkeypatch.setattr(run, "run", pip)
    for name in (*KEPT, *MADE_ANEW, *OWN):
        path = run.ROOT / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    assert run.bundle(tmp_path / "bundle") == 0
    assert done[0].startswith("-m pip download --quiet --require-hashes --only-binary :all:")
    return tmp_path / "bundle"


def test_it_holds_project_data_and_libraries_but_nothing_that_is_made_anew(made):
    files = {p.relative_to(made).as_posix() for p in made.rglob("*") if p.is_file()}
    assert files == {*KEPT, "wheels/made-for.txt"}


def test_it_overwrites_nothing_and_never_lies_inside_the_project(made, capsys):
    for folder in (made, run.ROOT / "bundle"):
        with pytest.raises(SystemExit, match="2"):
            run.bundle(folder)
        assert str(folder) in capsys.readouterr().err


def test_in_it_pip_reads_its_own_wheels_only(made, monkeypatch):
    assert run.offline() == []
    monkeypatch.setattr(run, "WHEELS", made / "wheels")
    assert run.offline() == ["--no-index", "--find-links", str(made / "wheels")]


def test_on_another_kind_of_computer_it_says_so_in_both_languages(made, monkeypatch, capsys):
    monkeypatch.setattr(run, "WHEELS", made / "wheels")
    made_for = run.computer()
    monkeypatch.setattr(run, "VERSION", "3.99")
    with pytest.raises(SystemExit, match="2"):
        run.offline()
    told = capsys.readouterr().err
    assert f"dibuat untuk {made_for}" in told and f"made for {made_for}" in told
    assert told.count("Python 3.99") == 2


def test_libraries_that_cannot_be_fetched_leave_no_half_of_a_bundle(made, monkeypatch):
    monkeypatch.setattr(run, "run", lambda *args: 1)
    with pytest.raises(SystemExit, match="2"):
        run.bundle(made.parent / "second")
    assert {p.name for p in made.parent.iterdir()} == {"dua-juta", "bundle"}


def test_a_folder_that_cannot_be_written_is_told_in_both_languages(made, capsys):
    with pytest.raises(SystemExit, match="2"):
        run.bundle(made / "run.py" / "second")  # below a file
    told = capsys.readouterr().err
    assert "tidak dapat ditulis" in told and "could not be written" in told


def can_be_alone():
    """Whether a process may have a network of its own here."""
    if not shutil.which("unshare"):
        return False
    return subprocess.run([*ALONE, "true"], capture_output=True).returncode == 0


def test_it_installs_and_serves_with_the_network_cut(project, tmp_path):
    shutil.copytree(ROOT / "data" / "demak", project.path / "data" / "demak")
    bundle = tmp_path / "elsewhere" / "bundle"
    making = project.start("run.py", "bundle", "--to", str(bundle))
    printed, _ = making.communicate(timeout=900)
    if making.returncode and any(sign in printed for sign in UNREACHABLE):
        pytest.skip("no package index can be reached, so there are no wheels to bundle")
    assert making.returncode == 0, printed
    project.path.rename(tmp_path / "gone")
    is_cut = can_be_alone()
    command = [
        *(ALONE if is_cut else []),
        sys.executable,
        "-c",
        DRIVER,
        "cut" if is_cut else "open",
    ]
    env = {k: v for k, v in os.environ.items() if not k.startswith(("PIP_", "DUAJUTA_"))}
    env |= {"PIP_NO_INDEX": "1", "PIP_CONFIG_FILE": os.devnull, "PIP_NO_CACHE_DIR": "1"}
    env |= {"http_proxy": NOWHERE, "https_proxy": NOWHERE}
    first = subprocess.run(
        command, cwd=bundle, env=env, text=True, timeout=900, capture_output=True
    )
    assert "answered 200" in first.stdout, first.stdout + first.stderr
    assert (bundle / "warehouse" / "demak" / "current").exists()
