/*
contract = "measured"
severity = "error"
marks = "suspect"
concept = "a total is not the sum of its parts, though all of them are there: the file contradicts itself; or parts by themselves are more than the whole"
method = "own rule (etl/measured.sql, wholes): both origins, the months of a year, the other places below a row of that name, and what most totals of the kind show; a half for each rounded part. Parts of another file are asked. A part that a slip explains is told by itself; a row called total that is no such sum in most of so many cases is asked about once"

[limits]
cases = 3
*/
-- grain: one total
select
    m.contract,
    list_append(w.part_ids, m.value_id) as value_ids,
    [m.value_id] as marked_ids,
    if(w.is_one_file and not w.is_other, 'error', 'question') as severity,
    {
        place: m.place, measure: m.measure, origin: m.origin, breakdown: m.breakdown, series: m.series,
        period_start: m.period_start, period_end: m.period_end, value: m.value, parts: w.parts, counted: w.counted, differs: w.value - w.parts,
        relation: w.relation, variant: if(w.is_other, 'other', if(w.is_whole, if(w.is_one_file, null, 'asked'), 'above'))
    } as params
from (
    -- a row of that name that never is the sum of those beside it, or seldom, is another sum
    select *, relation = 'places' and cases >= $cases and not is_learned as is_other from wholes
) as w join measured as m using (contract, value_id)
where (w.is_stated or w.is_learned) and w.value <> 2 * w.parts
    and not exists (from confirmed as c where c.contract = w.contract and c.total_id = w.value_id)
    and (w.is_whole and not w.is_equal or not w.is_whole and w.parts > w.value + 0.5 * w.counted)
qualify not w.is_other or row_number() over (partition by w.is_other, m.contract, m.row_id order by m.slot desc) = 1
