-- grain: one stretch of days or months for which one place has reported nothing, or not all, of one measure of one dataset
-- although it was due, newest first. Where nobody in the dataset has reported, deliveries says so.
with lacking as (
    select distinct dataset, is_simulated, place, place_name, measure, frequency, period_start, period_end
    from cells_query
    where obs_status = 'missing' and not is_all_missing
),
numbered as (
    select
        *,
        if(frequency = 'D', period_start - date '2000-01-01', date_diff('month', date '2000-01-01', period_start))
            - row_number() over (partition by dataset, place, measure, frequency order by period_start) as stretch
    from lacking
)
select
    dataset,
    bool_or(is_simulated) as is_simulated,
    any_value(place_name) as place_name,
    measure,
    frequency,
    min(period_start) as period_start,
    max(period_end) as period_end,
    count(*) as periods
from numbered
group by dataset, place, measure, frequency, stretch
order by period_end desc, period_start desc, dataset, place_name
