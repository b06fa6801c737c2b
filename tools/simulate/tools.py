"""What all parts of the simulator share: random numbers, whole shares, the city, dates, CSV."""

import shutil
import tempfile
from calendar import monthrange
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from pathlib import Path
from zlib import crc32

import numpy as np

from etl import warehouse
from etl.build import build
from etl.load.city import city_folders, read_city
from etl.problem import Refused
from tools.simulate.parameters import parameter

DAY = timedelta(days=1)


class Draws:
    """Random numbers of one part: of the raw bits of PCG64, so that no version changes them.

    NumPy keeps the bits of its generators for ever, but not what its distributions make of them.
    """

    def __init__(self, seed, part):
        self.bits = np.random.PCG64(np.random.SeedSequence([seed, crc32(part.encode())]))

    def uniform(self, *shape):
        """Numbers from 0 to below 1; one number without a shape."""
        count = int(np.prod(shape)) if shape else 1
        drawn = (self.bits.random_raw(count) >> np.uint64(11)) * 2.0**-53
        return drawn.reshape(shape) if shape else float(drawn[0])

    def noise(self, spread: float, *shape: int) -> np.ndarray:
        """Factors around 1 with a standard deviation: four uniforms, so no far tails."""
        return 1 + spread * (self.uniform(4, *shape).sum(axis=0) - 2) * 3**0.5

    def whole(self, least: int, most: int) -> int:
        """One whole number from least to most."""
        return least + int(self.uniform() * (most - least + 1))

    def quantile(self, table: Sequence[tuple[float, float]]) -> float:
        """One number from a table of (share, value), straight between its points."""
        return float(np.interp(self.uniform(), *np.array(table).T))


def apportion(total: int, weights: np.ndarray) -> np.ndarray:
    """Whole numbers that add up to the total, in proportion to weights (largest remainders).

    `weights` is an array of any shape; a weight of zero gets nothing.
    """
    parts = np.rint(np.ravel(weights) * 1e6).astype(np.int64)
    products = total * parts
    shares = products // parts.sum()
    left = total - int(shares.sum())
    shares[np.argsort(-(products % parts.sum()), kind="stable")[:left]] += 1
    return shares.reshape(np.shape(weights))


def days(first: date, last: date) -> list[date]:
    """Every day from the first to the last, both included."""
    return [first + n * DAY for n in range((last - first).days + 1)]


def days_of(year: int) -> list[date]:
    """Every day of a year."""
    return days(date(year, 1, 1), date(year, 12, 31))


def month_end(day: date) -> date:
    """The last day of the month of a day."""
    return day.replace(day=monthrange(day.year, day.month)[1])


def months(first_year: int, last_year: int) -> list[date]:
    """The first day of every month of the years."""
    return [date(y, m, 1) for y in range(first_year, last_year + 1) for m in range(1, 13)]


def as_day(text: str) -> date:
    """The day of a text yyyy-mm-dd."""
    return date.fromisoformat(text)


def write_csv(path: Path, rows: Iterable[Sequence]) -> Path:
    """Writes rows (the first one is the header) as CSV with \\n at line ends; the path."""
    path.parent.mkdir(parents=True, exist_ok=True)
    text = "".join(",".join(map(str, row)) + "\n" for row in rows)
    path.write_bytes(text.encode())
    return path


def default_city(folders: Iterable[Path] | None = None) -> Path:
    """The folder of the city that city.toml calls the default, else of the first one."""
    folders = list(folders or city_folders(warehouse.data_folder()).values())
    return next((f for f in folders if read_city(f)["default"]), folders[0])


class Place:
    """What the simulator knows of a city: its reference tables, read by the engine itself.

    Refused for a city that the parameters are not about: nothing is anchored on figures of another.
    """

    def __init__(self, city):
        area, known = read_city(city)["area"], parameter("area")
        if area != known:
            raise Refused("other_area_simulated", value=city.name, area=area, known=known)
        with tempfile.TemporaryDirectory() as folder:
            copy = Path(folder) / "data"
            shutil.copytree(city / "reference", copy / "reference")
            shutil.copy(city / "city.toml", copy)
            con = warehouse.connect(build(copy, Path(folder) / "warehouse"))
            self.sites = [row[0] for row in _rows(con, "site from sites order by site")]
            self.villages = _rows(con, "area, name from areas where level = 'village' order by 1")
            calendar = _rows(con, "day, name_id, kind from calendar order by day, name_id")
            con.close()
        off = ("national_holiday", "joint_leave")
        self.holidays = {day for day, _, kind in calendar if kind in off}
        self.events = {day for day, _, kind in calendar if kind == "event"}
        feasts = [(day, name) for day, name, kind in calendar if kind == "national_holiday"]
        # names of feasts on one day are joined: look for a part of the name, and take the first day
        self.lebaran = {d.year: d for d, name in reversed(feasts) if "Raya Idul Fitri" in name}
        self.maulid = {d.year: d for d, name in reversed(feasts) if "Maulid" in name}

    def works(self, day: date) -> bool:
        """Whether public offices are open."""
        return day.weekday() < 5 and day not in self.holidays

    def next_working_day(self, day: date) -> date:
        """The day itself, or the first day after it on which public offices are open."""
        while not self.works(day):
            day += DAY
        return day

    def is_ramadan(self, day: date) -> bool:
        """Whether a day is one of the 30 before Lebaran."""
        lebaran = self.lebaran.get(day.year)
        return lebaran is not None and 0 < (lebaran - day).days <= 30

    def is_school_holiday(self, day: date) -> bool:
        """Whether a day lies in the usual school holidays."""
        return any(a <= f"{day:%m-%d}" <= b for a, b in parameter("school_holidays"))


def _rows(con, query):
    return con.execute(f"select {query}").fetchall()
