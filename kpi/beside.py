"""Places beside each other: what can be compared, what can only stand side by side, and why.

A ratio needs the same definition (the measures that add up, not their name), the same year, whole
years and figures that somebody has counted. Everything else stands without one, and `reasons` say
why; what a reader has to know of a ratio that there is stands in `remarks`.
"""

from dataclasses import dataclass, field
from itertools import product
from typing import TYPE_CHECKING

from kpi.simulated import is_simulated, original

if TYPE_CHECKING:
    from kpi import Snapshot

BASES = {"population": 1000, "land_area": 1}  # per how many people, per how many km2


@dataclass(frozen=True)
class Count:
    """The visits of one place and year by one definition, as one publisher counted them."""

    definition: str
    measures: tuple  # that add up, in order; empty: not stated
    series: str
    source: str  # the publisher's name
    year: int
    value: int
    obs_status: str
    is_complete: bool
    origins: tuple
    covered_to: object

    @property
    def kind(self) -> str:
        """What is counted, the same in every city: the measures, joined."""
        return ".".join(sorted(self.measures)) or "not_stated"

    @property
    def is_simulated(self) -> bool:
        """Whether a computer made it up, as a whole or in part."""
        return is_simulated(self)


@dataclass(frozen=True)
class Base:
    """What visits are divided by: people or km2 of a place, of which year and by whom."""

    year: int
    value: float
    source: str


@dataclass(frozen=True)
class Place:
    """A place with its yearly counts; kind: city (a folder), area (of a city's data) or guest."""

    key: str
    name: str
    kind: str
    counts: tuple = ()
    bases: dict = field(default_factory=dict)  # {population, land_area: [Base]}


@dataclass(frozen=True)
class Side:
    """One place in a pair: its count, and by which base it is divided: {name: Base or None}."""

    place: Place
    count: Count | None
    bases: dict

    def per(self, base: str) -> float | None:
        """Visits per 1,000 people or per km2; None where one of the two is not known."""
        found = self.bases[base]
        return self.count.value / found.value * BASES[base] if self.count and found else None


@dataclass(frozen=True)
class Pair:
    """Two places side by side.

    reasons: why there is no ratio, of nothing (no figure of one of them), not_stated, definition,
    year, simulated, incomplete, origins, zero; remarks: what has to be said of the ratio, of
    series, checked, estimated.
    """

    own: Side
    other: Side
    reasons: tuple
    remarks: tuple

    @property
    def sides(self) -> tuple["Side", "Side"]:
        """The two, ours first."""
        return self.own, self.other

    @property
    def ratio(self) -> float | None:
        """Our visits for each one of the other's; None where `reasons` forbid it."""
        own, other = self.own.count, self.other.count
        return None if self.reasons or not own or not other else own.value / other.value

    def ratio_per(self, base: str) -> float | None:
        """The same per 1,000 people or per km2."""
        ours, theirs = (side.per(base) for side in self.sides)
        return ours / theirs if not self.reasons and ours and theirs else None

    def years_differ(self, base: str) -> bool:
        """Whether the two are divided by figures of different years."""
        found = [side.bases[base] for side in self.sides]
        return all(found) and found[0].year != found[1].year


def places(snapshot: "Snapshot", others: list["Snapshot"], words: dict[str, dict]) -> list[Place]:
    """[Place]: the city itself first, then other cities, then places in its own data.

    others: [Snapshot] of other cities; words: {city: {key: the city's own sentences}}.
    """
    own = _places(snapshot, words)
    found = [place for other in others for place in _places(other, words) if place.kind == "city"]
    return [own[0], *found, *own[1:]]


def _places(snapshot, words):
    """The city of a snapshot, which may have no counts, and the places of its data."""
    city = snapshot.table("city")[0]
    names = words.get(snapshot.city, {})
    counts: dict[str, list] = {city["area"]: []}
    titles = {city["area"]: city["name"]}
    for row in snapshot.table("beside_counts"):
        counts.setdefault(row["area"], []).append(_count(row, names))
        titles[row["area"]] = row["name"]
    bases = snapshot.table("beside_bases")
    return [
        Place(
            key=snapshot.city if area == city["area"] else area,
            name=titles[area],
            kind="city" if area == city["area"] else "area",
            counts=tuple(own),
            bases={name: _bases(bases, area, name, names) for name in BASES},
        )
        for area, own in counts.items()
    ]


def _count(row, names):
    return Count(
        definition=row["definition"],
        measures=tuple(row["measures"] or ()),
        series=row["series"],
        source=_source(row["series"], names),
        year=row["year"],
        value=row["value"],
        obs_status=row["obs_status"],
        is_complete=row["is_complete"],
        origins=tuple(row["origins"] or ()),
        covered_to=row["covered_to"],
    )


