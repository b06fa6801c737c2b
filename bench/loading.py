"""How long loading takes: python -m etl beside DuckDB and pandas on the same file, in one run.

    python -m bench.loading [--tickets 20000000] [--rounds 3] [--folder FOLDER]

Every figure is a whole process: wall and CPU seconds and peak memory as the system accounts them.
The ways take turns in every round, and a ratio is the median of the rounds' ratios, so a machine
that is busy for a while makes both slow. Prints the table of bench/README.md, then the steps of a
build.
"""

import argparse
import os
import random
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from statistics import median
from time import perf_counter

from tools.simulate.tickets import write_tickets

ROOT = Path(__file__).parents[1]
HEAD = "ticket_id,site,gate,entered_at,origin,ticket_class,persons\n"
SIDECAR = 'loads = "tickets"\nfiles = ["*.csv"]\n'
BAD = 2_000
DUCKDB = """
import duckdb
con = duckdb.connect({folder!r} + "/typed.duckdb", config={{"memory_limit": "700MB"}})
con.execute('''create table tickets as select * from read_csv({file!r}, header = true, columns = {{
    "ticket_id": "BIGINT", "site": "VARCHAR", "gate": "VARCHAR", "entered_at": "TIMESTAMP",
    "origin": "VARCHAR", "ticket_class": "VARCHAR", "persons": "INTEGER"}})''')
con.close()
"""
PANDAS = """
import pandas
read = pandas.read_csv({file!r}, parse_dates=["entered_at"])
keys = ["site", read.entered_at.dt.date, "origin", "ticket_class"]
read.groupby(keys)["persons"].agg(["sum", "count"])
"""

STEPS = """
import functools, resource, time
from etl import build
from etl.load import lake, stream
from etl.__main__ import main

def cpu():
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime

def timed(module, name, words):
    function = getattr(module, name)
    @functools.wraps(function)
    def step(*args, **kwargs):
        wall, used = time.perf_counter(), cpu()
        try:
            return function(*args, **kwargs)
        finally:
            print(f"  {words:<44} {time.perf_counter() - wall:6.2f} s {cpu() - used:6.2f} s CPU")
    setattr(module, name, step)

for step in (
    (build, "_units", "hash the files"),
    (stream, "_fast_pass", "read, guard, cast, check, write the lake"),
    (stream, "_fetch_lines", "count lines, fetch odd ones"),
    (stream, "_is_clean", "blanks and identity numbers"),
    (stream, "make", "odd rows, the usual way"),
    (lake, "note_events", "marts of the file, its keys"),
    (build, "event_marts", "references, keys, marts of all"),
    (build, "account", "the fate of every row"),
    (build, "_healthy", "verify what was built"),
): timed(*step)
main({arguments})
"""


@dataclass
class Run:
    """What one process took: seconds, seconds, MB."""

    wall: float
    cpu: float
    memory: float


def run(*command):
    """The Run of a process; an exit code above 1 is an error (1: built, with rejects)."""
    started = perf_counter()
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    wall = perf_counter() - started
    if os.waitstatus_to_exitcode(status) > 1:
        raise RuntimeError(f"{command} failed")
    return Run(wall, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)


class City:
    """A data folder with one dataset of tickets, and its warehouse."""

    def __init__(self, folder):
        self.data, self.target = folder / "data", folder / "warehouse"
        self.files = self.data / "kota"
        self.files.mkdir(parents=True, exist_ok=True)
        (self.files / "gates.toml").write_text(SIDECAR)

    def load(self, *options, anew=False):
        """The Run of python -m etl."""
        if anew:
            shutil.rmtree(self.target, ignore_errors=True)
        place = ("--data", str(self.data), "--warehouse", str(self.target))
        return run(sys.executable, "-m", "etl", *options, *place)


def spoil(source, target, count):
    """Copies a file of `count` tickets with BAD bad lines: a day, a word, a short row, a number."""
    bad = set(random.Random(1).sample(range(1, count), BAD))
    with source.open("rb") as lines, target.open("wb") as out:
        for i, line in enumerate(lines):
            if i in bad:
                cells = line.rstrip().split(b",")
                match i % 4:
                    case 0:
                        cells[3] = b"2019-02-31 08:00:00"
                    case 1:
                        cells[4] = b"orang"
                    case 2:
                        cells = cells[:3]
                    case _:
                        cells[6] = b"1.5"
                line = b",".join(cells) + b"\n"
            out.write(line)


