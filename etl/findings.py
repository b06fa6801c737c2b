"""The checks on the data: runs etl/checks/*.sql, names what they find, knows what was accepted.

A check is one query. Its header says contract, severity (error: proven by the file itself,
question: unusual, and asked, note), marks (how a figure is marked) and limits; a row is a finding:
value_ids (all that it speaks of), marked_ids (those that it marks), params (what it says), its own
severity where it is not that of the header and, where it speaks of files, unit_ids. Contract
"measured" reads counts and amounts of every contract (etl/measured.sql), contract "units" files;
both say in each row whose they are.

The id of a finding is made of its check and of those params that are texts or years, so it survives
a rebuild and the next figure. Its fingerprint is made of all params and of the values: an
acceptance ends when one of them changes.
"""

import json
import os
from collections.abc import Iterable
from datetime import date
from pathlib import Path

import duckdb

from etl.contract import HERE, contracts, header, statement
from etl.read.files import MOST_SMALL
from etl.recipe.toml import read_toml, schema_line, validated

ACCEPTED = "findings.toml"
KEYS = ("id", "fingerprint", "reason", "office", "until")
# the text of a value, for the fingerprint, where it is not all that two rows can differ in
VALUES = {
    "visits": "visits::varchar",
    "indicators": "value::varchar",
    "targets": "value::varchar",
    "service": "concat_ws(' ', requested_at, completed_at)",
}
MEASURED = ("visits", "indicators", "condition", "service", "tickets")
SEVERAL = ("measured", "units")  # whose rows say of which contract they are
NO_FACTS = (
    "select '' as contract, 0 as value_id, 0 as unit_id, null::date as published_at, '' as text "
    "limit 0"
)


def run(
    con: duckdb.DuckDBPyConnection, accepted: Iterable[dict] = (), into: str = "findings"
) -> None:
    """Fills the tables accepted and findings, or another one like it; what is proven is not asked.

    Finds what could be seen on the day as_of, where that is set (load/statements/known.sql).
    """
    if accepted:
        rows = [[entry[key] for key in KEYS] for entry in accepted]
        con.executemany("insert into accepted values (?, ?, ?, ?, ?)", rows)
    con.execute(f"insert into {into} by name {findings_of(con)}")
    con.execute(statement("answered", findings=into))
    for table in ("measured", "shocks", "compared", "wholes", "confirmed", "successors", "raised"):
        con.execute(f"drop table {table}")


def findings_of(con: duckdb.DuckDBPyConnection, names: set[str] | None = None) -> str:
    """SQL of the findings, rows like those of the table findings; names: of these checks, else all.

    The checks are run, each as one query into the temp table raised, which it reads: to plan what
    is told of a row costs as much as a check, so it is asked once, for the rows of all.
    """
    con.execute((HERE / "measured.sql").read_text(encoding="utf-8"))
    con.execute(statement("raised"))
    for name, sql, meta in _checks():
        if names is None or name in names:
            _raise(con, name, sql, meta)
    return _named(con)


def speaking_of(contracts: list[str]) -> set[str]:
    """The names of the checks that speak of values of contracts."""
    told = {*contracts, *(("measured",) if {*MEASURED} & {*contracts} else ())}
    return {name for name, _, meta in _checks() if meta["contract"] in told}


def _checks():
    """(name, SQL, header) of every check."""
    for path in sorted((HERE / "checks").glob("*.sql")):
        sql = path.read_text(encoding="utf-8")
        yield path.stem, sql, header(sql)


def _raise(con, name, sql, meta):
    """Adds the rows of a check to raised."""
    whose = meta["contract"] if meta["contract"] not in SEVERAL else None
    said = {"check": name, "whose": whose, **{k: meta[k] for k in ("severity", "marks")}}
    con.execute(statement("raise_findings", sql=sql), said | meta.get("limits", {}))


def _named(con):
    """SQL of the findings that the rows in raised are."""
    told = {name for (name,) in con.execute("select distinct contract from raised").fetchall()}
    facts = " union all ".join(_facts(contracts()[name]) for name in sorted(told - {"tickets"}))
    return statement("named_findings", facts=facts or NO_FACTS)


def _facts(contract):
    """SQL of the values of a contract, each with its text; of tickets there is only the account."""
    name, values = contract.name, ", ".join(f"{column}::varchar" for column in contract.values)
    text = VALUES.get(name, f"concat_ws(' ', '', {values})" if values else "''")
    return (
        f"select '{name}' as contract, value_id, unit_id, published_at, {text} as text from {name}"
    )


def read_accepted(folder: Path) -> list[dict]:
    """The entries of findings.toml in a city's folder; Refused for a wrong key or value."""
    path = folder / ACCEPTED
    stated = read_toml(path, MOST_SMALL) if os.path.lexists(path) else {}
    return validated(stated, "findings", ACCEPTED).get("accepted", [])


def accept(folder: Path, finding: dict, reason: str, office: str, until: date) -> Path:
    """The path of findings.toml, which now says who accepts a finding, why and until when.

    finding: a row of the table findings.
    """
    entries = [e for e in read_accepted(folder) if e["id"] != finding["id"]]
    named = {k: finding[k] for k in ("id", "fingerprint")}
    entries.append({**named, "reason": reason, "office": office, "until": until})
    path = folder / ACCEPTED
    text = "\n".join([schema_line("findings", folder), *map(_block, entries)])
    path.write_text(text, encoding="utf-8")
    return path


def _block(entry):
    texts = "".join(
        f"{k} = {json.dumps(v, ensure_ascii=False)}\n" for k, v in entry.items() if k != "until"
    )
    return f"[[accepted]]\n{texts}until = {entry['until']}\n"
