"""Gate tickets, any number of them, for the benchmark: never a dataset of the city.

Days of more than CHUNK tickets are written at once, so memory follows the chunk and the busiest
day, not the number of tickets.
"""

from datetime import date
from pathlib import Path

import numpy as np
import pyarrow as pa
from pyarrow import csv

from tools.simulate.parameters import parameter
from tools.simulate.tools import Draws, Place, apportion, days_of, default_city
from tools.simulate.visits import site_weights

COLUMNS = ("ticket_id", "site", "gate", "entered_at", "origin", "ticket_class", "persons")
CHUNK = 1_000_000
OPENS = 7 * 3600 + 30 * 60  # seconds of the day


def write_tickets(path: Path, n: int, seed: int = 2019, city: Path | None = None) -> Path:
    """Writes n tickets of the simulated years as one CSV file, ordered by time; the path.

    About 60 bytes a ticket. `city` as in simulate().
    """
    place, draws = Place(city or default_city()), Draws(seed, "tickets")
    years = parameter("years")
    weights = np.concatenate([site_weights(place, year)[:, :, 0] for year in years], axis=1)
    per_day = apportion(n, weights.sum(axis=0) / weights.max())
    first_day = (date(years[0], 1, 1) - date(1970, 1, 1)).days
    assert weights.shape[1] == sum(len(days_of(year)) for year in years)
    options = csv.WriteOptions(include_header=False, quoting_style="none")
    with open(path, "wb") as file:
        file.write((",".join(COLUMNS) + "\n").encode())
        written = start = 0
        while start < len(per_day):
            stop = start + max(1, int(np.searchsorted(np.cumsum(per_day[start:]), CHUNK)))
            table = _tickets(place, draws, weights, per_day, first_day, slice(start, stop), written)
            csv.write_csv(table, file, options)
            written, start = written + table.num_rows, stop
    return path


def _tickets(place, draws, weights, per_day, first_day, chunk, written):
    """The tickets of some days as an Arrow table, ordered by time."""
    counts = per_day[chunk]
    count = int(counts.sum())
    day = np.repeat(np.arange(chunk.start, chunk.stop), counts)
    hours = np.array(parameter("tickets.hours"), dtype=float).T
    second = OPENS + np.interp(draws.uniform(count), *hours).astype(np.int64)
    moment = np.sort((first_day + day) * 86_400 + second)
    site = np.empty(count, dtype=np.int64)
    ends = np.cumsum(counts)
    for d, end, size in zip(range(chunk.start, chunk.stop), ends, counts, strict=True):
        site[end - size : end] = _pick(draws, weights[:, d], int(size))
    names, shares = zip(*parameter("tickets.classes"), strict=True)
    kind = _pick(draws, np.array(shares), count)
    gates, gate = parameter("tickets.gates"), draws.uniform(count)
    is_wisman = (draws.uniform(count) * 1000 < parameter("tickets.wisman")).astype(np.int64)
    group = np.where(kind == len(names) - 1, 30, 4)  # the last class comes in groups
    persons = 1 + (draws.uniform(count) ** 2 * group).astype(np.int64)
    columns = (
        pa.array(np.arange(written + 1, written + count + 1)),
        pa.array(place.sites).take(pa.array(site)),
        pa.array(gates).take(pa.array((gate * len(gates)).astype(np.int64))),
        pa.array(moment).cast(pa.timestamp("s")),
        pa.array(("wisnus", "wisman")).take(pa.array(is_wisman)),
        pa.array(names).take(pa.array(kind)),
        pa.array(persons),
    )
    return pa.table(dict(zip(COLUMNS, columns, strict=True)))


def _pick(draws, weights, count):
    """Indexes drawn in proportion to weights."""
    bounds = np.cumsum(weights)
    return np.searchsorted(bounds, draws.uniform(count) * bounds[-1], side="right")