def write_day(path, first, count, day):
    """A file of `count` tickets of one day, numbered from `first`."""
    moments = (day + timedelta(seconds=i * 60_000 // count) for i in range(count))
    path.write_text(
        HEAD
        + "".join(
            f"{first + i},site-{i % 9},G{i % 4},{moment},wisnus,umum,{1 + i % 4}\n"
            for i, moment in enumerate(moments)
        )
    )


def measure(folder, tickets, rounds):
    """{what was measured: [Run]}, one Run a round."""
    runs = {}

    def note(name, made):
        runs.setdefault(name, []).append(made)
        print(f"  {name:<14} {made.wall:6.2f} s {made.cpu:6.2f} s CPU {made.memory:6.0f} MB")

    whole, spoiled, many = (City(folder / name) for name in ("whole", "spoiled", "many"))
    file = write_tickets(whole.files / "gates.csv", tickets)
    spoil(file, spoiled.files / "gates.csv", tickets)
    for day in range(365):
        on = datetime(2019, 1, 1, 8) + timedelta(days=day)
        write_day(many.files / f"day{day:03}.csv", day * 1000, 50, on)
    more = whole.files / "more.csv"
    for i in range(rounds):
        print(f"round {i + 1} of {rounds}")
        code = {"folder": str(folder), "file": str(file)}
        note("duckdb", run(sys.executable, "-c", DUCKDB.format(**code)))
        (folder / "typed.duckdb").unlink()
        note("full", whole.load(anew=True))
        note("pandas", run(sys.executable, "-c", PANDAS.format(**code)))
        note("bad", spoiled.load(anew=True))
        note("nothing new", whole.load())
        note("verify", whole.load("--verify"))
        write_day(more, tickets + 1, tickets // 365, datetime(2020, 1, 1, 8))
        note("one more day", whole.load())
        more.unlink()
        note("365 files", many.load(anew=True))
    return runs


def ratio(runs, one, other, kind):
    """The median over the rounds of one process's figure by another's."""
    pairs = zip(runs[one], runs[other], strict=True)
    return median(getattr(a, kind) / getattr(b, kind) for a, b in pairs)


def table(runs, tickets):
    """The lines of the table in bench/README.md."""

    def took(name, kind):
        return median(getattr(made, kind) for made in runs[name])

    def by(one, other):
        wall, cpu = (ratio(runs, one, other, kind) for kind in ("wall", "cpu"))
        return f"{wall:.2f} wall, {cpu:.2f} CPU"

    peak = max(made.memory for name in ("full", "bad") for made in runs[name])
    rows = [
        (f"{tickets:,} tickets in a CSV, by DuckDB's typed reader", by("full", "duckdb"), "1.2"),
        ("the same, by pandas read_csv and groupby", by("full", "pandas"), "0.65"),
        (f"the same with {BAD:,} bad rows, by that without", by("bad", "full"), "1.3"),
        ("one more day's file, by the whole", by("one more day", "full"), "0.12"),
        ("one more day's file", f"{took('one more day', 'wall'):.2f} s", "1.5 s"),
        ("nothing new", f"{took('nothing new', 'wall'):.2f} s", "0.7 s"),
        ("nothing new, all files hashed anew (`--verify`)", f"{took('verify', 'wall'):.2f} s", ""),
        ("365 daily files of 50 rows", f"{took('365 files', 'wall'):.2f} s", "3 s"),
        ("peak memory of the whole", f"{peak:.0f} MB", "800 MB"),
    ]  # fmt: skip
    yield "| loading | measured | at most |"
    yield "|---|---|---|"
    yield from (f"| {' | '.join(row)} |" for row in rows)


def steps(city):
    """Prints the wall and CPU seconds of the steps of a whole build."""
    shutil.rmtree(city.target, ignore_errors=True)
    arguments = ["--data", str(city.data), "--warehouse", str(city.target)]
    code = STEPS.replace("{arguments}", repr(arguments))
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False, stderr=subprocess.DEVNULL)


def main():
    """Measures and prints."""
    parser = argparse.ArgumentParser(description="python -m etl beside DuckDB and pandas")
    parser.add_argument("--tickets", type=int, default=20_000_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--folder", type=Path, help="where 3 GB have room; a temporary one without")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=args.folder) as folder:
        runs = measure(Path(folder), args.tickets, args.rounds)
        print("\n".join(table(runs, args.tickets)))
        print(f"steps of a build of {args.tickets:,} tickets with {BAD:,} bad ones")
        steps(City(Path(folder) / "spoiled"))


if __name__ == "__main__":
    main()
