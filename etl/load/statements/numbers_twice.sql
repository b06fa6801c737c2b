-- events whose number stands twice in a series
create or replace temp table repeated as
with twice as (
    select {key} from event_rows where {within}
    group by {key} having count(*) > 1
)
select e.*{resolved}, coalesce(u.published_at, date '0001-01-01') as published_at
from event_rows as e semi join twice using ({key}) join units as u using (unit_id) {matched}
anti join removed as r
    on r.unit_id = e.unit_id and r.{number} = e.{number}
        and r._position is not distinct from e._position
        and r._rows is not distinct from e._rows
