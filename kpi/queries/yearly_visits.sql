-- grain: one area, definition, series and year: what visits_resolved adds up to (the KPI visits, of every area)
with revised_totals as (
    -- a total that was revised says so for the parts that stand in for it
    select distinct place, measure, definition, series, year(period_start) as year
    from visits_known where obs_status = 'revised' and origin = 'total' and breakdown = ''
),
measures as (
    select
        area, measure, perimeter, series, year,
        sum(visits) as visits,
        count(visits) as values_summed,
        any_value(values_reported) as values_reported,
        any_value(values_expected) as values_expected,
        bool_and(is_complete) as is_complete,
        -- a figure published before its period ends covers what had passed by then
        max(least(period_end, coalesce(published_at, day_of_view()))) filter (where visits is not null) as covered_to,
        list(distinct origin) filter (where visits is not null) as origins,
        list(distinct obs_status) || if(bool_or(exists (
            from revised_totals as t where (t.place, t.measure, t.definition, t.series, t.year)
                = (r.place, r.measure, r.definition, r.series, r.year)
        )), ['revised'], []) as statuses,
        max(published_at) as known_at,
        list(value_id order by value_id) as value_ids
    from visits_resolved as r
    group by area, measure, perimeter, series, year
),
by_definition as (
    select
        d.definition, m.area, m.series, m.year,
        sum(m.visits) as visits,
        sum(m.values_summed) as values_summed,
        count(*) as measures_summed,
        sum(m.values_reported) as values_reported,
        sum(m.values_expected) as values_expected,
        bool_and(m.is_complete) as is_complete,
        max(m.covered_to) as covered_to,
        list_sort(list_distinct(flatten(list(m.origins)))) as origins,
        list_distinct(flatten(list(m.statuses))) as statuses,
        max(m.known_at) as known_at,
        list_sort(flatten(list(m.value_ids))) as value_ids
    from definitions as d join measures as m using (measure)
    group by d.definition, m.area, m.series, m.year
    -- no sum of some of the measures
    having count(m.visits) = (select count(*) from definitions as all_ where all_.definition = d.definition)
    union all
    select
        perimeter, area, series, year, visits, values_summed, 1, values_reported, values_expected,
        is_complete, covered_to, list_sort(origins), statuses, known_at, value_ids
    from measures
    where measure = 'visits_total'
)
select
    b.area,
    b.definition,
    b.series,
    b.year,
    b.covered_to,
    b.visits::bigint as value,
    b.visits::bigint as numerator,
    o.obs_status,
    b.is_complete,
    b.values_summed::integer as values_summed,
    b.measures_summed::integer as measures_summed,
    b.values_reported::integer as values_reported,
    b.values_expected::integer as values_expected,
    b.origins,
    b.known_at,
    b.value_ids
from by_definition as b
-- the status that asks for most care stands for the sum
join obs_status as o on o.obs_status = coalesce((
    select arg_max(p.obs_status, p.care) from obs_status as p where list_contains(b.statuses, p.obs_status)
), 'missing')
-- a total with parts and one without can exist side by side: complete first, then more parts
qualify row_number() over (
    partition by b.area, b.definition, b.series, b.year order by b.is_complete desc, b.measures_summed desc
) = 1
order by b.area, b.series, b.definition, b.year
