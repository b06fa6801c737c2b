-- one key twice on one day of publication: the same again, or a conflict
create or replace temp table keyed as
with differing as (
    select
        {key_of_s},
        list(value_id order by value_id) as ids,
        [{columns}]::varchar[] as columns
    from staged as s join twice as k on {same} where _rule is null group by {key_of_s}
)
select * replace (list_filter(columns, lambda c: c is not null) as columns) from differing;
update staged as s set
    _column = array_to_string(k.columns, ', '), _rule = 'key_conflict',
    _text = concat_ws(', ', {texts}), _params = to_json({{{shown}}})::varchar
from keyed as k
where {same} and s._rule is null and len(k.columns) > 0;
insert into again select unnest(ids[2:]) as value_id from keyed where len(columns) = 0
