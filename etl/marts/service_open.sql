-- grain: one agency, service, channel, series and hour (UTC) of request of open requests, and day on which this became
-- known; sums up to known_on are the requests that were open on a day, as far as was known
create table service_open as
select
    agency, service_code, coalesce(channel, '') as channel, series, requested_on,
    date_trunc('hour', requested_at) as requested_hour, known_on, sum(change)::bigint as requests
from service_changes
where status = 'open'
group by all
having sum(change) <> 0;
