"""How long each file to take away takes, in a process of its own that knows nothing yet.

    python -m bench.exports [--rounds 5]

Of the city that is served first, as of its demonstration day, beside a process that only loads what
the smallest one needs. Prints the median seconds; the ratio says what is ours on any computer.
"""

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median
from time import perf_counter

from ui.export.outputs import OUTPUTS

AT_MOST = 5  # seconds
NOTHING = ["-c", "import altair, duckdb, pandas"]


def main():
    """Makes every output so many times in turns, measures and prints."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=5)
    rounds = range(parser.parse_args().rounds)
    with tempfile.TemporaryDirectory() as folder:
        orders = {"libraries alone": NOTHING}
        for name in OUTPUTS:
            orders[name] = ["-m", "ui.export", name, "--out", str(Path(folder) / name)]
        taken = [{name: _seconds(order) for name, order in orders.items()} for _ in rounds]
    print(f"{'made':<18}{'seconds':>8}{'ratio':>8}   at most {AT_MOST} s")
    for name in orders:
        ratio = median(one[name] / one["libraries alone"] for one in taken)
        print(f"{name:<18}{median(one[name] for one in taken):8.2f}{ratio:8.2f}")


def _seconds(order):
    start = perf_counter()
    subprocess.run([sys.executable, *order], check=True, stdout=subprocess.DEVNULL)
    return perf_counter() - start


if __name__ == "__main__":
    main()
