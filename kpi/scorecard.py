"""Every KPI of the catalogue against its targets: one Row a KPI, what needs attention first.

A target is compared with figures of its own kind only: same definition, series and period. One that
does not say what it counts is compared through the city's choice (the ruling target) or not at all.
Simulated figures stand in a row only as long as nothing is published. They are compared with the
target of the series that they are made like; the result keeps their mark and is no state: nothing
simulated is ever reached or missed.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kpi.comparison import Change, Comparison, Signal, Target, change, compare, rate, signal
from kpi.simulated import is_simulated, original

if TYPE_CHECKING:
    from kpi import Snapshot

STATES = ("missed", "at_risk", "incomplete", "no_target", "reached")
LEVELS = ("ruling", "rpjmd", "working", "not_stated", "aspiration")  # what binds most, first
PER = {("percent", "share"): 100, ("%", "share"): 100}  # (target's unit, KPI's unit): divisor
ADDED = ("sum", "count")  # measures that only grow while their period runs


@dataclass(frozen=True)
class Part:
    """A further target of an Entry's kind, of a shorter period or another value, and its figure."""

    target: Target | None
    figure: object | None
    comparison: Comparison | None


@dataclass(frozen=True)
class Entry:
    """One definition and series of a KPI in one year. state is None where the figure is simulated.

    figure is None, or without a value, where nothing is known; target is None where none is of the
    same kind. rating is the band of a complete figure, where the city has named a scale.
    """

    definition: str
    series: str
    figure: object | None
    target: Target | None
    comparison: Comparison | None
    state: str | None
    change: Change | None
    signal: Signal | None
    rating: dict | None
    parts: tuple = ()
    explanations: tuple = ()

    @property
    def is_simulated(self) -> bool:
        """Whether its figure is one that was generated."""
        return is_simulated(self)


@dataclass(frozen=True)
class Row:
    """One KPI in one year: the Entry that leads, the others, and targets compared with nothing."""

    kpi: str
    unit: str
    direction: str
    lead: Entry | None  # None: neither figure nor comparable target of that year
    others: tuple = ()
    uncompared: tuple = ()
    latest: object | None = None  # the newest figure of another year, where there is no lead

    @property
    def state(self) -> str:
        """The state of what leads; no_target where that is nothing or simulated."""
        return (self.lead.state if self.lead else None) or "no_target"


def years(snapshot: "Snapshot", catalogue: dict[str, dict]) -> list[int]:
    """The years that a figure or a target is known of and that have begun, the newest first."""
    found = {f.period_start.year for name in catalogue for f in snapshot.figures(name)}
    found |= {
        r["period_start"].year
        for r in _rows(snapshot, catalogue, "stated_targets")
        if r["period_start"].year == r["period_end"].year
    }
    return sorted((y for y in found if y <= snapshot.day.year), reverse=True)


def default_year(snapshot: "Snapshot", known: list[int]) -> int | None:
    """The year of the city's ruling target, else the newest one that is known; None without one."""
    ruling = snapshot.table("city")[0]["ruling_year"]
    return ruling if ruling in known else next(iter(known), None)


def scorecard(snapshot: "Snapshot", catalogue: dict[str, dict], year: int) -> list[Row]:
    """[Row] of every KPI of the catalogue {name: header} in a year, what needs attention first.

    Of those that stand alike, the ones that have something of the year come first.
    """
    rows = [_row(snapshot, name, header, year) for name, header in catalogue.items()]
    return sorted(rows, key=_attention)


def _attention(row):
    """Where a Row stands among others: by its state, then by what is known of it."""
    return STATES.index(row.state), row.lead is None, row.latest is None


def _state(header, figure, comparison):
    """The state of a published figure, or of none, that has a target."""
    if comparison is None:
        return "incomplete"
    if figure.is_complete:
        return "reached" if comparison.is_met else "missed"
    if header["measure"] in ADDED and header["direction"] == "up":
        if comparison.is_met:
            return "reached"
        days = ((figure.covered_to or figure.period_start) - figure.period_start).days + 1
        passed = days / ((figure.period_end - figure.period_start).days + 1)
        return "at_risk" if comparison.attainment < passed else "incomplete"
    return "incomplete" if comparison.is_met else "at_risk"


def _rows(snapshot, names, query):
    """The rows of a query that are about KPIs of these names."""
    return [r for r in snapshot.table(query) if r["kpi"] in names]


def _target(row, header):
    """The Target of a row of stated_targets, in the KPI's unit where that can be."""
    unit, per = row["unit"], PER.get((row["unit"], header["unit"]), 1)
    problem = None
    if unit != header["unit"] and per == 1:
        problem = "unit"
    elif "not_stated" in (row["definition"], row["series"]):
        problem = "not_stated"
    elif header["direction"] == "range" and row["upper"] is None:
        problem = "range"
    elif row["period_start"].year != row["period_end"].year:
        problem = "period"
    scaled = {
        "value": row["value"] / per,
        "upper": None if row["upper"] is None else row["upper"] / per,
        "unit": unit if problem == "unit" else header["unit"],
        "measures": tuple(row["measures"] or ()),
    }
    return Target(**{**row, **scaled, "problem": problem})


