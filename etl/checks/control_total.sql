/*
contract = "units"
severity = "error"
marks = "suspect"
concept = "a column of a file (or a row) is the sum of those before it in most rows (columns), and in some it is not: the file contradicts itself, whether that total is loaded or not"
method = "own rule, on the cells of files of at most so many rows and at least so many columns. A total: the sum of a block of three neighbours at least, or half of it where that holds subtotals, to the last digit (a half for each rounded part), in two cases and in most"

[limits]
rows = 120
columns = 5
most = 0.6
least = 3
*/
-- grain: one cell that is to be a total and is not
with small as (
    select unit_id from source_rows group by unit_id having count(*) <= $rows and max(len(cells)) >= $columns
),
texts as (
    select s.unit_id, s.line, i.i as position, strip(s.cells[i.i]) as text, s.cells
    from source_rows as s semi join small using (unit_id) cross join unnest(range(1, len(s.cells) + 1)) as i(i)
),
numbers as (
    select *, try_cast(case
            when regexp_full_match(text, '\d+([.]\d{1,2})?') then text
            when regexp_full_match(text, '\d{1,3}([.]\d{3})+(,\d+)?') then replace(replace(text, '.', ''), ',', '.')
            when regexp_full_match(text, '\d{1,3}(,\d{3})+([.]\d+)?') then replace(text, ',', '')
            when regexp_full_match(text, '\d+,\d{1,2}') then replace(text, ',', '.')
        end as double) as value
    from texts
),
-- numbers of rows, months and years add up to nothing
counted as (
    select unit_id, position from numbers group by unit_id, position
    having count(value) > 0 and not (
        count(distinct value) = count(value) and max(value) - min(value) + 1 = count(value) or min(value) >= 1900 and max(value) <= 2100
    ) and max(value) > 31
),
grid as (
    select unit_id, 'column' as way, line as along, position as at_place, value from numbers semi join counted using (unit_id, position)
    union all
    select unit_id, 'row', position, line, value from numbers semi join counted using (unit_id, position)
),
placed as (
    select *, dense_rank() over (partition by unit_id, way order by at_place) as x from grid
),
added as (
    select
        unit_id, way, along, at_place, x, value,
        coalesce(sum(value) over before, 0) as so_far, count(value) over before as counted, count(*) filter (value > 0) over before as positive
    from placed
    window before as (partition by unit_id, way, along order by x rows between unbounded preceding and 1 preceding)
),
blocks as (
    select
        t.unit_id, t.way, t.along, t.at_place, t.x, t.x - s.x as length, t.value, t.so_far - s.so_far as parts,
        -- where the block holds subtotals and what they add up, it is twice the total
        abs(t.value - parts) <= if(t.value = round(t.value) and parts = round(parts), 0, 0.5 * length) as is_sum,
        abs(2 * t.value - parts) <= if(t.value = round(t.value) and parts = round(parts), 0, 0.5 * length) as is_half
    from added as t join added as s
        on (s.unit_id, s.way, s.along) = (t.unit_id, t.way, t.along) and s.x <= t.x - $least
    where t.value >= 20 and t.counted - s.counted = t.x - s.x and t.positive - s.positive >= 2
),
rules as (
    select
        unit_id, way, x, length, count(*) as tested, count(*) filter (is_half) > count(*) filter (is_sum) as by_half,
        greatest(count(*) filter (is_sum), count(*) filter (is_half)) as held
    from blocks
    group by unit_id, way, x, length
    having held >= 2 and held >= $most * tested and held < tested
    qualify row_number() over (partition by unit_id, way, x order by held desc, length desc) = 1
),
wrong as (
    select b.*, if(r.by_half, b.parts / 2, b.parts) as due, r.held
    from rules as r join blocks as b using (unit_id, way, x, length)
    where not if(r.by_half, b.is_half, b.is_sum)
)
select
    u.contract, []::bigint[] as value_ids, []::bigint[] as marked_ids, [w.unit_id] as unit_ids,
    {
        file: u.file, dataset: u.dataset, line: if(w.way = 'column', w.along, w.at_place), position: if(w.way = 'column', w.at_place, w.along),
        -- what the row is called
        name: (
            select any_value(list_filter(t.cells, lambda c: regexp_matches(c, '[A-Za-z]{2}'))[1]) from texts as t
            where t.unit_id = w.unit_id and t.line = if(w.way = 'column', w.along, w.at_place)
        ),
        value: w.value, parts: w.due, differs: w.value - w.due, held: w.held, variant: w.way
    } as params
from wrong as w join units as u using (unit_id)
