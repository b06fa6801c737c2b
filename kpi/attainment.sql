/*
concept = "Capaian: the part of a target that has been reached"
definition = "Visits of the ruling target's own year divided by the target, for every definition and series that has a figure, and always for the one that the city has chosen"
classification = "definition, series"
measure = "ratio"
unit = "share"
producer = "the publisher of the series; the target's document"
period = "year"
direction = "up"
method = "Permendagri 86/2017 compares realisasi with target of the same year; a target that does not say what it counts is compared through the city's choice only"
*/
-- grain: one definition and series that the ruling target can be measured by. Rungs of the ladder keep the first
-- measure of the city's choice and add to it, or are totals whose definition nobody stated.
with ruling as (
    -- known as soon as any document had stated the same value for the year
    select
        c.name as city, c.area, c.ruling_year as year, c.ruling_definition, c.ruling_series,
        any_value(t.period_start) as period_start, any_value(t.period_end) as period_end,
        any_value(t.value) as target, any_value(t.definition) as target_definition,
        min(w.published_at) as target_known_at, count(w.value) as witnesses
    from city as c
    join targets as t
        on t.document = c.ruling_document and t.kpi = c.ruling_kpi and t.area = c.area
        and year(t.period_start) = c.ruling_year
    join targets_known as w
        on (w.area, w.kpi, w.period_start, w.period_end, w.value) = (t.area, t.kpi, t.period_start, t.period_end, t.value)
    group by c.name, c.area, c.ruling_year, c.ruling_definition, c.ruling_series
),
rungs as (
    select v.definition, v.series from visits_kpi as v
    where v.year = (select year from ruling) and (
        v.definition = 'not_stated' or v.definition in (
            select definition from definitions where measure = (
                select arg_min(d.measure, d.value_id) from definitions as d where d.definition = (select ruling_definition from ruling)
            )
        )
    )
    union
    select ruling_definition, ruling_series from ruling
)
select
    r.city,
    r.area,
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
    (g.definition, g.series) = (r.ruling_definition, r.ruling_series) as is_choice,
    r.target_definition,
    r.target_known_at,
    r.witnesses::integer as witnesses
from ruling as r cross join rungs as g
left join visits_kpi as v on (v.definition, v.series, v.year) = (g.definition, g.series, r.year)
order by v.measures_summed nulls last, v.value, g.definition
