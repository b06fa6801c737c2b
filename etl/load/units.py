"""The units of a city's datasets, each with the key of what it yields in the lake."""

import json
from collections.abc import Iterable
from datetime import date
from pathlib import Path

from etl.contract import contracts
from etl.load.lake import content_hash, unit_key
from etl.load.unit import Unit
from etl.problem import Refused
from etl.recipe.dataset import DATA_FILES, Dataset, Dates, Known

DIGESTS = "digests.json"


def units_of(known: Known, target: Path) -> list[Unit]:
    """[Unit] with keys of the datasets that can be used, reference tables first."""
    digests = _Digests(target / DIGESTS)
    units = [u for _, d in known if not isinstance(d, Refused) for u in _of_dataset(d)]
    order = list(contracts())
    units.sort(key=lambda u: (order.index(u.dataset.loads), u.dataset.name, u.paths))
    references: dict[str, str] = {}
    for unit in units:
        if not unit.outcome:
            _note_key(unit, digests, references)
    digests.save()
    return units


def _of_dataset(dataset):
    """The Units of a dataset with their dates, without keys."""
    paths = dataset.paths()
    for group in [paths] if dataset.one_unit and paths else [[p] for p in paths]:
        try:
            yield Unit(dataset, group, dates=newest(dataset.dates(p) for p in group))
        except Refused as refusal:
            yield Unit(dataset, group, outcome=refusal)


def _note_key(unit, digests, references):
    """Gives a Unit its lake key, which those of reference tables before it are part of."""
    try:
        found = [digests.of(p) for p in unit.paths]
        unit.stamps = [digests.seen[str(p)][0] for p in unit.paths]
    except OSError as error:  # open in Excel on Windows, or not ours to read
        names = ", ".join(p.name for p in unit.paths)
        unit.outcome = Refused("unreadable_file", file=names, error=str(error.strerror))
        return
    unit.key = unit_key(unit.dataset, unit.paths, found, references)
    if unit.dataset.contract.kind == "reference":
        references[unit.dataset.loads] = references.get(unit.dataset.loads, "") + unit.key


def no_file(dataset: Dataset, known: Known) -> Refused:
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


def newest(dates: Iterable[Dates]) -> Dates:
    """The last of the dates of files."""
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
