"""Builds a city's warehouse from its data folder: lake, one DuckDB file, pointer.

    datasets -> units (a file, or all files of a dataset) -> lake -> contract tables
             -> marts -> checks -> verified -> published

A build writes a new file and swaps the pointer last: whatever goes wrong before, the old warehouse
serves. The version hashes lake keys, dates, provenance, the city's own file and everything in etl/
that shapes a warehouse, so an unchanged folder needs no build.
"""

import json
import os
from collections.abc import Callable
from contextlib import suppress
from datetime import date
from itertools import groupby
from pathlib import Path
from zoneinfo import available_timezones

import duckdb
from blake3 import blake3

from etl import findings, warehouse
from etl.contract import HERE, Settings, contracts, literal, macros, statement
from etl.load.events import event_marts, fact_marts
from etl.load.lake import content_hash, load, load_together, unit_key
from etl.load.ledger import account, assert_accounts, note_unit, open_ledger
from etl.load.shapes import FILE, MOST, area_shapes
from etl.load.tables import contract_table, light_marts
from etl.load.unit import Unit
from etl.problem import Refused, spelled, writing
from etl.read.files import read_small, stamp_of
from etl.recipe.dataset import DATA_FILES, Dataset, Known, datasets, read_toml, unclaimed

NOT_OF_A_FILE = (duckdb.IOException, duckdb.FatalException)  # but of the disk
CITY_KEYS = {
    "name": str,
    "area": str,
    "time_zone": str,
    "default": bool,
    "demo_as_of": date,
    "office_hours": list,
    "rating_scale": str,
    "first_service": str,
    "ruling_target": dict,
}
CHECKED = "checked"  # how lake keys of files that are checked begin; the name of their warehouse
DIGESTS = "digests.json"
LIMITS: Settings = {"memory_limit": "500MB"}  # what does not fit is written beside the file
OFFICE_HOURS = [8, 16]  # where city.toml does not say
YEARS = range(1, 10_000)  # of a day
Progress = Callable[..., None]  # is told a code and its parameters
RULING_KEYS = {"kpi": str, "year": int, "document": str, "definition": str, "series": str}


def city_folders(data: Path) -> dict[str, Path]:
    """The folders of all cities below `data`, by name; Refused where there are none."""
    found = (
        sorted(p for p in data.iterdir() if p.is_dir() and any(p.rglob("*.toml")))
        if data.is_dir()
        else []
    )
    if not found:
        raise Refused("no_data", folder=str(data))
    return {p.name: p for p in found}


def read_city(folder: Path) -> dict:
    """city.toml as a dict, with defaults by the folder's name; Refused for a wrong key or value."""
    path = folder / "city.toml"
    city = read_toml(path) if os.path.lexists(path) else {}
    for key, value in city.items():
        if key not in CITY_KEYS:
            raise Refused("unknown_key", where="city.toml", key=key, known=", ".join(CITY_KEYS))
        if type(value) is not CITY_KEYS[key]:  # a moment would pass for a date
            raise Refused("wrong_kind", where="city.toml", key=key, value=str(value))
    ruling = city.get("ruling_target", {})
    if ruling and set(ruling) != set(RULING_KEYS):
        raise Refused("ruling_target_keys", known=", ".join(RULING_KEYS))
    for key, value in ruling.items():
        is_year = key != "year" or value in YEARS
        if not isinstance(value, RULING_KEYS[key]) or isinstance(value, bool) or not is_year:
            where = "city.toml [ruling_target]"
            raise Refused("wrong_kind", where=where, key=key, value=str(value))
    _office_hours(city)
    if city.get("time_zone", "UTC") not in available_timezones():
        raise Refused("unknown_time_zone", value=city["time_zone"])
    return {"name": folder.name, "area": folder.name, "time_zone": "UTC", "default": False, **city}


def _office_hours(city):
    """(opens, closes) of public offices, whole hours of a working day."""
    hours = city.get("office_hours", OFFICE_HOURS)
    if (
        len(hours) != 2
        or not all(type(h) is int for h in hours)
        or not 0 <= hours[0] < hours[1] <= 24
    ):
        raise Refused("wrong_kind", where="city.toml", key="office_hours", value=str(hours))
    return hours


