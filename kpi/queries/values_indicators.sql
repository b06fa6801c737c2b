-- grain: one value of the other figures of the city that counts in a figure: by its $value_ids
select
    '' as part, v.value_id, coalesce(a.name, v.area) as place, v.indicator as measure, '' as origin, v.breakdown, '' as definition,
    v.series, v.period_start, v.period_end, v.value::double as value, v.unit, v.obs_status, v.published_at,
    v.published_at_basis, v.unit_id, v.source_rows
from indicators as v left join areas as a using (area)
where list_contains($value_ids, v.value_id)
