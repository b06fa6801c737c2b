-- grain: that of rows.sql, all of them, as machines read them: ISO days, plain numbers, codes. A text that a spreadsheet would
-- take for a formula has an apostrophe before it (etl/recipe/typed.py takes it off)
with asked as (from asked_query),
sources as (
    select a.value_id, s.file, s.sheet, s.line, array_to_string(list_transform(s.cells, lambda c: coalesce(c, '')), ' | ') as cells
    from (select value_id, unit_id, unnest(source_rows) as row from asked) as a
    join source_rows as s using (unit_id, row)
)
select
    a.period_start, a.period_end, a.part, guarded(a.place) as place, guarded(a.measure) as measure, a.origin,
    guarded(a.breakdown) as breakdown, a.definition, guarded(a.series) as series, a.value, a.unit, a.obs_status,
    a.obs_status = 'simulated' or is_simulated(a.series) as is_simulated, a.published_at, guarded(u.dataset) as dataset,
    guarded(coalesce(s.file, u.file)) as file, guarded(s.sheet) as sheet, s.line, guarded(s.cells) as cells
from asked as a
join units as u using (unit_id)
left join sources as s using (value_id)
order by a.part, a.period_start, a.measure, a.place, a.origin, a.value_id, s.line