def build(
    folder: Path,
    target: Path,
    progress: Progress = lambda code, **params: None,
    verify: bool = False,
) -> Path:
    """The path of the warehouse that serves, brought up to date with data/<city>.

    `progress(code, **params)` is told each step. `verify` hashes every file anew, also those whose
    size and time of change are as before. Refused where nothing can be built.
    """
    city = read_city(folder)
    known, refused = _known(folder)
    with writing(target), warehouse.lock(target), warehouse.swept(target):
        if verify:
            (target / DIGESTS).unlink(missing_ok=True)
        units = _units(known, target)
        version = _version(folder, units, refused)
        named = [p for p in target.glob("*.duckdb") if p.stem.rstrip("r") == version]
        made = [p for p in sorted(named) if _healthy(p) and not (verify and _may_do_better(p))]
        if made:
            version = made[0].stem
            if warehouse.pointed(target) != version:
                warehouse.point(target, version)
            progress("unchanged", version=version)
        else:
            while (target / f"{version}.duckdb").exists():
                version += "r"  # a damaged file may be open: what is built anew has its own name
            older = warehouse.versions(target)
            building = _make_without_the_broken(
                units,
                lambda: _make(folder, target, city, units, refused, version, older, progress),
            )
            warehouse.verify(building)
            if any(getattr(u.outcome, "code", None) == "file_changed" for u in units):
                version += "x"  # another name: else the next build would find nothing changed
            warehouse.publish(target, building, version, [u.key for u in units], older)
            progress("published", version=version)
        return target / f"{version}.duckdb"


def _may_do_better(path):
    """Whether files were left out of a warehouse that may load when this computer is less busy."""
    with warehouse.connect(path) as con:
        codes = "'file_too_heavy', 'breaks_the_build', 'reading_failed'"
        return bool(con.sql(f"from units where refusal in ({codes}) limit 1").fetchall())


def expecting(
    file: Path, known: dict[str, Known], name: str | None = None
) -> list[tuple[str, Dataset]]:
    """[(city, Dataset)] of those that expect a file: by name or contract, or by its own name.

    known: {city: [(name, Dataset or Refused)]}. Refused with what is wrong with a sidecar where no
    other expects the file and that one may be meant; where no dataset or contract is called so.
    """
    usable = [(c, n, d) for c, ds in known.items() for n, d in ds if not isinstance(d, Refused)]
    broken = [(n, d) for ds in known.values() for n, d in ds if isinstance(d, Refused)]
    named = [(city, d) for city, n, d in usable if n == name]
    fits = [(city, d) for city, _, d in usable if d.fits(file) and name in (None, d.loads)]
    if named or fits:
        return named or fits
    for at, refusal in broken:
        if at == name or file.stem.startswith(at.rpartition("/")[2]):
            raise refusal
    if name and name not in contracts():
        listed = ", ".join([*(n for _, n, _ in usable), *contracts()])
        raise Refused("dataset_not_clear", file=file.name, datasets=listed)
    return []


def check(
    chosen: list[tuple[Dataset, list[Path]]], folder: Path, target: Path, served: Path
) -> Path:
    """What would come of files of one city: the path of a warehouse of them and its references.

    chosen: [(Dataset, [path])], judged as a build would: a dataset whose reshape sees all of its
    files sees the others, too. It lies in `target`; `served` is the city's folder of warehouses,
    whose lake is looked into.
    """
    _share(served, target)
    units = _units(_known(folder)[0], target)
    given = {(d.name, file.name) for d, files in chosen for file in files}
    whole = {d.name for d, _ in chosen if d.one_unit}
    units = [
        u
        for u in units
        if u.dataset.contract.kind == "reference"
        and u.dataset.name not in whole
        and not any((u.dataset.name, path.name) in given for path in u.paths)
    ]
    _link(units, served / "lake", target / "lake")
    for dataset, files in chosen:
        others = [p for p in dataset.paths() if (dataset.name, p.name) not in given]
        groups = [[*others, *files]] if dataset.one_unit else [[file] for file in files]
        for group in groups:
            unit = Unit(dataset, group, f"{CHECKED}-{len(units)}")
            unit.stamps = [stamp_of(path) for path in group]
            try:
                unit.dates = _newest(dataset.dates(path) for path in group)
            except Refused as refusal:
                unit.outcome = refusal
            units.append(unit)
    city = read_city(folder)
    checks = warehouse.current(served) is None  # else they are run once, over both together
    return _make_without_the_broken(
        units, lambda: _make(folder, target, city, units, {}, CHECKED, [], _silent, checks)
    )


