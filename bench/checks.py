"""How many defects the checks find, and how many sound figures they accuse.

    DUAJUTA_REAL=FOLDER python -m bench.checks [--draws 40] [--only DEFECT] [--seed 1]

Each defect of bench/defects.py is put at random into every real sample that it fits, many times; a
defect is found where a finding of its check marks the damaged figure. A false alarm is a row of an
undamaged sample that a check marks (but to say that Idulfitri explains it). Prints both, a row per
defect and sample, and all together; exit code 1 where a row or the whole is below its bar.
"""

import argparse
import json
import os
import sys
import tempfile
from collections import defaultdict
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd

from bench import defects, samples
from etl import findings
from etl.build import build
from etl.contract import macros
from etl.load.ledger import report
from etl.load.tables import light_marts

RECALL, ALARMS = 0.75, 0.02  # of a row of the table
TOGETHER = 0.95, 0.01  # of all rows, and of all checks on all sound figures
FEASTS = "select day from calendar where name_id like '%Idul Fitri%' and kind = 'national_holiday'"
MONTHLY = ("jakarta", "sumenep", "provinces")
YEARLY = ("regencies", "guests")
# defect: (checks that may name it, samples that it fits)
FITS = {
    "thousands_dot": (("thousands_dot", "wrong_unit"), (*MONTHLY, "days")),
    "hundredfold": (("wrong_unit",), ("days",)),
    "copied_week": (("copied",), ("days",)),
    "zeros": (("zero_or_missing",), ("days",)),
    "daily_shift": (("level_shift",), ("days",)),
    "year_to_date": (("year_to_date",), MONTHLY),
    "dropped_digit": (("dropped_digit",), MONTHLY),
    "wrong_unit": (("wrong_unit", "thousands_dot"), MONTHLY),
    "copied_forward": (("copied",), MONTHLY + YEARLY),
    "category_missing": (("category_missing",), MONTHLY + YEARLY),
    "totals_mixed": (("totals_mixed",), MONTHLY + YEARLY),
    "total_twice": (("total_twice",), MONTHLY + YEARLY),
    "renamed_site": (("renamed_site",), MONTHLY),
    "scope_change": (("scope_change",), MONTHLY),
    "code_and_name": (("code_and_name",), YEARLY),
    "partial_period": (("partial_period",), MONTHLY),
    "zero_for_missing": (("zero_or_missing",), MONTHLY + YEARLY),
    "holiday_spike": (("holiday_spike",), MONTHLY),
    "spike": (("spike",), MONTHLY),
    "series_break": (("level_shift",), MONTHLY),
    "completion_before_request": (("completion_before_request",), ("requests",)),
    "closed_without_completion": (("closed_without_completion",), ("requests",)),
    "no_duration": (("no_duration",), ("requests",)),
}
IN_FILES = ("broken_header", "absent_signs")
SIDECAR = """
loads = "visits"
files = ["visits.csv"]
[map]
place = "place"
place_kind = "'site'"
period_start = "period(period)"
frequency = "period_frequency(period)"
measure = "'attraction_visits'"
origin = "'total'"
series = "'s'"
visits = "num(visits)"
obs_status = "if(absent(visits), 'missing', 'final')"
"""


class Checks:
    """A warehouse in memory whose facts are one table, and what the checks find in it."""

    def __init__(self, folder):
        """folder: a city's data without facts, for the calendar."""
        with tempfile.TemporaryDirectory() as target:
            empty = build(folder, Path(target))
            self.con = duckdb.connect()
            self.con.execute(f"attach '{empty}' as empty (read_only)")
            tables = self.con.sql(
                "select table_name from duckdb_tables() "
                "where database_name = 'empty' and not internal"
            ).fetchall()
            for (name,) in tables:
                self.con.execute(f"create table {name} as from empty.{name}")
            self.con.execute("detach empty")
        self.con.execute(macros())
        light_marts(self.con)
        self.feasts = [pd.Timestamp(day) for (day,) in self.con.sql(FEASTS).fetchall()]

    def marked(self, table, names=None):
        """{check: value_ids that it marks} of a table; `names` keeps to some checks."""
        self.con.execute("delete from visits; delete from service")
        self.con.register("facts", table.assign(value_id=table.index))
        name = "service" if "service_code" in table else "visits"
        self.con.execute(f"insert into {name} by name select * from facts")
        return self.marked_now(names)

    def marked_now(self, names=None):
        """{check: value_ids that it marks} of what is loaded."""
        found = defaultdict(set)
        told = f'select "check", unnest(marked_ids) from ({findings.findings_of(self.con, names)})'
        for check, value in self.con.execute(told).fetchall():
            found[check].add(value)
        return found

    def contradicted(self, totals, targets, percents):
        """The rows of totals whose published percentage of a target is contradicted."""
        about = totals.rename(columns={"place": "area"}).drop(columns=["visits", "series"])
        facts = samples.VISITS | {"place_kind": "area", "frequency": "A"}
        tables = {
            "visits": totals.assign(**facts, value_id=totals.index),
            "targets": about.assign(kpi="visits", value=targets, value_id=totals.index, unit_id=0),
            "indicators": about.assign(
                indicator="visits_attainment", breakdown="", unit="percent", value=percents,
                series=totals.series, obs_status="final", value_id=totals.index, unit_id=0,
            ),
        }  # fmt: skip
        for name, table in tables.items():
            self.con.execute(f"delete from {name}")
            self.con.register("facts", table)
            self.con.execute(f"insert into {name} by name select * from facts")
        found = self.marked_now({"percentage_contradicted"})["percentage_contradicted"]
        self.con.execute("delete from targets; delete from indicators")
        return found


