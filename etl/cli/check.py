"""What would come of files: whose they are, and a warehouse of them that serves nobody."""

from contextlib import suppress
from pathlib import Path

import duckdb

from etl import findings, warehouse
from etl.build import CHECKED, LIMITS, known_of, make, make_without_the_broken, silent
from etl.contract import contracts
from etl.load.city import read_city
from etl.load.unit import Unit
from etl.load.units import DIGESTS, newest, units_of
from etl.problem import Refused
from etl.read.files import stamp_of
from etl.recipe.dataset import Dataset, Known


def expecting(
    file: Path, known: dict[str, Known], name: str | None = None
) -> list[tuple[str, Dataset]]:
    """[(city, Dataset)] of those that expect a file: by name or contract, or by its own name.

    known: {city: [(name, Dataset or Refused)]}. Refused with what is wrong with a sidecar where no
    other expects the file and that one may be meant; where no dataset or contract is called so.
    """
    usable = [(c, n, d) for c, ds in known.items() for n, d in ds if not isinstance(d, Refused)]
    named = [(city, d) for city, n, d in usable if n == name]
    fits = [(city, d) for city, _, d in usable if d.fits(file) and name in (None, d.loads)]
    if not (named or fits):
        _refuse_meant(file, known, name)
        if name and name not in contracts():
            listed = ", ".join([*(n for _, n, _ in usable), *contracts()])
            raise Refused("dataset_not_clear", file=file.name, datasets=listed)
    return named or fits


def _refuse_meant(file, known, name):
    """Refused as a sidecar that cannot be used is, where a file seems to be of it."""
    for at, refusal in (one for datasets in known.values() for one in datasets):
        if isinstance(refusal, Refused) and (
            at == name or file.stem.startswith(at.rpartition("/")[2])
        ):
            raise refusal


def check(
    chosen: list[tuple[Dataset, list[Path]]], folder: Path, target: Path, served: Path
) -> Path:
    """What would come of files of one city: the path of a warehouse of them and its references.

    chosen: [(Dataset, [path])], judged as a build would: a dataset whose reshape sees all of its
    files sees the others, too. It lies in `target`; `served` is the city's folder of warehouses,
    whose lake is looked into.
    """
    _share(served, target)
    given = {(d.name, file.name) for d, files in chosen for file in files}
    units = _references(units_of(known_of(folder)[0], target), chosen, given)
    _link(units, served / "lake", target / "lake")
    for dataset, files in chosen:
        others = [p for p in dataset.paths() if (dataset.name, p.name) not in given]
        for group in [[*others, *files]] if dataset.one_unit else [[file] for file in files]:
            units.append(_checked(dataset, group, len(units)))
    city = read_city(folder)
    checks = warehouse.current(served) is None  # else they are run once, over both together
    return make_without_the_broken(
        units, lambda: make(folder, target, city, units, {}, CHECKED, [], silent, checks)
    )


def _references(units, chosen, given):
    """The Units of reference tables that none of the checked files stands in for."""
    whole = {d.name for d, _ in chosen if d.one_unit}
    return [
        u
        for u in units
        if u.dataset.contract.kind == "reference"
        and u.dataset.name not in whole
        and not any((u.dataset.name, path.name) in given for path in u.paths)
    ]


def _checked(dataset, paths, number):
    """The Unit of files that are checked."""
    unit = Unit(dataset, paths, f"{CHECKED}-{number}", stamps=[stamp_of(path) for path in paths])
    try:
        unit.dates = newest(dataset.dates(path) for path in paths)
    except Refused as refusal:
        unit.outcome = refusal
    return unit


def judge(path: Path) -> None:
    """Runs the checks on a warehouse of checked files by itself, where it was made without them."""
    with duckdb.connect(str(path), config=LIMITS) as con:
        con.execute("delete from findings")
        findings.run(con)


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
