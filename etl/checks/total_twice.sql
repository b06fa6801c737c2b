/*
contract = "measured"
severity = "error"
marks = "suspect"
concept = "a total is exactly twice the sum of its parts: the total row was added up with them"
method = "own rule (etl/measured.sql, wholes); exact equality. Parts are wisnus and wisman of a place, the other rows of the kind (three or more), its periods, or the sites of the area; least_value: smaller ones are so by chance"

[limits]
least_others = 3
least_value = 100
*/
-- grain: one total
with sums as (
    select contract, value_id, part_ids as ids, parts from wholes where relation <> 'breakdown' and value = 2 * parts and is_whole
    union
    select contract, value_id, null, others
    from (
        select *, sum(value) over now - value as others, count(*) filter (value > 0) over now - (value > 0)::int as others_counted
        from measured where contract <> 'service'
        window now as (partition by kind_id, slot)
    )
    where others_counted >= $least_others and value = 2 * others
)
select
    m.contract,
    list_append(coalesce(any_value(t.ids), []), m.value_id) as value_ids,
    [m.value_id] as marked_ids,
    {
        place: m.place, measure: m.measure, origin: m.origin, breakdown: m.breakdown, series: m.series,
        period_start: m.period_start, period_end: m.period_end, value: m.value, parts: any_value(t.parts)
    } as params
from sums as t join measured as m using (contract, value_id)
where t.parts > 0 and m.value >= $least_value
group by m.contract, m.value_id, m.place, m.measure, m.origin, m.breakdown, m.series, m.period_start, m.period_end, m.value
