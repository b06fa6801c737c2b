-- grain: one area, or all of them ('' = the city), and month of a KPI in a series: three months pooled up to its end, in the
-- three years up to the end of a window. A month before which one of the three is lacking has no row.
with counts as (
    from condition_counts_query
    where kpi = $kpi and series = $series and kind = '' and period_end <= $window_end and period_end - period_start < 100
),
monthly as (
    select area, last_day(period_end) as period_end, sum(numerator) as numerator, sum(denominator) as denominator,
        max(date_diff('month', period_start, period_end) + 1) as months
    from (from counts union all by name select * replace ('' as area) from counts)
    group by area, last_day(period_end)
),
pooled as (
    select
        area, period_end, sum(numerator) over three as numerator, sum(denominator) over three as denominator,
        sum(months) over three as months
    from monthly
    window three as (partition by area order by period_end range between interval 70 days preceding and current row)
)
select area, period_end, numerator / denominator as value, denominator
from pooled
where months >= 3 and period_end > $window_end - interval 36 months
order by area, period_end
