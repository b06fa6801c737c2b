"""Rows of text to typed values: named, set aside, mapped or reshaped, cast, checked; all set-wise.

    Rows -> rows_ (every row) -> raw (candidates) -> made (contract columns as text) -> typed
                                                                  rejects_ (broken values)

The steps are temp tables of one connection. No figure is changed to fit: a text that is not plainly
of a column's type is rejected with its text.
"""

import json
import re
from contextlib import suppress
from fnmatch import fnmatch
from pathlib import Path

import duckdb

from etl.contract import literal, quoted
from etl.problem import Refused
from etl.read.rows import OWN, Rows
from etl.recipe.dataset import BASES, Dataset
from etl.recipe.personal import refuse_values
from etl.recipe.sql import columns_in, guarded_cast, names_of, nodes, unmarked

# columns that may be stated row by row, in every contract
EXTRA = {"published_at": "DATE", "published_at_basis": "VARCHAR"}


def make(
    con: duckdb.DuckDBPyConnection, dataset: Dataset, rows: Rows, row: str = "row_number() over ()"
) -> dict:
    """Leaves the temp tables rows_, typed and rejects_ of Rows; the account of them as a dict.

    row: SQL over Rows of the number that is a row's identity. Refused where the recipe does not
    fit the rows, or where they hold personal data.
    """
    columns = rows.columns
    _source_rows(con, dataset, rows, columns, row)
    try:
        made_by, read = _made(con, dataset, columns)
        _refuse_columns(dataset, rows, read)
        _typed(con, dataset.contract, made_by)
    except duckdb.Error as error:
        raise _recipe_refused(con, dataset, error, columns) from error
    finally:
        for name in dataset.read.get("lookups", {}):
            con.execute(f"drop view if exists {name}")
    rows_read, rows_aside = con.sql("select count(*), count(_aside) from rows_").fetchall()[0]
    values, good = con.sql(
        "select count(*), count(*) filter (_broken is null) from typed"
    ).fetchall()[0]
    return {
        "rows_read": rows_read,
        "rows_aside": rows_aside,
        "headings": rows.headings,
        "values_made": values,
        "values_good": good,
        "unread_columns": [c for c in columns if c not in read],
        "made_by": {column: ", ".join(sources) for column, sources in made_by.items()},
    }


def _refuse_columns(dataset, rows, read):
    """Refused where a column that is read stands twice, or not on every sheet and in every file."""
    for name in sorted(rows.doubled & read):
        raise Refused("doubled_column", column=name, found=", ".join(rows.columns))
    for place, columns in [] if dataset.sql else rows.parts:
        present = {c.lower() for c in columns}
        for name in sorted(c for c in read if c.lower() not in present):
            raise Refused("missing_column", column=name, found=", ".join(columns), file=place)


def _source_rows(con, dataset, rows, columns, row):
    """The table rows_ (every row, its fault, why it is set aside) and the view raw (candidates)."""
    con.register("_read", rows.table)
    texts = ", ".join(map(quoted, columns))
    con.execute(
        f"create or replace temp table rows_ as select {row} as _row, "
        f"_part, _file, _sheet, _line, null::varchar as _aside, _fault, {texts} from _read"
    )
    con.unregister("_read")
    refuse_values(con, dataset, columns)
    own = _lookups(con, dataset, rows) or columns
    blank = " and ".join(f"coalesce(strip({quoted(c)}), '') = ''" for c in columns)
    con.execute(f"update rows_ set _aside = 'blank' where _aside is null and {blank}")
    for reason, predicate in dataset.aside.items():
        columns_in(con, predicate)
        try:
            con.execute(
                f"update rows_ set _aside = ? where _aside is null and ({predicate}\n)", [reason]
            )
        except duckdb.Error as error:
            raise _recipe_refused(con, dataset, error, columns) from error
    con.execute("update rows_ set _fault = null where _aside is not null")
    con.execute(
        "create or replace temp view raw as "
        f"select _row, _file, _sheet, {', '.join(map(quoted, own))} from rows_ "
        "where _aside is null and _fault is null"
    )


