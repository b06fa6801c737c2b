"""The outlook in the shape that a scoring script calls: f(history, horizon, levels) -> DataFrame.

The script is asked for the days of 1 Syawal that it uses (EID), so that both use the same ones.
From the top folder: PYTHONPATH=. python SCORE.py bench/outlook.py:forecast --data SERIES.csv
"""

import sys

import pandas as pd

from kpi import forecast as method

EID = getattr(sys.modules["__main__"], "EID", ())


def forecast(history, horizon, levels):
    """A row a month: mean (the median), lo- and hi- of each level; attrs["paths"] the sample."""
    result = method.forecast(history, horizon, levels, calendar=EID)
    columns = {"mean": result.median}
    for level, (low, high) in result.intervals.items():
        columns |= {f"lo-{level}": low, f"hi-{level}": high}
    table = pd.DataFrame(columns, index=result.months)
    table.attrs["paths"] = result.paths
    return table


forecast.accepts_gaps = True
