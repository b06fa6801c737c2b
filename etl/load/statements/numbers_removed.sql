-- of events whose number stands twice: the older, the same again, and those that contradict each other
insert into removed
with ranked as (
    select
        *, published_at < max(published_at) over (partition by {key}) as is_older,
        row_number() over (
            partition by {key} order by published_at desc, unit_id, _position, _rows
        ) as rank
    from repeated
),
differing as (
    select {key}, list_filter([{columns}]::varchar[], lambda c: c is not null) as columns
    from ranked where not is_older group by {key}
)
select
    r.* exclude (published_at, is_older, rank),
    case when is_older then 'older' when len(columns) > 0 then 'rejected' else 'again' end,
    array_to_string(columns, ', '), 'number_twice', concat_ws(', ', {texts}),
    to_json({{{number}: r.{number}::varchar, {series}: r.{series}}})::varchar
from ranked as r join differing using ({key})
where is_older or len(columns) > 0 or rank > 1