def _lookups(con, dataset, rows):
    """The views of lookup files, whose rows are set aside; the columns of all other files."""
    for name, pattern in dataset.read.get("lookups", {}).items():
        files = [file for file in rows.lookups if fnmatch(file, pattern)]
        columns = list(dict.fromkeys(c for file in files for c in rows.lookups[file]))
        if not files:
            raise Refused("no_file", patterns=pattern)
        listed = ", ".join(map(literal, files))
        is_filled = " or ".join(f"strip({quoted(c)}) <> ''" for c in columns)
        con.execute(f"update rows_ set _aside = 'lookup' where _file in ({listed})")
        con.execute(
            f"create or replace temp view {name} as select {', '.join(map(quoted, columns))} "
            f"from rows_ where _file in ({listed}) and ({is_filled})"
        )
    others = [names for place, names in rows.parts if not place.startswith(tuple(rows.lookups))]
    main = {name.lower() for names in others for name in names}
    return [c for c in rows.columns if c.lower() in main] if rows.lookups else []


def _made(con, dataset, columns):
    """The temp table made, every contract column as text.

    ({contract column: source columns}, those of the source's columns that the recipe reads).
    """
    base, made_by, col = expressions(con, dataset)
    source = "reshaped" if dataset.sql else "raw"
    # under names of our own first: else `visits` in a later expression could mean the one made here
    made = ", ".join(f"{sql}::varchar as _made_{name}" for name, sql in base.items())
    renamed = ", ".join(f"_made_{name} as {name}" for name in base)
    derived = ", ".join(
        f"coalesce(nullif(strip({name}), ''), ({expression})::varchar) as {name}"
        for name, expression in dataset.contract.defaults.items()
    )
    derived = f" replace ({derived})" if derived else ""
    making = (
        f"select *{derived} from (select {renamed}, _rows, _col from (select {made}, "
        f"{_as_list(con, source)} as _rows, {col}::varchar as _col from {source}))"
    )
    con.execute(f"create or replace temp table made as {making}")
    if dataset.sql:
        _refuse_other_rows(con, dataset)
    return made_by, _read_columns(con, dataset, columns, making)


def _refuse_other_rows(con, dataset):
    """Refused where a reshape made a value of no row, or of one that is set aside or faulty."""
    found = con.sql(
        "select r._line from (select unnest(if(len(_rows) > 0, _rows, [null])) as _of from made) "
        "left join rows_ as r on r._row = _of "
        "where r._row is null or r._aside is not null or r._fault is not null limit 1"
    ).fetchall()
    if found:
        line = found[0][0]
        raise Refused("reads_other_rows", sidecar=f"{dataset.name}.sql", line=line or "–")


def expressions(
    con: duckdb.DuckDBPyConnection, dataset: Dataset
) -> tuple[dict[str, str], dict[str, list[str]], str]:
    """({contract column: SQL of its text}, {contract column: source columns}, SQL of _col).

    The SQL reads the view raw, or the view reshaped, which it makes where there is a reshape.
    Refused where a column that must be given is not.
    """
    contract = dataset.contract
    names = [name for name, *_ in _columns(contract)]
    if dataset.sql:
        texts, col = _reshaped(con, dataset, names)
        made_by = {}
    else:
        available = {name.lower() for name in names_of(con, "raw")} - {*dataset.set}
        texts = dataset.map or {n: quoted(n) for n in names if n in available}
        made_by = {column: columns_in(con, expression) for column, expression in texts.items()}
        col = "null"
    constants = _constants(dataset, texts)
    plain = {c.name: c.default for c in contract.columns if c.default}
    base = {name: f"({plain.get(name, 'null')})" for name in names}
    base |= {name: f"({expression}\n)" for name, expression in texts.items()}  # may end in --
    base |= {name: literal(value) for name, value in constants.items()}
    _all_required_given(contract, {*texts, *constants, *plain, *contract.defaults})
    return base, made_by, col


def _columns(contract):
    """(name, type, whether it must be given, its default) of the columns that are made."""
    columns = [(c.name, c.type, c.required, c.default) for c in contract.columns]
    if contract.kind == "event":
        return columns
    extra = [(name, kind, False, None) for name, kind in EXTRA.items()]
    return columns + [column for column in extra if column[0] not in contract.names]


