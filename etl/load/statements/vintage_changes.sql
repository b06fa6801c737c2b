-- every vintage enters on the day that it was published and leaves when the next one comes
create view {table}_changes as
with following as (
    select *, lead(published_at) over next as next_on, lead(value_id) over next as next_id
    from {table}
    window next as (
        partition by {key}
        order by published_at nulls first, received_at nulls first, value_id
    )
)
select * exclude (next_on, next_id), published_at as known_on, 1 as change from following
union all
-- what was published on no known day is known on none, so it does not leave on one either
select * exclude (next_on, next_id), if(published_at is null, null, next_on), -1
from following where next_id is not null
