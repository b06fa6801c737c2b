-- grain: one of $names (periods or, within $period, channels; nth = its position), clock and bin of the durations of
-- completed requests of $service in $series at $agency (null = all)
select
    n.nth::integer as nth, c.clock = 'working' as is_working, c.lower_hours, c.width_hours, sum(c.requests)::bigint as requests
from service_cells_query as c
join (select unnest($names) as name, unnest(range(len($names))) as nth) as n
    on n.name = if($period is null, c.period_start::varchar, c.channel)
where c.unit = $unit and c.service_code = $service and c.series = $series and c.fate = 'done'
    and c.agency is not distinct from $agency
    and ($period is null) = (c.channel is null) and ($period is null or c.period_start = $period::date)
group by all
order by nth, is_working, lower_hours
