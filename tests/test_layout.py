"""The layout holds: imports point one way, SQL stays where it belongs, every code has its words."""

import ast
import re
from pathlib import Path
from string import Formatter

import pytest
from radon.complexity import cc_visit

import kpi
from etl.contract import contracts, header
from etl.recipe import guest
from ui.kit import glossary
from ui.kit.glossary import CODES
from ui.kit.text import languages, text

ROOT = Path(__file__).parents[1]
PACKAGES = ("etl", "kpi", "ui", "pages", "tools", "tests", "bench")
PYTHON = sorted(
    [*ROOT.glob("*.py"), *(p for package in PACKAGES for p in (ROOT / package).rglob("*.py"))]
)
TREES = {p.relative_to(ROOT).as_posix(): ast.parse(p.read_text(encoding="utf-8")) for p in PYTHON}
TOOLS = {name: tree for name, tree in TREES.items() if name.startswith("tools/")}
ETL = {name: tree for name, tree in TREES.items() if name.startswith("etl/")}


def imports(tree):
    """The dotted names of all modules that a file imports; `from a import b` gives a and a.b."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        if isinstance(node, ast.ImportFrom):
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def importers(*modules, within=""):
    """The files below `within`, without tests, that import one of the modules or a part of it."""
    return {
        name
        for name, tree in TREES.items()
        if name.startswith(within) and not name.startswith(("tests/", "bench/"))
        for module in modules
        if any(f"{i}.".startswith(f"{module}.") for i in imports(tree))
    }


def test_etl_imports_no_other_package_but_the_words_to_print():
    assert importers("kpi", "pages", "ui", "tools", within="etl/") == {"etl/__main__.py"}
    main = {i for i in imports(TREES["etl/__main__.py"]) if i.split(".")[0] in ("ui", "kpi")}
    assert all(f"{i}.".startswith("ui.kit.text.") for i in main)


def test_words_need_no_streamlit():
    assert "ui/kit/text.py" not in importers("streamlit")


def test_kpi_knows_of_etl_only_warehouses_the_checks_and_how_a_guests_file_is_read():
    of_etl = {
        (name, i)
        for name, tree in TREES.items()
        if name.startswith("kpi/")
        for i in imports(tree)
        if i.split(".")[0] == "etl" and i != "etl" and not f"{i}.".startswith("etl.warehouse.")
    }
    guest = {("kpi/guest.py", "etl.recipe"), ("kpi/guest.py", "etl.recipe.guest")}
    assert of_etl == {*guest, ("kpi/reading.py", "etl.findings")}


@pytest.mark.parametrize("package", ["etl"])
def test_who_looks_for_a_topic_finds_it_among_fifteen_entries(package):
    entries = [p for p in (ROOT / package).iterdir() if p.name != "__pycache__"]
    assert len(entries) <= 15


def test_what_reads_bytes_knows_no_recipe_and_a_recipe_no_warehouse():
    above = importers("etl.recipe", "etl.load", "etl.cli", within="etl/read/")
    assert above == {"etl/read/fence.py"}  # the child, which has what nearly every job needs
    assert importers("etl.load", "etl.cli", "etl.warehouse", within="etl/recipe/") == set()
    assert importers("etl.cli", within="etl/load/") == set()


HOUSED = ("etl/", "kpi/", "tools/", "ui/", "pages/")  # what the two limits hold for
LONG = {  # still to be split
    "kpi/outlook.py",
    "ui/export/contents.py",
    "ui/kit/frame.py",
    "ui/kit/sentences.py",
    "ui/visits/plots.py",
}
WINDING = {
    "kpi/outlook.py outlook",
    "ui/data/letters.py of_all",
    "ui/export/contents.py _condition",
    "ui/export/contents.py _honest",
    "ui/export/contents.py _places",
    "ui/export/lkjip.py _cells",
    "ui/kit/charts.py histories",
    "ui/kit/maps.py area_map",
    "ui/visits/filters.py visits",
    "ui/visits/plots.py _line",
    "ui/visits/plots.py course",
    "ui/visits/plots.py heat",
    "ui/visits/plots.py years",
}


@pytest.mark.parametrize("name", [n for n in TREES if n.startswith(HOUSED) and n not in LONG])
def test_a_module_has_less_than_400_lines(name):
    assert len((ROOT / name).read_text(encoding="utf-8").splitlines()) < 400


@pytest.mark.parametrize("name", [n for n in TREES if n.startswith(HOUSED)])
def test_a_function_has_at_most_fifteen_ways_through_it(name):
    blocks = cc_visit((ROOT / name).read_text(encoding="utf-8"))
    parts = [part for block in blocks for part in (block, *getattr(block, "methods", ()))]
    winding = {f"{name} {p.name}" for p in parts if p.letter != "C" and p.complexity > 15}
    assert winding <= WINDING


def test_the_simulation_is_a_tool_that_no_figure_needs():
    assert {n for n in importers("tools") if not n.startswith("tools/")} == {"etl/__main__.py"}


def test_kpi_imports_neither_ui_nor_pages():
    assert importers("ui", "pages", within="kpi/") == set()


def test_ui_asks_for_figures_only_to_export_them():
    asking = {
        name
        for name in importers("kpi", within="ui/")
        if not name.startswith("ui/export")
        and any(
            i.split(".")[0] == "kpi" and not i.startswith(("kpi.lineage", "kpi.simulated"))
            for i in imports(TREES[name])
        )
    }
    assert asking == {"ui/warm.py"}  # all others name figures at most, by their addresses
    assert {i for i in imports(TREES["ui/warm.py"]) if i.split(".")[0] == "kpi"} == {
        "kpi",
        "kpi.serving",  # which version is read, no figure
    }
    assert importers("etl", "pages", within="ui/") == set()


def test_sql_of_more_than_ten_lines_is_a_file():
    long = [
        f"{name}:{node.lineno}"
        for name, tree in TREES.items()
        if name.startswith(("etl/", "kpi/"))
        for node in ast.walk(tree)
        if isinstance(node, ast.JoinedStr | ast.Constant)
        and node.end_lineno - node.lineno > 11
        and re.search(r"\b(select|update)\s", ast.unparse(node)[:400])
    ]
    assert long == []


def test_one_mart_says_what_counts_of_visits_may_be_added_up():
    queries = [*(ROOT / "etl").rglob("*.sql"), *(ROOT / "kpi").rglob("*.sql")]
    reads = re.compile(r"(from|join) visits_merged\b")
    assert [p.stem for p in queries if reads.search(p.read_text("utf-8"))] == ["visits_countable"]


def test_one_place_says_what_is_simulated():
    queries = [*(ROOT / "etl").rglob("*.sql"), *(ROOT / "kpi").rglob("*.sql")]
    told = [path.name for path in queries if "'simulated:" in path.read_text(encoding="utf-8")]
    assert told == ["known.sql"]
    prefixed = {
        name
        for name, tree in TREES.items()
        if name.startswith(("etl/", "kpi/", "ui/"))
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and node.value == "simulated:"
    }
    assert prefixed == {"kpi/simulated.py"}


def test_pages_import_neither_etl_nor_duckdb():
    assert importers("etl", "duckdb", within="pages/") == set()


def test_streamlit_stays_in_dashboard_pages_and_ui():
    allowed = ("dashboard.py", "pages/", "ui/")
    assert {name for name in importers("streamlit") if not name.startswith(allowed)} == set()


SPEAKING = re.compile(  # what Streamlit reads Markdown in
    "title|header|subheader|caption|write|markdown|info|warning|error|success|toast|metric|tabs|"
    "expander|popover|spinner|status|button|download_button|link_button|page_link|checkbox|toggle|"
    "radio|pills|selectbox|multiselect|segmented_control|number_input|date_input|time_input|"
    "text_input|text_area|slider|select_slider|file_uploader|badge|form_submit_button|dialog"
)


@pytest.mark.parametrize("name", [n for n in TREES if n.startswith(("dashboard", "pages/", "ui/"))])
def test_texts_reach_what_reads_markdown_by_ui_plain_alone(name):
    if name == "ui/kit/plain.py" or name.startswith("ui/export/"):
        return
    nodes = list(ast.walk(TREES[name]))
    brought = [n for n in nodes if isinstance(n, ast.Import | ast.ImportFrom)]
    modules = {a.asname or a.name for n in brought for a in n.names} - {"st"}
    calls = [n.func for n in nodes if isinstance(n, ast.Call)]
    spoken = [
        (call.value.id, call.attr)
        for call in calls
        if isinstance(call, ast.Attribute) and isinstance(call.value, ast.Name)
        if SPEAKING.fullmatch(call.attr) and call.value.id not in modules
    ]
    # ui/frame.html: HTML, whose texts ui/kit/cards.py and the like have escaped
    assert spoken == ([("st", "markdown")] if name == "ui/kit/frame.py" else [])


def test_duckdb_stays_in_etl_and_kpi():
    assert {name for name in importers("duckdb") if not name.startswith(("etl/", "kpi/"))} == set()


def test_a_warehouse_is_read_by_cursors_since_its_connection_answers_one_query_at_a_time():
    functions = [node for node in TREES["kpi/reading.py"].body if isinstance(node, ast.FunctionDef)]
    names = {f.name: {n.id for n in ast.walk(f) if isinstance(n, ast.Name)} for f in functions}
    assert [name for name, used in names.items() if "database" in used] == ["cursor"]


@pytest.mark.parametrize("name", [name for name in TREES if name.startswith("pages/")])
def test_a_page_holds_no_sql_and_joins_no_tables(name):
    nodes = list(ast.walk(TREES[name]))
    texts = [n.value for n in nodes if isinstance(n, ast.Constant) and isinstance(n.value, str)]
    assert not [t for t in texts if re.search(r"(?is)\bselect\b.+\bfrom\b", t)]
    called = {n.attr for n in nodes if isinstance(n, ast.Attribute)}
    assert not called & {"groupby", "merge", "pivot_table"}


def test_no_page_lies_straight_in_pages():
    assert list((ROOT / "pages").glob("*.py")) == []


def test_the_code_names_no_city():
    code = [p for p in ROOT.rglob("*") if p.suffix in (".py", ".sql")]
    parts = [(p, p.relative_to(ROOT).parts) for p in code]
    named = [
        p.relative_to(ROOT).as_posix()
        for p, (top, *_) in parts
        if top not in ("data", "tests", "bench", "warehouse") and not top.startswith(".")
        if "cirebon" in p.read_text(encoding="utf-8").lower()
    ]
    assert named == []


# words


def messages(lang):
    """{code: sentence} of a catalogue, one of its forms where it has several."""
    said = text(lang)._messages._catalog.items()
    return {code if isinstance(code, str) else code[0]: words for code, words in said if code}


def placeholders(sentence):
    """The names in braces of a sentence."""
    return {name for _, name, _, _ in Formatter().parse(sentence) if name}


def raised():
    """[(code, parameters)] of every Refused("code", parameter=...) in etl/ and tools/."""
    for tree in [*ETL.values(), *TOOLS.values()]:
        for node in ast.walk(tree):
            is_refusal = isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Refused"
            if is_refusal and isinstance(node.args[0], ast.Constant):  # not one that is passed on
                yield node.args[0].value, {keyword.arg for keyword in node.keywords}


def quoted():
    """Every word that stands in single quotes in a string or a statement of etl/."""
    for path in (ROOT / "etl" / "load" / "statements").glob("*.sql"):
        yield from re.findall(r"'(\w+)'", path.read_text(encoding="utf-8"))
    for tree in ETL.values():
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield node.value
                yield from re.findall(r"'(\w+)'", node.value)


CONTRACTS = [*contracts().values(), guest.contract()]
RULES = [f"{c.name}: {check.expression}" for c in CONTRACTS for check in c.checks]


def is_of_header(code):
    """Whether a code is of a field of a KPI's header, whose own language needs no catalogue."""
    return code.startswith("kpi.") and code.count(".") == 2


