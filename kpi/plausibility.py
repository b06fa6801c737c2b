"""Is a year's total plausible? What else is known of the city, held against what an outlook says.

Every comparison is arithmetic on known figures; one that is not known of the year is named, and no
assumption stands in for it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kpi.year_end import YearEnd

JUMP = 2.0  # growth (or its inverse) from which a measure is said to have jumped


@dataclass(frozen=True)
class Comparison:
    """What a total is held against: a code, its figures, `inputs` {name: row of the query
    plausibility} that are known of some year, and the names of those `unknown` of `year`."""

    code: str
    year: int
    figures: dict
    inputs: dict
    unknown: tuple


def comparisons(year_end: "YearEnd", rows: list[dict]) -> Iterator[Comparison]:
    """The Comparisons of a YearEnd; rows: the query plausibility.

    jump: a measure against the same months a year before. per_resident: visits of the year for each
    inhabitant. beds: guests so far x nights, for each room that was taken (rooms x occupancy x
    days). trips: visits of the year for each trip that mobile positioning has counted. A ratio is
    None where one of its figures is not known at all, or zero where it divides; without a total of
    the year nothing is held against it.
    """
    outlook = year_end.outlook
    total, known = outlook.total, {row["input"]: row for row in rows}

    def compare(code, wanted, ratio, **figures):
        inputs = {name: known[name] for name in wanted if name in known}
        value = {name: row["value"] for name, row in inputs.items()}
        unknown = tuple(
            n for n in wanted if n not in known or known[n]["period_start"].year != outlook.year
        )
        # a stay of no nights is nothing, a place without people or rooms no measure
        is_known = len(value) == len(wanted) and all(value.values())
        figures["ratio"] = ratio(**value) if is_known else None
        return Comparison(code, outlook.year, figures, inputs, unknown)

    for growth in year_end.growths:
        if not 1 / JUMP < growth["factor"] < JUMP:
            yield Comparison("jump", outlook.year, growth, {}, ())
    if total is not None:
        yield compare(
            "per_resident", ["population"], lambda population: total / population, total=total
        )
    guests = [g for g in year_end.growths if g["measure"] == "accommodation_guests"]
    for row in guests:
        stay = known.get("length_of_stay")

        def taken(rooms, room_occupancy, length_of_stay, row=row):
            nights = rooms * room_occupancy / 100 * row["days"]
            return row["visits"] * length_of_stay / nights

        nights = stay and row["visits"] * stay["value"]
        wanted = ["rooms", "room_occupancy", "length_of_stay"]
        yield compare("beds", wanted, taken, guests=row["visits"], nights=nights)
    if total is not None:
        yield compare("trips", ["trips"], lambda trips: total / trips, total=total)
