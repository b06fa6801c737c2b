-- grain: one agency (null: all together), service, channel (null: all together), series and hour (UTC) of request of open
-- requests, and day on which this became known; sums up to known_on are the requests that were open on a day, as far as
-- was known
create table service_open as
with waiting as (
    select
        agency, service_code, coalesce(channel, '') as channel, series, requested_on,
        date_trunc('hour', requested_at) as requested_hour, known_on, sum(change)::bigint as requests
    from service_changes
    where status = 'open'
    group by all
)
select agency, service_code, channel, series, requested_on, requested_hour, known_on, sum(requests)::bigint as requests
from waiting
group by service_code, series, requested_on, requested_hour, known_on, cube (agency, channel)
having sum(requests) <> 0
order by agency nulls first, channel is not null, service_code, requested_on;
