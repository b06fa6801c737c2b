/*
contract = "units"
severity = "note"
marks = "unclear"
concept = "a file says in more than one way that there is no figure (a dash, nothing, n/a, zero): a dash may then mean none, not reported or closed"
method = "own rule; columns of which most cells that say something are numbers, dashes and at least one other sign among the rest. Zero counts where dashes stand in the same column"
*/
-- grain: one file that uses several signs
with cells as (
    select s.unit_id, s.line, i.i as position, lower(strip(s.cells[i.i])) as text
    from source_rows as s
    -- only files with a dash are looked at cell by cell
    semi join (
        select distinct unit_id from source_rows
        where len(list_filter(cells, lambda c: strip(c) in ('-', '--', '–', '—'))) > 0
    ) using (unit_id)
    cross join unnest(range(1, len(s.cells) + 1)) as i(i)
    where s.fate <> 'aside'
),
signs as (
    select
        unit_id, position,
        count(*) filter (regexp_full_match(text, '[-–—]{1,2}')) as dashes,
        list(distinct case when text = '' then 'blank' else text end) filter (
            (absent(text) or text = '0') and not regexp_full_match(text, '[-–—]{1,2}')
        ) as others
    from cells
    group by unit_id, position
    having count(*) filter (regexp_full_match(text, '[+-]?[\d.,  ]*\d[\d.,  ]*')) >= 0.5 * count(*) filter (not absent(text))
)
select
    u.contract, []::bigint[] as value_ids, []::bigint[] as marked_ids, [s.unit_id] as unit_ids,
    {file: u.file, dataset: u.dataset, dashes: sum(dashes), others: list_sort(list_distinct(flatten(list(others))))} as params
from signs as s join units as u using (unit_id)
where dashes > 0 and len(others) > 0
group by s.unit_id, u.contract, u.file, u.dataset
