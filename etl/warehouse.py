"""Where warehouses lie, and the read-only door to them.

warehouse/<city>/<version>.duckdb   one whole build; never changed once it has its name
warehouse/<city>/current            the version that serves, one line
warehouse/<city>/lake/              what files yielded (etl/load/lake.py)
warehouse/<city>/lock               keeps two builds apart

Where `current` names nothing that can be read, the newest whole version serves instead. Which one
is newest stands in each (version.number), since clocks go wrong and copies lose their times.
"""

import os
import shutil
import stat
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from functools import lru_cache
from pathlib import Path

import duckdb
from filelock import FileLock, Timeout

from etl.problem import Refused

VERSIONS_KEPT = 5
MOST_POINTER = 100  # bytes: what is longer names no version
AGAIN_AFTER = 60  # seconds after which a file that could not be read is tried again
_unreadable: dict[
    tuple, float
] = {}  # {(path, its stamp): when it could not be read}, of this process
Version = tuple[int, Path, Sequence[str]]  # number, path, lake keys
ROOT = Path(__file__).parents[1]


def data_folder() -> Path:
    """The folder of the cities' data: DUAJUTA_DATA, or data/ of this project."""
    return Path(os.environ.get("DUAJUTA_DATA", ROOT / "data"))


def warehouse_folder() -> Path:
    """The folder of the warehouses: DUAJUTA_WAREHOUSE, or warehouse/ of this project."""
    return Path(os.environ.get("DUAJUTA_WAREHOUSE", ROOT / "warehouse"))


def current(folder: Path) -> Path | None:
    """The path of the warehouse that serves a city, or None where there is none."""
    return serving(folder)[0]


def serving(folder: Path) -> tuple[Path | None, str | None]:
    """(path of the warehouse that serves a city or None, why it is not the one that was meant).

    Why: None, since it is or none was built; pointer: `current` names none, so that the newest
    whole one serves; damaged: the one that it names is gone or could not be read.
    """
    version = pointed(folder)
    path = folder / f"{version}.duckdb"
    if version and may_be_read(path):
        return path, None
    files = sorted(folder.glob("*.duckdb"))
    found = _newest_whole(tuple((p, _stamp(p)) for p in files if may_be_read(p)))
    if found is None:
        return None, "damaged" if files else None
    return found, "damaged" if version else "pointer"


def pointed(folder: Path) -> str:
    """The version that `current` names, "" where it names none."""
    try:
        with (folder / "current").open(encoding="utf-8") as file:
            version = file.read(MOST_POINTER).strip()
    except (OSError, ValueError):
        return ""
    return version if version.isalnum() and len(version) < MOST_POINTER else ""


@lru_cache(maxsize=32)
def _newest_whole(stamped):
    """The newest whole warehouse of these [(path, its stamp)], or None."""
    for _, path, _ in _by_age(path for path, _ in stamped):
        with suppress(Refused):
            verify(path)
            return path
    return None


def of_version(folder: Path, version: str) -> Path | None:
    """The path of one version of a warehouse, None where it is not kept any more."""
    path = folder / f"{version}.duckdb"
    is_name = version.isascii() and version.isalnum() and len(version) < MOST_POINTER
    return path if is_name and may_be_read(path) else None


def versions(folder: Path) -> list[Version]:
    """[(number, path, lake keys)] of all versions, the newest first, those damaged last."""
    return _by_age(folder.glob("*.duckdb"))


def _by_age(paths):
    known = []
    for path in paths:
        number, keys = -1, []
        with suppress(Refused):
            con = connect(path)
            with con, suppress(duckdb.Error):  # another version of the code may have made it
                keys = [key for (key,) in con.execute("select lake_key from units").fetchall()]
                number = con.execute("select number from version").fetchall()[0][0]
        known.append((number, path, keys))
    return sorted(known, key=lambda v: v[:2], reverse=True)


