-- grain: one of $names (periods or, within $period, channels; nth = its position) and age in whole days of the requests
-- of $service at $agency (null = all) that are open, on the last day until which their state is known
select n.nth::integer as nth, s.reaches_to - o.requested_on as days, sum(o.requests)::bigint as requests
from service_open as o
join service_series_query as s using (service_code, agency, series)
join (select unnest($names) as name, unnest(range(len($names))) as nth) as n
    on n.name = if($period is null, date_trunc($unit, o.requested_on)::date::varchar, o.channel)
where o.service_code = $service and ($agency is null or o.agency = $agency)
    and ($period is null or date_trunc($unit, o.requested_on) = $period::date)
    and (getvariable('as_of') is null or o.known_on <= getvariable('as_of')::date)
group by n.nth, days
having sum(o.requests) > 0
order by nth, days
