-- grain: one target of the city for any KPI, as one document stated it, known by as_of; value and upper in its own unit.
-- A target that does not say what it counts says not_stated, except where the city has chosen (the ruling target and
-- other documents that state its value, as in attainment.sql).
with stated as (
    select
        t.*,
        coalesce((t.kpi, t.document, year(t.period_start)) = (c.ruling_kpi, c.ruling_document, c.ruling_year), false) as is_ruling,
        (t.kpi, year(t.period_start)) = (c.ruling_kpi, c.ruling_year) and (is_ruling or t.value in (
            select r.value from targets as r
            where (r.area, r.kpi, r.period_start, r.document) = (t.area, t.kpi, t.period_start, c.ruling_document)
        )) as is_chosen,
        c.ruling_definition,
        c.ruling_series
    from targets_known as t join city as c using (area)
)
select
    kpi,
    period_start,
    period_end,
    level,
    document,
    address,
    value::double as value,
    upper::double as upper,
    unit,
    if(is_chosen and definition = 'not_stated', ruling_definition, definition) as definition,
    if(is_chosen and series = 'not_stated', ruling_series, series) as series,
    coalesce(is_chosen and definition = 'not_stated', false) as is_city_choice,
    is_ruling,
    coalesce(is_chosen, false) as is_chosen,
    said_by,
    note,
    published_at,
    published_at_basis,
    -- of the definition after the choice
    (
        select list(d.measure order by d.value_id) from definitions as d
        where d.definition = if(is_chosen and stated.definition = 'not_stated', ruling_definition, stated.definition)
    ) as measures,
    count(*) over (partition by kpi, period_start, period_end, value, upper, unit, definition, series) as witnesses
from stated
order by kpi, period_start, period_end, is_ruling desc, published_at desc nulls last, document
