"""Which version of a warehouse is read: in a server the old one until the new one is warm."""

from contextvars import ContextVar
from pathlib import Path

from etl import warehouse
from kpi.once import drop

ahead: ContextVar[bool] = ContextVar("ahead", default=False)  # whether this run reads the newest
_held: dict[
    str, Path | None
] = {}  # {city: the version that all others read}, empty without a server


def cities() -> list[str]:
    """The folder names of all cities that have a warehouse."""
    return sorted(path.name for path in warehouse.warehouse_folder().glob("*") if path.is_dir())


def path(city: str) -> Path | None:
    """The warehouse file that serves a city; None where none was built."""
    held = None if ahead.get() else _held.get(city)
    return held if held and warehouse.may_be_read(held) else _newest(city)


def newer() -> dict[str, Path | None]:
    """{city: its newest version} of the cities of which another one is held."""
    found = {city: _newest(city) for city in {*cities(), *_held}}
    return {city: path for city, path in found.items() if path != _held.get(city)}


def hold(versions: dict[str, Path | None]) -> None:
    """From now on these versions are read (None: whatever there is); nothing is kept of others."""
    _held.update(versions)
    drop(_is_old)


def _is_old(arguments):
    """Whether what is kept is of a version that serves no more, which would stay open for it."""
    paths = {one if isinstance(one, Path) else getattr(one, "path", None) for one in arguments}
    return not paths <= {None, *_held.values()}


def _newest(city):
    return warehouse.current(warehouse.warehouse_folder() / city)
