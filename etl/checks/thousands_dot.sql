/*
contract = "measured"
severity = "error"
marks = "suspect"
concept = "one figure is about a thousandth of what its neighbours and siblings lead to expect: 24.325 was read as a decimal, so 24 is left"
method = "own rule on log deviations (etl/measured.sql). most, least: the largest and the smallest share that counts as a thousandth of what may have been an unusual period; sure: least distance in spreads; expected: less has no thousands. Proven where the others of its table did not move, or all together, else asked. Runs and whole periods are wrong_unit"

[limits]
most = 0.0125
least = 0.0001
sure = 3.5
expected = 1000
*/
-- grain: one figure
with far as (
    select *, off < ln($most) as is_thousandth from compared
)
select
    m.contract,
    [m.value_id] as value_ids,
    [m.value_id] as marked_ids,
    if(m.is_slip or c.value_id is not null, 'error', 'question') as severity,
    {
        place: m.place, measure: m.measure, origin: m.origin, breakdown: m.breakdown, series: m.series,
        period_start: m.period_start, period_end: m.period_end, value: m.value, expected: coalesce(c.right_value, round(exp(m.size - m.off))),
        times: round(exp(-m.off)), variant: if(m.is_slip or c.value_id is not null, null, 'asked')
    } as params
from far as m left join confirmed as c using (contract, value_id)
where c.right_value / c.value > 500 or c.value_id is null and m.is_thousandth and m.off > ln($least) and abs(m.off) > $sure * m.spread
    and m.figures >= 4 and exp(m.size - m.off) >= $expected and (m.is_slip or not m.is_shock or m.is_alone)
    and not exists (
        from far as o where o.row_id = m.row_id and o.is_thousandth and abs(o.slot - m.slot) = 1
    )
