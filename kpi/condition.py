"""Order, cleanliness and greening by area: months pooled, each area held against the city.

One month is never shown alone: at least three are pooled, and the same months of the year before
stand beside them. An area whose sample is below MIN_SAMPLE gets no rank and no word.
"""

from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

import kpi
from kpi import intervals
from kpi.intervals import Estimate
from kpi.once import once

if TYPE_CHECKING:
    from kpi import Snapshot

KPIS = {  # of each domain: the ratio that its map shows
    "kebersihan": "cleanliness_unacceptable_share",
    "ketertiban": "violations_per_patrol_hour",
    "penghijauan": "tree_survival_share",
}
MONTHS = (6, 3, 12)  # that can be pooled, the default first
MIN_MONTHS = 3  # that have to be reported, or nothing is said
MIN_SAMPLE = 30  # points, hours or trees: what NI 195 asks of each class (Defra's manual, 16.4.12)
GREEN = {  # measures of green space with the target that the duty stands in
    "public": "green_space_share",
    "private": "private_green_space_share",
    "by_function": None,
}
INSPECTIONS = 60  # periods of one area that are shown
SEED = 195  # of the bootstrap
SPAN = ("window_start", "window_end", "before_start", "before_end")


@dataclass(frozen=True)
class Part:
    """A part of the whole, an area or a kind, in a window and in the same months a year before.

    now, before, change: None where nothing was reported. word: better or worse (the whole interval
    lies on one side of the city), alike, or few (the sample is too small to say). rank: 1 = best.
    """

    code: str
    now: Estimate | None
    before: Estimate | None
    change: Estimate | None
    count: float = 0  # the numerator
    sample: int = 0  # the denominator
    word: str = "few"
    rank: int | None = None
    name: str = ""
    parent: str = ""
    position: tuple | None = None  # (latitude, longitude)
    months: int = 0  # of the window that were reported


@dataclass(frozen=True)
class Review:
    """One KPI of one series in a window: the city, every area (the best first), every kind."""

    kpi: str
    unit: str
    direction: str  # up or down: which way is better
    domain: str
    series: str
    form: str  # of the record: graded, clean_share, unsampled, counted
    obs_status: str
    months: int
    window_start: date
    window_end: date
    before_start: date
    before_end: date
    known_at: date | None
    city: Part
    weighted: Estimate | None  # by population, None where that is not known
    population_day: date | None
    areas: tuple
    kinds: tuple

    @property
    def span(self) -> dict[str, date]:
        """The window and the same months a year before, as queries take them."""
        return {name: getattr(self, name) for name in SPAN}

    def area(self, code: str) -> Part | None:
        """The Part of an area, None without one."""
        return next((part for part in self.areas if part.code == code), None)


@once(32)
def review(snapshot: "Snapshot", domain: str, months: int) -> Review | None:
    """The Review of a domain over so many months; None where fewer than MIN_MONTHS are known."""
    name = KPIS[domain]
    about = kpi.metadata()[name]
    found = snapshot.table("condition_window", kpi=name, domain=domain, months=months)
    if not found or found[0].pop("months_known") < MIN_MONTHS:
        return None
    (window,) = found
    asked = {"kpi": name, "series": window["series"], **{k: window[k] for k in SPAN}}
    rows = snapshot.table("condition_areas", domain=domain, **asked)
    measure = _measure(about["unit"], window["form"])
    city = _part({"code": "", **_total(rows)}, measure)
    parts = [_judged(_part(row, measure), city, about["direction"]) for row in rows]
    by_people = domain == "kebersihan" and window["form"] != "unsampled"
    weighted, day = _weighted(rows) if by_people else (None, None)
    return Review(
        **window,
        kpi=name,
        domain=domain,
        unit=about["unit"],
        direction=about["direction"],
        months=months,
        city=city,
        weighted=weighted,
        population_day=day,
        areas=tuple(_ranked(parts, about["direction"])),
        kinds=tuple(_part(row, measure) for row in snapshot.table("condition_kinds", **asked)),
    )


def _measure(unit, form):
    """How a numerator and a denominator become an Estimate."""
    if form == "unsampled":
        return lambda numerator, denominator: Estimate(numerator / denominator)
    return intervals.share if unit == "share" else intervals.rate


