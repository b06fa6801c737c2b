-- grain: one definition and series all of whose measures are counted by day or by month by as_of, in the order of
-- visits_order
select
    d.definition,
    r.series,
    list(d.measure order by d.value_id) as measures,
    is_simulated(r.series) as is_simulated
from definitions as d
join (select distinct measure, series, area from visits_resolved where frequency in ('D', 'M') and visits is not null) as r
    using (measure)
join city as c on c.area = r.area
left join visits_order_query as o on (o.definition, o.series) = (d.definition, r.series)
group by d.definition, r.series
having count(*) = (select count(*) from definitions as a where a.definition = d.definition)
order by any_value(o.opens), r.series, d.definition
