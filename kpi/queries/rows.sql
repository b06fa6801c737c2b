-- grain: one value of visits that a figure was made of, with the source rows that it came from
select
    v.value_id, v.period_start, v.period_end, v.frequency, v.measure, v.origin, v.breakdown, v.definition, v.series,
    (select any_value(p.name) from sites as p where v.place_kind = 'site' and p.site = v.place) as site,
    v.visits, coalesce(k.obs_status, v.obs_status) as obs_status, v.published_at, v.published_at_basis,
    u.dataset, d.title, s.file, s.sheet, s.line, s.cells
from visits as v
left join (select value_id, obs_status from visits_known) as k using (value_id)
join units as u on u.unit_id = v.unit_id
join datasets as d using (dataset)
join source_rows as s on s.unit_id = v.unit_id and list_contains(v.source_rows, s.row)
where list_contains($value_ids, v.value_id)
order by v.period_start, v.measure, v.place, v.origin, s.line
