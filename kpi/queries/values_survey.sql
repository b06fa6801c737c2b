-- grain: one answer to an $element (null = all) of the satisfaction survey of a service ($definition) in $series from $first to
-- $last, as known by as_of
select
    '' as part, value_id, agency as place, element as measure, '' as origin, '' as breakdown, service_code as definition,
    series, answered_on as period_start, answered_on as period_end, score::double as value, 'score' as unit, obs_status,
    published_at, published_at_basis, unit_id, source_rows
from survey_known_query
where service_code = $definition and series = $series and answered_on between $first and $last
    and ($element::varchar is null or element = $element)