def test_every_catalogue_has_the_same_codes():
    codes = [{c for c in messages(lang) if not is_of_header(c)} for lang in languages()]
    assert all(some == codes[0] for some in codes)


@pytest.mark.parametrize("lang", languages())
def test_every_field_of_every_kpi_is_worded_but_in_the_language_of_the_headers(lang):
    fields = {f"kpi.{name}.{field}" for name in kpi.metadata() for field in glossary.SENTENCES}
    said = {code for code in messages(lang) if is_of_header(code)}
    assert said == (set() if lang == glossary.LANGUAGE else fields)
    codes = {f"{space}.{h[f]}" for h in kpi.metadata().values() for f, space in CODES.items()}
    assert [c for c in codes if not text(lang).has(c)] == []


@pytest.mark.parametrize("lang", languages())
def test_every_sentence_has_the_placeholders_of_the_first_language(lang):
    first = messages(languages()[0])
    assert [c for c in first if is_of_header(c) and placeholders(first[c])] == []
    differing = [k for k, v in messages(lang).items() if placeholders(v) != placeholders(first[k])]
    assert differing == []


@pytest.mark.parametrize("lang", languages())
@pytest.mark.parametrize("rule", RULES)
def test_every_rule_of_a_contract_has_words(lang, rule):
    assert text(lang).has(f"rule.{rule}")


