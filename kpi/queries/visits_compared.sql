-- grain: one alignment, place, measure and day, month or year (unit) of $year with what is compared with it of the year
-- before: visits of places that reported on both.
-- calendar: the same day and month. lebaran: the 30 days before 1 Syawal, that day and the 11 after it (the month of
-- 1 Syawal where months are counted) on the same ones of the year before, the other days in their order.
-- season: these days alone. Every day is compared once; 29 February with none
with scope as (from visits_scope_query),
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
first_feasts as (select year, min(feast) as feast from feasts group by year),
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
    from days as d left join first_feasts as f on f.year = year(d."start")
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
)
select
    p.alignment, t.place, t.place_name, t.measure, t.unit, t."start", p.start_before,
    case t.unit when 'D' then t."start" when 'M' then last_day(t."start") else make_date($year, 12, 31) end as "end",
    date_trunc('month', t."start")::date as month_start,
    t.visits, b.visits as visits_before,
    (select count(distinct (place, measure)) from counts where year = $year) as places_reported,
    (select feast from first_feasts where year = $year) as feast,
    (select feast from first_feasts where year = $year - 1) as feast_before
from pairs as p
join counts as t on (t.unit, t."start") = (p.unit, p."start")
join counts as b on (b.unit, b."start", b.place, b.measure) = (p.unit, p.start_before, t.place, t.measure)
where t.year = $year and b.year = $year - 1
