-- an event of several days becomes one row a day
select strftime(d.day, '%Y-%m-%d') as day, event as name_id, 'event' as kind, _row
from raw, unnest(generate_series(
    try_cast(period(value) as date), try_cast(period_last(value) as date), interval 1 day
)) as d(day)
