/*
contract = "measured"
severity = "error"
marks = "suspect"
concept = "a place for one period or several, or most places for one, stand a hundred or a thousand times lower or higher than else: reported in thousands, or in units where thousands were meant"
method = "own rule on logarithms (etl/measured.sql). band: how many decades from the factor; together: the most that places differ in it; sure: least distance of a single figure in spreads. Proven where the others of the table did not move, or where most places moved by the same factor. A single thousandth is thousands_dot"

[limits]
band = 0.8
sure = 6
together = 1
*/
-- grain: one kind of figure, place (empty: most of them) and direction, with the periods that stand out
with far as (
    select
        *, size - usual as alone, size - usual - if(is_shock, siblings_level, 0) as from_usual
    from compared where figures >= 6
),
-- of most places at once: by one factor (a pandemic takes from each place another share), and as ever before and after
alike as (
    select kind_id, slot, case
            when abs(median(alone) + 3 * ln(10)) < $band * ln(10) then 'thousandth'
            when abs(median(alone) - 3 * ln(10)) < $band * ln(10) then 'thousandfold'
        end as direction, median(alone) as middle, 1.4826 * mad(alone) as scatter, count(*) as places
    from far where usual > ln(10000) group by kind_id, slot
),
stretches as (
    select *, lag(middle) over times as before, lead(middle) over times as after, sum(is_new::int) over times as stretch
    from (select *, direction is distinct from lag(direction) over times as is_new from alike window times as (partition by kind_id order by slot))
    window times as (partition by kind_id order by slot)
),
periods as (
    select kind_id, unnest(list(slot)) as slot, direction
    from stretches
    group by kind_id, direction, stretch
    having direction is not null and min(places) >= 3 and max(scatter) < $together
        and coalesce(abs(arg_min(before, slot)), 0) < 1 and coalesce(abs(arg_max(after, slot)), 0) < 1
),
directed as (
    select
        f.*, p.direction is not null as is_for_all, case
            when abs(if(is_for_all, alone, from_usual) + 3 * ln(10)) < $band * ln(10) then 'thousandth'
            when abs(if(is_for_all, alone, from_usual) - 3 * ln(10)) < $band * ln(10) then 'thousandfold'
        end as direction
    from far as f left join periods as p using (kind_id, slot)
),
named as (
    select
        *, lag(slot) over run is not distinct from slot - 1 or lead(slot) over run is not distinct from slot + 1 as is_run
    from directed where direction is not null
    window run as (partition by row_id, direction order by slot)
),
found as (
    select
        contract, kind_id, place, measure, origin, breakdown, series, direction, slot, is_for_all, period_start, period_end, value_id, value,
        size - from_usual as expected,
        is_for_all or coalesce(siblings >= 3 and siblings_spread < 0.35 and spread < 0.7 and abs(abs(from_usual) - 3 * ln(10)) < ln(2.5), false) as is_proven
    from named
    where is_for_all or is_run and exp(size - from_usual) >= 1000 and (not is_shock or siblings >= 3)
    union all
    select
        contract, kind_id, place, measure, origin, breakdown, series,
        case decades when -2 then 'hundredth' when 2 then 'hundredfold' else 'thousandfold' end, slot, false, period_start, period_end, value_id,
        value, size - off, is_slip
    from far as f anti join confirmed using (contract, value_id)
    where decades in (-2, 2, 3) and abs(off - decades * ln(10)) < ln(2.5) and abs(off) > $sure * spread and (is_slip or not is_shock or is_alone)
        and exp(greatest(size, size - off)) >= 1000 and exp(size - off) >= 20
        -- alone: the ones beside it are as ever
        and coalesce(abs(off_before) < abs(off) / 2, true) and coalesce(abs(off_after) < abs(off) / 2, true)
        and not exists (from named as n where n.value_id = f.value_id and n.contract = f.contract and (n.is_for_all or n.is_run))
    union all
    select
        m.contract, m.kind_id, m.place, m.measure, m.origin, m.breakdown, m.series,
        case when c.right_value > c.value then 'hundredth' when c.value > 500 * c.right_value then 'thousandfold' else 'hundredfold' end, m.slot, false,
        m.period_start, m.period_end, m.value_id, m.value, ln(c.right_value), true
    from confirmed as c join measured as m using (contract, value_id)
    where c.right_value / c.value between 50 and 500 or c.value / c.right_value > 50
)
select
    m.contract,
    list(m.value_id order by m.slot) as value_ids,
    list(m.value_id order by m.slot) as marked_ids,
    if(bool_and(is_proven), 'error', 'question') as severity,
    {
        place: if(is_for_all, '', m.place), measure: m.measure, origin: m.origin, breakdown: m.breakdown, series: m.series,
        direction: m.direction, period_start: min(m.period_start), period_end: max(m.period_end), figures: count(*),
        value: min(m.value), expected: round(exp(min(m.expected))), variant: if(bool_and(is_proven), null, 'asked')
    } as params
from found as m
group by m.contract, m.kind_id, m.measure, m.origin, m.breakdown, m.series, m.direction, is_for_all, if(is_for_all, '', m.place), if(is_for_all, m.slot, null)