def connect(path: Path) -> duckdb.DuckDBPyConnection:
    """A read-only connection without files or network; Refused where the file is damaged."""
    con = None
    try:
        con = duckdb.connect(str(path), read_only=True)
        con.execute("from city").fetchall()
        con.execute("set enable_external_access = false")
    except duckdb.Error as error:
        if con:
            con.close()
        raise _damaged(path) from error
    return con


def verify(path: Path) -> None:
    """Reads every block of a warehouse; Refused where one is damaged."""
    con = connect(path)
    try:
        filled = "select table_name from duckdb_tables() where estimated_size > 0"
        for (table,) in con.sql(filled).fetchall():
            con.execute(f'select bit_xor(hash(t)) from "{table}" as t').fetchall()
    except duckdb.Error as error:
        raise _damaged(path) from error
    finally:
        con.close()


def _damaged(path):
    """The refusal of a file that cannot be read, which serves no more for a while."""
    _unreadable[path, _stamp(path)] = time.monotonic()
    return Refused("damaged_warehouse", file=path.name)


def may_be_read(path: Path) -> bool:
    """Whether there is such a file, which this process has not failed to read lately."""
    stamp = _stamp(path)
    failed = _unreadable.get((path, stamp))
    return stamp is not None and (failed is None or time.monotonic() - failed > AGAIN_AFTER)


def _stamp(path):
    """What tells a file from one of the same name; None where there is none."""
    try:
        found = path.stat()
    except OSError:
        return None
    told = (found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns)
    return told if stat.S_ISREG(found.st_mode) else None


def lock(folder: Path) -> AbstractContextManager:
    """The lock of a city's builds, taken; Refused where another build holds it."""
    folder.mkdir(parents=True, exist_ok=True)
    try:
        return FileLock(folder / "lock").acquire(timeout=0)
    except Timeout as error:
        raise Refused("build_running", folder=folder.name) from error


def publish(
    folder: Path, building: Path, version: str, used: Iterable[str | None], older: list[Version]
) -> None:
    """Gives a finished build its name, points `current` at it and drops the oldest versions.

    used: the keys of the lake folders that it was made of; older: as from `versions`. What only
    versions dropped were made of leaves the lake, so that what a sidecar drops is gone in the end.
    """
    path = folder / f"{version}.duckdb"
    _sync(building)
    os.replace(building, path)
    point(folder, version)
    older = [v for v in older if v[1] != path]
    for _, surplus, _ in older[VERSIONS_KEPT - 1 :]:
        _remove(surplus)
    kept = set(used).union(*(keys for _, _, keys in older[: VERSIONS_KEPT - 1]))
    for left in folder.glob("lake/*"):
        if left.name not in kept:
            _remove(left)


def point(folder: Path, version: str) -> None:
    """Swaps the pointer `current` to a version, in one step that a loss of power leaves whole."""
    pointer = folder / "current.new"
    pointer.write_text(version + "\n", encoding="utf-8")
    _sync(pointer)
    _sync_names(folder)  # the version has its name before `current` says it
    os.replace(pointer, folder / "current")
    _sync_names(folder)


def _sync(path):
    """Sees to it that a file's content is on the disk."""
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def _sync_names(folder):
    """Sees to it that the names in a folder are on the disk, where the system can."""
    with suppress(OSError):  # Windows opens no folder, some network disks sync none
        opened = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(opened)
        finally:
            os.close(opened)


@contextmanager
def swept(folder: Path) -> Iterator[None]:
    """A block before and after which nothing lies in a folder that a build has left behind."""
    _sweep(folder)
    try:
        yield
    finally:
        _sweep(folder)


def _sweep(folder):
    for pattern in ("*.building*", "*.tmp", "current.new", "lake/.making-*"):
        for left in folder.glob(pattern):
            _remove(left)


def _remove(path):
    """Removes a file or a folder with all that is in it."""
    with suppress(OSError):  # still open in a dashboard on Windows: the next build removes it
        shutil.rmtree(path) if path.is_dir() else path.unlink()
