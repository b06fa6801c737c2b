"""A simulated record of a city, where no public one exists: seeded, anchored, marked on every row.

    parameters.py   one table: every number the simulator was given, what it resembles, its source
    tools.py        random numbers, exact shares of a whole, the city's reference tables, CSV
    visits.py       daily visits by site and origin, guests of accommodation, closures, duties
    service.py      requests for identity cards, the stock of blank cards, answers to a survey
    condition.py    inspections, violations, patrols and planting by kelurahan
    tickets.py      any number of gate tickets, for the benchmark

simulate() writes the files that lie in data/<city>/simulated/ beside hand-written sidecars; run.py
never calls it. The same seed and reference tables give the same bytes on every machine: random
numbers are the bits of PCG64, shares are whole numbers, and nothing depends on how a platform
rounds or prints.
"""

from pathlib import Path

from tools.simulate import condition, service, visits
from tools.simulate.tickets import write_tickets
from tools.simulate.tools import Place, default_city, write_csv

__all__ = ["default_city", "simulate", "write_tickets"]


def simulate(folder: Path, seed: int = 2019, city: Path | None = None) -> list[Path]:
    """Writes every simulated file, but no sidecar, into a folder; the paths written, sorted.

    `city` is the folder of the city whose sites, areas and calendar are used: data/<city>, without
    it the default one; Refused for a city that the parameters are not about. Files of an earlier
    run that are not written again stay.
    """
    place = Place(city or default_city())
    files: dict = {}
    for part in (visits, service, condition):
        files |= part.files(place, seed)
    return sorted(write_csv(folder / name, rows) for name, rows in files.items())
