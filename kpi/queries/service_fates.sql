-- grain: one period (or, within $period, one channel) and fate of requests of $service in $series at $agency (null = all)
select
    if($period is null, period_start::varchar, channel) as name, fate, sum(requests)::bigint as requests
from service_cells_query
where unit = $unit and service_code = $service and series = $series and clock = 'elapsed'
    and agency is not distinct from $agency
    and ($period is null) = (channel is null) and ($period is null or period_start = $period::date)
group by all
order by name, fate
