-- grain: one of $names (periods or, within $period, channels; nth = its position) and hours of age, to the hour, of the
-- requests of $service in $series at $agency (null = all) that are open, at the last moment until which their state is
-- known
select
    n.nth::integer as nth,
    -- from the middle of the hour in which they came
    greatest(0, (epoch(s.reaches_at) - epoch(o.requested_hour)) / 3600 - 0.5)::double as hours,
    sum(o.requests)::bigint as requests
from service_open as o
join (
    select service_code, series, min(reaches_at) as reaches_at from service_series_query
    where $agency is null or agency = $agency
    group by service_code, series
) as s using (service_code, series)
join (select unnest($names) as name, unnest(range(len($names))) as nth) as n
    on n.name = if($period is null, date_trunc($unit, o.requested_on)::date::varchar, o.channel)
where o.service_code = $service and o.series = $series and o.agency is not distinct from $agency
    and ($period is null) = (o.channel is null) and ($period is null or date_trunc($unit, o.requested_on) = $period::date)
    and is_known(o.known_on)
group by n.nth, hours
having sum(o.requests) > 0
order by nth, hours