def judge(path: Path) -> None:
    """Runs the checks on a warehouse of checked files by itself, where it was made without them."""
    with duckdb.connect(str(path), config=LIMITS) as con:
        con.execute("delete from findings")
        findings.run(con)


def _make_without_the_broken(units, make):
    """What make() makes of the units, without those that it breaks with, which are refused.

    A file can be sound by itself and still ask for more memory, or hold a larger number, than the
    sums and checks over all files can take.
    """
    while True:
        try:
            return make()
        except NOT_OF_A_FILE:
            raise
        except duckdb.Error as error:
            suspects = [u for u in units if hasattr(u.outcome, "folder")]  # those loaded
            if not suspects:
                raise
            unit = _guilty(suspects, make)
            names = ", ".join(path.name for path in unit.paths)
            unit.outcome = Refused("breaks_the_build", file=names, error=type(error).__name__)


def _guilty(suspects, make):
    """The unit that a build breaks with; of those that only break it together, the heaviest."""
    half = len(suspects) // 2
    for part in (suspects[:half], suspects[half:]) if half else ():
        if _breaks(part, suspects, make):
            return _guilty(part, make)
    return max(suspects, key=lambda u: sum(p.stat().st_size for p in u.outcome.folder.iterdir()))


def _breaks(part, suspects, make):
    """Whether a build breaks with a part of the suspects as it does with all."""
    outcomes = [unit.outcome for unit in suspects]
    for unit in suspects:
        if not any(unit is one for one in part):
            unit.outcome = Refused("file_changed")  # left out for now
    try:
        make()
    except duckdb.Error:
        return True
    finally:
        for unit, outcome in zip(suspects, outcomes, strict=True):
            unit.outcome = outcome
    return False


def _silent(code, **params):
    """Progress that nobody is told of."""


def _share(served, target):
    """Takes over the hashes of files that a build has seen, so that none is hashed again."""
    target.mkdir(parents=True, exist_ok=True)
    with suppress(OSError):
        (target / DIGESTS).write_bytes((served / DIGESTS).read_bytes())


def _link(units, lake, own):
    """Lets a lake hold what another one has of these units; where it cannot, it is made again."""
    own.mkdir(exist_ok=True)
    for key in {unit.key for unit in units if unit.key}:
        if (lake / key).is_dir():
            with suppress(OSError):  # Windows lets not everybody link
                (own / key).symlink_to((lake / key).resolve(), target_is_directory=True)


def _make(folder, target, city, units, refused, version, older, progress, checks=True):
    """The path of a new warehouse that does not serve yet; its number follows `older`."""
    from etl.read import fence  # a build with nothing new needs neither Arrow nor a child

    fence.start()
    building = target / f"{version}.building"
    building.unlink(missing_ok=True)
    with duckdb.connect(str(building), config=LIMITS) as con:
        _fill(con, city, folder, units, refused, target / "lake", progress, checks)
        number = 1 + max((n for n, _, _ in older), default=0)
        con.execute(
            "create table version as "
            "select ? as version, now()::timestamp as built_at, ? as number",
            [version, number],
        )
        con.execute("checkpoint")
    return building


def _known(folder):
    """([(name, Dataset or Refused)], {name: Refused} of all that cannot be used) of a city."""
    known = datasets(folder)
    refused = {name: d for name, d in known if isinstance(d, Refused)}
    for name, dataset in known:
        if not isinstance(dataset, Refused) and not dataset.paths():
            refused[name] = _no_file(dataset, known)
    return known, refused | unclaimed(folder, known) | _texts(folder)[1] | _accepted(folder)[1]


