/*
contract = "service"
severity = "error"
marks = "suspect"
concept = "requests that were completed before they were made: a wrong clock or time zone, or two columns swapped. They are counted as requests, but in no duration"
method = "own rule; completed_at < requested_at"
*/
-- grain: one agency, service and series that has such requests
select
    list(value_id order by value_id) filter (completed_at < requested_at) as value_ids,
    list(value_id order by value_id) filter (completed_at < requested_at) as marked_ids,
    {
        agency: agency, service: service_code, series: series,
        requests: count(*) filter (completed_at < requested_at), requests_all: count(*)
    } as params
from service
where is_known(published_at)
group by agency, service_code, series
having count(*) filter (completed_at < requested_at) > 0
