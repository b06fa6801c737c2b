-- grain: one statement of a target of $kpi for the year $year, in a $document (null = any), known by as_of
select
    '' as part, v.value_id, coalesce(a.name, v.area) as place, v.kpi as measure, '' as origin, v.document as breakdown,
    v.definition, v.series, v.period_start, v.period_end, v.value::double as value, v.unit, 'final' as obs_status,
    v.published_at, v.published_at_basis, v.unit_id, v.source_rows
from targets_known as v join city as c using (area) left join areas as a using (area)
where v.kpi = $kpi and year(v.period_start) <= $year and year(v.period_end) >= $year
    and ($document::varchar is null or v.document = $document)
