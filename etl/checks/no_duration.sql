/*
contract = "service"
severity = "question"
marks = "suspect"
concept = "requests that were completed in the moment in which they were made, or at midnight sharp by a clock that tells more than days: entered afterwards, or days written as moments. Their durations say nothing in hours"
method = "own rule; equal moments, or both at local midnight. A precision of hours or days is left alone"
*/
-- grain: one agency, service and series that has such requests
with found as (
    select
        *,
        completed_at = requested_at as is_zero,
        completed_at > requested_at
            and timezone(time_zone, timezone('UTC', requested_at)) = requested_on::timestamp
            and timezone(time_zone, timezone('UTC', completed_at)) = timezone(time_zone, timezone('UTC', completed_at))::date::timestamp as is_days
    from service where precision in ('second', 'minute') and is_known(published_at)
)
select
    list(value_id order by value_id) filter (is_zero or is_days) as value_ids,
    value_ids as marked_ids,
    {
        agency: agency, service: service_code, series: series,
        zero: count(*) filter (is_zero), days_only: count(*) filter (is_days), requests_all: count(*)
    } as params
from found
group by agency, service_code, series
having bool_or(is_zero or is_days)
