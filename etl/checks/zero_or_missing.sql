/*
contract = "measured"
severity = "warning"
marks = "suspect"
concept = "a zero in a series that is never near zero is no report written as zero; where the place was closed, zero is true"
method = "own rule. least: what the other figures of the series lead to expect at least; rare: the most of its figures that may be zero"

[limits]
least = 20
rare = 0.34
*/
-- grain: one zero
with zeros as (
    select
        *,
        count(*) filter (value = 0) over of_row / count(*) over of_row as zero_share,
        quantile_cont(value, 0.1) filter (value > 0) over of_row as low,
        least(
            max(value) over (partition by row_id order by slot range between 3 preceding and 1 preceding),
            max(value) over (partition by row_id order by slot range between 1 following and 3 following)
        ) as near
    from measured where value is not null
    window of_row as (partition by row_id)
),
siblings as (
    select kind_id, slot, least(0, any_value(siblings_step)) as step from compared group by kind_id, slot
)
select
    z.contract,
    [z.value_id] as value_ids,
    [z.value_id] as marked_ids,
    {
        place: z.place, measure: z.measure, origin: z.origin, breakdown: z.breakdown, series: z.series,
        period_start: z.period_start, period_end: z.period_end, expected: round(z.near * exp(coalesce(s.step, 0)))
    } as params
from zeros as z left join siblings as s using (kind_id, slot)
where z.value = 0 and z.near * exp(coalesce(s.step, 0)) >= $least and z.low >= $least / 2 and z.zero_share <= $rare and z.obs_status <> 'closed'
    and not exists (
        from site_status as c
        where c.site = z.place and c.state = 'closed' and c.from_date <= z.period_end
            and coalesce(c.to_date, z.period_end) >= z.period_start
    )
