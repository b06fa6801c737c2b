"""The types hold: mypy finds no error, public functions say theirs, an exception says why."""

import ast
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGES = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["mypy"]["packages"]
FILES = sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))


def test_mypy_finds_no_error():
    command = [sys.executable, "-m", "mypy"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.relative_to(ROOT).as_posix())
def test_every_public_function_says_its_types(path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    classes = [n for n in tree.body if isinstance(n, ast.ClassDef)]
    functions = [
        n
        for parent in (tree, *classes)
        for n in parent.body
        if isinstance(n, ast.FunctionDef) and n.name[0] != "_"
    ]
    given = {f: [*f.args.args, *f.args.kwonlyargs] for f in functions}
    said = {f: [f.returns, *(a.annotation for a in given[f] if a.arg != "self")] for f in functions}
    assert [f.name for f in functions if None in said[f]] == []
    words = {
        f: {n.id for a in said[f] for n in ast.walk(a) if isinstance(n, ast.Name)} for f in said
    }
    assert [f.name for f in functions if "Any" in words[f]] == []


def test_what_is_not_checked_says_why():
    ignored = [
        f"{path.name}: {line.strip()}"
        for path in FILES
        for line in path.read_text(encoding="utf-8").splitlines()
        if "type: ignore" in line and not re.search(r"# type: ignore\[[\w-]+\]  # \w+ \w+", line)
    ]
    assert ignored == []
