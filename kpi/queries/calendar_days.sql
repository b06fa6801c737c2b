-- grain: one name and kind of a holiday, leave or event, and a span of days on which it runs without a break
with runs as (
    select
        kind, name_id, coalesce(name_en, name_id) as name_en, day,
        day - row_number() over (partition by kind, name_id order by day)::integer as run
    from calendar
    where day between $first::date and $last::date
)
select kind, name_id, name_en, min(day) as first_day, max(day) as last_day
from runs
group by kind, name_id, name_en, run
order by first_day, kind, name_id
