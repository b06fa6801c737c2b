-- grain: one event of the city, days on end, that has a day in the year $year
with runs as (
    select name_id, name_en, day, day - row_number() over (partition by name_id order by day)::integer as run
    from (select distinct name_id, name_en, day from calendar where kind = 'event')
)
select name_id, any_value(name_en) as name_en, min(day) as first_day, max(day) as last_day
from runs
group by name_id, run
having $year between year(min(day)) and year(max(day))
order by first_day, name_id
