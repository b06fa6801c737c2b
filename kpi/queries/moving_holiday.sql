-- grain: one Lebaran: the official day of 1 Syawal
with days as (
    select distinct day from calendar where kind = 'national_holiday' and contains(name_id, 'Idul Fitri')
)
select day from days as d
where not exists (from days as b where b.day between d.day - interval 30 days and d.day - interval 1 day)
order by day
