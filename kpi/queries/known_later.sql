-- grain: one published figure or target of the city's area that became known, or whose period ended, after as_of,
-- or whose day of publication nobody knows
select
    'visits' as kind, v.period_start, v.period_end, v.measure, v.origin, v.breakdown, (
        select list(d.measure order by d.value_id) from definitions as d where d.definition = v.definition
    ) as measures, v.series,
    v.visits as value, v.obs_status, v.published_at, v.published_at_basis, v.value_id
from visits as v join city as c on v.place = c.area
where v.obs_status <> 'simulated' and not is_simulated(v.series) and (
    v.published_at > getvariable('as_of')::date or v.period_end > getvariable('as_of')::date
    or v.published_at is null
)
union all by name
select
    'target' as kind, t.period_start, t.period_end, (
        select list(d.measure order by d.value_id) from definitions as d where d.definition = t.definition
    ) as measures, t.series, t.value::bigint as value,
    t.published_at, t.published_at_basis, t.document
from targets as t join city as c on t.area = c.area
where t.kpi = 'visits' and (t.published_at > getvariable('as_of')::date or t.published_at is null)
order by period_start, kind, series, measure, origin, published_at