@pytest.mark.parametrize("lang", languages())
@pytest.mark.parametrize("code, parameters", list(raised()))
def test_every_refusal_has_words_with_no_other_parameters(lang, code, parameters):
    assert text(lang).has(f"refusal.{code}")
    assert placeholders(messages(lang)[f"refusal.{code}"]) <= parameters | {"file"}


@pytest.mark.parametrize("lang", languages())
def test_no_words_are_left_of_rules_and_refusals_that_are_gone(lang):
    said = {k for k in messages(lang) if k.startswith(("rule.", "refusal."))}
    words = set(quoted())
    known = {f"rule.{rule}" for rule in RULES} | {f"refusal.{code}" for code, _ in raised()}
    known |= {f"rule.{word}" for word in words} | {f"rule.{word}_near" for word in words}
    known |= {f"refusal.{word}" for word in guest.WORDED.values()}
    assert said - known == set()


@pytest.mark.parametrize("lang", languages())
@pytest.mark.parametrize(
    "path", sorted((ROOT / "etl" / "checks").glob("*.sql")), ids=lambda p: p.stem
)
def test_every_check_and_its_mark_have_words(lang, path):
    meta = header(path.read_text(encoding="utf-8"))
    assert text(lang).has(f"check.{path.stem}") and text(lang).has(f"mark.{meta['marks']}")


