-- grain: one alignment, and within it all, one place, one month or both: the visits of a year and those of the year
-- before on the same days (months or years where days are not counted), of places that reported on both.
-- calendar: the same day and month. lebaran: the 30 days before 1 Syawal, that day and the 11 after it (the month of
-- 1 Syawal where months are counted) on the same ones of the year before, the other days in their order.
-- season: these days alone. Every day is compared once; 29 February with none
with scope as (
    select *, if(place_kind = 'site', site, '') as place_name
    from visits_leaves_query
    where series = $series and definition = $definition and year in ($year, $year - 1) and frequency in ('D', 'M', 'A')
        and ($measure::varchar is null or measure = $measure)
        and ($origin::varchar is null or origin = $origin)
        and if($site::varchar is null, is_of_city, place = $site)
),
-- what a place reported on a day or in a month, all origins of it
reported as (
    select place, place_name, measure, year, frequency, period_start, sum(visits) as visits
    from scope
    group by place, place_name, measure, year, frequency, period_start
    having if($origin::varchar is null, sum(origins_reported) >= max(origins_expected), count(visits) > 0)
),
-- days of one year are compared with months of the other by whole months
units as (
    select place, measure, if(count(distinct frequency) = 1, any_value(frequency), 'M') as unit
    from reported group by place, measure
),
counts as (
    select
        r.place, r.place_name, r.measure, r.year, u.unit,
        if(u.unit = 'M', date_trunc('month', r.period_start)::date, r.period_start) as "start",
        sum(r.visits) as visits
    from reported as r join units as u using (place, measure)
    group by all
    having u.unit = any_value(r.frequency) or count(*) = date_part('day', last_day("start"))
),
feast_days as (
    select day from calendar where kind = 'national_holiday' and contains(name_id, 'Idul Fitri')
),
feasts as (
    -- the first day of each feast
    select year(f.day) as year, min(f.day) as feast
    from feast_days as f
    where not exists (from feast_days as b where b.day between f.day - 20 and f.day - 1)
    group by year(f.day)
),
days as (
    select 'D' as unit, unnest(generate_series(make_date($year - 1, 1, 1), make_date($year, 12, 31), interval 1 day))::date as "start"
    union all
    select 'M', unnest(generate_series(make_date($year - 1, 1, 1), make_date($year, 12, 31), interval 1 month))::date
    union all
    select 'A', unnest([make_date($year - 1, 1, 1), make_date($year, 1, 1)])
),
near as (
    select
        d.*, year(d."start") as year, f.feast,
        case
            when d.unit = 'M' then if(d."start" = date_trunc('month', f.feast), 0, null)
            when d."start" between f.feast - 30 and f.feast + 11 then d."start" - f.feast
        end as days_from_feast
    from days as d left join feasts as f on f.year = year(d."start")
    where strftime(d."start", '%m-%d') <> '02-29'
),
placed as (
    select
        *,
        if(days_from_feast is null, row_number() over (
            partition by unit, year, days_from_feast is null order by "start"
        ), null) as other_day
    from near
),
pairs as (
    select 'calendar' as alignment, t.unit, t."start", b."start" as start_before
    from placed as t join placed as b on b.unit = t.unit and b."start" = t."start" - interval 1 year
    where t.year = $year
    union all
    select unnest(if(t.days_from_feast is null, ['lebaran'], ['lebaran', 'season'])), t.unit, t."start", b."start"
    from placed as t join placed as b
        on b.unit = t.unit and b.days_from_feast is not distinct from t.days_from_feast
        and b.other_day is not distinct from t.other_day
    where t.year = $year and b.year = $year - 1 and t.feast is not null and b.feast is not null and t.unit <> 'A'
),
compared as (
    select
        p.alignment, t.place, t.place_name, t.measure, t.unit, t."start", p.start_before,
        case t.unit when 'D' then t."start" when 'M' then last_day(t."start") else make_date($year, 12, 31) end as "end",
        date_trunc('month', t."start")::date as month_start,
        t.visits, b.visits as visits_before
    from pairs as p
    join counts as t on (t.unit, t."start") = (p.unit, p."start")
    join counts as b on (b.unit, b."start", b.place, b.measure) = (p.unit, p.start_before, t.place, t.measure)
    where t.year = $year and b.year = $year - 1
)
select
    c.alignment,
    c.place,
    c.place_name,
    if(c.place is null, null, any_value(c.measure)) as measure,
    c.month_start,
    sum(c.visits)::bigint as visits,
    sum(c.visits_before)::bigint as visits_before,
    (sum(c.visits) - sum(c.visits_before))::bigint as change,
    sum(c.visits) / nullif(sum(c.visits_before), 0) - 1 as growth,
    count(distinct (c.place, c.measure)) as places_compared,
    (select count(distinct (place, measure)) from counts where year = $year) as places_reported,
    min(c."start") as first_start,
    max(c."end") as last_day,
    -- whether every place is compared on every day of the span
    count(*) = count(distinct (c.place, c.measure)) * count(distinct c."start")
        and (c.month_start is null or max(c."end") >= last_day(c.month_start)) as is_complete,
    any_value(c.unit) as unit,
    any_value((select feast from feasts where year = $year)) as feast,
    any_value((select feast from feasts where year = $year - 1)) as feast_before
from compared as c
group by grouping sets (
    (c.alignment), (c.alignment, c.month_start), (c.alignment, c.place, c.place_name, c.measure),
    (c.alignment, c.place, c.place_name, c.measure, c.month_start)
)
order by c.alignment, c.month_start nulls first, change, c.place_name
