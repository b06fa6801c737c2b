-- grain: one weekday (1 = Monday) and local hour of the requests of $service in $series at $agency (null = all)
select h.weekday, h.hour, sum(h.requests)::bigint as requests
from service_hours as h semi join service_series_query as s using (service_code, agency, series)
where h.service_code = $service and h.series = $series and ($agency is null or h.agency = $agency)
    and is_known(h.known_on)
group by all
having sum(h.requests) > 0
order by h.weekday, h.hour