def _part(row, measure):
    now, before = (
        measure(row[f"numerator{then}"] or 0, row[f"denominator{then}"])
        if row[f"denominator{then}"]
        else None
        for then in ("", "_before")
    )
    place = {k: row[k] for k in ("name", "parent", "position", "months") if k in row}
    return Part(
        code=row["code"],
        now=now,
        before=before,
        change=intervals.difference(now, before) if now and before else None,
        count=row["numerator"] or 0,
        sample=round(row["denominator"] or 0),
        **place,
    )


def _total(rows):
    names = ("numerator", "denominator", "numerator_before", "denominator_before")
    return {name: sum(row[name] or 0 for row in rows) for name in names}


def _judged(part, city, direction):
    """The Part with its word beside the city; few without interval, sample or months enough."""
    is_sampled = part.now is not None and part.now.low is not None
    if not is_sampled or part.sample < MIN_SAMPLE or part.months < MIN_MONTHS:
        return part
    higher, lower = part.now.low > city.now.value, part.now.high < city.now.value
    if not (higher or lower):
        return replace(part, word="alike")
    return replace(part, word="better" if higher == (direction == "up") else "worse")


def _ranked(parts, direction):
    """The Parts, the best first, those with a word ranked; then those with too small a sample."""
    sign = -1 if direction == "up" else 1
    told = sorted((p for p in parts if p.word != "few"), key=lambda p: (sign * p.now.value, p.name))
    few = sorted((p for p in parts if p.word == "few"), key=lambda p: p.name)
    return [replace(part, rank=n) for n, part in enumerate(told, 1)] + few


def _weighted(rows):
    """(Estimate of the city weighted by population, first day that the population is of).

    Strata are the areas, or what they lie in, of which a population is known; (None, None) where
    one has none or nothing was looked at in it.
    """
    strata: dict = {}
    for row in rows:
        if not row["population"]:
            return None, None
        _, whole, half, n = strata.get(row["stratum"], (0, 0, 0, 0))
        halves = row["numerator_half"] or 0
        strata[row["stratum"]] = (
            row["population"],
            whole + (row["numerator"] or 0) - halves,
            half + 2 * halves,
            n + (row["denominator"] or 0),
        )
    if not all(n for *_, n in strata.values()):
        return None, None
    counts = [
        (people, round(whole), round(half), round(n)) for people, whole, half, n in strata.values()
    ]
    return intervals.weighted(counts, SEED), min(row["population_day"] for row in rows)


def trend(snapshot: "Snapshot", about: Review) -> list[dict]:
    """The rows of condition_trend for the series and window of a Review."""
    return snapshot.table(
        "condition_trend", kpi=about.kpi, series=about.series, window_end=about.window_end
    )


def inspections(snapshot: "Snapshot", about: Review, area: str) -> list[dict]:
    """The newest INSPECTIONS periods of an area, in the series and domain of a Review."""
    return snapshot.table(
        "condition_inspections",
        area=area,
        series=about.series,
        domain=about.domain,
        most=INSPECTIONS,
    )


def green(snapshot: "Snapshot") -> list[dict]:
    """Green space by measure: the newest Figure (None: none), its duty, what is attained.

    A simulated figure is taken only as long as none is published.

    Rows {measure, figure, duty, document, attained}; shares of one. Ownership and function are two
    measures and are not added up; the duty of the Act is by ownership.
    """
    figures = sorted(
        snapshot.figures("green_space_share"),
        key=lambda f: (f.obs_status != "simulated", f.period_end, f.known_at or date.min),
    )
    newest = {f.definition: f for f in figures}
    duties = {row["kpi"]: row for row in snapshot.table("condition_duties")}
    found = []
    for measure, name in GREEN.items():
        figure, duty = newest.get(measure), duties.get(name)
        if figure or duty:
            found.append({
                "measure": measure,
                "figure": figure,
                "duty": duty and duty["value"],
                "document": duty and duty["document"],
                "attained": figure.value / duty["value"] if figure and duty else None,
            })  # fmt: skip
    return found
