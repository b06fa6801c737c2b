-- grain: one agency, service, channel, series, month, weekday (1 = Monday) and local hour of request, and day on which
-- this became known; where the clock tells hours
create table service_hours as
select
    agency, service_code, coalesce(channel, '') as channel, series, date_trunc('month', requested_on)::date as month_start,
    isodow(requested_on)::integer as weekday, hour(timezone(time_zone, timezone('UTC', requested_at)))::integer as hour,
    known_on, sum(change)::bigint as requests
from service_changes
where precision <> 'day'
group by all
having sum(change) <> 0;
