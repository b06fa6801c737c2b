"""docs/: every example is loaded, every table compared with what it describes."""

import csv
import io
import pkgutil
import re
from datetime import date
from pathlib import Path

import duckdb
import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from docs import reference
from etl import warehouse
from etl.__main__ import main
from etl.build import build
from etl.contract import HERE, contracts, header, macros
from etl.findings import KEYS as KEYS_OF_ACCEPTED
from etl.recipe.dataset import BASES
from etl.recipe.toml import keys as keys_of
from ui.kit.text import LOCALES, languages, text

DOCS = Path(__file__).parents[1] / "docs"
LANGUAGES = sorted(p.name.split(".")[1] for p in DOCS.glob("datasets.*.md"))
HEADING = re.compile(r"^(#+) (.+)$")
FENCE = re.compile(r"^```(\S+) ?(.*)$")


def document(lang):
    """The text of the document in one language."""
    return (DOCS / f"datasets.{lang}.md").read_text(encoding="utf-8")


def blocks(lang):
    """[(heading, kind, {name: value} of the info string, body)] of all fenced blocks."""
    found, heading, opened = [], "", None
    for line in document(lang).split("\n"):
        if opened and line == "```":
            heading_, kind, info, body = opened
            named = dict(word.partition("=")[::2] for word in info.split())
            found.append((heading_, kind, named, "\n".join(body) + "\n"))
            opened = None
        elif opened:
            opened[3].append(line)
        elif fence := FENCE.match(line):
            opened = (heading, *fence.groups(), [])
        elif title := HEADING.match(line):
            heading = title[2]
    return found


def examples():
    """One (language, heading, blocks) for each heading under which an expectation stands."""
    for lang in LANGUAGES:
        grouped = {}
        for heading, *block in blocks(lang):
            grouped.setdefault(heading, []).append(block)
        for heading, group in grouped.items():
            if any("expect" in info for _, info, _ in group):
                yield pytest.param(group, id=f"{lang}: {heading}")


def write(folder, group):
    """Writes the files of an example; a workbook's block is one sheet of it, Parquet is typed."""
    books = {}
    for _, info, body in group:
        path = folder / info.get("file", "")
        path.parent.mkdir(parents=True, exist_ok=True)
        if "sheet" in info:
            book = books.setdefault(path, openpyxl.Workbook())
            sheet = book.create_sheet(info["sheet"])
            for row in csv.reader(io.StringIO(body)):
                sheet.append([cell(words) for words in row])
            for span in filter(None, info.get("merge", "").split(",")):
                sheet.merge_cells(span)
        elif path.suffix == ".parquet":
            names, *rows = csv.reader(io.StringIO(body))
            columns = [[cell(words) for words in column] for column in zip(*rows, strict=True)]
            pq.write_table(pa.table(dict(zip(names, columns, strict=True))), path)
        elif "file" in info:
            path.write_text(body, encoding="utf-8")
    for path, book in books.items():
        book.remove(book.worksheets[0])
        book.save(path)


def cell(words):
    """A workbook's cell: a number, a day, nothing, or text (after ' always text)."""
    if re.fullmatch(r"-?\d+([.]\d+)?", words):
        return float(words)
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}", words):
        return date.fromisoformat(words)
    return words.removeprefix("'") or None


def told(con, tables):
    """What a warehouse holds, in the words of an expectation."""
    lines = []
    for file, *counts, again in con.execute(
        "select file, rows_read, rows_aside, rows_rejected, rows_accepted, values_loaded, "
        "values_same_again from units order by file"
    ).fetchall():
        words = ("read", "aside", "rejected", "accepted", "loaded")
        account = ", ".join(f"{w} {n}" for w, n in zip(words, counts, strict=True))
        lines.append(f"{file}: {account}" + (f", same again {again}" if again else ""))
    for table, columns in tables:
        for row in con.execute(f"select {', '.join(columns)} from {table}").fetchall():
            lines.append(" | ".join("" if v is None else str(v) for v in row).strip())
    for file, line, column, rule in con.execute(
        "select s.file, s.line, r.source_column, r.rule from rejects as r join source_rows as s "
        "on s.unit_id = r.unit_id and s.row = r.source_rows[1]"
    ).fetchall():
        where = f"rejected: {file}, row {line}"
        lines += [f"{where}, column {column}: {rule}", f"{where}: {rule}"]
    return lines


def test_both_languages_are_documented():
    assert set(LANGUAGES) == set(languages())


@pytest.mark.build
@pytest.mark.parametrize("group", list(examples()))
def test_an_example_loads_as_the_document_says(group, tmp_path):
    write(tmp_path / "data", group)
    (tmp_path / "warehouse").mkdir()
    expected = next(body for _, info, body in group if "expect" in info).strip().split("\n")
    heads = [m for line in expected if (m := re.fullmatch(r"(\w+): (\w+(?: \| \w+)*)", line))]
    tables = [(head[1], head[2].split(" | ")) for head in heads]
    con = warehouse.connect(build(tmp_path / "data", tmp_path / "warehouse"))
    found = told(con, tables)
    shown = [" | ".join(p.strip() for p in line.split("|")).strip() for line in expected]
    shown = [line for line in shown if line not in {head[0] for head in heads}]
    assert [line for line in shown if line not in found] == []
    rejects = con.execute("select count(*) from rejects").fetchall()[0][0]
    rows = sum(con.execute(f"select count(*) from {table}").fetchall()[0][0] for table, _ in tables)
    files = con.execute("select count(*) from units").fetchall()[0][0]
    con.close()
    assert len(shown) == rejects + rows + files


