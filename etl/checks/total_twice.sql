/*
contract = "measured"
severity = "error"
marks = "suspect"
concept = "a total is exactly twice the sum of its parts: the total row was added up with them"
method = "own rule; exact equality. Parts are wisnus and wisman of a place, the other rows of the kind (three or more), or the sites of the area"

[limits]
least_others = 3
*/
-- grain: one total
with sums as (
    select *, sum(value) over now - value as others, count(value) over now - 1 as others_counted
    from measured
    window now as (partition by kind_id, slot)
),
origins as (
    select contract, place, place_kind, measure, breakdown, definition, series, frequency, slot, sum(value) as parts, list(value_id) as ids
    from measured where origin in ('wisnus', 'wisman')
    group by all having count(*) = 2
),
sites as (
    select contract, measure, origin, breakdown, definition, series, frequency, slot, sum(value) as parts, list(value_id) as ids
    from measured where place_kind = 'site'
    group by all
),
twice as (
    select value_id, null::bigint[] as ids, others as parts
    from sums where others_counted >= $least_others and value = 2 * others
    union all
    select t.value_id, p.ids, p.parts
    from measured as t join origins as p using (contract, place, place_kind, measure, breakdown, definition, series, frequency, slot)
    where t.origin = 'total' and t.value = 2 * p.parts
    union all
    select t.value_id, p.ids, p.parts
    from measured as t join sites as p using (contract, measure, origin, breakdown, definition, series, frequency, slot)
    where t.place_kind = 'area' and t.value = 2 * p.parts
)
select
    m.contract,
    list_append(coalesce(t.ids, []), m.value_id) as value_ids,
    [m.value_id] as marked_ids,
    {
        place: m.place, measure: m.measure, origin: m.origin, breakdown: m.breakdown, series: m.series,
        period_start: m.period_start, period_end: m.period_end, value: m.value, parts: t.parts
    } as params
from twice as t join measured as m using (value_id)
where t.parts > 0
