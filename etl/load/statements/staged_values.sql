-- the values that files yielded for a contract, not judged yet
create or replace temp table staged as
select
    row_number() over (order by u.unit_id, v._rows[1], v._col, {key}) as value_id,
    {columns},
    coalesce(v.published_at, u.published_at) as published_at,
    coalesce(v.published_at_basis, u.published_at_basis) as published_at_basis,
    u.received_at,
    u.unit_id,
    v._rows as source_rows,
    v._col as source_column,
    null::varchar as _column,
    null::varchar as _rule,
    null::varchar as _text,
    '{{}}' as _params
from {made} as v join units as u using (lake_key)
