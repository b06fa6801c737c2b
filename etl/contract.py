"""The contracts: etl/sources/<source>.sql read back as columns, rules, key and references.

The `create table` is the contract. DuckDB parses it; types, not-nulls, checks and key are read from
its catalogue (duckdb_columns, duckdb_constraints), so nothing is stated twice. Every rule in a
contract rejects; a rule that only reports is a query in etl/checks/.
"""

import tomllib
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import duckdb

HERE = Path(__file__).parent
Settings = dict[str, str | bool | int | float | list[str]]  # of a connection of DuckDB
MACROS = ("recipe/macros.sql", "load/statements/known.sql")
HEADINGS = {
    "address": "document_address"
}  # in a template; "address" alone is refused as a person's


@dataclass(frozen=True)
class Column:
    """A contract column: DuckDB type, whether it must be given, its default and its comment."""

    name: str
    type: str
    required: bool
    default: str | None  # SQL text
    comment: str | None


@dataclass(frozen=True)
class Check:
    """A rule of a contract: a SQL condition, and the columns it speaks of."""

    expression: str
    columns: tuple[str, ...]


@dataclass(frozen=True)
class Reference:
    """A column whose values must be listed in a reference table, where the city has that table."""

    column: str
    table: str
    match: tuple[str, ...]  # columns that a value may name; the first is the identifier
    when: str = "true"
    name: str | None = None  # contract column with the name that the file gives beside the code


@dataclass(frozen=True)
class Contract:
    """One kind of fact or reference table."""

    name: str
    kind: str  # fact or reference
    columns: tuple[Column, ...]
    checks: tuple[Check, ...]
    key: tuple[str, ...]  # without published_at
    defaults: dict = field(hash=False)  # column -> SQL over the other columns' texts
    references: tuple[Reference, ...] = ()
    text: str = ""

    @property
    def names(self) -> list[str]:
        """The names of the columns, in the contract's order."""
        return [c.name for c in self.columns]

    @property
    def headings(self) -> list[str]:
        """The headings of the columns in an empty file to fill in (etl/cli/template.py)."""
        return [heading(name) for name in self.names]

    @property
    def values(self) -> list[str]:
        """The columns that are neither key nor name beside a code: what two rows can differ in."""
        names = {reference.name for reference in self.references}
        return [c.name for c in self.columns if c.name not in (*self.key, *names, "published_at")]


def heading(column: str) -> str:
    """The heading of a contract column in an empty file to fill in."""
    return HEADINGS.get(column, column)


def header(sql: str) -> dict:
    """The TOML block in a SQL file's leading comment, as a dict."""
    start, end = sql.index("/*") + 2, sql.index("*/")
    return tomllib.loads(sql[start:end])


def literal(value: object) -> str:
    """A value as SQL text in quotes."""
    return "'" + str(value).replace("'", "''") + "'"


def quoted(name: str) -> str:
    """A name as SQL text in double quotes."""
    return '"' + name.replace('"', '""') + '"'


def macros() -> str:
    """The SQL text of the helper macros: of recipes, and of what was known on a day."""
    return "\n".join((HERE / path).read_text("utf-8") for path in MACROS)


def statement(name: str, **fragments: object) -> str:
    """The SQL of etl/load/statements/<name>.sql with its {fragments} filled in: names of tables and
    columns of contracts, SQL made of them, values that `literal` has quoted."""
    return (HERE / "load" / "statements" / f"{name}.sql").read_text("utf-8").format_map(fragments)


@cache
def contracts() -> dict[str, Contract]:
    """Every contract by name, reference tables first."""
    found = _read(sorted((HERE / "sources").glob("*.sql")))
    return {
        c.name: c
        for c in sorted(found, key=lambda c: (c.kind == "fact", len(c.references), c.name))
    }


def read_contract(path: Path) -> Contract:
    """The Contract of one file, also where it is none of etl/sources/."""
    (contract,) = _read([path])
    return contract


def _read(paths):
    """The Contracts of files; all are asked of the catalogue at once, which is most of the work."""
    texts = {path.stem: path.read_text(encoding="utf-8") for path in paths}
    with duckdb.connect() as con:
        con.execute("\n".join([macros(), *texts.values()]))
        columns = con.sql(
            "select table_name, column_name, data_type, not is_nullable, column_default, comment "
            "from duckdb_columns() where not internal order by table_name, column_index"
        ).fetchall()
        rules = con.sql(
            "select table_name, constraint_type, expression, constraint_column_names "
            "from duckdb_constraints() order by table_name, constraint_index"
        ).fetchall()
    return [
        _of(name, text, *([row for of, *row in rows if of == name] for rows in (columns, rules)))
        for name, text in texts.items()
    ]


def _of(name, text, columns, rules):
    meta = header(text)
    key = next(names for kind, _, names in rules if kind == "PRIMARY KEY")
    return Contract(
        name=name,
        kind=meta["kind"],
        columns=tuple(
            Column(n, t, req and n != "published_at", d, c) for n, t, req, d, c in columns
        ),
        checks=tuple(
            Check(expression, tuple(dict.fromkeys(names)))
            for kind, expression, names in rules
            if kind == "CHECK"
        ),
        key=tuple(name for name in key if name != "published_at"),
        defaults=meta.get("defaults", {}),
        references=tuple(
            Reference(**{**r, "match": tuple(r["match"])}) for r in meta.get("references", [])
        ),
        text=text,
    )
