"""The lake: what a file yields, once per content, as Parquet named by content.

lake/<key>/ holds values.parquet (typed rows of the contract), rejects.parquet (one row a broken
value), rows.parquet (the fate of every source row) and account.json. The key hashes the files'
bytes and the recipe (how to read, map, reshape, the contract, the macros); never globs or
provenance. A large file of events is streamed (etl/load/stream.py): its values.parquet has all rows
in the file's order, odd.parquet those that went the usual way, and rows.parquet only these.
"""

import json
import re
import shutil
from collections.abc import Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

import duckdb
from blake3 import blake3

from etl.contract import contracts, macros
from etl.load.events import heavy_marts
from etl.load.unit import Yield
from etl.problem import Refused
from etl.read.files import Stamp
from etl.recipe.dataset import Dataset

ENGINE = "5"  # raise when the meaning of what lies in the lake changes
RECIPE = ("read", "columns", "aside", "set", "map", "sql", "personal")  # of a Dataset
SMALL = 256 * 1024  # bytes up to which files of a dataset are loaded together
HASHED = 4 * 2**20  # bytes hashed at once
MAKING = ".making-unit"  # the one folder below the lake that the child may write into


def recipe(dataset: Dataset, references: dict[str, str]) -> str:
    """The text of all that decides what a dataset's bytes become."""
    text = _stated(dataset)
    used = {name: key for name, key in references.items() if re.search(rf"\b{name}\b", text)}
    made = [text, dataset.contract.text, macros(), str(used)]
    if dataset.contract.kind == "event":
        made += [mart.sql for mart in heavy_marts(dataset.loads)]
    return "\n".join((ENGINE, duckdb.__version__, *made))


def _stated(dataset):
    """The text of the recipe that the sidecar and the reshape state."""
    stated = {k: getattr(dataset, k) for k in RECIPE}
    return json.dumps(stated, sort_keys=True, default=str)


def unit_key(
    dataset: Dataset, paths: list[Path], digests: list[str], references: dict[str, str]
) -> str:
    """The lake key of files with these content hashes under the dataset's recipe.

    Names count only where the recipe reads them, and the suffix, which says how to read a file.
    """
    series = dataset.source.get("producer", dataset.name)  # the default of the column series
    text = recipe(dataset, references)
    names = [p.name if re.search(r"\b(_file|lookups)\b", text) else p.suffix.lower() for p in paths]
    return blake3(repr((digests, names, series, text)).encode()).hexdigest(16)


def load(
    con: duckdb.DuckDBPyConnection,
    dataset: Dataset,
    paths: list[Path],
    key: str,
    lake: Path,
    stamps: Sequence[Stamp | None] = (),
) -> Yield:
    """The Yield of a unit of files, from the lake or made; Refused where a file cannot be used.

    `con` holds the reference tables that a reshape may read; `stamps` are the files' sizes and
    times of change when their content was hashed.
    """
    folder = lake / key
    if not _whole(folder):
        files = list(zip(paths, stamps or [None] * len(paths), strict=True))
        try:
            with _making(lake) as making:
                _name(making, folder, _call("unit", con, making, paths, dataset, files=files))
        except Refused as refusal:
            refusal.params.setdefault("file", ", ".join(path.name for path in paths))
            raise
    return Yield(key, folder, **_account(folder))


def load_together(
    con: duckdb.DuckDBPyConnection,
    dataset: Dataset,
    units: list[tuple[Path, str, Stamp]],
    lake: Path,
) -> None:
    """Puts what many small files of one dataset yield into the lake in one pass, where it can.

    units: [(path, key, stamp)]. What cannot be loaded with others is left to `load`, which says
    what is wrong with it.
    """
    small = [u for u in units if _size([u[0]]) <= SMALL and not _whole(lake / u[1])]
    if len(small) < 2 or dataset.sql or dataset.one_unit:
        return
    with _making(lake) as making, suppress(Refused):
        paths = [path for path, _, _ in small]
        accounts = _call("together", con, making, paths, dataset, files=small)
        for key, account in accounts.items():
            _name(making / key, lake / key, account)


def _call(job, con, making, paths, dataset, **params):
    """What a job of etl/load/making.py answers, with the reference tables that its recipe names."""
    from etl.read import fence  # brings Arrow, which a build with nothing new does not need

    text = _stated(dataset)
    tables = {name for (name,) in con.execute("select table_name from duckdb_tables()").fetchall()}
    references = {
        name: con.sql(f"from {name}").to_arrow_table()
        for name, contract in contracts().items()
        if contract.kind == "reference" and name in tables and re.search(rf"\b{name}\b", text)
    }
    params |= {"dataset": dataset, "references": references, "making": making}
    return fence.call(f"etl.load.making:{job}", fence.limits(_size(paths)), **params)[0]


def _size(paths):
    """The bytes of files; one that is gone has none, which is told when it is read."""
    size = 0
    for path in paths:
        with suppress(OSError):
            size += path.stat().st_size
    return size


@contextmanager
def _making(lake):
    """The empty folder to make something in, which is gone at the end."""
    making = lake / MAKING
    shutil.rmtree(making, ignore_errors=True)
    making.mkdir(parents=True)
    try:
        yield making
    finally:
        shutil.rmtree(making, ignore_errors=True)


def _name(making, folder, account):
    """Gives what was made its account and, in one step, its name.

    What a loss of power leaves of it is not waited for: it is told by its hashes and made again.
    """
    _note(making, account)
    is_own = folder.is_dir() and not folder.is_symlink()
    shutil.rmtree(folder) if is_own else folder.unlink(missing_ok=True)
    making.rename(folder)


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


def content_hash(path: Path) -> str:
    """The BLAKE3 hash of a file's content."""
    hashed = blake3()
    with path.open("rb") as file:  # not mapped: a bad disk would end the process
        while block := file.read(HASHED):
            hashed.update(block)
    return hashed.hexdigest()
