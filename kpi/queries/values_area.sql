-- grain: one value of visits that counts in $definition of $series in $year for an $area, be it the city or another place
select
    '' as part, v.value_id, coalesce(a.name, v.place_name, v.place) as place, v.measure, v.origin, v.breakdown, v.definition,
    v.series, v.period_start, v.period_end, v.visits::double as value, 'visits' as unit, v.obs_status, v.published_at,
    v.published_at_basis, v.unit_id, v.source_rows
from visits as v left join areas as a on a.area = v.place
where v.value_id in (
    select unnest(value_ids) from yearly_visits_query
    where area = $area and definition = $definition and series = $series and year = $year
)
