-- grain: one year of answers, service, agency, series and element of the satisfaction survey, as known by as_of
select
    v.service_code, v.agency, v.series, year(v.answered_on) as year, v.element,
    count(*) as answers, sum(v.score)::bigint as scores, max(v.answered_on) as covered_to, max(v.published_at) as known_on
from (
    select * from survey
    where getvariable('as_of') is null
        or (published_at <= getvariable('as_of')::date and answered_on <= getvariable('as_of')::date)
    qualify row_number() over (
        partition by response_id, agency, element, series order by published_at desc nulls last, value_id desc
    ) = 1
) as v
group by all
order by year, service_code, agency, series, v.element
