-- grain: one agency, service, series and day of publication: the last local day on which something happened in what
-- was published then. Until that day it is known which requests were open.
create table service_reach as
select
    agency, service_code, series, published_at as known_on,
    max(greatest(requested_on, least(completed_on, coalesce(published_at, completed_on)))) as reaches_to
from (
    select *, coalesce(timezone(time_zone, timezone('UTC', completed_at))::date, requested_on) as completed_on
    from service
)
group by all;
