-- grain: one published share of green space, by what it counts ($definition), of $series that ends from $first to $last
select
    '' as part, v.value_id, coalesce(a.name, v.area) as place, v.indicator as measure, '' as origin, v.breakdown, '' as definition,
    v.series, v.period_start, v.period_end, v.value::double as value, v.unit, v.obs_status, v.published_at,
    v.published_at_basis, v.unit_id, v.source_rows
from (
    select * exclude (known_on, change) from condition_changes
    where is_known(known_on)
    group by all
    having sum(change) > 0
) as v left join areas as a using (area)
where v.indicator = 'green_space' and v.breakdown = $definition and v.series = $series
    and v.period_start = $first and v.period_end = $last and v.area = (select area from city)
