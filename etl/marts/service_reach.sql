-- grain: one agency, service, series and day of publication: the last moment (UTC, and its local day) at which something
-- happened in what was published then, and what it was. Until that moment it is known which requests were open.
create table service_reach as
select
    agency, service_code, series, published_at as known_on, max(happened_at) as reaches_at,
    timezone(any_value(time_zone), timezone('UTC', reaches_at))::date as reaches_to,
    arg_max(if(happened_at = completed_at, 'completion', 'request'), happened_at) as last_event
from (
    select
        *,
        -- a completion after its publication is a slip of the pen
        if(completed_at > requested_at and not coalesce(completed_at > published_at + interval 2 days, false),
            completed_at, requested_at) as happened_at
    from service
)
group by agency, service_code, series, published_at;
