-- what was not taken of a guest's file, and where it stands
select
    w._file as file, w._sheet as sheet, w._line as line,
    r.contract_column as source_column, r.contract_column, r.text,
    case r.rule {told} else r.rule end as rule, r.params
from (
    from rejects_ union all by name
    select
        _rows, 'value' as contract_column,
        regexp_replace(value::varchar, '[.]0$', '') as text,
        'key_conflict' as rule, to_json({{{shown}}})::varchar as params
    from good where differs
) as r join rows_ as w on w._row = r._rows[1]
order by line
