-- grain: one period and channel of the requests of $service in $series at $agency (null = all)
select period_start, channel, sum(requests)::bigint as requests
from service_cells_query
where unit = $unit and service_code = $service and series = $series and clock = 'elapsed' and agency is not distinct from $agency
    and channel is not null
group by all
order by channel, period_start
