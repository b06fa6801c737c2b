/*
contract = "service"
severity = "question"
marks = "suspect"
concept = "requests that are closed, without a moment of completion: they count as closed, and in no duration"
method = "own rule; status closed, completed_at empty"
*/
-- grain: one agency, service and series that has such requests
select
    list(value_id order by value_id) filter (is_found) as value_ids,
    value_ids as marked_ids,
    {agency: agency, service: service_code, series: series, requests: count(*) filter (is_found), requests_all: count(*)} as params
from (select *, status = 'closed' and completed_at is null as is_found from service where is_known(published_at))
group by agency, service_code, series
having bool_or(is_found)
