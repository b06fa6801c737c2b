/*
contract = "units"
severity = "note"
marks = "unclear"
concept = "a row among the data is a header that comes again or a note below the table, or columns that hold something have no name: the sidecar should set these rows aside, or name the columns"
method = "own rule. A header: rejected, two cells or more, no digit in a file whose rows have them; a note: one cell only of three or more, with letters; width: least number of cells"

[limits]
width = 3
rows_with_digits = 0.8
*/
-- grain: one file with such rows or columns
with shapes as (
    select
        s.unit_id, s.line, s.fate, len(s.cells) as width,
        len(list_filter(s.cells, lambda c: strip(c) <> '')) as filled,
        regexp_matches(array_to_string(s.cells, ' '), '\d') as has_digits,
        regexp_matches(array_to_string(s.cells, ' '), '[A-Za-z]{3}') as has_words
    from source_rows as s
    where s.fate <> 'aside'
),
odd as (
    select
        *, case
            when filled = 1 and width >= $width and has_words then 'note'
            when fate = 'rejected' and filled >= 2 and not has_digits
                and avg(has_digits::int) over (partition by unit_id) >= $rows_with_digits then 'header'
        end as kind
    from shapes
),
files as (
    select
        unit_id,
        coalesce(list(line order by line) filter (kind = 'header'), []) as headers,
        coalesce(list(line order by line) filter (kind = 'note'), []) as notes
    from odd group by unit_id having count(kind) > 0
)
select
    u.contract, []::bigint[] as value_ids, []::bigint[] as marked_ids, [u.unit_id] as unit_ids,
    {
        file: u.file, dataset: u.dataset, headers: len(coalesce(f.headers, [])), notes: len(coalesce(f.notes, [])),
        lines: list_sort(coalesce(f.headers || f.notes, []))[:5],
        nameless: len(list_filter(coalesce(u.unread_columns, []), lambda c: regexp_full_match(c, 'c\d+')))
    } as params
from units as u left join files as f using (unit_id)
where f.unit_id is not null or len(list_filter(coalesce(u.unread_columns, []), lambda c: regexp_full_match(c, 'c\d+'))) > 0
