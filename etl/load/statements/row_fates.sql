-- the tables rejects and source_rows: what became of every row that a lake file tells of
create table rejects as
select row_number() over () as reject_id, *
from ({rejected} union all from build_rejects);
create table source_rows as
with broken as (select distinct unit_id, unnest(source_rows) as _row from rejects)
select
    r.unit_id, r._row as row, r._file as file, r._sheet as sheet, r._line as line,
    case
        when r._aside is not null then 'aside'
        when b._row is not null then 'rejected'
        else 'accepted'
    end as fate,
    r._aside as reason, r.cells
from (
    ({read}) union all
    select unit_id, _row, u.files[1], null, _row + 1, null, cells
    from fetched_rows join units as u using (unit_id)
) as r left join broken as b on b.unit_id = r.unit_id and b._row = r._row
order by r.unit_id, r._row
