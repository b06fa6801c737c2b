-- grain: one value of visits that counts in $definition of $series from $first to $last, of a $measure, $origin or place
-- ($site; null = all, of the city)
select
    '' as part, v.value_id, coalesce(nullif(l.site, ''), a.name, v.place_name, v.place) as place, v.measure, v.origin, v.breakdown,
    v.definition, v.series, v.period_start, v.period_end, l.visits::double as value, 'visits' as unit, l.obs_status,
    v.published_at, v.published_at_basis, v.unit_id, v.source_rows
from visits_leaves_query as l join visits as v using (value_id)
left join areas as a on v.place_kind = 'area' and a.area = v.place
where l.definition = $definition and l.series = $series
    and l.period_start >= $first and l.period_end <= $last
    and ($measure::varchar is null or l.measure = $measure)
    and ($origin::varchar is null or l.origin = $origin)
    and if($site::varchar is null, l.is_of_city, l.place = $site)
