/*
contract = "measured"
severity = "error"
marks = "suspect"
concept = "a row among the places is the sum of the others: what adds the places up counts everything twice"
method = "own rule (etl/measured.sql, wholes): equality to the last digit with the sum of at least three others of the same kind and level, in half of the periods, or in one by its name"
*/
-- grain: one row that is a total, with all its periods
select
    m.contract,
    list(m.value_id order by m.slot) as value_ids,
    list(m.value_id order by m.slot) as marked_ids,
    {
        place: m.place, measure: m.measure, origin: m.origin, breakdown: m.breakdown, series: m.series,
        period_start: min(m.period_start), period_end: max(m.period_end), figures: count(*)
    } as params
from wholes as w join measured as m using (contract, value_id)
where w.relation = 'places' and w.value > 0
group by m.contract, m.row_id, m.place, m.measure, m.origin, m.breakdown, m.series
having bool_or(w.is_equal)