@pytest.mark.build
@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_first_example_prints_what_the_document_shows(lang, tmp_path, capsys):
    first = [b for b in blocks(lang) if b[0] == blocks(lang)[1][0]]
    write(tmp_path / "data" / "contoh", [block for _, *block in first])
    where = ["--data", str(tmp_path / "data"), "--warehouse", str(tmp_path / "warehouse")]
    assert main(["--city", "contoh", "--lang", lang, *where]) == 0
    printed = re.sub(r"[0-9a-f]{16}", "…", capsys.readouterr().out)
    shown = next(body for _, _, info, body in first if "printed" in info)
    assert [line.split() for line in shown.split("\n")] == [
        line.split() for line in printed.split("\n")
    ]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_helper_gives_what_the_document_says(lang):
    told = re.findall(r"`(\w+\([^`]*\))` → `([^`]*)`", document(lang).replace(r"\|", "|"))
    with duckdb.connect() as con:
        con.execute(macros())
        given = [con.execute(f"select ({call})::varchar").fetchall()[0][0] for call, _ in told]
    assert len(told) > 50
    assert [(c, "null" if g is None else g) for (c, _), g in zip(told, given, strict=True)] == told


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_helper_is_documented_unless_only_helpers_use_it(lang):
    text = (HERE / "recipe" / "macros.sql").read_text(encoding="utf-8")
    helpers = re.findall(r"^create macro (\w+)", text, re.M)
    used = {name for name in helpers if len(re.findall(rf"\b{name}\(", text)) > 1}
    known = document(lang)
    assert [name for name in helpers if name not in used and f"`{name}(" not in known] == []


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_key_of_a_sidecar_is_documented(lang):
    keys = [*keys_of("dataset"), *keys_of("dataset", "read"), *keys_of("dataset", "source")]
    keys += [*BASES, *keys_of("city"), *keys_of("city", "ruling_target")]
    found = document(lang)
    assert [key for key in keys if not re.search(rf"(`|^)\[?{key}\b", found, re.M)] == []


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_reference_is_as_its_command_makes_it(lang):
    written = (DOCS / f"reference.{lang}.md").read_text(encoding="utf-8")
    assert written == reference.document(lang), "run: python docs/reference.py"


@pytest.mark.parametrize("name", list(contracts()))
def test_the_reference_has_every_column_and_rule_that_a_contract_states(name):
    contract, page = contracts()[name], reference.document("en")
    part = page.split(f"## `{name}`\n")[1].split("\n## ")[0]
    columns = re.findall(r"^\| `(\w+)` \| ([A-Z0-9(,)]+) \| (yes)? *\|", part, re.M)
    assert [(n, kind, bool(must)) for n, kind, must in columns] == [
        (c.name, c.type, c.required) for c in contract.columns
    ]
    rules = re.findall(r"^- Rule: `(.+?)`: \w", part, re.M)
    assert rules == [check.expression for check in contract.checks]
    assert f"- Key: {', '.join(f'`{column}`' for column in contract.key)}\n" in part
    listed = re.findall(r"^- Listed: `(\w+)` in `(\w+)`", part, re.M)
    assert listed == [(r.column, r.table) for r in contract.references]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_check_is_documented_with_its_severity_and_mark(lang):
    metas = {p.stem: header(p.read_text("utf-8")) for p in (HERE / "checks").glob("*.sql")}
    rows = {
        f"| `{name}` | `{m['severity']}` | {text(lang)('mark.' + m['marks'])} |"
        for name, m in metas.items()
    }
    assert {row for row in rows if row not in document(lang)} == set()
    assert all(f"`{key}`" in document(lang) for key in KEYS_OF_ACCEPTED)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_status_is_documented_with_its_word(lang):
    with (HERE / "sources" / "obs_status.csv").open(encoding="utf-8") as file:
        statuses = [row["obs_status"] for row in csv.DictReader(file)]
    found = document(lang)
    rows = [f"| `{status}` | {text(lang)(f'obs_status.{status}')} |" for status in statuses]
    assert [row for row in rows if row not in found] == []


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_message_is_quoted_as_it_is_printed(lang):
    catalogue = (LOCALES / lang / "LC_MESSAGES" / "messages.po").read_text(encoding="utf-8")
    said = re.findall(r'^msgid "(?:refusal|rule)\..*\nmsgstr "(.*)"$', catalogue, re.M)
    said = {re.sub(r"\{\w+\}", "…", words.replace(r"\"", '"')) for words in said}
    quoted = re.findall(r"^\| “(.+?)” \|", document(lang), re.M)
    assert len(quoted) > 15
    assert [words for words in quoted if words not in said] == []


def test_the_languages_have_the_same_parts():
    levels = [
        [m[1] for line in document(lang).split("\n") if (m := HEADING.match(line))]
        for lang in LANGUAGES
    ]
    code = [
        [
            (kind, info, body if "file" in info or "expect" in info else "")
            for _, kind, info, body in blocks(lang)
        ]
        for lang in LANGUAGES
    ]
    rows = [len(re.findall(r"^\|", document(lang), re.M)) for lang in LANGUAGES]
    assert all(part == levels[0] for part in levels)
    assert all(part == code[0] for part in code)
    assert all(part == rows[0] for part in rows)


def test_the_names_of_contributing_are_those_of_the_code():
    page = (DOCS.parent / "CONTRIBUTING.md").read_text(encoding="utf-8")
    paths = re.findall(r"\b(?:etl|kpi|ui|tests)/[\w./]*\w", page)
    assert [path for path in paths if not (DOCS.parent / path).exists()] == []
    names = re.findall(r"`((?:etl|kpi)\.[\w.]+)`", page)
    assert len(names) > 10 and all(pkgutil.resolve_name(name) for name in names)
