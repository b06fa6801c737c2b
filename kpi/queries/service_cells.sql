-- grain: one unit (week, month), first day of it, agency and channel (null: all together), service, series, fate, clock
-- and bin of duration: requests as they were known by as_of. A bin begins at lower_hours and is width_hours wide.
select
    p.unit, p.period_start, p.agency, p.service_code, p.channel, p.series, p.fate, p.clock,
    if(p.bin_unit = 'minute', p.bin / 60, p.bin)::double as lower_hours,
    if(p.bin_unit = 'minute', 1 / 60, 1)::double as width_hours,
    sum(p.requests)::bigint as requests
from service_by_period as p semi join service_series_query as s using (service_code, series)
where is_known(p.known_on)
group by p.unit, p.period_start, p.agency, p.service_code, p.channel, p.series, p.fate, p.clock, p.bin_unit, p.bin
having sum(p.requests) <> 0
