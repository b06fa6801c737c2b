-- grain: one definition and series all of whose measures are counted by day or by month by as_of; that of the city's
-- choice first, then the series that is made like it, then what counts more
select
    d.definition,
    r.series,
    list(d.measure order by d.value_id) as measures,
    starts_with(r.series, 'simulated:') as is_simulated
from definitions as d
join (select distinct measure, series, area from visits_resolved where frequency in ('D', 'M') and visits is not null) as r
    using (measure)
join city as c on c.area = r.area
group by d.definition, r.series
having count(*) = (select count(*) from definitions as a where a.definition = d.definition)
order by
    any_value(d.definition = c.ruling_definition) desc,
    any_value(r.series = c.ruling_series) desc,
    any_value(r.series = 'simulated:' || c.ruling_series) desc,
    count(*) desc, r.series, d.definition
