"""The lake: what a file yields, once per content, as Parquet named by content.

lake/<key>/ holds values.parquet (typed rows of the contract), rejects.parquet (one row a broken
value), rows.parquet (the fate of every source row) and account.json. The key hashes the files'
bytes and the recipe (how to read, map, reshape, the contract, the macros); never globs or
provenance. A large file of events is streamed (etl/stream.py): its values.parquet has all rows in
the file's order, odd.parquet those that went the usual way, and rows.parquet only these.
"""

import json
import re
import shutil
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from blake3 import blake3

from etl import stream
from etl.contract import macros
from etl.events import BY_ITSELF, heavy_marts, note_events
from etl.personal import refuse_names
from etl.problem import Refused
from etl.reader import join_rows, read_file
from etl.typed import is_row_by_row, make, named, queries, write

ENGINE = "4"  # raise when the meaning of what lies in the lake changes
RECIPE = ("read", "columns", "aside", "set", "map", "sql", "personal")  # of a Dataset
SMALL = 256 * 1024  # bytes up to which files of a dataset are loaded together
HASHED = 4 * 2**20  # bytes hashed at once
TOGETHER = 32 * 2**20  # bytes loaded together at most


@dataclass
class Yield:
    """What a unit (a file, or all files of a dataset) yielded; `folder` holds its Parquet files."""

    key: str
    folder: Path
    rows_read: int
    rows_aside: int
    headings: int
    values_made: int
    values_good: int  # values that broke no rule
    unread_columns: list
    hashes: dict  # name of a Parquet file -> hash of its content
    made_by: dict  # contract column -> the file's columns that it was mapped from
    streamed: bool = False
    fast_rows: int = 0  # of a streamed file: rows that needed no second look
    unsplit: tuple = ()  # of a streamed file: lines that have no position in values.parquet
    keys: list | None = None  # of many events: (series, lowest, highest number, whether each once)


def recipe(dataset, references):
    """The text of all that decides what a dataset's bytes become."""
    stated = {k: getattr(dataset, k) for k in RECIPE}
    text = json.dumps(stated, sort_keys=True, default=str)
    used = {name: key for name, key in references.items() if re.search(rf"\b{name}\b", text)}
    made = [text, dataset.contract.text, macros(), str(used)]
    if dataset.contract.kind == "event":
        made += [mart.sql for mart in heavy_marts(dataset.loads)]
    return "\n".join((ENGINE, duckdb.__version__, *made))


def unit_key(dataset, paths, digests, references):
    """The lake key of files with these content hashes under the dataset's recipe.

    Names count only where the recipe reads them, and the suffix, which says how to read a file.
    """
    series = dataset.source.get("producer", dataset.name)  # the default of the column series
    text = recipe(dataset, references)
    names = [p.name if re.search(r"\b(_file|lookups)\b", text) else p.suffix.lower() for p in paths]
    return blake3(repr((digests, names, series, text)).encode()).hexdigest(16)


def load(con, dataset, paths, key, lake, stamps=()):
    """The Yield of a unit of files, from the lake or made; Refused where a file cannot be used.

    `con` holds the macros and the reference tables that a reshape may read; `stamps` are the
    files' sizes and times of change when their content was hashed.
    """
    folder = lake / key
    if not _whole(folder):
        stamps = stamps or [None] * len(paths)
        try:
            with _new(lake, folder) as making:
                account = None
                if len(paths) == 1 and stream.fits(con, dataset, paths[0]):
                    account = stream.load(con, dataset, paths[0], making, stamps[0])
                if account is None:
                    account = make(con, dataset, _read(dataset, paths, stamps))
                    write(con, making)
                many = account["values_made"] >= BY_ITSELF or account.get("streamed")
                if dataset.contract.kind == "event" and many:
                    account |= note_events(con, dataset.contract, making, account.get("streamed"))
                _note(making, account)
        except Refused as refusal:
            refusal.params.setdefault("file", ", ".join(path.name for path in paths))
            raise
    return Yield(key, folder, **_account(folder))


