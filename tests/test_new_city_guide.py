"""docs/new-city.*.md, followed to the letter: from an empty folder to the figure on the page."""

import re
import shlex
import urllib.request

import pytest
from conftest import ROOT
from streamlit.testing.v1 import AppTest
from test_pages import title

from ui.kit.text import LOCALES, languages

FENCE = re.compile(r"^```(\S+) ?(\S*)\n(.*?)^```$", re.M | re.S)
ADDRESS = re.compile(r"http://127\.0\.0\.1:\d+\S*")


def guide(lang):
    """The text of the guide in one language."""
    return (ROOT / "docs" / f"new-city.{lang}.md").read_text(encoding="utf-8")


def follow(project, command):
    """Types a command; the process of the dashboard where it starts one, else None at its end."""
    python, *words = shlex.split(command)
    assert python == "python3"
    process = project.start(*words)
    if "etl" in words:
        printed, _ = process.communicate(timeout=300)
        assert process.returncode == 0, printed
        return None
    lines = []
    for line in process.stdout:
        lines.append(line)
        if found := ADDRESS.search(line):
            assert urllib.request.urlopen(found[0], timeout=60).status == 200
            return process
    raise AssertionError("".join(lines))


@pytest.mark.parametrize("lang", languages())
def test_followed_to_the_letter_it_ends_with_the_figure_on_the_home_page(
    lang, project, monkeypatch
):
    dashboards, expected = [], None
    for kind, info, body in FENCE.findall(guide(lang)):
        if kind == "sh":
            dashboards += filter(None, (follow(project, line) for line in body.splitlines()))
        elif info.startswith("file="):
            path = project.path / info.removeprefix("file=")
            assert path.parent.is_dir()  # made by the command
            path.write_text(body, encoding="utf-8")
        elif info == "home":
            expected = body.strip()
    monkeypatch.setenv("DUAJUTA_WAREHOUSE", str(project.path / "warehouse"))
    at = AppTest.from_file(str(ROOT / "dashboard.py"), default_timeout=60)
    at.query_params.update(city="contoh", lang=lang)
    at.run()
    assert not at.exception and title(at) == expected
    (dashboard,) = dashboards
    dashboard.terminate()
    dashboard.communicate(timeout=60)


def test_the_guides_have_the_same_steps_commands_and_figures():
    def skeleton(lang):
        text = guide(lang)
        blocks = [(kind, info) for kind, info, _ in FENCE.findall(text)]
        rows = [body for kind, _, body in FENCE.findall(text) if kind == "csv"]
        commands = [b.replace(" --lang en", "") for k, _, b in FENCE.findall(text) if k == "sh"]
        levels = re.findall(r"^#+(?= )", text, re.M)
        table_rows = len(re.findall(r"^\|", text, re.M))
        infos = [(kind, info.replace(f".{lang}.", ".")) for kind, info in blocks]
        return infos, rows, commands, levels, table_rows

    first, *others = map(skeleton, languages())
    assert all(other == first for other in others)


@pytest.mark.parametrize("lang", languages())
def test_a_message_is_quoted_as_it_is_printed(lang):
    catalogue = (LOCALES / lang / "LC_MESSAGES" / "messages.po").read_text(encoding="utf-8")
    said = re.findall(r'^msgstr "(.*)"$', catalogue, re.M)
    said = {re.sub(r"\{\w+\}", "…", words.replace(r"\"", '"')) for words in said}
    quoted = re.findall(r"^\| “(.+?)” \|", guide(lang), re.M)
    assert len(quoted) == 4 and set(quoted) <= said
