-- grain: one value that a figure was made of (a query values_*) and one source row that it came from; $limit of
-- them, from the one after $offset on
with page as (
    from asked_query order by part, period_start, measure, place, origin, value_id limit $limit offset $offset
),
sources as (
    select p.value_id, s.file, s.sheet, s.line, s.cells
    from (select value_id, unit_id, unnest(source_rows) as row from page) as p
    join source_rows as s using (unit_id, row)
)
select
    p.* exclude (unit_id, source_rows), u.dataset, d.title, coalesce(s.file, u.file) as file, s.sheet, s.line, s.cells
from page as p
join units as u using (unit_id)
join datasets as d using (dataset)
left join sources as s using (value_id)
order by p.part, p.period_start, p.measure, p.place, p.origin, p.value_id, s.line
