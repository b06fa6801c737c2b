/*
contract = "measured"
severity = "question"
marks = "incomplete"
concept = "places or kinds of visitors that stand in the periods around, or in the three before the last one, have no row in this one: what is added up without them is too low"
method = "own rule; a row without a figure is no missing category, nor is what stands in less than the regular share of the periods, or so small that none is a count; many: with more gaps a table is told once"

[limits]
before = 3
regular = 0.8
least_value = 10
many = 3
*/
-- grain: one kind of figure and period that lacks categories; of a table with many gaps, all of them
with kinds as (
    select *, hash(contract, place_kind, measure, breakdown, definition, series, frequency) as table_id
    from measured where contract not in ('service', 'tickets')
),
periods as (
    select table_id, slot, min(period_start) as period_start, min(period_end) as period_end, lead(slot) over times is null as is_last
    from kinds
    group by table_id, slot
    window times as (partition by table_id order by slot)
),
seen as (
    select
        contract, table_id, row_id, place, measure, origin, breakdown, series,
        min(slot) as first_at, max(slot) as last_at, list(slot) as slots, count(*) as figures
    from kinds
    group by contract, table_id, row_id, place, measure, origin, breakdown, series
    -- what comes and goes is no category of the table
    having count(*) >= $regular * (max(slot) - min(slot) + 1) and (contract = 'visits' or median(value) >= $least_value)
),
lacking as (
    select s.*, p.slot, p.period_start, p.period_end
    from seen as s join periods as p using (table_id)
    where not list_contains(s.slots, p.slot) and (
        p.slot between s.first_at and s.last_at
        or p.is_last and s.last_at = p.slot - 1 and len(list_filter(s.slots, lambda t: t >= p.slot - $before)) = $before
    )
),
-- periods of one place that follow one another
stretches as (
    select *, slot - row_number() over (partition by row_id order by slot) as stretch from lacking
),
runs as (
    select
        contract, table_id, row_id, place, measure, origin, breakdown, series, min(slot) as slot, max(slot) as last_slot,
        min(period_start) as period_start, max(period_end) as period_end, count(*) as periods
    from stretches group by contract, table_id, row_id, place, measure, origin, breakdown, series, stretch
),
said as (
    select
        contract, table_id, slot, last_slot, measure, breakdown, series, period_start, period_end,
        -- all origins of a place are one row that is not there
        if(count(distinct origin) = 1, min(origin), '') as origin, count(distinct place) as lacking,
        list(distinct place order by place)[:5] as places, min(place) as place
    from runs
    group by contract, table_id, slot, last_slot, measure, breakdown, series, period_start, period_end
),
-- a table with many gaps lacks them for one reason
gaps as (
    select *, count(*) over (partition by table_id) > $many as is_many from said
),
told as (
    select * exclude (is_many) from gaps where not is_many
    union all by name
    select
        contract, table_id, min(slot) as slot, max(last_slot) as last_slot, measure, breakdown, series, min(period_start) as period_start,
        max(period_end) as period_end, '' as origin, sum(lacking) as lacking,
        list_sort(list_distinct(flatten(list(places))))[:5] as places, '' as place
    from gaps where is_many
    group by contract, table_id, measure, breakdown, series
),
others as (
    select s.*, list(k.value_id order by k.value_id) as ids, list(k.value_id order by k.value_id) filter (k.place = s.place) as own_ids
    from told as s join kinds as k on k.table_id = s.table_id and k.slot between s.slot and s.last_slot
    group by all
)
select
    contract,
    if(lacking = 1 and len(own_ids) > 0, own_ids, ids) as value_ids,
    value_ids as marked_ids,
    {
        place: if(lacking = 1, place, ''), measure: measure, origin: origin, breakdown: breakdown, series: series,
        period_start: period_start, period_end: period_end, lacking: lacking, places: places,
        variant: case when place = '' then 'many' when lacking = 1 then 'one' end
    } as params
from others