def _units(known, target):
    """[Unit] with keys of the datasets that can be used, reference tables first."""
    units = []
    digests = _Digests(target / DIGESTS)
    for _, dataset in known:
        if isinstance(dataset, Refused):
            continue
        paths = dataset.paths()
        groups = [paths] if dataset.one_unit and paths else [[p] for p in paths]
        for group in groups:
            try:
                units.append(Unit(dataset, group, dates=_newest(dataset.dates(p) for p in group)))
            except Refused as refusal:
                units.append(Unit(dataset, group, outcome=refusal))
    order = list(contracts())
    units.sort(key=lambda u: (order.index(u.dataset.loads), u.dataset.name, u.paths))
    references: dict = {}
    for unit in units:
        if unit.outcome:
            continue
        try:
            found = [digests.of(p) for p in unit.paths]
            unit.stamps = [digests.seen[str(p)][0] for p in unit.paths]
        except OSError as error:  # open in Excel on Windows, or not ours to read
            names = ", ".join(p.name for p in unit.paths)
            unit.outcome = Refused("unreadable_file", file=names, error=str(error.strerror))
            continue
        unit.key = unit_key(unit.dataset, unit.paths, found, references)
        if unit.dataset.contract.kind == "reference":
            references[unit.dataset.loads] = references.get(unit.dataset.loads, "") + unit.key
    digests.save()
    return units


def _no_file(dataset, known):
    """The refusal of a dataset whose patterns fit nothing; it names the files that lie beside."""
    patterns = ", ".join(dataset.files)
    claimed = {p for _, d in known if not isinstance(d, Refused) for p in d.paths()}
    beside = sorted(
        p.name
        for p in dataset.folder.iterdir()
        if p.suffix.lower() in DATA_FILES and p not in claimed
    )
    if not beside:
        return Refused("no_file", patterns=patterns)
    return Refused("no_file_beside", patterns=patterns, files=", ".join(beside))


def _texts(folder):
    """([(language, key, text)] of the city's own sentences, {name: Refused} of their files)."""
    texts, told = [], {}
    for path in sorted(folder.glob("text.*.toml")):
        lang = path.name.split(".")[1]
        try:
            if spelled(lang) != lang:
                raise Refused("bad_file_name", file=path.name)
            texts += [(lang, key, text) for key, text in _flat(read_toml(path))]
        except Refused as refusal:
            told[spelled(path.stem)] = refusal
    return texts, told


def _accepted(folder):
    """(the findings that offices have accepted, {name: Refused} of their file where it is none)."""
    try:
        return findings.read_accepted(folder), {}
    except Refused as refusal:
        return [], {findings.ACCEPTED: refusal}


def _newest(dates):
    return max(dates, key=lambda d: (d[0] is not None, d[0] or date.min))


class _Digests:
    """Content hashes of files, remembered while size and time of change stay the same."""

    def __init__(self, path):
        self.path = path
        try:
            self.known = json.loads(path.read_text(encoding="utf-8"))
            self.known = {p: (stamp, digest) for p, (stamp, digest) in self.known.items()}
        except (OSError, ValueError, TypeError, AttributeError, RecursionError):
            self.known = {}
        self.seen = {}

    def of(self, path: Path) -> str:
        """The BLAKE3 hash of a file."""
        stat = path.stat()
        stamp = [stat.st_size, stat.st_mtime_ns]
        known = self.known.get(str(path))
        digest = known[1] if known and known[0] == stamp else content_hash(path)
        self.seen[str(path)] = [stamp, digest]
        return digest

    def save(self) -> None:
        """Writes the hashes of the files seen."""
        self.path.write_text(json.dumps(self.seen), encoding="utf-8")


