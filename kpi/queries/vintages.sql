-- grain: one key of visits or targets that was published more than once by as_of; what
-- changed most stands first, simulated counts last
with published as (
    select
        'visits' as kind, u.dataset, v.place, coalesce(s.name, a.name, v.place) as place_name, v.period_start, v.period_end,
        v.measure, v.origin, v.breakdown, v.definition, v.series, null as document, null as level, v.visits as value,
        v.obs_status, v.published_at, v.published_at_basis, v.received_at, v.value_id
    from visits as v
    join units as u using (unit_id)
    left join sites as s on v.place_kind = 'site' and s.site = v.place
    left join areas as a on v.place_kind = 'area' and a.area = v.place
    where is_known(v.period_end) and is_known(v.published_at)
    union all
    select
        'targets', u.dataset, t.area, coalesce(a.name, t.area), t.period_start, t.period_end,
        t.kpi, 'total', '', t.definition, t.series, t.document, t.level, t.value::bigint,
        'final', t.published_at, t.published_at_basis, t.received_at, t.value_id
    from targets as t join units as u using (unit_id) left join areas as a using (area)
    where t.kpi = 'visits'
        and is_known(t.published_at)
),
keys as (
    select
        kind, place_name, period_start, period_end, measure, origin, breakdown,
        list(definition order by published_at nulls first, received_at, value_id)[-1] as definition,
        if(kind = 'targets', '', series) as series, document, level,
        list_sort(list_distinct(list(dataset))) as datasets,
        bool_or(obs_status = 'simulated' or is_simulated(series)) as is_simulated,
        list(
            {value: value, obs_status: obs_status, published_at: published_at, published_at_basis: published_at_basis}
            order by published_at nulls first, received_at, value_id
        ) as vintages,
        vintages[1].value as first_value,
        vintages[-1].value as last_value
    from published
    group by
        kind, place, place_name, period_start, period_end, measure, origin, breakdown,
        if(kind = 'targets', '', definition), if(kind = 'targets', '', series), document, level
    having count(*) > 1
)
select
    k.* exclude (first_value, last_value),
    (select list(d.measure order by d.value_id) from definitions as d where d.definition = k.definition) as measures,
    k.last_value - k.first_value as change,
    if(k.first_value > 0, abs(k.last_value - k.first_value) / k.first_value, null) as growth
from keys as k
order by k.is_simulated, abs(coalesce(growth, 0)) desc, k.period_start desc, k.series, k.place_name, k.measure, k.origin
