-- grain: one of $names (periods or, within $period, channels; nth = its position) and hours of age, to the hour, of the
-- requests of $service at $agency (null = all) that are open, at the last moment until which their state is known
select
    n.nth::integer as nth,
    -- from the middle of the hour in which they came
    greatest(0, (epoch(s.reaches_at) - epoch(o.requested_hour)) / 3600 - 0.5)::double as hours,
    sum(o.requests)::bigint as requests
from service_open as o
join service_series_query as s using (service_code, agency, series)
join (select unnest($names) as name, unnest(range(len($names))) as nth) as n
    on n.name = if($period is null, date_trunc($unit, o.requested_on)::date::varchar, o.channel)
where o.service_code = $service and ($agency is null or o.agency = $agency)
    and ($period is null or date_trunc($unit, o.requested_on) = $period::date)
    and (getvariable('as_of') is null or o.known_on <= getvariable('as_of')::date)
group by n.nth, hours
having sum(o.requests) > 0
order by nth, hours
