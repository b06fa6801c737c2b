-- grain: one area, period (months; days are in theirs), indicator, breakdown, series and status, and the days from
-- which and before which its values were the newest ones known (known_to null = still): sums of the newest vintages on a
-- day are where known_from <= day < known_to. A value without a day of publication is known only without an as_of.
create table condition_by_month as
with vintages as (
    select
        *,
        lead(published_at) over (
            partition by area, section, period_start, period_end, domain, indicator, breakdown, series
            order by published_at nulls first, received_at nulls first, value_id
        ) as known_to
    from condition
)
select
    area,
    if(frequency = 'D', date_trunc('month', period_start)::date, period_start) as period_start,
    if(frequency = 'D', last_day(period_start), period_end) as period_end,
    domain,
    indicator,
    breakdown,
    unit,
    series,
    obs_status,
    published_at as known_from,
    known_to,
    count(value) as values_counted,
    count(*) as values_expected,
    sum(value) as value_sum,
    sum(sample_size) filter (where value is not null) as sample_sum,
    sum(value * sample_size) as weighted_sum,
    count(value) filter (where sample_size is not null) as values_sampled
from vintages
where known_to is null or known_to > published_at or published_at is null
group by all
order by domain, indicator, area, period_start;
