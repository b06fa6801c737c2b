"""How long a rerun of the page condition takes on many inspections beside a tenth of them.

    python -m bench.condition [--inspections 500000] [--rounds 7] [--folder FOLDER]

Two cities are made, alike but for the number of inspections, and visited in turn, so a busy machine
makes both slow. A rerun is a whole run of the script on the server after a switch: of a view that
nobody has seen (nothing of it is remembered) and of one seen before. Prints medians and the median
of the rounds' ratios.
"""

import argparse
import os
import shutil
import tempfile
from datetime import date, timedelta
from pathlib import Path
from statistics import median
from time import perf_counter

from streamlit.testing.v1 import AppTest

from etl.build import build
from kpi import reading
from tools.simulate.tools import Draws, default_city, month_end

ROOT = Path(__file__).parents[1]
FIRST, DAYS = date(2017, 1, 1), 1095
AT_MOST = 1.2
HEAD = (
    "area,section,period_start,frequency,domain,indicator,value,unit,direction,sample_size,"
    "method,published_at\n"
)
SIDECAR = 'loads = "condition"\nfiles = ["inspections.csv"]\n[source]\nproducer = "bench"\n'
VIEWS = [{"months": m, "area": a} for m in ("3", "12", "6") for a in (None, 0, 1)]


def main():
    """Builds both cities, measures and prints."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--inspections", type=int, default=500_000)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--folder", type=Path)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=args.folder) as folder:
        os.environ["DUAJUTA_WAREHOUSE"] = folder + "/warehouse"
        sizes = {"many": args.inspections, "tenth": args.inspections // 10}
        areas = [_city(Path(folder), name, size) for name, size in sizes.items()][0]
        sessions = {name: _visit(name) for name in sizes}
        print(f"{'rerun':<14}{'many':>10}{'tenth':>10}{'ratio':>8}   at most {AT_MOST}")
        for words, forgets in (("not seen before", True), ("seen before", False)):
            rounds = [_round(sessions, areas, n, forgets) for n in range(args.rounds)]
            many, tenth = (median(r[name] for r in rounds) for name in sizes)
            ratio = median(r["many"] / r["tenth"] for r in rounds)
            print(f"{words:<16}{1000 * many:6.0f} ms{1000 * tenth:7.0f} ms{ratio:8.2f}")


def _city(folder, name, inspections):
    """Builds a city with so many inspections; the codes of its areas."""
    city = folder / "data" / name
    shutil.copytree(default_city() / "reference", city / "reference")
    shutil.copy(default_city() / "city.toml", city)
    about = (city / "city.toml").read_text(encoding="utf-8")
    lines = [line for line in about.splitlines() if not line.startswith("demo_as_of")]
    (city / "city.toml").write_text("\n".join(lines[: lines.index("[ruling_target]")]))
    kelurahan = (city / "reference" / "kelurahan.csv").read_text(encoding="utf-8").splitlines()[1:]
    areas = [line.split(",")[0] for line in kelurahan]
    drawn = Draws(1, "bench").uniform(4, inspections).T.tolist()
    with (city / "inspections.csv").open("w", encoding="utf-8") as file:
        file.write(HEAD)
        for number, (where, when, what, size) in enumerate(drawn):
            day, points = FIRST + timedelta(int(when * DAYS)), 5 + int(size * 20)
            known = month_end(day) + timedelta(7)
            share = round(100 * int((0.6 + 0.4 * what) * points) / points, 4)
            file.write(
                f"{areas[int(where * len(areas))]},{number},{day},D,kebersihan,clean_share,"
                f"{share}e0,percent,up,{points},inspection,{known}\n"
            )
    (city / "inspections.toml").write_text(SIDECAR)
    started = perf_counter()
    build(city, folder / "warehouse" / name)
    print(f"{inspections:,} inspections built in {perf_counter() - started:.1f} s")
    return areas


def _visit(city):
    at = AppTest.from_file(str(ROOT / "dashboard.py"), default_timeout=120)
    at.query_params["city"] = city
    at.run()  # AppTest knows the pages only after a first run
    at.switch_page("pages/explore/condition.py").run()
    assert not at.exception and "%" in at.title[0].value, at.title[0].value
    return at


def _round(sessions, areas, number, forgets):
    """{city: seconds} of one view, each city in turn first."""
    view, taken = VIEWS[number % len(VIEWS)], {}
    for name in sorted(sessions, reverse=number % 2 == 0):
        at = sessions[name]
        at.query_params["months"] = view["months"]
        if view["area"] is not None:
            at.query_params["area"] = areas[view["area"]]
        if forgets:
            reading.table.cache_clear()
            reading.figures.cache_clear()
        else:
            at.run()
        started = perf_counter()
        at.run()
        taken[name] = perf_counter() - started
        assert not at.exception and len(at.header) >= 3, at.title[0].value
    return taken


if __name__ == "__main__":
    main()
