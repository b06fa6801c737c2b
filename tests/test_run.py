"""run.py: what it installs, where it listens, which browser it takes, when it stops.

Nothing is installed here: `run.run` and `run.make_venv` only note what they were asked for.
"""

import importlib.util
import signal
import socket
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
from conftest import MARKS
from websockets.sync.client import connect

import run


@pytest.fixture
def repo(tmp_path, monkeypatch):
    """A made-up repository: `done` is what was run in it, `code` what the next run returns."""
    repo = SimpleNamespace(path=tmp_path, venv=tmp_path / ".venv", done=[], code=0)

    def note(*args, **env):
        repo.done.append(" ".join(args))
        return repo.code

    def make_venv():
        repo.done.append("venv")
        run.venv_python().parent.mkdir(parents=True, exist_ok=True)
        run.venv_python().touch()

    monkeypatch.delenv("DUAJUTA_WAREHOUSE", raising=False)
    monkeypatch.setattr(run, "ROOT", repo.path)
    monkeypatch.setattr(run, "VENV", repo.venv)
    monkeypatch.setattr(run, "run", note)
    monkeypatch.setattr(run, "make_venv", make_venv)
    for name in ("requirements.txt", "requirements-dev.txt"):
        (repo.path / name).write_text(f"content of {name}")
    return repo


@pytest.fixture
def prepared(repo):
    """The same repository after a first start."""
    run.prepare("requirements.txt")
    repo.done.clear()
    return repo


def executable(path):
    path.write_text("")
    path.chmod(0o755)
    return str(path)


# installing


def test_the_first_start_makes_a_venv_and_installs_with_hashes(repo):
    run.prepare("requirements.txt")
    assert repo.done == ["venv", "-m pip install --require-hashes -r requirements.txt"]


def test_a_second_start_installs_nothing(prepared):
    run.prepare("requirements.txt")
    assert prepared.done == []


def test_changed_requirements_are_installed_into_the_same_venv(prepared):
    (prepared.path / "requirements.txt").write_text("changed")
    run.prepare("requirements.txt")
    assert prepared.done == ["-m pip install --require-hashes -r requirements.txt"]


def test_the_test_libraries_join_those_of_the_dashboard(prepared):
    run.prepare("requirements.txt", "requirements-dev.txt")
    assert prepared.done == [
        "-m pip install --require-hashes -r requirements.txt -r requirements-dev.txt"
    ]


def test_starting_and_testing_in_turn_installs_nothing(prepared):
    run.prepare("requirements.txt", "requirements-dev.txt")
    prepared.done.clear()
    run.prepare("requirements.txt")
    run.prepare("requirements.txt", "requirements-dev.txt")
    assert prepared.done == []


def test_another_python_gets_a_new_venv(prepared, monkeypatch):
    monkeypatch.setattr(run, "VERSION", "3.99")
    run.prepare("requirements.txt")
    assert prepared.done[0] == "venv"


def test_a_venv_whose_interpreter_is_gone_is_made_again(prepared):
    run.venv_python().unlink()
    run.prepare("requirements.txt")
    assert prepared.done[0] == "venv"


def test_a_failed_install_stops_and_the_next_start_makes_a_new_venv(prepared):
    (prepared.path / "requirements.txt").write_text("changed")
    prepared.code = 1
    with pytest.raises(SystemExit, match="2"):
        run.prepare("requirements.txt")
    prepared.code = 0
    run.prepare("requirements.txt")
    assert prepared.done[1] == "venv"


def test_a_python_without_venv_stops_with_the_command_to_type(monkeypatch, capsys):
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(SystemExit, match="2"):
        run.make_venv()
    assert f"sudo apt-get install python{run.VERSION}-venv" in capsys.readouterr().err


def test_an_old_python_is_told_which_one_is_needed(monkeypatch, capsys):
    monkeypatch.setattr(run, "OLDEST", (99, 0))
    with pytest.raises(SystemExit, match="2"):
        run.main([])
    assert "3.11" in capsys.readouterr().err


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_pinned_requirements_name_no_address(name):
    assert "://" not in (run.ROOT / name).read_text()


def test_the_test_libraries_pin_the_same_versions():
    pins = {
        name: {line for line in (run.ROOT / name).read_text().splitlines() if "==" in line}
        for name in ("requirements.txt", "requirements-dev.txt")
    }
    assert pins["requirements.txt"] <= pins["requirements-dev.txt"]


# building


def publish(repo, city):
    (repo.path / "warehouse" / city).mkdir(parents=True)
    (repo.path / "warehouse" / city / "current").touch()


@pytest.mark.parametrize("code", [0, 1])
def test_a_clean_build_and_one_with_findings_are_served(repo, code, capsys):
    publish(repo, "somewhere")
    repo.code = code
    run.build(None)
    assert capsys.readouterr().out == ""


def test_a_failed_build_serves_the_old_warehouse_and_says_so(repo, capsys):
    publish(repo, "somewhere")
    repo.code = 2
    run.build(None)
    assert "the old warehouse is served" in capsys.readouterr().out


def test_a_failed_build_without_an_old_warehouse_stops(repo):
    repo.code = 2
    with pytest.raises(SystemExit, match="2"):
        run.build(None)


def test_the_warehouse_of_another_city_does_not_count(repo):
    publish(repo, "elsewhere")
    with pytest.raises(SystemExit, match="2"):
        run.build("somewhere")


def test_a_warehouse_may_lie_elsewhere(repo, monkeypatch):
    publish(repo, "somewhere")
    (repo.path / "warehouse").rename(repo.path / "elsewhere")
    monkeypatch.setenv("DUAJUTA_WAREHOUSE", str(repo.path / "elsewhere"))
    run.build("somewhere")
    assert repo.done == ["-m etl --city somewhere"]


