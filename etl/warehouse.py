"""Where warehouses lie, and the read-only door to them.

warehouse/<city>/<version>.duckdb   one whole build; never changed once it has its name
warehouse/<city>/current            the version that serves, one line
warehouse/<city>/lake/              what files yielded (etl/lake.py)
warehouse/<city>/lock               keeps two builds apart
"""

import os
import shutil
from contextlib import suppress
from pathlib import Path

import duckdb
from filelock import FileLock, Timeout

from etl.problem import Refused

VERSIONS_KEPT = 5
ROOT = Path(__file__).parents[1]


def data_folder():
    """The folder of the cities' data: DUAJUTA_DATA, or data/ of this project."""
    return Path(os.environ.get("DUAJUTA_DATA", ROOT / "data"))


def warehouse_folder():
    """The folder of the warehouses: DUAJUTA_WAREHOUSE, or warehouse/ of this project."""
    return Path(os.environ.get("DUAJUTA_WAREHOUSE", ROOT / "warehouse"))


def current(folder):
    """The path of the warehouse that serves a city, or None where none was built."""
    try:
        version = (folder / "current").read_text(encoding="utf-8").strip()
    except (OSError, ValueError):
        return None
    path = folder / f"{version}.duckdb"
    return path if version.isalnum() and path.is_file() else None


def connect(path):
    """A read-only connection without files or network; Refused where the file is damaged."""
    con = None
    try:
        con = duckdb.connect(str(path), read_only=True)
        con.execute("from city").fetchall()
        con.execute("set enable_external_access = false")
    except duckdb.Error as error:
        if con:
            con.close()
        raise Refused("damaged_warehouse", file=path.name) from error
    return con


def verify(path):
    """Reads every block of a warehouse; Refused where one is damaged."""
    con = connect(path)
    try:
        for (table,) in con.sql("select table_name from duckdb_tables()").fetchall():
            con.execute(f'select bit_xor(hash(t)) from "{table}" as t').fetchall()
    except duckdb.Error as error:
        raise Refused("damaged_warehouse", file=path.name) from error
    finally:
        con.close()


def lock(folder):
    """The lock of a city's builds, taken; Refused where another build holds it."""
    folder.mkdir(parents=True, exist_ok=True)
    try:
        return FileLock(folder / "lock").acquire(timeout=0)
    except Timeout as error:
        raise Refused("build_running", folder=folder.name) from error


def publish(folder, building, version):
    """Gives a finished build its name, points `current` at it and drops the oldest versions."""
    path = folder / f"{version}.duckdb"
    os.replace(building, path)
    point(folder, version)
    old = sorted(folder.glob("*.duckdb"), key=lambda p: p.stat().st_mtime, reverse=True)
    for surplus in [p for p in old if p != path][VERSIONS_KEPT - 1 :]:
        _remove(surplus)


def point(folder, version):
    """Swaps the pointer `current` to a version, in one step."""
    pointer = folder / "current.new"
    pointer.write_text(version + "\n", encoding="utf-8")
    os.replace(pointer, folder / "current")


def sweep(folder):
    """Removes what builds that died have left behind."""
    for left in (*folder.glob("*.building*"), *folder.glob("current.new")):
        _remove(left)
    for left in (*folder.glob("lake/.making-*"), *folder.glob("*.tmp")):
        shutil.rmtree(left, ignore_errors=True)


def sweep_lake(folder, used):
    """Removes lake folders of which neither `used` (the newest) nor another version kept is made.

    So that what a sidecar drops is gone once those versions are.
    """
    used = set(used)
    if used.issuperset(p.name for p in folder.glob("lake/*")):
        return
    for path in folder.glob("*.duckdb"):
        with suppress(Refused):
            con = connect(path)
            used.update(key for (key,) in con.execute("select lake_key from units").fetchall())
            con.close()
    for left in folder.glob("lake/*"):
        if left.name not in used:
            shutil.rmtree(left, ignore_errors=True)


def _remove(path):
    with suppress(OSError):  # still open in a dashboard on Windows: the next build removes it
        path.unlink()
