"""Defects put into clean tables, each as it happens in offices: the other half of bench/checks.py.

Written from a list of what goes wrong with published figures, before the checks and without their
code. A defect takes a table (pandas; the columns of a contract, sorted by place and period) and a
numpy generator and gives (table, hits): the labels of the rows that a check has to name. Counts
stay whole, and a size is stated where a smaller defect cannot be told from an ordinary month. An
empty list of hits says that the sample does not fit.
"""

import numpy as np
import pandas as pd

KEYS = ["place", "origin", "measure"]  # one series of figures
SHARE = 0.1  # of the series that are damaged in one draw, at least one
NAMES = ("Jumlah", "Total", "JUMLAH TOTAL", "Seluruh Objek")
WIDER = (" (kawasan)", " dan sekitarnya", " + Pasar Malam", " (termasuk parkir)")
LEBARAN_DAYS = 7  # around the feast


def some_series(table, rng, least=1):
    """The row labels of each of some random series with at least so many figures, in time."""
    fitting = [g.index for _, g in table[table.visits.notna()].groupby(KEYS) if len(g) >= least]
    number = min(len(fitting), max(1, round(SHARE * len(fitting))))
    return [fitting[i] for i in rng.permutation(len(fitting))[:number]] if fitting else []


def _each_value(table, rng, fits, damage, least=1):
    """Damages one value of each chosen series; fits(table, rows) gives the labels that may be."""
    out, hits = table.copy(), []
    for rows in some_series(table, rng, least):
        candidates = fits(table, rows)
        if len(candidates):
            row = rng.choice(candidates)
            value = damage(table, rows, row)
            if value is not None:
                out.loc[row, "visits"] = value
                hits.append(row)
    return out, hits


def thousands_dot(table, rng):
    """24.325 was read as a decimal and rounded: 24. One value from 10,000 up."""
    return _each_value(
        table,
        rng,
        lambda t, rows: rows[t.visits[rows] >= 10_000],
        lambda t, rows, row: round(t.visits[row] / 1000),
    )


def year_to_date(table, rng):
    """The sum since January stands where the month should, from April on."""

    def since_january(t, rows, row):
        day = t.period_start[row]
        own = [r for r in rows if t.period_start[r].year == day.year and t.period_start[r] <= day]
        return t.visits[own].sum() if len(own) == day.month else None

    return _each_value(
        table,
        rng,
        lambda t, rows: rows[(t.period_start[rows].dt.month >= 4) & (t.frequency[rows] == "M")],
        since_january,
    )


def dropped_digit(table, rng):
    """One digit of four or more is lost, wherever it stood; at most 40 % of the value is left."""

    def lost(t, _, row):
        digits = str(int(t.visits[row]))
        left = [int(digits[:i] + digits[i + 1 :]) for i in range(len(digits))]
        left = [value for value in left if 0 < value <= 0.4 * t.visits[row]]
        return rng.choice(left) if left else None

    return _each_value(table, rng, lambda t, rows: rows[t.visits[rows] >= 1000], lost)


def wrong_unit(table, rng):
    """A place reports in thousands for two or three periods in a row, or all do for one period.

    Of the places that have 10,000 and more as a rule.
    """
    out, hits = table.copy(), []
    large = table.groupby(KEYS).visits.transform("median") >= 10_000
    if rng.random() < 0.5:
        for rows in some_series(table[large], rng, 8):
            length = rng.integers(2, 4)
            start = rng.integers(0, len(rows) - length + 1)
            hits += list(rows[start : start + length])
    else:
        day = rng.choice(table.period_start.unique())
        hits = list(table.index[large & (table.period_start == day) & table.visits.notna()])
    out.loc[hits, "visits"] = (table.visits[hits] / 1000).round()
    return out, hits


def hundredfold(table, rng):
    """One value has two digits too many."""
    return _each_value(
        table,
        rng,
        lambda t, rows: rows[t.visits[rows] >= 100],
        lambda t, _, row: t.visits[row] * 100,
    )


def copied_week(table, rng):
    """The seven days of a week stand in a later week, too."""

    def copied(values, at, back):
        values[at : at + 7] = values[at - back : at - back + 7]

    return _week(table, rng, 7, copied)


def zeros(table, rng):
    """Two weeks without a report are written as zeros."""

    def emptied(values, at, _):
        values[at : at + 14] = 0

    return _week(table, rng, 14, emptied)


def daily_shift(table, rng):
    """From one day on a place counts four times as much."""

    def shifted(values, at, _):
        values[at:] *= 4

    out, hits = _week(table, rng, None, shifted, margin=60)
    return out, hits


