-- grain: one value of visits behind a growth (visits_compared): of $year (part this_year) or of the same days of the year
-- before (part year_before), of one $alignment; of a $place with its $place_measure, or a $month (null = all)
with compared as (
    from visits_compared_query
    where alignment = $alignment and ($month::date is null or month_start = $month)
        and ($place::varchar is null or (place, measure) = ($place, $place_measure))
),
spans as (
    select 'this_year' as part, place, measure, unit, "start" from compared
    union all
    select 'year_before', place, measure, unit, start_before from compared
)
select
    s.part, v.value_id, coalesce(nullif(c.place_name, ''), a.name, v.place_name, v.place) as place, v.measure, v.origin, v.breakdown,
    v.definition, v.series, v.period_start, v.period_end, c.visits::double as value, 'visits' as unit, c.obs_status,
    v.published_at, v.published_at_basis, v.unit_id, v.source_rows
from spans as s
join visits_scope_query as c
    on (c.place, c.measure) = (s.place, s.measure) and c.visits is not null
    and s."start" = if(s.unit = 'M', date_trunc('month', c.period_start)::date, c.period_start)
join visits as v using (value_id)
left join areas as a on v.place_kind = 'area' and a.area = v.place
