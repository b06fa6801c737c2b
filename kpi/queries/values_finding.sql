-- grain: one value that a finding ($finding) marks or rests on
with behind as (
    select f.contract, unnest(list_distinct(f.value_ids || f.marked_ids)) as value_id from found_query as f where f.id = $finding
),
known as (
    select
        'visits' as contract, value_id, place_name, place, measure, origin, breakdown, definition, series, period_start,
        period_end, visits::double as value, 'visits' as unit, obs_status, published_at, published_at_basis, unit_id, source_rows
    from visits
    union all by name
    select
        'indicators' as contract, value_id, area as place, indicator as measure, '' as origin, breakdown, '' as definition,
        series, period_start, period_end, value, unit, obs_status, published_at, published_at_basis, unit_id, source_rows
    from indicators
    union all by name
    select
        'condition' as contract, value_id, area as place, indicator as measure, '' as origin, breakdown, '' as definition,
        series, period_start, period_end, value, unit, obs_status, published_at, published_at_basis, unit_id, source_rows
    from condition
)
select
    '' as part, k.value_id, coalesce(nullif(s.name, ''), a.name, k.place_name, k.place) as place,
    k.* exclude (contract, value_id, place_name, place)
from known as k join behind as b using (contract, value_id)
left join sites as s on s.site = k.place
left join areas as a on a.area = k.place
