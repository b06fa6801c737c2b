"""What happens behind the fence: files and a recipe become Parquet, in a child (etl/read/fence.py).

    paths -> read -> named -> made, typed (etl/recipe/typed.py, stream.py) -> making/*.parquet

The connection sees no file but those, and nothing of the network; what a recipe may read are its
rows, the macros, and the reference tables that it names, which come along.
"""

from functools import lru_cache
from itertools import groupby
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from etl.contract import Settings, literal, macros
from etl.load import stream
from etl.load.events import BY_ITSELF, heavy_marts, note_events
from etl.problem import Refused, writing
from etl.read.reader import read_file
from etl.read.rows import join_rows
from etl.recipe.dataset import Dataset
from etl.recipe.names import named
from etl.recipe.personal import refuse_names
from etl.recipe.sql import OPTIMIZERS, is_row_by_row
from etl.recipe.typed import make, queries, write

TOGETHER = 32 * 2**20  # bytes loaded together at most
PARTS = ("values", "odd", "rejects", "rows")  # Parquet files of a lake folder, beside its marts
SETTINGS: Settings = {
    "memory_limit": "500MB",
    "max_temp_directory_size": "20GB",
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
    "python_enable_replacements": False,
    "disabled_optimizers": OPTIMIZERS,
}


@lru_cache(maxsize=1)
def connection(making: Path, *files: Path) -> duckdb.DuckDBPyConnection:
    """A connection that reads `files` and reads and writes Parquet in `making`, and no other file.

    Its settings are locked. The one asked for last is kept, since the macros take 30 ms.
    """
    marts = [f"mart_{mart.name}" for mart in heavy_marts()]
    allowed = [*files, *(making / f"{name}.parquet" for name in (*PARTS, *marts))]
    con = duckdb.connect(config={**SETTINGS, "temp_directory": str(making / "spill")})
    con.execute(macros())
    con.execute(f"set allowed_paths = [{', '.join(map(literal, allowed))}]")
    con.execute("set enable_external_access = false")
    con.execute("set lock_configuration = true")
    return con


def unit(
    dataset: Dataset, files: list, references: dict[str, pa.Table], making: Path
) -> tuple[dict, list]:
    """(the account of files that are one unit, no tables); their Parquet files lie in `making`.

    files: [(path, its size and time of change or None)]; references: the reference tables that the
    recipe names. Refused where a file cannot be used.
    """
    account = None
    paths, stamps = zip(*files, strict=True)
    with writing(making):
        if stream.fits(dataset, paths):
            con = connection(making, *paths)
            account = stream.load(con, dataset, paths[0], making, stamps[0])
        if account is None:
            con = _with(connection(making), references)
            account = make(con, dataset, _read(dataset, paths, stamps))
            write(con, making)
        many = account["values_made"] >= BY_ITSELF or account.get("streamed")
        if dataset.contract.kind == "event" and many:
            account |= note_events(con, dataset.contract, making, bool(account.get("streamed")))
    return account, []


def _with(con, references):
    """The connection with these tables, so that a reshape can read them."""
    for name, table in references.items():
        con.register("_reference", table)
        con.execute(f"create or replace temp table {name} as from _reference")
        con.unregister("_reference")
    return con


def together(
    dataset: Dataset, files: list, references: dict[str, pa.Table], making: Path
) -> tuple[dict, list]:
    """({key: account} of small files that could be made at once, no tables).

    files: [(path, key, stamp)]; the Parquet files of each lie in `making`/<key>. What is refused,
    or cannot be made with others, is left out.
    """
    con = _with(connection(making), references)
    accounts: dict = {}
    if not is_row_by_row(con, dataset):
        return accounts, []
    read, size = [], 0
    with writing(making):
        for path, key, stamp in files:
            try:
                read.append((key, _read(dataset, [path], [stamp])))
                size += path.stat().st_size
            except (Refused, OSError):
                continue
            if size > TOGETHER:
                accounts |= _make_alike(con, dataset, read, making)
                read, size = [], 0
        accounts |= _make_alike(con, dataset, read, making)
    return accounts, []


