/*
contract = "measured"
severity = "question"
marks = "suspect"
concept = "a zero, or a run of them, in a series that is never near zero is no report written as zero, or a closure that nobody told; where the place was closed, or most places had zero, zero is true"
method = "own rule. least: what the other figures of the series lead to expect at least; rare: the most of its figures (of days: of that day of the week) that may be zero; left: of what most places had, if less is left a zero is one of many"

[limits]
least = 20
rare = 0.34
left = 0.1
*/
-- grain: one run of zeros of a series, or of several places at once
with zeros as (
    select
        *,
        count(*) filter (value = 0) over of_row / count(*) over of_row as zero_share,
        quantile_cont(value, 0.1) filter (value > 0) over of_row as low,
        arg_max(value, slot) filter (value > 0) over (of_row order by slot rows between unbounded preceding and 1 preceding) as before,
        arg_min(value, slot) filter (value > 0) over (of_row order by slot rows between 1 following and unbounded following) as after
    from measured where value is not null and is_amount
    window of_row as (partition by row_id, if(frequency = 'D', slot % 7, 0))
),
suspect as (
    select
        z.*, slot - row_number() over (partition by row_id order by slot) as run,
        least(before, after) as near
    from zeros as z
    where value = 0 and least(before, after) >= $least and low >= $least / 2 and zero_share <= $rare and obs_status <> 'closed'
        and not exists (from shocks as s where (s.kind_id, s.slot) = (z.kind_id, z.slot) and s.move < ln($left))
        and not exists (
            from site_status as c
            where c.site = z.place and c.state = 'closed' and c.from_date <= z.period_end
                and coalesce(c.to_date, z.period_end) >= z.period_start
        )
),
runs as (
    select
        contract, kind_id, place, measure, origin, breakdown, series, list(value_id order by slot) as ids, min(period_start) as period_start,
        max(period_end) as period_end, min(near) as near, count(*) as figures
    from suspect
    group by contract, kind_id, row_id, run, place, measure, origin, breakdown, series
)
-- places of one table that have zero in the same periods are asked about together
select
    contract,
    flatten(list(ids order by place)) as value_ids,
    value_ids as marked_ids,
    {
        place: if(count(*) = 1, min(place), ''), places: list(place order by place)[:5], measure: measure, origin: origin, breakdown: breakdown,
        series: series, period_start: period_start, period_end: period_end, expected: round(min(near)),
        figures: if(count(*) = 1, sum(figures), count(*)), variant: if(count(*) = 1, null, 'many')
    } as params
from runs
group by contract, kind_id, measure, origin, breakdown, series, period_start, period_end
