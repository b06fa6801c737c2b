"""Builds a city's warehouse from its data folder: lake, one DuckDB file, pointer.

    datasets -> units (a file, or all files of a dataset) -> lake -> contract tables
             -> marts -> checks -> verified -> published

A build writes a new file and swaps the pointer last: whatever goes wrong before, the old warehouse
serves. The version hashes lake keys, dates, provenance, the city's own file and everything in etl/
that shapes a warehouse, so an unchanged folder needs no build.
"""

import os
from collections.abc import Callable
from itertools import count, groupby
from pathlib import Path

import duckdb
from blake3 import blake3

from etl import findings, warehouse
from etl.contract import HERE, Settings, contracts, macros, statement
from etl.load.city import city_tables, read_city, texts
from etl.load.events import event_marts, fact_marts
from etl.load.lake import load, load_together
from etl.load.ledger import account, assert_accounts, note_unit, open_ledger
from etl.load.shapes import FILE, MOST, area_shapes
from etl.load.tables import contract_table, light_marts
from etl.load.unit import Unit
from etl.load.units import DIGESTS, no_file, units_of
from etl.problem import Refused, writing
from etl.read.files import read_small
from etl.recipe.dataset import Known, datasets, unclaimed

CODE = (".sql", ".csv", ".py", ".json")  # of what in etl/ shapes a warehouse
NOT_OF_A_FILE = (duckdb.IOException, duckdb.FatalException)  # but of the disk
CHECKED = "checked"  # how lake keys of files that are checked begin; the name of their warehouse
LIMITS: Settings = {"memory_limit": "500MB"}  # what does not fit is written beside the file
Progress = Callable[..., None]  # is told a code and its parameters


def silent(code: str, **params: object) -> None:
    """Progress that nobody is told of."""


def build(
    folder: Path,
    target: Path,
    progress: Progress = silent,
    verify: bool = False,
) -> Path:
    """The path of the warehouse that serves, brought up to date with data/<city>.

    `progress(code, **params)` is told each step. `verify` hashes every file anew, also those whose
    size and time of change are as before. Refused where nothing can be built.
    """
    city = read_city(folder)
    known, refused = known_of(folder)
    with writing(target), warehouse.lock(target), warehouse.swept(target):
        if verify:
            (target / DIGESTS).unlink(missing_ok=True)
        units = units_of(known, target)
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
            building = make_without_the_broken(
                units,
                lambda: make(folder, target, city, units, refused, version, older, progress),
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


def make_without_the_broken(units: list[Unit], make: Callable[[], Path]) -> Path:
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


def make(
    folder: Path,
    target: Path,
    city: dict,
    units: list[Unit],
    refused: dict[str, Refused],
    version: str,
    older: list[warehouse.Version],
    progress: Progress,
    checks: bool = True,
) -> Path:
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


def known_of(folder: Path) -> tuple[Known, dict[str, Refused]]:
    """([(name, Dataset or Refused)], {name: Refused} of all that cannot be used) of a city."""
    known = datasets(folder)
    refused = {name: d for name, d in known if isinstance(d, Refused)}
    for name, dataset in known:
        if not isinstance(dataset, Refused) and not dataset.paths():
            refused[name] = no_file(dataset, known)
    return known, refused | unclaimed(folder, known) | texts(folder)[1] | _accepted(folder)[1]


def _accepted(folder):
    """(the findings that offices have accepted, {name: Refused} of their file where it is none)."""
    try:
        return findings.read_accepted(folder), {}
    except Refused as refusal:
        return [], {findings.ACCEPTED: refusal}


def _version(folder, units, refused):
    """The name of the warehouse that these units make."""
    code = [p.read_bytes() for p in sorted(HERE.rglob("*")) if p.suffix in CODE]
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
    loaded = count()

    def told(unit):
        progress("loading", done=next(loaded), of=len(units), file=unit.paths[0].name)

    con.execute(macros())
    con.execute(statement("portable"))
    city_tables(con, city, folder)
    open_ledger(con, units, refused, folder)
    numbered = list(enumerate(units))
    for contract in contracts().values():
        _load(
            con, contract, [u for u in numbered if u[1].dataset.loads == contract.name], lake, told
        )
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


def _load(con, contract, own, lake, told):
    """The table, or the marts, of a contract, of its numbered Units."""
    _load_small(con, [unit for _, unit in own], lake)
    for number, unit in own:
        told(unit)
        unit.outcome = unit.outcome or _outcome(con, unit, lake)
        note_unit(con, number, unit)
    yields = [(n, u.outcome) for n, u in own if not isinstance(u.outcome, Refused)]
    if contract.kind == "event":
        event_marts(con, contract, yields)
    else:
        contract_table(con, contract, [got for _, got in yields])


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
