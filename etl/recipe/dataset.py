"""The sidecars: data/<city>/**/<dataset>.toml, and <dataset>.sql where the shape differs."""

import os
import re
from dataclasses import dataclass, field
from datetime import date, datetime
from fnmatch import fnmatch
from pathlib import Path, PurePosixPath, PureWindowsPath

import duckdb

from etl.contract import Contract, contracts
from etl.problem import Refused, spelled
from etl.read.files import read_small, refuse_outside
from etl.recipe.toml import MOST_NESTED, read_toml, validated

CITY_FILES = ("city.toml", "findings.toml", "text.*.toml")  # directly in the folder of the city
DATA_FILES = (".csv", ".xlsx", ".xls", ".ods", ".parquet")
MOST_PATTERN = 255  # letters of a pattern of file names, which is as long as a name can be
OWN_TABLES = ("raw", "made", "making", "typed", "reshaped", "rows_", "rejects_")
BASES = ("stated", "known_by")
Dates = tuple[date | None, str | None, date | None]  # published_at, its basis, received_at


@dataclass(frozen=True)
class Dataset:
    """One dataset as its sidecar states it; `sql` is the reshape or None."""

    name: str  # path below the city's folder, without .toml
    folder: Path
    contract: Contract  # what it loads; a child that reads its files need not ask for it
    files: tuple[str, ...]
    source: dict
    published_at: object = None
    published_at_basis: str = "stated"
    received_at: date | None = None
    per_file: dict = field(default_factory=dict)
    read: dict = field(default_factory=dict)
    columns: dict = field(default_factory=dict)
    aside: dict = field(default_factory=dict)
    set: dict = field(default_factory=dict)
    map: dict = field(default_factory=dict)
    personal: dict = field(default_factory=dict)  # column -> why it holds no personal data
    sql: str | None = None

    @property
    def loads(self) -> str:
        """The name of the contract that the dataset loads."""
        return self.contract.name

    @property
    def one_unit(self) -> bool:
        """Whether the reshape sees all files at once."""
        return self.read.get("unit") == "dataset" or "lookups" in self.read

    @property
    def city_folder(self) -> Path:
        """The folder of the city, which no file of the dataset may lie outside of."""
        return [self.folder, *self.folder.parents][self.name.count("/")]

    def paths(self) -> list[Path]:
        """The files that the globs name, sorted; sidecars and reshapes are never data."""
        for pattern in self.files:
            _refuse_pattern(pattern)
        try:
            found = {path for pattern in self.files for path in self.folder.glob(pattern)}
            for path in sorted(found):
                refuse_outside(path, self.city_folder)
            return sorted(p for p in found if p.is_file() and p.suffix not in (".toml", ".sql"))
        except (OSError, ValueError, RecursionError) as error:  # a folder that cannot be read
            raise Refused("no_file", patterns=", ".join(self.files)) from error

    def fits(self, path: Path) -> bool:
        """Whether a file has a name that the globs expect."""
        return any(fnmatch(path.name, Path(pattern).name) for pattern in self.files)

    def dates(self, path: Path) -> Dates:
        """(published_at, basis, received_at) of a file, or None: per_file comes first."""
        if spelled(path.name) != path.name:
            raise Refused("bad_file_name", file=path.name)
        published, basis, received = self.published_at, self.published_at_basis, self.received_at
        for pattern, stated in self.per_file.items():
            if fnmatch(path.name, pattern):
                stated = stated if isinstance(stated, dict) else {"published_at": stated}
                published = stated.get("published_at", published)
                basis = stated.get("published_at_basis", basis)
                received = stated.get("received_at", received)
        if isinstance(published, dict):
            published = _date_in_name(published, path.name)
        if basis not in BASES:
            raise Refused("unknown_basis", value=basis, known=", ".join(BASES))
        published = _date(published, "published_at")
        return published, basis if published else None, _date(received, "received_at")


Known = list[tuple[str, Dataset | Refused]]  # the datasets of a city by name


def datasets(city_folder: Path) -> Known:
    """[(name, Dataset or Refused)] for every sidecar below a city's folder, sorted by name."""
    found: Known = []
    for path in sorted(city_folder.rglob("*.toml")):
        is_city_file = any(fnmatch(path.name, pattern) for pattern in CITY_FILES)
        if not (is_city_file and path.parent == city_folder):
            name = path.relative_to(city_folder).with_suffix("").as_posix()
            try:
                if spelled(name) != name:
                    raise Refused("bad_file_name", file=path.name)
                refuse_outside(path, city_folder)
                found.append((name, read_dataset(path, name)))
            except Refused as refusal:
                found.append((spelled(name), refusal))
    return found


def read_dataset(path: Path, name: str) -> Dataset:
    """The Dataset of a sidecar; Refused for a key, type or contract that does not exist."""
    stated = validated(read_toml(path), "dataset", path.name)
    for name in stated.get("read", {}).get("lookups", {}):
        if not re.fullmatch(r"[a-z]\w*", name) or name in (*contracts(), *OWN_TABLES):
            raise Refused("lookup_name", sidecar=path.name, value=name)
    _known_columns(stated, path)
    sql = path.with_suffix(".sql")
    dataset = Dataset(
        name=name,
        folder=path.parent,
        sql=_read_sql(sql) if os.path.lexists(sql) else None,
        contract=contracts()[stated.pop("loads")],
        source=stated.pop("source", {}),
        files=tuple(stated.pop("files")),
        **stated,
    )
    if dataset.sql and dataset.map:
        raise Refused("map_and_reshape", sidecar=path.name)
    dataset.paths()
    return dataset