def _constants(dataset, texts):
    """{contract column: value} of [set], and the series, which is the producer's where none is."""
    constants = {k: v for k, v in dataset.set.items() if k not in texts}
    series = next((c for c in dataset.contract.columns if c.name == "series"), None)
    if series and not series.default and "series" not in texts:
        constants.setdefault("series", dataset.source.get("producer", dataset.name))
    return constants


def _reshaped(con, dataset, names):
    """The view reshaped; ({contract column: SQL}, SQL of _col)."""
    statements = con.extract_statements(dataset.sql)
    if [statement.type for statement in statements] != [duckdb.StatementType.SELECT]:
        raise Refused("no_single_select", sidecar=f"{dataset.name}.sql")
    con.execute(f"create or replace temp view reshaped as {dataset.sql}")
    given = names_of(con, "reshaped")
    for name in given:
        if name not in (*names, "_row", "_col"):
            raise Refused(
                "unknown_contract_column",
                sidecar=f"{dataset.name}.sql",
                part="select",
                column=name,
                known=", ".join(names),
            )
    if "_row" not in given:
        raise Refused("no_row_column", sidecar=f"{dataset.name}.sql")
    texts = {name: quoted(name) for name in given if name not in ("_row", "_col")}
    return texts, "_col" if "_col" in given else "null"


def _all_required_given(contract, given):
    lacking = [c.name for c in contract.columns if c.required and c.name not in given]
    if lacking:
        raise Refused(
            "contract_column_not_given", contract=contract.name, columns=", ".join(lacking)
        )


def _as_list(con, source):
    kinds = {name: kind for name, kind, *_ in con.sql(f"describe {source}").fetchall()}
    return "_row" if kinds["_row"].endswith("[]") else "[_row]"


def _typed(con, contract, made_by):
    """The temp table typed: made, cast and checked; _broken is the first broken rule or null."""
    texts, casts, faults = [], [], []
    for name, kind, required, default in _columns(contract):
        text = f"{name}__text"
        texts.append(f"coalesce(nullif(strip({name}), ''), {default or 'null'}) as {text}")
        cast, rule = guarded_cast(kind, text)
        casts.append(f"{cast} as {name}")
        if rule:
            faults.append((f"{text} is not null and {name} is null", rule, [name]))
        if name == "published_at_basis":
            faults.append((f"{name} not in {BASES}", "'unknown_basis'", [name]))
        if required:
            faults.append((f"{name} is null", "'missing_value'", [name]))
    for check in contract.checks:
        rule = literal(f"{contract.name}: {check.expression}")
        faults.append((f"not {check.expression}", rule, list(check.columns)))
    broken = " ".join(f"when {fault} then {index}" for index, (fault, _, _) in enumerate(faults))
    con.execute(
        f"create or replace temp table typed as select *, case {broken} end as _broken from ("
        f"select *, {', '.join(casts)} from ("
        f"select {', '.join(texts)}, _rows, _col, row_number() over () as _value from made))"
    )
    _rejects(con, faults, made_by)


def _rejects(con, faults, made_by):
    """The temp table rejects_: a row for each value that broke a rule, with text and columns."""
    found = con.execute("select distinct _broken from typed where _broken is not null").fetchall()
    parts = []
    for (index,) in sorted(found):  # most files break few of the rules, and each takes its time
        _, rule, columns = faults[index]
        sources = ", ".join(dict.fromkeys(s for c in columns for s in made_by.get(c, [])))
        texts = "to_json({" + ", ".join(f"'{c}': {c}__text" for c in columns) + "})::varchar"
        parts.append(
            f"select _rows, coalesce(_col, {literal(sources)}) as source_column, "
            f"{literal(', '.join(columns))} as contract_column, "
            f"{unmarked(f'{columns[0]}__text')} as text, "
            f"{rule} as rule, {texts} as params from typed where _broken = {index}"
        )
    parts.append("select [_row], '', '', null, _fault, '{}' from rows_ where _fault is not null")
    parts.append(
        "select [_row], '', '', null, 'nothing_made', '{}' from raw "
        "where _row not in (select unnest(list_filter(_rows, lambda r: r is not null)) from typed)"
    )
    con.execute(
        f"create or replace temp table rejects_ as from ({' union all '.join(parts)}) "
        "as r(_rows, source_column, contract_column, text, rule, params)"
    )