def _version(folder, units, refused):
    """The name of the warehouse that these units make."""
    code = [p.read_bytes() for p in sorted(HERE.rglob("*")) if p.suffix in (".sql", ".csv", ".py")]
    facts = [
        (
            u.key,
            u.dataset.name,
            [p.name for p in u.paths],
            u.dates,
            sorted(u.dataset.source.items()),
        )
        for u in units
    ]
    city = [folder / "city.toml", folder / findings.ACCEPTED, folder / FILE]
    city += sorted(folder.glob("text.*.toml"))
    said = [
        (name, refusal.code, sorted(refusal.params.items())) for name, refusal in refused.items()
    ]
    hashed = blake3(repr((duckdb.__version__, facts, said)).encode())
    for content in (*code, *(_content(p) for p in city if os.path.lexists(p))):
        hashed.update(content)
    return hashed.hexdigest(8)


def _content(path):
    """The bytes of a file of the city, or those of the code of what is wrong with it."""
    try:
        return read_small(path, MOST)
    except Refused as refusal:
        return refusal.code.encode()


def _healthy(path):
    try:
        warehouse.verify(path)
    except Refused:
        return False
    return True


def _fill(con, city, folder, units, refused, lake, progress, checks):
    con.execute(macros())
    con.execute(statement("portable"))
    _city(con, city, folder)
    open_ledger(con, units, refused, folder)
    loaded = 0
    for contract in contracts().values():
        own = [(number, u) for number, u in enumerate(units) if u.dataset.loads == contract.name]
        _load_small(con, [u for _, u in own], lake)
        for number, unit in own:
            progress("loading", done=loaded, of=len(units), file=unit.paths[0].name)
            unit.outcome = unit.outcome or _outcome(con, unit, lake)
            note_unit(con, number, unit)
            loaded += 1
        yields = [(n, u.outcome) for n, u in own if not isinstance(u.outcome, Refused)]
        if contract.kind == "event":
            event_marts(con, contract, yields)
        else:
            contract_table(con, contract, [got for _, got in yields])
    area_shapes(con, folder)
    progress("checking")
    account(con, [u.outcome.folder for u in units if not isinstance(u.outcome, Refused)])
    for contract in contracts().values():
        if contract.kind != "event":
            fact_marts(con, contract)
    light_marts(con)
    if checks:
        findings.run(con, _accepted(folder)[0])
    assert_accounts(con)


def _city(con, city, folder):
    """The one-row table city, the city's own sentences (city_text) and the table obs_status."""
    ruling = city.get("ruling_target", {})
    row = {k: city[k] for k in ("name", "area", "time_zone", "default")}
    row["office_opens"], row["office_closes"] = _office_hours(city)
    row |= {k: city.get(k) for k in ("demo_as_of", "rating_scale", "first_service")}
    row |= {f"ruling_{k}": ruling.get(k) for k in RULING_KEYS}
    kinds = {"default": "boolean", "demo_as_of": "date", "ruling_year": "integer"}
    kinds |= dict.fromkeys(("office_opens", "office_closes"), "integer")
    columns = ", ".join(f'"{name}" {kinds.get(name, "varchar")}' for name in row)
    con.execute(f"create table city ({columns})")
    con.execute(f"insert into city values ({', '.join('?' * len(row))})", list(row.values()))
    con.execute("create table city_text (lang varchar, key varchar, text varchar)")
    for row in _texts(folder)[0]:
        con.execute("insert into city_text values (?, ?, ?)", row)
    path = literal(HERE / "sources" / "obs_status.csv")
    con.execute(f"create table obs_status as from read_csv({path}, header = true)")


def _flat(table, prefix=""):
    for key, value in table.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{prefix}{key}.")
        else:
            yield prefix + key, str(value)


def _load_small(con, units, lake):
    """Loads the small files of each dataset together, where they are many."""
    for _, alike in groupby(units, key=lambda u: u.dataset.name):
        own = [u for u in alike if not u.outcome and len(u.paths) == 1]
        if len(own) > 1:
            files = [(u.paths[0], u.key, u.stamps[0]) for u in own]
            load_together(con, own[0].dataset, files, lake)


def _outcome(con, unit, lake):
    try:
        return load(con, unit.dataset, unit.paths, unit.key, lake, unit.stamps)
    except Refused as refusal:
        if refusal.code == "cannot_write":  # that is not the file's fault: nothing is built
            raise
        return refusal