def _week(table, rng, length, damage, margin=28):
    """Damages a stretch of days of some series; hits: its days, or where it begins (no length)."""
    out, hits = table.copy(), []
    for rows in some_series(table, rng, 3 * margin):
        at = rng.integers(margin, len(rows) - margin)
        values = table.visits[rows].to_numpy(copy=True)
        damage(values, at, 7 * rng.integers(1, 4))
        if table.visits[rows].median() >= 50:
            out.loc[rows, "visits"] = values
            hits += list(rows[at : at + (length or 1)])
    return out, hits


def copied_forward(table, rng):
    """A figure from 100 up is the one of the period before, or of the same month last year."""
    out, hits = table.copy(), []
    for rows in some_series(table, rng, 4):
        back = (
            12 if table.frequency[rows[0]] == "M" and len(rows) > 12 and rng.random() < 0.5 else 1
        )
        at = rng.integers(back, len(rows))
        earlier = table.period_start[rows[at - back]]
        due = table.period_start[rows[at]] - pd.DateOffset(
            months=back if table.frequency[rows[0]] == "M" else 12 * back
        )
        value = table.visits[rows[at - back]]
        if earlier == due and value >= 100 and value != table.visits[rows[at]]:
            out.loc[rows[at], "visits"] = value
            hits.append(rows[at])
    return out, hits


def category_missing(table, rng):
    """A place that reported before is not in the table of one period, no row and no dash."""
    hits = [rng.choice(rows[3:]) for rows in some_series(table, rng, 6)]
    return table.drop(index=hits), hits


def totals_mixed(table, rng):
    """Each period has a row more, with the sum of all; its name does not always say so."""
    name = rng.choice([*NAMES, "Kota", "Semua", "Provinsi"])
    sums = table[table.visits.notna()].groupby(
        ["period_start", "origin", "measure"], as_index=False
    )
    rows = sums.first().assign(visits=sums.visits.sum().visits, place=name, place_name=None)
    rows = rows[sums.visits.count().visits >= 3].reindex(columns=table.columns)
    rows.index = range(table.index.max() + 1, table.index.max() + 1 + len(rows))
    return pd.concat([table, rows.astype(table.dtypes)]), list(rows.index)


def total_twice(table, rng):
    """The total of one period is twice the sum of its parts: the total row was summed as well."""
    out, hits = totals_mixed(table, rng)
    hits = [rng.choice(hits)] if hits else []
    out.loc[hits, "visits"] *= 2
    return out, hits


def renamed_site(table, rng):
    """From one period on a place bears another name: shorter, longer, or another spelling."""
    out, hits = table.copy(), []
    for rows in some_series(table, rng, 8):
        name, start = table.place[rows[0]], rng.integers(4, len(rows) - 3)
        others = [name.replace(" ", ""), name + " Baru", "Objek Wisata " + name, name[:-1]]
        others += [" ".join(reversed(name.split(" "))), name.title(), name.upper()]
        out.loc[rows[start:], "place"] = rng.choice([other for other in others if other != name])
        hits.append(rows[start])
    return out, hits


def scope_change(table, rng):
    """From one period on a place counts two and a half to five times as much; its name says why."""
    out, hits = table.copy(), []
    for rows in some_series(table, rng, 8):
        start = rng.integers(4, len(rows) - 3)
        out.loc[rows[start:], "place"] = table.place[rows[0]] + rng.choice(WIDER)
        factor = rng.uniform(2.5, 5)
        out.loc[rows[start:], "visits"] = (table.visits[rows[start:]] * factor).round()
        hits.append(rows[start])
    return out, hits


def code_and_name(table, rng):
    """A row bears the code of another place, beside its own name."""
    out, hits = table.copy(), []
    if table.place_name.isna().all():
        return out, hits
    for rows in some_series(table, rng, 4):
        row = rng.choice(rows)
        others = table.place[table.place != table.place[row]].unique()
        out.loc[row, "place"] = rng.choice(others)
        hits.append(row)
    return out, hits


def partial_period(table, rng):
    """The last period ends early for all: a fifth to half of it has been counted."""
    out, share = table.copy(), rng.uniform(0.2, 0.5)
    last = table.index[(table.period_start == table.period_start.max()) & (table.visits >= 10)]
    out.loc[last, "visits"] = (table.visits[last] * share).round()
    return out, list(last)


def zero_for_missing(table, rng):
    """No report was written as zero, in a series that never fell below 50."""
    return _each_value(
        table,
        rng,
        lambda t, rows: rows if t.visits[rows].min() >= 50 else [],
        lambda t, rows, row: 0,
        least=4,
    )


def closure(table, rng):
    """Up to three periods are zero because the place was closed, as its status says: no error."""
    out, closed = table.copy(), []
    for rows in some_series(table, rng, 8):
        start = rng.integers(1, len(rows) - 3)
        stretch = rows[start : start + rng.integers(1, 4)]
        out.loc[stretch, "visits"] = 0
        days = (table.period_start[stretch[0]], table.period_end[stretch[-1]])
        closed.append((table.place[rows[0]], *days, list(stretch)))
    return out, closed


