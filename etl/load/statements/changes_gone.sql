-- the first keys, and how many, that the older file with the most keys of a checked file has and it has not
with shared as (
    select s._set, s.unit_id, s.file, s.published_at
    from served.{table} join siblings as s using (unit_id)
    semi join file using (_set, {key}) where s.is_older
),
older as (
    select _set, unit_id, file from shared group by _set, unit_id, file
    qualify row_number() over (
        partition by _set
        order by count(*) desc, max(published_at) desc nulls last, unit_id desc
    ) = 1
),
gone as (
    select distinct _set, older.file, {key}
    from served.{table} join older using (unit_id)
    anti join file using (_set, {key})
)
select
    _set, file, count(*) over (partition by _set),
    {texts}
from gone
qualify row_number() over (partition by _set order by {key}) <= {most}
order by _set, {key}
