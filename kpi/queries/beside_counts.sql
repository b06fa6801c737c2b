-- grain: one definition, series and year of the city or of a place that is no part of it
select
    y.area,
    y.area = c.area as is_city,
    coalesce(if(y.area = c.area, c.name, a.name), y.area) as name,
    y.definition,
    (select list(d.measure order by d.value_id) from definitions as d where d.definition = y.definition) as measures,
    y.series,
    y.year,
    y.value,
    y.obs_status,
    y.is_complete,
    y.origins,
    y.covered_to,
    y.known_at
from yearly_visits_query as y cross join city as c left join areas as a on a.area = y.area
where y.value is not null and not starts_with(y.area, c.area || '.')
order by is_city desc, name, y.year, y.definition, y.series
