-- grain: one target for visits of the city, as one document stated it, known by as_of
select
    year(t.period_start) as year, t.value::bigint as value, t.level, t.document, t.address, (
        select list(d.measure order by d.value_id) from definitions as d where d.definition = t.definition
    ) as measures,
    t.said_by, t.note, t.published_at, t.published_at_basis,
    t.document = c.ruling_document and year(t.period_start) = c.ruling_year as is_ruling
from targets_known as t join city as c on t.area = c.area
where t.kpi = 'visits'
order by t.period_start, t.published_at
