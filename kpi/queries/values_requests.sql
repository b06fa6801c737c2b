-- grain: one request of a service ($definition) in $series from $first to $last (day of request), at an $agency or through
-- a $channel (null = all), as known by as_of: hours until it was completed, null where it is not; part: what became of it
select
    case
        when status = 'open' then 'open'
        when status <> 'closed' then 'withdrawn'
        when completed_at is null then 'none'
        when precision = 'day' then 'day'
        when completed_at < requested_at then 'before'
        when completed_at = requested_at then 'zero'
        else 'done'
    end as part,
    value_id, agency as place, coalesce(channel, '') as measure, '' as origin, '' as breakdown, service_code as definition,
    series, requested_on as period_start, requested_on as period_end,
    if(part = 'done', (epoch(completed_at) - epoch(requested_at)) / 3600, null)::double as value, 'hours' as unit,
    obs_status, published_at, published_at_basis, unit_id, source_rows
from service_changes
where service_code = $definition and series = $series and requested_on between $first and $last
    and ($agency::varchar is null or agency = $agency)
    and ($channel::varchar is null or coalesce(channel, '') = $channel)
    and is_known(known_on)
group by all
having sum(change) > 0
