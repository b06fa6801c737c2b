/*
contract = "measured"
severity = "error"
marks = "suspect"
concept = "a month has the sum since January: less what the months before had, it is an ordinary month"
method = "own rule, in logarithms. A single month is the sum before it and an ordinary month (near); or three months in a row grow by ordinary months each (run_near)"

[limits]
near = 1.2
run_near = 1.1
sure = 1.5
*/
-- grain: one figure of a month
with running as (
    select
        *,
        date_part('month', period_start) as months,
        value - sum(value) over before as beyond_sum,
        count(*) over before as months_before,
        value - lag(value) over (partition by row_id, year order by slot) as beyond_last
    from compared
    where frequency = 'M'
    window before as (partition by row_id, year order by slot rows between unbounded preceding and 1 preceding)
),
alike as (
    select
        *,
        coalesce(
            months >= 3 and months_before = months - 1 and beyond_sum > 0
                and greatest(off, step - season) > greatest(ln(2), $sure * spread)
                and least(abs(ln(greatest(beyond_sum, 1)) - (size - off)), abs(ln(greatest(beyond_sum, 1)) - level - season)) < $near, false
        ) as is_single,
        coalesce(
            beyond_last > 0 and abs(ln(greatest(beyond_last, 1)) - usual) < $run_near
                and size - usual between ln(months / 2.5) and ln(months * 2.5), false
        ) as is_next
    from running
),
runs as (
    select
        *,
        greatest(
            sum(is_next::int) over (months_of rows between 2 preceding and current row),
            sum(is_next::int) over (months_of rows between 1 preceding and 1 following),
            sum(is_next::int) over (months_of rows between current row and 2 following)
        ) = 3 as is_run
    from alike
    window months_of as (partition by row_id, year order by slot)
)
select
    m.contract,
    [m.value_id] as value_ids,
    [m.value_id] as marked_ids,
    {
        place: m.place, measure: m.measure, origin: m.origin, breakdown: m.breakdown, series: m.series,
        period_start: m.period_start, period_end: m.period_end, value: m.value,
        own: if(m.is_single, m.beyond_sum, m.beyond_last)
    } as params
from runs as m
where is_single or is_run
