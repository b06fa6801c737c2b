-- grain: one year of answers, service, agency, series and element of the satisfaction survey, as known by as_of
select
    service_code, agency, series, year(answered_on) as year, element,
    count(*) as answers, sum(score)::bigint as scores, max(answered_on) as covered_to, max(published_at) as known_on
from survey_known_query
group by all
order by year, service_code, agency, series, element