@pytest.mark.parametrize("path", [p for p in PYTHON if p.is_relative_to(ROOT / "etl")], ids=str)
def test_every_public_function_of_etl_says_what_it_is(path):
    tree = TREES[path.relative_to(ROOT).as_posix()]
    kinds = (ast.FunctionDef, ast.ClassDef)
    parts = [n for top in tree.body for n in (top, *getattr(top, "body", ()))]
    functions = {id(n) for top in tree.body if isinstance(top, kinds[0]) for n in top.body}
    public = [n for n in parts if isinstance(n, kinds) and n.name[0] != "_"]
    lacking = [n.name for n in public if id(n) not in functions and not ast.get_docstring(n)]
    assert lacking == []


def test_every_decision_has_a_day_and_a_status_and_stands_in_the_index():
    index, entries = (ROOT / "DECISIONS.md").read_text("utf-8").split("## The decisions\n")
    titles = re.findall(r"^### (.+)$", entries, re.M)
    links = [re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles]
    dated = r"^### .+\n\n\d{4}-\d\d-\d\d, (?:holds|replaced by \[.+\]\(#(.+?)\))\. "
    replacing = re.findall(dated, entries, re.M)
    assert len(replacing) == len(titles) == len(set(titles))
    assert sorted(re.findall(r"^- \[.+\]\(#(.+?)\)", index, re.M)) == sorted(links)
    assert {link for link in replacing if link} <= set(links)
