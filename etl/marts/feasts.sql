-- grain: one Idul Fitri: its year and its first day, 1 Syawal, as the calendar has it. A second day of the same feast,
-- and leave beside it, begin none; a year can have two
create view feasts as
with days as (select distinct day from calendar where kind = 'national_holiday' and contains(name_id, 'Idul Fitri'))
select year(d.day) as year, d.day as feast
from days as d
where not exists (from days as b where b.day between d.day - 30 and d.day - 1);