def load_together(con, dataset, units, lake):
    """Puts what many small files of one dataset yield into the lake in one pass, where it can.

    units: [(path, key, stamp)]. What cannot be loaded with others is left to `load`, which says
    what is wrong with it.
    """
    small = [u for u in units if u[0].stat().st_size <= SMALL and not _whole(lake / u[1])]
    if len(small) < 2 or not is_row_by_row(con, dataset):
        return
    read, size = [], 0
    for path, key, stamp in small:
        try:
            read.append((key, _read(dataset, [path], [stamp])))
            size += path.stat().st_size
        except (Refused, OSError):
            continue
        if size > TOGETHER:
            _make_alike(con, dataset, read, lake)
            read, size = [], 0
    _make_alike(con, dataset, read, lake)


def _make_alike(con, dataset, read, lake):
    """Makes [(key, Rows)], those with the same columns together."""

    def columns(part):
        return part[1].columns

    for _, alike in groupby(sorted(read, key=columns), key=columns):
        _make_many(con, dataset, dict(alike), lake)


def _make_many(con, dataset, rows, lake):
    """Makes {key: Rows} at once; where one of them is refused, its half is left out."""
    parts = list(rows.values())
    try:
        account = make(con, dataset, join_rows(parts))
    except Refused:
        keys = list(rows)
        for half in (keys[: len(keys) // 2], keys[len(keys) // 2 :]):
            if len(half) > 1 and len(half) < len(keys):
                _make_many(con, dataset, {key: rows[key] for key in half}, lake)
        return
    starts = np.cumsum([1, *(part.table.num_rows for part in parts)])  # _row counts from 1
    made = con.sql("select _rows[1] from typed").to_arrow_table()[0].to_numpy()
    counts = np.bincount(np.searchsorted(starts, made, "right"), minlength=len(starts))
    tables = {name: con.sql(query).to_arrow_table() for name, query in queries(con).items()}
    bounds = {
        name: np.searchsorted(_first_rows(table), starts, "left") for name, table in tables.items()
    }
    for i, (key, part) in enumerate(rows.items()):
        with _new(lake, lake / key) as making:
            for name, table in tables.items():
                begin, end = bounds[name][i : i + 2]
                own = _renumbered(table.slice(begin, end - begin), starts[i] - 1)
                pq.write_table(own, making / f"{name}.parquet", compression="snappy")
            aside = pc.count(own["_aside"]).as_py()  # rows are the last of the tables
            counted = {"rows_read": part.table.num_rows, "rows_aside": aside}
            counted |= {"headings": part.headings, "values_made": int(counts[i + 1])}
            counted["values_good"] = int(bounds["values"][i + 1] - bounds["values"][i])
            _note(making, account | counted)


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


@contextmanager
def _new(lake, folder):
    """An empty folder that gets its name when all that belongs into it has been written.

    What a loss of power leaves of it is not waited for: it is told by its hashes and made again.
    """
    lake.mkdir(parents=True, exist_ok=True)
    making = Path(tempfile.mkdtemp(dir=lake, prefix=".making-"))
    try:
        yield making
        shutil.rmtree(folder) if folder.is_dir() else folder.unlink(missing_ok=True)
        making.rename(folder)
    finally:
        shutil.rmtree(making, ignore_errors=True)


def _note(folder, account):
    """Writes account.json: the account with the hashes of all files, and its own hash."""
    text = json.dumps(account | {"hashes": _hashes(folder)})
    noted = {"account": text, "hash": blake3(text.encode()).hexdigest(16)}
    (folder / "account.json").write_text(json.dumps(noted), encoding="utf-8")


def _account(folder):
    """The account of a lake folder; ValueError or LookupError where it is not as it was written."""
    noted = json.loads((folder / "account.json").read_text(encoding="utf-8"))
    if blake3(noted["account"].encode()).hexdigest(16) != noted["hash"]:
        raise ValueError(folder)
    return json.loads(noted["account"])


def _whole(folder):
    """Whether a lake folder still holds what was written there."""
    try:
        return _account(folder)["hashes"] == _hashes(folder)
    except (OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError):
        return False


def _hashes(folder):
    return {p.name: content_hash(p) for p in folder.glob("*.parquet")}


def content_hash(path):
    """The BLAKE3 hash of a file's content."""
    hashed = blake3()
    with path.open("rb") as file:  # not mapped: a bad disk would end the process
        while block := file.read(HASHED):
            hashed.update(block)
    return hashed.hexdigest()


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