def _bases(rows, area, name, names):
    return tuple(
        Base(row["year"], row["value"], _source(row["series"], names))
        for row in rows
        if (row["area"], row["indicator"]) == (area, name)
    )


def _source(series, names):
    anchor = original(series)
    return names.get(f"series.{series}") or names.get(f"series.{anchor}", anchor)


def ordered(own: Place, others: list[Place]) -> list[Place]:
    """The other places, the guest's first, then those with the most ratios."""

    def rank(other):
        return other.kind != "guest", -sum(p.ratio is not None for p in every(own, other))

    return sorted(others, key=rank)


def kinds(own: Place, other: Place) -> dict[str, tuple]:
    """{kind: (measures, [years, the newest first])} of either place, the most comparable first:
    the newest ratio, then the fewest reasons, then what counts more."""
    counts = [*own.counts, *other.counts]
    measures = {count.kind: count.measures for count in reversed(counts)}
    years = {k: sorted({c.year for c in counts if c.kind == k}, reverse=True) for k in measures}

    def rank(kind):
        best = pair(own, other, kind, newest(own, other, kind, years[kind]))
        year = best.own.count.year if best.own.count and best.ratio else 0
        return -year, len(best.reasons), -len(measures[kind]), kind

    return {kind: (measures[kind], years[kind]) for kind in sorted(years, key=rank)}


def newest(own: Place, other: Place, kind: str, years: list[int]) -> int:
    """The newest year of those with the fewest reasons against a ratio."""
    return max(years, key=lambda year: (-len(pair(own, other, kind, year).reasons), year))


def every(own: Place, other: Place) -> list[Pair]:
    """[Pair] of each kind and year of either place, as `kinds` orders them."""
    return [
        pair(own, other, kind, year)
        for kind, (_, years) in kinds(own, other).items()
        for year in years
    ]


def pair(own: Place, other: Place, kind: str, year: int) -> Pair:
    """The Pair of two places for a kind of count and a year; what one lacks, its nearest fills."""
    found = [
        [c for c in place.counts if (c.kind, c.year) == (kind, year)] for place in (own, other)
    ]
    filled = [
        counts or _nearest(place, kind, year)
        for counts, place in zip(found, (own, other), strict=True)
    ]
    ours, theirs = min(product(*(counts or [None] for counts in filled)), key=_care)
    sides = Side(own, ours, _divisors(own, year)), Side(other, theirs, _divisors(other, year))
    return Pair(*sides, tuple(_reasons(ours, theirs)), tuple(_remarks(ours, theirs)))


def _nearest(place, kind, year):
    """The counts of a place that come nearest: of the kind, then counted rather than simulated,
    then of the year, then what counts more."""

    def distance(count):
        away = abs(count.year - year), -count.year
        return count.kind != kind, count.is_simulated, away, -len(count.measures)

    best = min(map(distance, place.counts), default=None)
    return [count for count in place.counts if distance(count) == best]


def _care(counts):
    """How little two counts stand in the way of a ratio: the least first."""
    ours, theirs = counts
    return (
        len(list(_reasons(*counts))),
        len(list(_remarks(*counts))),
        [c.source for c in counts if c],
    )


def _divisors(place, year):
    """The Base of each kind that lies nearest to a year, the later one of two."""
    return {
        name: min(
            place.bases.get(name, ()), key=lambda b: (abs(b.year - year), -b.year), default=None
        )
        for name in BASES
    }


def _reasons(ours, theirs):
    """Why two counts have no ratio."""
    if not (ours and theirs):
        yield "nothing"
        return
    both = ours, theirs
    if any(not c.measures for c in both):
        yield "not_stated"
    elif ours.kind != theirs.kind:
        yield "definition"
    if ours.year != theirs.year:
        yield "year"
    if any(c.is_simulated for c in both):
        yield "simulated"
    if not all(c.is_complete for c in both):
        yield "incomplete"
    if _covers(ours) != _covers(theirs):
        yield "origins"
    if 0 in (ours.value, theirs.value):
        yield "zero"


def _covers(count):
    """Whose visits are in a count: of one origin alone, or of both, told apart or not."""
    return count.origins if count.origins in (("wisnus",), ("wisman",)) else "all"


def _remarks(ours, theirs):
    """What has to be said of two counts, with a ratio or without."""
    both = [c for c in (ours, theirs) if c]
    if len({c.source.casefold() for c in both}) > 1 and len({c.series for c in both}) > 1:
        yield "series"
    if any(c.obs_status == "suspect" for c in both):
        yield "checked"
    if any(c.obs_status == "estimated" for c in both):
        yield "estimated"
