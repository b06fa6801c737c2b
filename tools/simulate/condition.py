"""Order, cleanliness and greening by kelurahan and month: counts with the sample they rest on."""

from itertools import accumulate, pairwise

from tools.simulate.parameters import parameter
from tools.simulate.tools import DAY, Draws, Place, month_end, months

HEADER = (
    "month", "kelurahan", "published_at", "points", "clean_points", "inspections", "violations",
    "patrol_hours", "green_m2", "trees",
    "grade_a", "grade_b_plus", "grade_b", "grade_b_minus", "grade_c", "grade_c_minus", "grade_d",
    "item_mark", "smoking", "street_vending", "alcohol", "destitute", "indecency",
    "trees_checked", "trees_alive",
)  # fmt: skip
CLEAN = 3  # so many of the grades, from the best on, are those of a clean point


def files(place: Place, seed: int) -> dict[str, list]:
    """{file name: rows}: one file a year, one row a kelurahan and month."""
    draws, details = Draws(seed, "condition"), Draws(seed, "condition details")
    worst, best, _ = parameter("condition.clean")
    villages = [(area, worst + (best - worst) * draws.uniform()) for area, _ in place.villages]
    made: dict[str, list] = {}
    planted, years = {}, parameter("years")
    for month in months(years[0], years[-1]):
        rows = made.setdefault(f"condition_{month.year}.csv", [HEADER])
        for area, clean in villages:
            row = _row(place, draws, month, area, clean)
            planted[area, month] = row[-1]
            before = planted.get((area, month.replace(year=month.year - 1)), 0)
            rows.append((*row, *_details(details, row, before)))
    return made


def _row(place, draws, month, area, clean):
    """One kelurahan in one month; cells are empty where nobody looked."""
    wet = month.month in parameter("condition.wet")
    looked = draws.uniform() >= parameter("condition.skipped")
    points = draws.whole(*parameter("condition.points"))
    gained = (month.year - parameter("years")[0]) * parameter("condition.clean")[2]
    share = min(0.97, (clean + gained - 4 * wet) / 100)
    clean_points = sum(draws.uniform() < share for _ in range(points))
    least, most = parameter("condition.patrol_hours")
    patrol = draws.whole(least, most)
    deterred = parameter("condition.deterrence") * (patrol - least) / (most - least)
    inspections = draws.whole(*parameter("condition.inspections"))
    # up to two violations an inspection
    chance = parameter("condition.violations") / 2 * (1 - deterred)
    found = sum(draws.uniform() < chance for _ in range(2 * inspections))
    in_wet, in_dry, most_m2, m2_a_tree = parameter("condition.green")
    plants = draws.uniform() < (in_wet if wet else in_dry)
    green = draws.whole(20, most_m2) if plants else 0
    seen = (points, clean_points, inspections, found) if looked else ("", "", "", "")
    return (
        f"{month:%Y-%m}", area, _published(draws, month), *seen, patrol, green, green // m2_a_tree,
    )  # fmt: skip


def _details(draws, row, planted):
    """Grades and mark of the points, kinds of the violations, and what lives of a year's trees."""
    points, clean, _, violations = row[3:7]
    alive = sum(draws.uniform() < parameter("condition.survival") for _ in range(planted))
    trees = (planted, alive) if planted else ("", "")
    if points == "":
        return ("",) * (len(HEADER) - len(row) - 2) + trees
    shares = parameter("condition.grades")
    grades = _split(draws, clean, shares[:CLEAN]) + _split(draws, points - clean, shares[CLEAN:])
    marks = parameter("condition.marks")
    tenths = 10 * sum(n * mark for n, mark in zip(grades, marks, strict=True)) // points
    kinds = _split(draws, violations, parameter("condition.kinds"))
    return (*grades, f"{tenths // 10}.{tenths % 10}", *kinds, *trees)


def _split(draws, count, weights):
    """How many of `count` fall to each of the weights: a list of whole numbers."""
    ends = list(accumulate(weights))
    falls = [int(draws.uniform() * ends[-1]) for _ in range(count)]
    return [sum(low <= fall < high for fall in falls) for low, high in pairwise([0, *ends])]


def _published(draws, month):
    share, least, most = parameter("condition.late")
    is_late = draws.uniform() < share
    lag = draws.whole(least, most) if is_late else draws.whole(*parameter("condition.lag_days"))
    return month_end(month) + lag * DAY
