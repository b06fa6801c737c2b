"""Whether a build that dies loses or tears anything: kills, swaps, two at once, a broken lake.

    python -m bench.faults [--kills 200] [--minutes 5] [--seed 1]

Small cities in a temporary folder, each with one month more for every build. Builds are killed at
random moments; after each kill a whole warehouse with the old or the new figures serves (else it is
torn), the next build has all rows (lost) and leaves nothing behind (leftovers), and no child that
reads files lives on for 2 s (orphans). Readers beside swaps see whole answers and no error. What
does not fit into the minutes is left out, and the number says so. Exit code 1: something was found.
"""

import argparse
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event

import psutil

from etl import warehouse
from etl.problem import Refused
from tests.conftest import HEADER, REFERENCES, ROOT, City, sidecar

LANES, SWAPS, READERS, TWICE, BUSY = 2, 40, 4, 5, 3
ORPHANED = 2  # seconds after which no child of a killed build may live
AFTER = 1.2  # times as long as a build takes: some kills fall while it publishes, some behind
PAUSE = 0.05  # seconds between two reads, so that builds get on
MANY = 400_000  # rows that a child reads for some seconds
FOUND = ("torn", "lost", "leftovers", "orphans", "wrong", "errors")
LEFT = ("building", "making", ".wal", ".tmp", "current.new")
BREAKS: dict[str, Callable[[bytes], bytes | None]] = {
    "gone": lambda _: None,
    "empty": lambda _: b"",
    "half": lambda content: content[: len(content) // 2],
    "other": lambda content: bytes(255 - byte for byte in content),
    "one byte": lambda content: content[:-3] + bytes([content[-3] ^ 1]) + content[-2:],
}


class Growing(City):
    """A small city that is to hold some months of visits."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.write(REFERENCES | {"visits.toml": sidecar()})
        self.months(1)

    def name(self, number: int) -> None:
        """Another name, so that there is something to build of what lies in the lake."""
        named = REFERENCES["city.toml"].replace("Kota Bogor", f"Kota {number}")
        self.write({"city.toml": named})

    def months(self, number: int) -> None:
        """So many months in its file; the figure of each is its number."""
        dated = ((1900 + n // 12, n % 12 + 1, n) for n in range(number))
        rows = [f"3271,KOTA BOGOR,{year},{month},{n}\n" for year, month, n in dated]
        self.write({"visits.csv": HEADER + "".join(rows)})

    def started(self) -> psutil.Popen:
        """A build in a process of its own."""
        folders = ("--data", self.folder.parent, "--warehouse", self.target.parent)
        return psutil.Popen(
            [sys.executable, "-m", "etl", *map(str, folders)],
            cwd=ROOT,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def served(self) -> int | None:
        """How many months serve, -1 where they are torn; None where nothing was ever built."""
        path, why = warehouse.serving(self.target)
        if path is None and why is None:
            return None
        return -1 if why else months_of(path)

    def rebuilt(self, number: int) -> Counter:
        """What a build of so many months lost or left behind."""
        try:
            self.build()
        except Refused as refusal:
            print(f"  a build was refused: {refusal.code} {refusal.params}")
        lost = self.served() != number
        left = [p for p in self.target.rglob("*") if any(word in p.name for word in LEFT)]
        return Counter(builds=1, lost=lost, leftovers=len(left))


def months_of(path: Path) -> int:
    """How many months a warehouse holds, the first of all; -1 where it is none of these."""
    try:
        warehouse.verify(path)
        con = warehouse.connect(path)
    except Refused:
        return -1
    with con:
        figures = con.sql("select visits from visits order by visits").fetchall()
        ((rows,),) = con.sql("select sum(rows_read) from units where dataset = 'visits'").fetchall()
    whole = figures == [(n,) for n in range(len(figures))] and rows == len(figures)
    return len(figures) if whole else -1


def killed(process: psutil.Popen) -> int:
    """How many children of a killed build still live after ORPHANED seconds."""
    children = process.children(recursive=True)
    process.kill()
    process.wait()
    until = time.monotonic() + ORPHANED
    while (left := sum(map(lives, children))) and time.monotonic() < until:
        time.sleep(0.02)
    for child in filter(lives, children):
        child.kill()
    return left


def lives(process: psutil.Process) -> bool:
    """Whether a process does anything."""
    try:
        return process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def kills(
    city: Growing, chance: random.Random, seconds: float, number: int, until: float
) -> Counter:
    """Builds of one month more each, killed at random moments and built again."""
    seen = Counter()
    for months in range(1, number + 1):
        if time.monotonic() > until:
            break
        before = city.served()
        city.months(months)
        process = city.started()
        time.sleep(chance.uniform(0, seconds))
        orphans = killed(process)
        after = city.served()
        old, new = after == before, after == months
        seen.update(kills=1, old=old, new=new, torn=not (old or new), orphans=orphans)
        seen += city.rebuilt(months)
    return seen


def busy(city: Growing, until: float) -> Counter:
    """Builds killed while the child reads a large file; the next one begins after that."""
    seen = Counter()
    for number in range(MANY, MANY + BUSY):
        if time.monotonic() > until:
            break
        city.months(number)
        before, process = city.served(), city.started()
        if not is_making(city, process):
            process.wait()
            continue
        time.sleep(0.3)
        seen.update(kills=1, orphans=killed(process), torn=city.served() != before)
    city.months(1)
    return seen + city.rebuilt(1)


def is_making(city: Growing, process: psutil.Popen) -> bool:
    """Whether a build came to what is new in its files; waits until it does or ends."""
    while process.poll() is None:
        if (city.target / "lake" / ".making-unit").exists():
            return True
        time.sleep(0.005)
    return False


def swaps(city: Growing, until: float) -> Counter:
    """Builds of one month more each beside threads that read what serves."""
    seen, done = city.rebuilt(1), Event()

    def read() -> Counter:
        mine, last = Counter(), 0
        while not done.is_set():
            try:
                con = warehouse.connect(warehouse.current(city.target))
                with con:
                    figures = con.sql("select visits from visits order by visits").fetchall()
            except Exception as error:  # whatever it is, a reader may not see it
                print(f"  a reader met {type(error).__name__} {error}")
                mine.update(errors=1)
                continue
            whole = figures == [(n,) for n in range(len(figures))]
            mine.update(reads=1, wrong=not whole or len(figures) < last)
            last = len(figures)
            time.sleep(PAUSE)
        return mine

    with ThreadPoolExecutor(READERS) as pool:
        readers = [pool.submit(read) for _ in range(READERS)]
        try:
            for months in range(2, SWAPS + 2):
                if time.monotonic() > until:
                    break
                city.months(months)
                seen += city.rebuilt(months)
        finally:
            done.set()
    return sum((reader.result() for reader in readers), seen)


def two_at_once(city: Growing, until: float) -> Counter:
    """Builds begun while another is under way: refused, and what that one builds serves."""
    seen = Counter()
    for months in range(2_000, 2_000 + TWICE):
        if time.monotonic() > until:
            break
        city.months(months)
        process = city.started()
        if is_making(city, process):
            try:
                city.build()
                seen.update(wrong=process.wait() != 2)  # else that one found it taken
            except Refused as refusal:
                seen.update(told=refusal.code == "build_running")
        process.wait()
        seen.update(pairs=1, lost=city.served() != months)
        seen += city.rebuilt(months)
    return seen


def damage(city: Growing, until: float) -> Counter:
    """Each file beside the warehouse broken in each way, and built again."""
    seen = city.rebuilt(1)
    names = ("account.json", "values.parquet", "digests.json", "current")
    for number, (name, way) in enumerate(((n, w) for n in names for w in BREAKS), 1):
        if time.monotonic() > until:
            break
        for path in city.target.rglob(name):
            content = BREAKS[way](path.read_bytes())
            path.unlink() if content is None else path.write_bytes(content)
        path, _ = warehouse.serving(city.target)
        seen.update(breaks=1, torn=path is None or months_of(path) != 1)
        city.name(number)
        seen += city.rebuilt(1)
    return seen


def many_kills(folder: Path, number: int, seed: int, until: float) -> Counter:
    """So many kills in cities side by side, from the start of a build until it has published."""
    cities = [Growing(folder / str(lane)) for lane in range(LANES)]
    began, firsts = time.monotonic(), [city.started() for city in cities]
    for process in firsts:
        process.wait()
    seconds = AFTER * (time.monotonic() - began)
    with ThreadPoolExecutor(LANES) as pool:
        lanes = [
            pool.submit(
                kills,
                city,
                random.Random(seed + lane),
                seconds,
                number // LANES + (lane < number % LANES),
                until,
            )
            for lane, city in enumerate(cities)
        ]
    return sum((lane.result() for lane in lanes), Counter())


def main() -> int:
    """Runs all of it and prints what was counted; 1 where something was found."""
    parser = argparse.ArgumentParser(prog="python -m bench.faults")
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--minutes", type=float, default=5)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    until = time.monotonic() + 60 * args.minutes
    all_seen = Counter()
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        for what, step in (
            ("lake and pointer broken", damage),
            ("two builds at once", two_at_once),
            ("killed while reading", busy),
            (f"swaps, {READERS} readers", swaps),
            ("killed at any moment", None),
        ):
            if step:
                seen = step(Growing(folder / step.__name__), until)
            else:
                seen = many_kills(folder, args.kills, args.seed, until)
            counted = {name: seen[name] for name in (*sorted({*seen} - {*FOUND}), *FOUND)}
            told = "  ".join(f"{name} {count}" for name, count in counted.items())
            print(f"{what:<26}{told}", flush=True)
            all_seen += seen
    return int(any(all_seen[name] for name in FOUND))


if __name__ == "__main__":
    sys.exit(main())
