-- grain: one period and section of one area in a series: every value that was found, with its sample, newest first. Only
-- the newest vintage known by as_of; the newest $most periods, of `periods` in all.
with known as (
    select * from condition
    where area = $area and series = $series and domain = $domain and (getvariable('as_of') is null
        or (period_end <= getvariable('as_of')::date and published_at <= getvariable('as_of')::date))
    qualify row_number() over (
        partition by section, period_start, period_end, domain, indicator, breakdown
        order by published_at desc nulls last, received_at desc nulls last, value_id desc
    ) = 1
)
select
    section, period_start, period_end, max(sample_size) as sample_size, max(published_at) as published_at,
    any_value(published_at_basis) as published_at_basis, any_value(obs_status) as obs_status,
    list({indicator: indicator, breakdown: breakdown, value: value, unit: unit} order by indicator, breakdown) as found,
    count(*) over () as periods
from known
group by section, period_start, period_end
order by period_end desc, section
limit $most