def queries(con: duckdb.DuckDBPyConnection) -> dict[str, str]:
    """{name of a Parquet file: SQL}: values, rejects and rows with their fate, in this order."""
    kept = [
        c
        for c in names_of(con, "typed")
        if not c.endswith("__text") and c not in ("_broken", "_value")
    ]
    cells = [quoted(c) for c in names_of(con, "rows_") if c not in OWN]
    return {
        "values": f"select {', '.join(kept)} from typed where _broken is null order by _value",
        "rejects": "from rejects_ order by _rows[1]",
        "rows": "select _row, _part, _sheet, _line, _aside, "
        f"[{', '.join(map(unmarked, cells))}] as cells from rows_ order by _row",
    }


def write(con: duckdb.DuckDBPyConnection, folder: Path, values: str = "values") -> None:
    """Writes what `make` left into a folder as Parquet, the values under a name."""
    for name, query in queries(con).items():
        path = literal(folder / f"{values if name == 'values' else name}.parquet")
        options = (
            "format parquet, parquet_version v2, use_tmp_file false"  # no other name is allowed
        )
        con.execute(f"copy ({query}) to {path} ({options})")


def _read_columns(con, dataset, columns, making):
    """The source columns that the recipe reads: its plan scans them, or [aside] names them."""
    plan = json.loads(con.execute(f"explain (format json) {making}").fetchall()[0][1])
    used = {column for predicate in dataset.aside.values() for column in columns_in(con, predicate)}
    for node in nodes(plan):
        scan = node.get("extra_info", {}) if node.get("name", "").strip() == "SEQ_SCAN" else {}
        if "rows_" in scan.get("Table", ""):
            read = scan.get("Projections", [])
            used.update([read] if isinstance(read, str) else read)
    lower = {name.lower() for name in used}
    return {c for c in columns if c.lower() in lower}


def _recipe_refused(con, dataset, error, columns):
    """What DuckDB says of a recipe as a refusal, which names the cell where one cannot be read.

    That there was no memory left is told with the limit where that is known (etl/read/fence.py).
    """
    if isinstance(error, duckdb.OutOfMemoryException):
        raise error
    missing = re.search(r'column "([^"]+)" not found', str(error))
    if missing:
        return Refused("missing_column", column=missing[1], found=", ".join(columns))
    if isinstance(error, (duckdb.ConversionException, duckdb.InvalidInputException)):
        with suppress(duckdb.Error):
            if cell := _unread_cell(con, dataset, str(error), columns):
                file, line, column = cell
                return Refused("cell_not_converted", file=file, line=line, column=column)
    message = re.sub(r"""(["']).*?\1""", "'…'", str(error).split("\n")[0])  # a cell, maybe
    return Refused("recipe_fails", error=message)


def _unread_cell(con, dataset, error, columns):
    """(file, line, column) of the first cell that an error of DuckDB speaks of, or None.

    It is looked for by its text; where the recipe changed that first, by the expressions of [map].
    """
    named = re.search(r"from source column (\S+)", error)
    likely = [c for c in columns if named and c.lower() == named[1].lower()] or columns
    texts = [text for _, text in re.findall(r"""(["'])(.*?)\1""", error)]
    tests = {c: f"list_contains(?::varchar[], strip({quoted(c)}))" for c in likely}
    found = [(column, test, [texts]) for column, test in tests.items()]
    for expression in dataset.map.values():
        for column in columns_in(con, expression)[:1]:
            test = f"try(coalesce(({expression})::varchar, '')) is null"
            found.append((column, test, []))
    for column, test, parameters in found:
        rows = con.execute(
            "select _file, _sheet, _line from rows_ "
            f"where _aside is null and _fault is null and ({test}) order by _row limit 1",
            parameters,
        ).fetchall()
        if rows:
            file, sheet, line = rows[0]
            return f"{file} [{sheet}]" if sheet else file, line, column
    return None
