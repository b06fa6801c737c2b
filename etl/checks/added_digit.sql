/*
contract = "measured"
severity = "error"
marks = "suspect"
concept = "one figure is ten times what its neighbours, its season and its siblings lead to expect, and the others of its table did not move: a digit was typed twice"
method = "own rule on log deviations (etl/measured.sql, is_slip)"
*/
-- grain: one figure
select
    contract,
    [value_id] as value_ids,
    [value_id] as marked_ids,
    {
        place: place, measure: measure, origin: origin, breakdown: breakdown, series: series,
        period_start: period_start, period_end: period_end, value: compared.value, expected: coalesce(c.right_value, round(exp(size - off))), times: round(exp(off), 1)
    } as params
from compared left join confirmed as c using (contract, value_id)
where c.value / c.right_value between 5 and 50 or c.value_id is null and is_slip and decades = 1 and exp(size - off) >= 100 and figures >= 8
    and coalesce(greatest(off_before, off_after) < off / 2, true)
