-- every key of the checked files beside its newest served vintage: new, changed or the same
create or replace temp table pairs as
with old as (
    select * from served.{table} semi join file using ({key})
    qualify is_newest(({key}), published_at, received_at, value_id)
)
select
    f._set,
    {texts},
    [{kept}] as _texts,
    case
        when o.value_id is null then 'new' when {differs} then 'changed' else 'same'
    end as _kind,
    f.published_at is not distinct from o.published_at as _same_day,
    o.unit_id as _old_unit,
    f.value_id as _id
from file as f left join old as o using ({key})
