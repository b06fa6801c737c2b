"""How long the server takes for the page on services: on many requests, and on a tenth of them.

    python -m bench.service [--requests 5000000] [--rounds 15] [--folder FOLDER]

Requests are made up (seeded) in the warehouse of a city without any, and the marts are made of them
by the project's own SQL. Then one process a size reruns the page as it does when a reader picks
another office, unit of time, period or day: a choice that was not made before, so that no cached
answer is counted; the sizes take turns. The last line is the ratio of the medians.
"""

import argparse
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median

import duckdb

from etl.build import build
from etl.contract import HERE, contracts
from etl.load.events import fact_marts

ROOT = Path(__file__).parents[1]
CITY = 'name = "Kota Uji"\narea = "99"\ntime_zone = "Asia/Jakarta"\n'
REFERENCES = {
    "standards.csv": "service_code,hours,from_date,kind,document,published_at\n"
    "ktp_el,24,2018-01-01,regulation,Rule,2018-01-01\n",
    "standards.toml": 'loads = "standards"\nfiles = ["standards.csv"]\n',
}
# two years, eight offices, three channels; long tails; a monthly extract, and another one when the
# state has changed
REQUESTS = """
insert into service by name
with drawn as (
    select
        i, hash(i * 3 + 1) as h, (hash(i + 77) % 10000 + 1) / 10001 as v,
        timestamp '2018-01-01 01:00:00' + to_seconds((hash(i + 5) % 62000000)::bigint) as came
    from range($requests) as r (i)
),
told as (
    select
        *, came + to_seconds((exp(1.5 + 1.3 * ln(v / (1 - v))) * 3600)::bigint) as ended,
        last_day(came) + 4 as first_on, last_day(ended) + 4 as then_on
    from drawn
),
vintages as (
    select *, first_on as published_at, then_on > first_on as is_open from told
    union all
    select *, then_on, false from told where then_on > first_on
)
select
    row_number() over () as value_id, i::varchar as service_request_id, 'ktp_el' as service_code,
    'Office ' || (h % 8) as agency, 'Channel ' || (h // 8 % 3) as channel, came as requested_at,
    came::date as requested_on, if(is_open, null, ended) as completed_at,
    if(is_open, 'open', 'closed') as status, 'second' as precision, 'Asia/Jakarta' as time_zone,
    'office' as series, 'final' as obs_status, published_at, 'stated' as published_at_basis,
    1 as unit_id
from vintages where published_at <= date '2020-01-05'
"""
PAGE = """
import sys, time
from streamlit.testing.v1 import AppTest
at = AppTest.from_file("dashboard.py", default_timeout=600)
at.run(); at.switch_page("pages/explore/service.py"); at.run()
print("ready", flush=True)
for line in sys.stdin:
    at.query_params.clear()
    for part in line.split():
        name, _, value = part.partition("=")
        at.query_params[name] = value.replace("+", " ")
    start = time.perf_counter(), time.process_time()
    at.run()
    assert not at.exception, at.exception
    print(time.perf_counter() - start[0], time.process_time() - start[1], flush=True)
"""


def warehouse_of(folder, requests):
    """Builds the warehouse of a city with so many requests; the environment that serves it."""
    data, target = folder / "data" / "city", folder / "warehouse" / "city"
    data.mkdir(parents=True)
    for name, text in {"city.toml": CITY, **REFERENCES}.items():
        (data / name).write_text(text, encoding="utf-8")
    path = build(data, target)
    marts = ("service_by_period", "service_open", "service_hours", "service_reach")
    with duckdb.connect(str(path), config={"memory_limit": "2GB"}) as con:
        con.execute(REQUESTS, {"requests": requests})
        con.execute("drop view service_changes; drop table service_histogram")
        fact_marts(con, contracts()["service"])
        for mart in marts:
            con.execute(f"drop table {mart}")
            con.execute((HERE / "marts" / f"{mart}.sql").read_text(encoding="utf-8"))
        sizes = {mart: con.table(mart).count("*").fetchall()[0][0] for mart in marts}
    print(
        f"{requests:>10,} requests", ", ".join(f"{n:,} {m}" for m, n in sizes.items()), flush=True
    )
    return {**os.environ, "DUAJUTA_WAREHOUSE": str(folder / "warehouse"), "PYTHONPATH": str(ROOT)}


def choices(rounds):
    """Addresses of the page, none twice."""
    for n in range(rounds):
        unit = ("month", "week")[n % 2]
        day = f"2019-{1 + n % 12:02}-{6 + n % 20:02}"
        yield f"lang=en unit={unit} as_of={day}" + (f" office=Office+{n % 8}" if n % 3 else "")


def main():
    """Prints the medians of both sizes and their ratio."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--requests", type=int, default=5_000_000)
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--folder", type=Path)
    wanted = parser.parse_args()
    sizes = (wanted.requests, wanted.requests // 10)
    with tempfile.TemporaryDirectory(dir=wanted.folder) as folder:
        served = []
        for size in sizes:
            place = Path(folder) / str(size)
            command = [sys.executable, "-c", PAGE]
            served.append(
                subprocess.Popen(
                    command, cwd=ROOT, env=warehouse_of(place, size), text=True,
                    stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                )
            )  # fmt: skip
        for process in served:
            assert process.stdout.readline() == "ready\n"
        taken = [[], []]
        for address in choices(wanted.rounds):
            for process, times in zip(served, taken, strict=True):
                process.stdin.write(address + "\n")
                process.stdin.flush()
                times.append([float(t) for t in process.stdout.readline().split()])
        for process in served:
            process.stdin.close()
            process.wait()
    for nth, clock in enumerate(("wall", "cpu")):
        large, small = (median(t[nth] for t in times) for times in taken)
        print(f"{clock}: {large:.3f} s on all, {small:.3f} s on a tenth: {large / small:.2f}")


if __name__ == "__main__":
    main()
