"""A figure of a KPI, and how often what was said of targets came true."""

from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path

from pandas import read_csv

HERE = Path(__file__).parent
KPIS = tuple(sorted(path.stem for path in HERE.glob("*.sql")))


@dataclass(frozen=True, kw_only=True)
class Figure:
    """One value of one KPI with what it counts: never a bare number.

    `value` is in the KPI's unit (visits, share of one, visits per day), None where there is none;
    `reason` says why. Counts of values say how complete it is; `value_ids` lead back to the rows of
    the warehouse. What a KPI's SQL does not say of a value is what stands here.
    """

    kpi: str
    unit: str
    city: str
    area: str
    definition: str
    series: str
    year: int
    period_start: date
    period_end: date
    covered_to: date | None
    value: float | None
    numerator: int | None = None
    denominator: int | None = None
    obs_status: str
    is_complete: bool = True
    values_summed: int | None = 1
    measures_summed: int | None = 1
    values_reported: int | None = 1
    values_expected: int | None = 1
    origins: tuple = ()
    known_at: date | None = None
    value_ids: tuple = ()
    as_of: date | None
    reason: str | None = None
    is_choice: bool = False
    is_city_choice: bool = False  # the target does not say what it counts: the city has chosen
    target_document: str | None = None
    target_known_at: date | None = None
    witnesses: int | None = None
    measures: tuple = field(default=())  # of the definition, in order


@cache
def calibration() -> list[dict]:
    """How often the targets came that were given a chance, on the panel that the method was scored
    with: [{above, up_to (a class of chances), n, said (their mean), came (share), series}]."""
    table = read_csv(HERE / "calibration.csv", dtype={"n": int, "series": int})
    return table.to_dict("records")
