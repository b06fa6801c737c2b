/*
contract = "measured"
severity = "error"
marks = "suspect"
concept = "a place for several periods, or most places for one, stand a thousand times lower or higher than else: reported in thousands, or in units where thousands were meant"
method = "own rule on logarithms (etl/measured.sql). band: how many decades from a factor of a thousand; most: the share of the places of a period"

[limits]
band = 0.8
most = 0.6
*/
-- grain: one kind of figure, place (null: most of them) and direction, with the periods that stand out
with far as (
    select
        *, case
            when abs(size - usual + 3 * ln(10)) < $band * ln(10) then 'thousandth'
            when abs(size - usual - 3 * ln(10)) < $band * ln(10) then 'thousandfold'
        end as direction
    from compared where figures >= 6
),
periods as (
    select kind_id, slot, direction, list(row_id) as rows_
    from far
    where direction is not null
    group by kind_id, slot, direction
    having count(*) >= 3 and count(*) >= $most * (select count(*) from far as f where f.kind_id = far.kind_id and f.slot = far.slot and f.usual > ln(10000))
),
named as (
    select
        f.*, exists (
            from periods as p where (p.kind_id, p.slot, p.direction) = (f.kind_id, f.slot, f.direction)
        ) as is_for_all,
        lag(f.slot) over run is not distinct from f.slot - 1 or lead(f.slot) over run is not distinct from f.slot + 1 as is_run
    from far as f where direction is not null
    window run as (partition by f.row_id, f.direction order by f.slot)
)
select
    m.contract,
    list(m.value_id order by m.slot) as value_ids,
    list(m.value_id order by m.slot) as marked_ids,
    {
        place: if(is_for_all, '', m.place), measure: m.measure, origin: m.origin, breakdown: m.breakdown, series: m.series,
        direction: m.direction, period_start: min(m.period_start), period_end: max(m.period_end), figures: count(*)
    } as params
from named as m
where is_for_all or is_run
group by m.contract, m.kind_id, m.measure, m.origin, m.breakdown, m.series, m.direction, is_for_all, if(is_for_all, '', m.place), if(is_for_all, m.slot, null)