def _make_alike(con, dataset, read, making):
    """{key: account} of [(key, Rows)], those with the same columns made together."""

    def columns(part):
        return part[1].columns

    accounts: dict = {}
    for _, alike in groupby(sorted(read, key=columns), key=columns):
        accounts |= _make_many(con, dataset, dict(alike), making)
    return accounts


def _make_many(con, dataset, rows, making):
    """{key: account} of {key: Rows} made at once; of a refusal only the half without it is made."""
    parts, accounts = list(rows.values()), dict[str, dict]()
    try:
        account = make(con, dataset, join_rows(parts))
    except Refused:
        keys = list(rows)
        for half in (keys[: len(keys) // 2], keys[len(keys) // 2 :]):
            if len(half) > 1 and len(half) < len(keys):
                accounts |= _make_many(con, dataset, {key: rows[key] for key in half}, making)
        return accounts
    starts = np.cumsum([1, *(part.table.num_rows for part in parts)])  # _row counts from 1
    made = con.sql("select _rows[1] from typed").to_arrow_table()[0].to_numpy()
    counts = np.bincount(np.searchsorted(starts, made, "right"), minlength=len(starts))
    tables = {name: con.sql(query).to_arrow_table() for name, query in queries(con).items()}
    bounds = {
        name: np.searchsorted(_first_rows(table), starts, "left") for name, table in tables.items()
    }
    accounts = {}
    for i, (key, part) in enumerate(rows.items()):
        (making / key).mkdir()
        for name, table in tables.items():
            begin, end = bounds[name][i : i + 2]
            own = _renumbered(table.slice(begin, end - begin), starts[i] - 1)
            pq.write_table(own, making / key / f"{name}.parquet", compression="snappy")
        aside = pc.count(own["_aside"]).as_py()  # rows are the last of the tables
        counted = {"rows_read": part.table.num_rows, "rows_aside": aside}
        counted |= {"headings": part.headings, "values_made": int(counts[i + 1])}
        counted["values_good"] = int(bounds["values"][i + 1] - bounds["values"][i])
        accounts[key] = account | counted
    return accounts


def _first_rows(table):
    if "_row" in table.column_names:
        return table["_row"].to_numpy()
    return pc.list_element(table["_rows"], 0).to_numpy() if table.num_rows else np.array([])


def _renumbered(table, before):
    """A part of a table whose rows are counted from `before` + 1, counted from 1."""
    if "_row" in table.column_names:
        at, rows = table.column_names.index("_row"), pc.subtract(table["_row"], before)
    else:
        at = table.column_names.index("_rows")
        numbers = pc.subtract(pc.list_flatten(table["_rows"]), before).combine_chunks()
        lengths = pc.list_value_length(table["_rows"]).to_numpy()
        offsets = pa.array(np.cumsum([0, *lengths]), pa.int32())
        rows = pa.ListArray.from_arrays(offsets, numbers)
    return table.set_column(at, table.column_names[at], rows)


def _read(dataset, paths, stamps):
    parts = []
    for part, (path, stamp) in enumerate(zip(paths, stamps, strict=True)):
        try:
            for sheet in _filled(dataset, read_file(path, dataset.read, stamp)):
                refuse_names(dataset, sheet.columns)
                rows = named(dataset, sheet)
                numbers = pa.repeat(part, rows.table.num_rows)
                rows.table = rows.table.append_column("_part", numbers)
                parts.append(rows)
        except Refused as refusal:
            refusal.params.setdefault("file", path.name)
            raise
    return join_rows(parts)


def _filled(dataset, sheets):
    """The Rows of a file's sheets; Refused without a row, kindly for a template yet to fill in."""
    if any(sheet.table.num_rows for sheet in sheets):
        return sheets
    if all(set(sheet.columns) == set(dataset.contract.headings) for sheet in sheets):
        raise Refused("not_filled")
    raise Refused("no_rows")
