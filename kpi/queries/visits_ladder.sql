-- grain: one definition and series of a year (a row of the KPI visits) with the measures that add up to it
with terms as (
    select series, measure, perimeter, sum(visits)::bigint as visits
    from visits_resolved
    where area = (select area from city) and year = $year and visits is not null
    group by series, measure, perimeter
),
added as (
    select d.definition, t.series, list({measure: t.measure, visits: t.visits} order by d.value_id) as terms
    from definitions as d join terms as t using (measure)
    group by d.definition, t.series
    union all
    select perimeter, series, [{measure: measure, visits: visits}] from terms where measure = 'visits_total'
)
select
    v.definition,
    v.series,
    v.year,
    a.terms,
    v.value as visits,
    v.covered_to,
    v.obs_status,
    v.is_complete
from visits_kpi as v
-- a total published whole and one that is a sum can have one definition: the KPI took one of them
join added as a on (a.definition, a.series) = (v.definition, v.series)
    and list_sum(list_transform(a.terms, lambda t: t.visits)) = v.value
where v.year = $year and v.value is not null
qualify row_number() over (partition by v.definition, v.series order by len(a.terms) desc) = 1
order by is_simulated(v.series), v.series, len(a.terms), v.value
