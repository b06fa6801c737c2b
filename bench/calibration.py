"""How often targets came that were given a chance: kpi/calibration.csv, from a panel of series.

From the top folder: python -m bench.calibration SCORE.py SERIES.csv
The scoring script sees the totals of two years of each series from each of their months, with
targets of 0.9 to 1.2 times the year before (see docs/outlook.en.md); kpi/calibration.csv has, for
each class of chances, how many there were, their mean, and the share that came true.
"""

import importlib.util
import sys
from pathlib import Path

import pandas as pd

CLASSES = [-0.01, 0.05, 0.2, 0.4, 0.6, 0.8, 0.95, 1.01]
TABLE = Path(__file__).parents[1] / "kpi" / "calibration.csv"


def chances(script, panel):
    """(number of series, DataFrame of every chance given: k months known, p, hit)."""
    spec = importlib.util.spec_from_file_location("score", script)
    score = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(score)
    sys.modules["__main__"].EID = score.EID
    from bench.outlook import forecast

    series = score.read(panel)
    return len(series), score.yearend(forecast, series, range(12))[1]


def main():
    """Writes the table and prints it."""
    count, given = chances(*sys.argv[1:3])
    given["chance"] = pd.cut(given.p, CLASSES)
    table = given.groupby("chance", observed=True).agg(
        n=("p", "size"), said=("p", "mean"), came=("hit", "mean")
    )
    table.insert(0, "above", [max(c.left, 0.0) for c in table.index])
    table.insert(1, "up_to", [min(c.right, 1.0) for c in table.index])
    table["series"] = count
    table.round(4).to_csv(TABLE, index=False)
    print(table.to_string())


if __name__ == "__main__":
    main()
