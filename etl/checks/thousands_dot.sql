/*
contract = "measured"
severity = "error"
marks = "suspect"
concept = "one figure is about a thousandth of what its neighbours and siblings lead to expect: 24.325 was read as a decimal, so 24 is left"
method = "own rule on log deviations (etl/measured.sql). most, least: the largest and the smallest share that counts as a thousandth of what may have been an unusual month; sure: least distance in spreads. Runs and whole periods are wrong_unit"

[limits]
most = 0.0125
least = 0.0001
sure = 3.5
*/
-- grain: one figure
with far as (
    select *, off < ln($most) as is_thousandth from compared
)
select
    m.contract,
    [m.value_id] as value_ids,
    [m.value_id] as marked_ids,
    {
        place: m.place, measure: m.measure, origin: m.origin, breakdown: m.breakdown, series: m.series,
        period_start: m.period_start, period_end: m.period_end, value: m.value, expected: round(exp(m.size - m.off))
    } as params
from far as m
where is_thousandth and off > ln($least) and abs(off) > $sure * spread and figures >= 4
    and not exists (
        from far as o where o.row_id = m.row_id and o.is_thousandth and abs(o.slot - m.slot) = 1
    )
