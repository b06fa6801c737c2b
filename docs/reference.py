"""python docs/reference.py: writes docs/reference.*.md from contracts and catalogues.

Columns, types, defaults, keys and rules are what DuckDB's catalogue says of etl/sources/*.sql; the
words are those of locales/. tests/test_docs.py compares the files with what this makes.
"""

import re
import sys
from collections.abc import Iterable
from pathlib import Path

from babel.messages.pofile import read_po

DOCS = Path(__file__).resolve().parent
sys.path.insert(0, str(DOCS.parent))

from etl.contract import Column, Contract, Reference, contracts  # noqa: E402
from ui.kit.text import LOCALES, languages  # noqa: E402

COLUMNS = ("column", "type", "required", "default", "meaning")


def document(lang: str) -> str:
    """The reference in one language as Markdown: every contract, then every refusal and rule."""
    words = _words(lang)
    said = [code for code in words if re.match(r"(refusal|rule)\.\w+$", code)]
    parts = [
        words["reference.head"],
        *(_contract(words, contract) for contract in contracts().values()),
        words["reference.messages"],
        _table(words, ("code", "message"), ((f"`{code}`", words[code]) for code in sorted(said))),
    ]
    return "\n\n".join(parts) + "\n"


def _words(lang: str) -> dict[str, str]:
    """Every sentence of a catalogue by its code, … for its parameters."""
    with (LOCALES / lang / "LC_MESSAGES" / "messages.po").open("rb") as file:
        return {
            message.id: re.sub(r"\{\w+\}", "…", message.string)
            for message in read_po(file)
            if isinstance(message.string, str)
        }


def _contract(words: dict[str, str], contract: Contract) -> str:
    lines = [f"- {words['reference.key']}: {_codes(contract.key)}"]
    for check in contract.checks:
        said = words[f"rule.{contract.name}: {check.expression}"]
        lines.append(f"- {words['reference.rule']}: `{check.expression}`: {said}")
    for reference in contract.references:
        lines.append(f"- {words['reference.listed']}: {_listed(words, reference)}")
    rows = (
        (
            f"`{column.name}`",
            column.type,
            words["reference.yes"] if column.required else "",
            _default(words, contract, column),
            words[f"column.{contract.name}.{column.name}"],
        )
        for column in contract.columns
    )
    head = f"## `{contract.name}`\n\n" + words[f"contract.{contract.name}"]
    return "\n\n".join([head, "\n".join(lines), _table(words, COLUMNS, rows)])


def _listed(words: dict[str, str], reference: Reference) -> str:
    listed = words["reference.in"].replace("…", "{}")
    said = listed.format(f"`{reference.column}`", f"`{reference.table}`", _codes(reference.match))
    if reference.when != "true":
        said += f" {words['reference.when']} `{reference.when}`"
    if reference.name:
        said += f" {words['reference.name']} `{reference.name}`"
    return said


def _default(words: dict[str, str], contract: Contract, column: Column) -> str:
    stated = contract.defaults.get(column.name) or column.default
    if stated:
        return f"`{stated}`"
    return words["reference.series"] if column.name == "series" and column.required else ""


def _codes(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _table(words: dict[str, str], columns: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    heads = [words[f"reference.{column}"] for column in columns]
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join(
        "| " + " | ".join(cell.replace("|", r"\|") for cell in line) + " |" for line in lines
    )


if __name__ == "__main__":
    for lang in languages():
        (DOCS / f"reference.{lang}.md").write_text(document(lang), encoding="utf-8")