def _read_sql(path):
    try:
        return read_small(path).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Refused("recipe_fails", file=path.name, error=str(error)) from error


def unclaimed(city_folder: Path, known: Known) -> dict[str, Refused]:
    """{name: Refused} of data files that no dataset reads, and of dates that fit no file.

    known: [(name, Dataset or Refused)]. A sidecar that reads none names those beside it itself; a
    file that one that cannot be read seems to mean is not told.
    """
    usable = [(name, d) for name, d in known if not isinstance(d, Refused)]
    broken = [city_folder / f"{name}.toml" for name, d in known if isinstance(d, Refused)]
    told = {}
    for path in _unread(city_folder, [dataset for _, dataset in usable]):
        if not any(_seems_to_mean(sidecar, path) for sidecar in broken):
            name = spelled(path.relative_to(city_folder).as_posix())
            told[name] = Refused("unclaimed_file", file=name)
    for name, dataset in usable:
        for pattern in _idle_dates(dataset):
            told[f"{name} [per_file]"] = Refused("per_file_fits_nothing", pattern=pattern)
    return told


def _unread(city_folder, datasets):
    """The data files that no dataset reads, but those beside a sidecar that reads none."""
    claimed = {path for dataset in datasets for path in dataset.paths()}
    idle = {dataset.folder for dataset in datasets if not dataset.paths()}
    found = sorted(p for p in city_folder.rglob("*") if p.suffix.lower() in DATA_FILES)
    return [p for p in found if p not in claimed and p.parent not in idle and p.is_file()]


def _idle_dates(dataset):
    """The patterns of [per_file] that fit none of a dataset's files."""
    names = {path.name for path in dataset.paths()} if dataset.per_file else ()
    return [p for p in dataset.per_file if not any(fnmatch(name, p) for name in names)]


def _seems_to_mean(sidecar, path):
    """Whether a sidecar that cannot be read seems to mean a file: by its name or its patterns."""
    if path.name.startswith(sidecar.stem) and path.parent == sidecar.parent:
        return True
    try:
        text = read_small(sidecar).decode(errors="replace")
    except Refused:
        return False
    stated = re.search(r"^[ \t]*files[ \t]*=[ \t]*\[(.*?)\]", text, re.M | re.S)
    patterns = re.findall(r"""["'](.+?)["']""", stated[1]) if stated else []
    return any(fnmatch(str(path), str(sidecar.parent / pattern)) for pattern in patterns)


def _known_columns(stated, path):
    """Refused where [set] or [map] makes a column that the contract does not have."""
    contract = contracts()[stated["loads"]]
    extra = () if contract.kind == "event" else ("published_at", "published_at_basis")
    columns = {*contract.names, *extra}
    for part in ("set", "map"):
        for column in stated.get(part, {}):
            if column not in columns:
                raise Refused(
                    "unknown_contract_column",
                    sidecar=path.name,
                    part=part,
                    column=column,
                    known=", ".join(sorted(columns)),
                )


def _refuse_pattern(pattern):
    """Refused where a pattern leads out of its folder or asks for more than names of files."""
    parts = PurePosixPath(pattern.replace("\\", "/")).parts
    if (
        not parts
        or ".." in parts
        or pattern.startswith("/")
        or PureWindowsPath(pattern).anchor
        or "\0" in pattern
        or any("**" in part and part != "**" for part in parts)
        or parts.count("**") > 1
        or len(parts) > MOST_NESTED
        or len(pattern) > MOST_PATTERN
    ):
        raise Refused("bad_pattern", pattern=pattern, letters=MOST_PATTERN, folders=MOST_NESTED)


def _date(value, key):
    """A stated day as a date; Refused where it is none, or a time of day."""
    if value is None or (isinstance(value, date) and not isinstance(value, datetime)):
        return value
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError) as error:
        raise Refused("bad_date", key=key, value=str(value)) from error


def _date_in_name(stated, name):
    """The day that a pattern with the groups year, month and day finds in a file's name.

    The pattern is a stranger's: RE2, by DuckDB, takes a time that grows with the name only.
    """
    pattern = stated.get("pattern", "")
    try:
        groups = re.compile(pattern).groupindex  # Python only counts the brackets
        numbers = [groups[part] for part in ("year", "month", "day")]
        parts = ", ".join(f"regexp_extract($1, $2, {number})" for number in numbers)
        query = f"select {parts} where regexp_matches($1, $2)"
        (found,) = duckdb.execute(query, [name, pattern]).fetchall()
        return "-".join(found)
    except (
        duckdb.Error,
        re.error,
        LookupError,
        ValueError,
        OverflowError,
        RecursionError,
    ) as error:
        raise Refused("no_date_in_name", pattern=pattern, file=name) from error