def holiday_spike(table, rng, feasts):
    """Three to five times the months around in a month with Idulfitri: real, and to be said so."""
    return _spike(table, rng, lambda day, end: _feast(day, end, feasts))


def spike(table, rng, feasts):
    """Three to five times the months around in a month without a feast that could explain it."""
    near = pd.Timedelta(days=LEBARAN_DAYS)
    return _spike(table, rng, lambda day, end: not _feast(day - near, end + near, feasts))


def _spike(table, rng, fits):
    monthly = table[(table.frequency == "M") & table.visits.notna()]

    def higher(t, rows, row):
        at = rows.get_loc(row)
        around = t.visits[rows[max(0, at - 3) : at + 4].drop(row)]
        value = round(around.median() * rng.uniform(3, 5))
        return value if value >= 2 * t.visits[row] else None  # it was as high before

    return _each_value(
        monthly,
        rng,
        lambda t, rows: np.array(
            [r for r in rows if t.visits[r] >= 100 and fits(t.period_start[r], t.period_end[r])]
        ),
        higher,
        least=18,
    )


def _feast(day, end, feasts):
    return any(day <= feast <= end for feast in feasts)


def series_break(table, rng):
    """From one period on a place counts two and a half to five times as much, or so much less.

    At least six periods lie on both sides (four, if they are years).
    """
    out, hits = table.copy(), []
    side = 4 if (table.frequency == "A").all() else 6
    for rows in some_series(table, rng, 2 * side):
        start = rng.integers(side, len(rows) - side + 1)
        factor = rng.uniform(2.5, 5) ** rng.choice([-1, 1])
        if table.visits[rows].median() * factor >= 50:
            out.loc[rows[start:], "visits"] = (table.visits[rows[start:]] * factor).round()
            hits.append(rows[start])
    return out, hits


def percentage(actual, target, rng):
    """(percentage as published, whether wrong): half of them off by half a point or more."""
    right = round(100 * actual / target, 2)
    if rng.random() < 0.5:
        return right, False
    return round(right + rng.choice([-1, 1]) * rng.uniform(0.5, 10), 2), True


# requests


def _some_requests(table, rng, fits):
    rows = table.index[fits]
    return list(rng.choice(rows, max(1, len(rows) // 100), replace=False))


def completion_before_request(table, rng):
    """Request and completion have changed places in one of a hundred rows."""
    out = table.copy()
    hits = _some_requests(table, rng, table.completed_at > table.requested_at)
    out.loc[hits, "requested_at"] = table.completed_at[hits]
    out.loc[hits, "completed_at"] = table.requested_at[hits]
    return out, hits


def closed_without_completion(table, rng):
    """One of a hundred closed requests has lost its completion."""
    out = table.copy()
    hits = _some_requests(table, rng, (table.status == "closed") & table.completed_at.notna())
    out.loc[hits, "completed_at"] = pd.NaT
    return out, hits


def no_duration(table, rng):
    """One of a hundred was completed in the second in which it was made, or knows days only."""
    out = table.copy()
    hits = _some_requests(table, rng, table.completed_at.notna())
    zero, days = hits[::2], hits[1::2]
    out.loc[zero, "completed_at"] = table.requested_at[zero]
    for column in ("requested_at", "completed_at"):
        local = table.loc[days, column].dt.tz_localize("UTC").dt.tz_convert(table.time_zone.iloc[0])
        out.loc[days, column] = local.dt.normalize().dt.tz_convert("UTC").dt.tz_localize(None)
    return out, hits


# files, before they are read: lists of rows, each a list of texts


def broken_header(rows, rng):
    """(rows, numbers of the new ones): the header comes again, and notes stand below the data."""
    at = int(rng.integers(2, len(rows)))
    width = len(rows[0])
    notes = ["Sumber: Dinas Pariwisata", "Catatan: angka sementara", "Dicetak 3 Januari"]
    foot = [[str(rng.choice(notes)), *[""] * (width - 1)] for _ in range(rng.integers(1, 3))]
    out = [*rows[:at], rows[0], *rows[at:], *foot]
    return out, [at, *range(len(out) - len(foot), len(out))]


def dash_with_meanings(rows, column, rng):
    """(rows, numbers): dashes stand for no report in a column that says it otherwise elsewhere."""
    picked = rng.choice(range(1, len(rows)), size=min(6, len(rows) - 1), replace=False)
    other = str(rng.choice(["", "0", "n/a", "..."]))
    out = [list(row) for row in rows]
    for number, row in enumerate(picked):
        out[row][column] = other if number % 2 else "-"
    return out, sorted(int(row) for row in picked)
