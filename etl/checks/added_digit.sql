/*
contract = "measured"
severity = "error"
marks = "suspect"
concept = "one figure is ten times what its neighbours, its season and its siblings lead to expect, and the others of its table did not move: a digit was typed twice"
method = "own rule on log deviations (etl/measured.sql, is_slip), or where its total is right without the digit (confirmed). What may be the sum since January, so many ordinary periods more or less (near), is left to year_to_date"

[limits]
near = 2.5
least_figures = 8
least_value = 100
*/
-- grain: one figure
with sums as (
    select contract, value_id, sum(value) over (
            partition by row_id, year order by slot rows between unbounded preceding and 1 preceding
        ) as since
    from measured where frequency in ('M', 'Q')
)
select
    m.contract,
    [m.value_id] as value_ids,
    [m.value_id] as marked_ids,
    {
        place: m.place, measure: m.measure, origin: m.origin, breakdown: m.breakdown, series: m.series,
        period_start: m.period_start, period_end: m.period_end, value: m.value,
        expected: coalesce(c.right_value, round(exp(m.size - m.off))), times: round(m.value / coalesce(c.right_value, exp(m.size - m.off)), 1)
    } as params
from compared as m left join confirmed as c using (contract, value_id) left join sums as s using (contract, value_id)
where c.value / c.right_value between 5 and 50
    or c.value_id is null and m.is_slip and m.decades = 1 and exp(m.size - m.off) >= $least_value and m.figures >= $least_figures
    and coalesce(greatest(m.off_before, m.off_after) < m.off / 2, true)
    and coalesce(abs(m.value - s.since) > $near * exp(m.size - m.off), true)