def damaged(name, table, rng, feasts):
    """(table, labels of the damaged rows) of a defect."""
    defect = getattr(defects, name)
    return defect(table, rng, feasts) if "spike" in name else defect(table, rng)


def is_found(name, table, row, marked, clean):
    """Whether a damaged row is named: a break within two periods, a gap by the rows beside it."""
    if name in ("series_break", "daily_shift"):
        series = clean[(clean[defects.KEYS] == clean.loc[row, defects.KEYS]).all(axis=1)].index
        at = series.get_loc(row)
        return bool(marked & set(series[max(0, at - 2) : at + 3]))
    if name == "category_missing":
        beside = table.period_start == clean.period_start[row]
        return bool(marked & set(table.index[beside]))
    return row in marked


def is_high(table, row):
    """Whether a month truly stands half above the four months beside it (by their median)."""
    same = (table[defects.KEYS] == table.loc[row, defects.KEYS]).all(axis=1)
    values = table[same].set_index("period_start").visits
    beside = [table.period_start[row] + pd.DateOffset(months=n) for n in (-2, -1, 1, 2)]
    return table.visits[row] > 1.5 * values.reindex(beside).median()


def recall(checks, name, table, draws, seed):
    """(damaged rows that were found, damaged rows) over many draws."""
    names, _ = FITS[name]
    found = total = 0
    for draw in range(draws):
        rng = np.random.default_rng([seed, draw])
        dirty, hits = damaged(name, table, rng, checks.feasts)
        marked = set().union(*checks.marked(dirty, names).values()) if hits else set()
        found += sum(is_found(name, dirty, row, marked, table) for row in hits)
        total += len(hits)
    return found, total


def in_files(name, table, draws, seed):
    """(defects of a file that were found, all of them) over draws; each is built as a file."""
    rows = [[r.place, f"{r.period_start:%Y-%m}", "", f"{r.visits:.0f}"] for r in table.itertuples()]
    rows = [["place", "period", "note", "visits"], *(r for r in rows if r[3] != "nan")]
    found = total = 0
    for draw in range(draws):
        rng = np.random.default_rng([seed, draw])
        if name == "broken_header":
            dirty, hits = defects.broken_header(rows, rng)
            found += len(set(_lines(dirty, name)) & {row + 1 for row in hits})
            total += len(hits)
        else:
            dirty, _ = defects.dash_with_meanings(rows, 3, rng)
            found += bool(_found(dirty, name))
            total += 1
    return found, total


def _found(rows, check):
    """[params] that a check finds in a file of rows."""
    with tempfile.TemporaryDirectory() as folder:
        city = Path(folder) / "city"
        city.mkdir()
        text = "".join(",".join(f'"{cell}"' for cell in row) + "\n" for row in rows)
        (city / "visits.csv").write_text(text, encoding="utf-8")
        (city / "visits.toml").write_text(SIDECAR, encoding="utf-8")
        told = report(build(city, Path(folder) / "warehouse"))["findings"]
        return [json.loads(f["params"]) for f in told if f["check"] == check]


def _lines(rows, check):
    return [line for params in _found(rows, check) for line in params["lines"]]


