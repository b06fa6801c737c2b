insert into raised by name
select
    $check as "check", coalesce(severity, $severity) as severity, $marks as marks, coalesce(contract, $whose) as contract,
    value_ids, marked_ids, unit_ids, to_json(params) as said
from (
    ({sql})
    -- what not every check says
    union all by name
    (select null::varchar as contract, null::varchar as severity, null::integer[] as unit_ids limit 0)
)
