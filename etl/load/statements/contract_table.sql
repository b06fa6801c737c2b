-- the table of a contract, of what was staged and holds; the rest to the ledger
insert into build_rejects
select
    s.unit_id, s.source_rows, coalesce(s.source_column, m.sources, ''), s._column,
    s._text, s._rule, s._params
from staged as s join units as u using (unit_id)
left join made_by as m on m.lake_key = u.lake_key and m.made = s._column
where s._rule is not null;
insert into same_again
select unit_id, source_rows from staged semi join again using (value_id);
create table {table} as
select * exclude (_column, _rule, _text, _params)
from staged anti join again using (value_id)
where _rule is null
order by value_id