def _row(snapshot, name, header, year):
    figures = snapshot.figures(name)
    targets = _targets(snapshot, name, header, year)
    kinds = {(f.definition, f.series) for f in figures if f.period_start.year == year}
    kinds |= {(t.definition, t.series) for t in targets if not t.problem}
    entries = [_entry(snapshot, name, header, year, figures, targets, *k) for k in sorted(kinds)]
    real = [e for e in entries if not e.is_simulated]
    if any(e.figure and e.figure.value is not None for e in real):
        entries = real  # what is simulated is shown as long as nothing else is
    entries.sort(key=_rank)
    return Row(
        name,
        header["unit"],
        header["direction"],
        next(iter(entries), None),
        tuple(entries[1:]),
        tuple(t for t in targets if t.problem),
        None if entries else _newest(figures),
    )


def _newest(figures):
    """The last Figure with a value, a real one before those that are simulated; None without."""
    known = [f for f in figures if f.value is not None]
    return max(known, key=lambda f: (not is_simulated(f), f.year), default=None)


def _targets(snapshot, name, header, year):
    """The Targets that are stated for a year of a KPI."""
    rows = _rows(snapshot, [name], "stated_targets")
    stated = (r for r in rows if r["period_start"].year <= year <= r["period_end"].year)
    return [_target(row, header) for row in stated]


def _rank(entry):
    """What leads: the city's choice, what has a target by its state, published, then simulated."""
    target = entry.target
    return (
        entry.is_simulated,
        not (target and target.is_chosen),
        target is None,
        STATES.index(entry.state) if entry.state else len(STATES),
        entry.figure is None or not entry.figure.is_complete,
        entry.definition == "not_stated",
        entry.definition,
        entry.series,
    )


def _entry(snapshot, name, header, year, figures, targets, definition, series):
    mine = [f for f in figures if (f.definition, f.series) == (definition, series)]
    fitting = _fitting(targets, definition, series)
    of_year = [f for f in mine if f.period_start.year == year]
    part, parts = _parts(of_year, fitting, header["direction"])
    target, figure, comparison = part.target, part.figure, part.comparison
    is_made = is_simulated({"series": series})
    state = "no_target" if target is None else _state(header, figure, comparison)
    before = figure and next((f for f in mine if _is_a_year_before(f, figure)), None)
    is_final = figure is not None and figure.is_complete and not is_made
    return Entry(
        definition,
        series,
        figure,
        target,
        comparison,
        None if is_made else state,
        change(figure, before, header["direction"], target),
        signal(figure, mine, header["direction"]),
        rate(comparison.attainment, scale(snapshot)) if comparison and is_final else None,
        tuple(_further(parts, part)),
        () if is_made else tuple(_explanations(snapshot, name, definition, year)),
    )


def _parts(figures, targets, direction):
    """(the Part of the longest period, with or without a target; those of all targets)."""
    by_period = {(f.period_start, f.period_end): f for f in figures}
    parts = [Part(t, *_held(by_period.get(_span(t)), t, direction)) for t in targets]
    main = max([*by_period, *map(_span, targets)], key=lambda span: (span[1] - span[0], span[1]))
    alone = Part(None, by_period.get(main), None)
    return next((p for p in parts if _span(p.target) == main), alone), parts


def _fitting(targets, definition, series):
    """The Targets that a series is held against, the one that counts first."""
    own = (series, original(series))
    found = (t for t in targets if not t.problem and t.definition == definition and t.series in own)
    return sorted(found, key=lambda t: (not t.is_ruling, not t.is_chosen, LEVELS.index(t.level)))


def _span(row):
    return row.period_start, row.period_end


def _held(figure, target, direction):
    """A figure and its Comparison with a target; None where there is nothing to compare."""
    is_known = figure is not None and figure.value is not None
    return figure, compare(figure.value, target, direction) if is_known else None


def _further(parts, main):
    """The Parts of other targets than the main one's, those that say the same once, by period."""

    def says(part):
        return (*_span(part.target), part.target.value, part.target.upper or 0)

    found = {says(part): part for part in reversed(parts)}
    if main.target:
        found.pop(says(main))
    return [found[key] for key in sorted(found)]


def _is_a_year_before(one, figure):
    """Whether a figure is of the same days of the year before."""
    days = [(f.period_start.month, f.period_start.day, f.period_end.month) for f in (one, figure)]
    years_ = [f.period_start.year for f in (one, figure)]
    return days[0] == days[1] and years_[0] + 1 == years_[1]


def scale(snapshot: "Snapshot") -> list[dict]:
    """The bands of the scale that the city has named; none without a name."""
    named = snapshot.table("city")[0]["rating_scale"]
    return [band for band in snapshot.table("bands") if band["scale"] == named]


def _explanations(snapshot, name, definition, year):
    """What offices said of a KPI and year, of all of it or of this definition."""
    for row in _rows(snapshot, [name], "explanations"):
        is_of_it = row["definition"] in ("not_stated", definition)
        if is_of_it and row["period_start"].year == year:
            yield row