def percentages(checks, table, draws, seed):
    """(wrong ones found, wrong ones, right ones accused, right ones) of published attainments."""
    totals = table.groupby(
        ["place", "period_start", "period_end", "series"], as_index=False
    ).visits.sum()
    totals = totals[totals.visits > 0].reset_index(drop=True)
    wrong_found = wrong = accused = right = 0
    for draw in range(draws):
        rng = np.random.default_rng([seed, draw])
        targets = (totals.visits * rng.uniform(0.3, 3, len(totals))).round(-3).clip(1000)
        said = [defects.percentage(*pair, rng) for pair in zip(totals.visits, targets, strict=True)]
        marked = checks.contradicted(totals, targets, [percent for percent, _ in said])
        for row, (_, is_wrong) in enumerate(said):
            wrong += is_wrong
            right += not is_wrong
            wrong_found += is_wrong and row in marked
            accused += not is_wrong and row in marked
    return wrong_found, wrong, accused, right


def closures(checks, table, draws, seed):
    """(closed periods that were accused, closed periods): their zeros are true."""
    accused = total = 0
    for draw in range(draws):
        closed_table, closed = defects.closure(table, np.random.default_rng([seed, draw]))
        days = pd.DataFrame(closed, columns=["site", "from_date", "to_date", "rows"])
        checks.con.register("closed", days.drop(columns="rows").assign(state="closed"))
        checks.con.execute("insert into site_status by name select * from closed")
        marked = checks.marked(closed_table, ("zero_or_missing",))["zero_or_missing"]
        checks.con.execute("delete from site_status")
        rows = {row for stretch in days.rows for row in stretch}
        accused, total = accused + len(rows & marked), total + len(rows)
    return accused, total


def calendar(folder):
    """A city's data folder with nothing but the holidays of data/cirebon."""
    source = Path(__file__).parents[1] / "data"
    for path in source.glob("*/reference/holidays.*"):
        (folder / path.name).write_bytes(path.read_bytes())
    return folder


def main(real, draws, only, seed):
    """Prints the table; returns the exit code."""
    with tempfile.TemporaryDirectory() as folder:
        checks = Checks(calendar(Path(folder)))
    tables = {
        name: samples.sound(name, getattr(samples, name)(real))
        for name in (*MONTHLY, *YEARLY, "days", "requests")
    }
    clean = {name: checks.marked(table) for name, table in tables.items()}
    print(f"{'defect':28}{'sample':12}{'found':>12}{'recall':>9}{'alarms':>9}{'rows':>7}")
    worst, sums = 0, [0, 0]
    for name, (names, fitting) in FITS.items():
        for sample in fitting if only in (None, name) else ():
            found, total = recall(checks, name, tables[sample], draws, seed)
            if not total:
                continue
            marked = set().union(*(clean[sample][n] for n in names))
            if name == "holiday_spike":
                marked = {row for row in marked if not is_high(tables[sample], row)}
            alarms, rows = len(marked), len(tables[sample])
            worst |= _line(name, sample, found, total, alarms, rows)
            sums = [sums[0] + found, sums[1] + total]
    asked = ({n: m for n, m in marks.items() if n != "holiday_spike"} for marks in clean.values())
    alarms = sum(len(set().union(*marks.values())) for marks in asked)
    rows = sum(map(len, tables.values()))
    if only is None:
        worst |= _line("together", "all", *sums, alarms, rows, TOGETHER)
    return int(worst | _others(checks, tables, draws, only, seed))


def _others(checks, tables, draws, only, seed):
    """Prints what is not put into a table: files, closures, percentages; whether any misses."""
    worst = False
    for name in IN_FILES if only is None or only in IN_FILES else ():
        for sample in MONTHLY:
            if only in (None, name):
                found, total = in_files(name, tables[sample], max(1, draws // 5), seed)
                worst |= _line(name, sample, found, total, 0, 0)
    for sample in MONTHLY if only in (None, "closure") else ():
        worst |= _line("closure", sample, 0, 0, *closures(checks, tables[sample], draws, seed))
    if only in (None, "percentage"):
        for sample in YEARLY:
            counts = percentages(checks, tables[sample], max(1, draws // 5), seed)
            worst |= _line("percentage", sample, *counts)
    return worst


def _line(name, sample, found, total, alarms, rows, bar=(RECALL, ALARMS)):
    """Prints a row of the table; whether it misses the bar."""
    is_bad = found < bar[0] * total or alarms > bar[1] * rows
    print(
        f"{name:28}{sample:12}{found:>6}/{total:<5}{100 * found / max(1, total):>8.1f}%"
        f"{100 * alarms / max(1, rows):>8.2f}%{rows:>7}{' <' if is_bad else ''}",
        flush=True,
    )
    return is_bad


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--draws", type=int, default=40)
    parser.add_argument("--only", choices=(*FITS, *IN_FILES, "closure", "percentage"))
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    sys.exit(main(Path(os.environ["DUAJUTA_REAL"]), args.draws, args.only, args.seed))
