-- grain: one agency, service, channel, series and day of request of open requests, and day on which this became
-- known; sums up to known_on are the requests that were open on a day, as far as was known
create table service_open as
select
    agency, service_code, coalesce(channel, '') as channel, series, requested_on, known_on, sum(requests)::bigint as requests
from service_histogram
where status = 'open'
group by all
having sum(requests) <> 0;