def test_etl_passes_its_arguments_and_its_exit_code_through(prepared):
    prepared.code = 1
    assert run.main(["etl", "check", "a.csv"]) == 1
    assert prepared.done == ["-m etl check a.csv"]


# serving


def test_a_port_in_use_gives_way_to_the_next_free_one():
    with socket.create_server((run.HOST, 0)) as taken:
        port = taken.getsockname()[1]
        assert run.free_port(port) > port


def test_a_free_port_is_taken_as_asked():
    with socket.create_server((run.HOST, 0)) as probe:
        port = probe.getsockname()[1]
    assert run.free_port(port) == port


def test_no_browser_opens_without_a_display(monkeypatch):
    monkeypatch.setattr(run.sys, "platform", "linux")
    monkeypatch.delenv("DISPLAY", raising=False)
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    assert not run.has_display()


@pytest.fixture
def dying(monkeypatch):
    """run.serve with servers that end at once with these codes; the pauses that it made."""
    pauses = []
    monkeypatch.setattr(run.signal, "signal", lambda *_: None)
    monkeypatch.setattr(run.time, "sleep", lambda seconds: seconds >= 1 and pauses.append(seconds))

    def serve(*codes):
        left = iter(codes)
        monkeypatch.setattr(
            run,
            "start",
            lambda *_: subprocess.Popen([sys.executable, "-c", f"raise SystemExit({next(left)})"]),
        )
        return run.serve(None, run.free_port(0))

    serve.pauses = pauses
    return serve


def test_a_server_that_died_is_started_again(dying, capsys):
    assert dying(7, 0) == 0
    told = capsys.readouterr().out
    assert "dimulai lagi" in told and "code 7" in told and dying.pauses == [1]


def test_a_server_that_keeps_dying_is_given_up_after_ever_longer_pauses(dying, capsys):
    with pytest.raises(SystemExit, match="2"):
        dying(*[7] * run.DEATHS)
    assert dying.pauses == [1, 2, 4, 8]
    told = capsys.readouterr().err
    assert "5 kali berturut-turut" in told and "5 times in a row" in told


def test_deaths_far_apart_are_no_row(dying, monkeypatch):
    monkeypatch.setattr(run, "LONG", -1)
    assert dying(*[7] * 9, 0) == 0 and set(dying.pauses) == {1}


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_run_and_its_server_within_two_seconds(kept, tmp_path, number):
    running = kept(tmp_path)
    with connect(f"ws://{running.address}/_stcore/stream", subprotocols=["streamlit"]):
        running.keeper.send_signal(number)
        assert running.keeper.wait(timeout=2) == 0
    assert not running.server.is_running()


def test_a_server_that_is_told_to_end_ends_run_too(kept, tmp_path):
    running = kept(tmp_path)
    running.server.terminate()
    assert running.keeper.wait(timeout=2) == 0


# testing


def test_the_browser_named_by_the_environment_comes_first(tmp_path, monkeypatch):
    executable(tmp_path / "chromium")
    chosen = executable(tmp_path / "my-browser")
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("DUAJUTA_CHROMIUM", chosen)
    assert run.find_chromium() == chosen


def test_a_browser_is_found_on_the_path(tmp_path, monkeypatch):
    chromium = executable(tmp_path / "google-chrome")
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("DUAJUTA_CHROMIUM", raising=False)
    assert run.find_chromium() == chromium


def test_a_test_run_without_a_browser_stops_with_the_command_to_type(repo, monkeypatch, capsys):
    monkeypatch.setattr(run, "find_chromium", lambda: None)
    monkeypatch.setattr(run, "install_chromium", lambda: None)
    with pytest.raises(SystemExit, match="2"):
        run.main(["test"])
    assert "install" in capsys.readouterr().err


def test_a_test_run_fails_where_the_style_does(repo, monkeypatch):
    monkeypatch.setattr(run, "find_chromium", lambda: "chromium")
    monkeypatch.setattr(run, "run", lambda *args, **env: 1 if "ruff" in args else 0)
    assert run.main(["test"]) == 1


SIDE_BY_SIDE = "-n auto --dist loadfile --durations 20"
LANES = {
    "test --fast": f"-m not build and not browser and not deep {SIDE_BY_SIDE}",
    "test": f"-m not deep {SIDE_BY_SIDE}",
    "test --deep": SIDE_BY_SIDE,
    "test --fast tests/test_spc.py": "-m not build and not browser and not deep tests/test_spc.py",
    "test tests/test_soak.py": "tests/test_soak.py",
}


@pytest.mark.parametrize("words, asked", LANES.items())
def test_a_lane_is_a_choice_of_marks_and_a_file_named_is_run_whole(repo, monkeypatch, words, asked):
    monkeypatch.setattr(run, "find_chromium", lambda: "chromium")
    run.main(words.split())
    assert f"-m pytest {asked}" in repo.done


def test_the_fast_lane_asks_for_no_browser(repo, monkeypatch):
    monkeypatch.setattr(run, "chromium", lambda: pytest.fail("asked"))
    assert run.main(["test", "--fast"]) == 0


def test_the_deep_lane_ends_with_faults_fuzz_and_soak(repo, monkeypatch):
    monkeypatch.setattr(run, "find_chromium", lambda: "chromium")
    run.main(["test", "--deep"])
    names = [f"-m bench.{name} --minutes 3" for name in ("faults", "fuzz", "soak")]
    assert repo.done[-3:] == names


def test_every_mark_is_of_fixtures_that_there_are():
    source = (Path(__file__).parent / "conftest.py").read_text()
    source += (Path(__file__).parent / "test_browser.py").read_text()
    assert all(f"def {name}(" in source for names in MARKS.values() for name in names)
