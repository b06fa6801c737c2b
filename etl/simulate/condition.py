"""Order, cleanliness and greening by kelurahan and month: counts with the sample they rest on."""

from etl.simulate.parameters import parameter
from etl.simulate.tools import DAY, Draws, month_end, months

HEADER = (
    "month", "kelurahan", "published_at", "points", "clean_points", "inspections", "violations",
    "patrol_hours", "green_m2", "trees",
)  # fmt: skip


def files(place, seed):
    """{file name: rows}: one file a year, one row a kelurahan and month."""
    draws = Draws(seed, "condition")
    worst, best, _ = parameter("condition.clean")
    villages = [(area, worst + (best - worst) * draws.uniform()) for area, _ in place.villages]
    made, years = {}, parameter("years")
    for month in months(years[0], years[-1]):
        rows = made.setdefault(f"condition_{month.year}.csv", [HEADER])
        rows += [_row(place, draws, month, area, clean) for area, clean in villages]
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


def _published(draws, month):
    share, least, most = parameter("condition.late")
    is_late = draws.uniform() < share
    lag = draws.whole(least, most) if is_late else draws.whole(*parameter("condition.lag_days"))
    return month_end(month) + lag * DAY
