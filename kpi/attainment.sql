/*
concept = "Capaian: the part of a target that has been reached"
definition = "Visits of the ruling target's own year divided by the target, for every definition and series that has a figure, and always for the one that the city has chosen"
classification = "definition, series"
measure = "ratio"
unit = "share"
producer = "the publisher of the series; the target's document"
period = "year"
direction = "up"
derived_from = "visits"
method = "Permendagri 86/2017 compares realisasi with target of the same year; a target that does not say what it counts is compared through the city's choice only"
*/
-- grain: one definition and series that the ruling target can be measured by. Rungs of the ladder keep the first
-- measure of the city's choice and add to it, or are totals whose definition nobody stated.
with figures as materialized (from visits_kpi),
stated as (
    -- what is known of the target's year: of the ruling document, or of documents that say the same value
    select t.*, t.document = c.ruling_document as is_ruling
    from targets_known as t join city as c
        on t.kpi = c.ruling_kpi and t.area = c.area and year(t.period_start) = c.ruling_year
    where t.document = c.ruling_document or t.value in (
        select w.value from targets as w
        where (w.area, w.kpi, w.period_start, w.document) = (t.area, t.kpi, t.period_start, c.ruling_document)
    )
),
newest as (
    select * from stated
    qualify row_number() over (
        order by is_ruling desc, level = 'ruling' desc, published_at desc nulls last, value_id desc
    ) = 1
),
ruling as (
    select
        c.ruling_year as year, n.period_start, n.period_end, n.value as target, n.document,
        -- a target that says what it counts is compared with that; else the city's choice decides
        n.definition = 'not_stated' as is_city_choice,
        if(n.definition = 'not_stated', c.ruling_definition, n.definition) as definition,
        if(n.series = 'not_stated', c.ruling_series, n.series) as series,
        (select min(published_at) from stated as s where s.value = n.value) as target_known_at,
        (select count(distinct document) from stated as s where s.value = n.value) as witnesses
    from city as c cross join newest as n
),
rungs as (
    select v.definition, v.series from figures as v
    where v.year = (select year from ruling) and not is_simulated(v.series) and (
        v.definition = 'not_stated' or v.definition in (
            select definition from definitions where measure = (
                select arg_min(d.measure, d.value_id) from definitions as d where d.definition = (select definition from ruling)
            )
        )
    )
    union
    select definition, series from ruling
)
select
    g.definition,
    g.series,
    r.year,
    r.period_start,
    r.period_end,
    v.covered_to,
    v.value / r.target as value,
    v.value as numerator,
    r.target::bigint as denominator,
    coalesce(v.obs_status, 'missing') as obs_status,
    coalesce(v.is_complete, false) as is_complete,
    v.values_summed,
    v.measures_summed,
    v.values_reported,
    v.values_expected,
    v.origins,
    v.known_at,
    coalesce(v.value_ids, []) as value_ids,
    (g.definition, g.series) = (r.definition, r.series) as is_choice,
    r.is_city_choice,
    r.document as target_document,
    r.target_known_at,
    r.witnesses::integer as witnesses
from ruling as r cross join rungs as g
left join figures as v on (v.definition, v.series, v.year) = (g.definition, g.series, r.year)
order by v.measures_summed nulls last, v.value, g.definition
