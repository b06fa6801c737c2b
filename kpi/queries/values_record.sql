-- grain: one value of an $indicator and $breakdown of $series in $contract (condition or indicators), of an $area (null = the
-- city's), from $first to $last, as known by as_of
with known as (
    select
        'condition' as contract, value_id, area, indicator, breakdown, series, period_start, period_end, value, unit,
        sample_size, obs_status, published_at, published_at_basis, unit_id, source_rows
    from condition_changes
    where is_known(known_on)
    group by all
    having sum(change) > 0
    union all by name
    select
        'indicators' as contract, value_id, area, indicator, breakdown, series, period_start, period_end, value, unit,
        obs_status, published_at, published_at_basis, unit_id, source_rows
    from indicators_changes
    where is_known(known_on) and is_known(period_start)
    group by all
    having sum(change) > 0
)
select
    '' as part, k.value_id, coalesce(a.name, k.area) as place, k.indicator as measure, '' as origin, k.breakdown, '' as definition,
    k.series, k.period_start, k.period_end, k.value::double as value, k.unit, k.sample_size, k.obs_status, k.published_at,
    k.published_at_basis, k.unit_id, k.source_rows
from known as k cross join city as c left join areas as a on a.area = k.area
where k.contract = $contract and k.indicator = $indicator and k.breakdown = coalesce($breakdown, '') and k.series = $series
    and k.area = coalesce($area, if($indicator = 'adipura_item', k.area, c.area)) and k.value is not null
    and k.period_start >= $first and k.period_end <= $last
