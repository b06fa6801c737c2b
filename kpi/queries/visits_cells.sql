-- grain: one place, measure, origin and period (day or month) that $definition of $series counts and that is expected by
-- as_of (unset = today): from the cell's first value on, and for a year after the last value of any cell.
-- visits is null where nothing was reported; a place that was closed on every day of a period without a value is a zero
-- with obs_status closed. Where a published total stands in for its parts, these are not expected.
with resolved as materialized (
    select * from visits_resolved
    where area = (select area from city) and series = $series and (
        measure in (select measure from definitions where definition = $definition)
        or (measure = 'visits_total' and perimeter = $definition)
    )
),
reported as (
    select *, origin = 'total' and origin_split = 'parts' as is_stand_in from resolved
    where visits is not null and frequency in ('D', 'M')
),
span as (
    select
        min(year) as first_year,
        least(coalesce(getvariable('as_of')::date, current_date), max(period_end) + interval 1 year)::date as last_day
    from reported
),
-- how each measure is counted in a year: as in the newest year that is chosen by then
counted as (
    select y.year, c.* exclude (year)
    from (select unnest(generate_series(first_year, year(last_day))) as year from span) as y
    join (select distinct year, measure, frequency, place_kind, origin_split from resolved) as c on c.year <= y.year
    qualify c.year = max(c.year) over (partition by y.year, c.measure)
),
cells as (
    select place, place_kind, measure, origin, origin_split, frequency, min(period_start) as since
    from reported where not is_stand_in
    group by place, place_kind, measure, origin, origin_split, frequency
),
expected as (
    select
        c.place, c.place_kind, c.measure, c.origin, c.frequency, s.last_day,
        unnest(generate_series(
            greatest(c.since, make_date(y.year, 1, 1))::timestamp,
            least(s.last_day, make_date(y.year, 12, 31))::timestamp,
            if(c.frequency = 'D', interval 1 day, interval 1 month)
        ))::date as period_start,
        if(c.frequency = 'D', period_start, last_day(period_start)) as period_end
    from cells as c join counted as y using (measure, frequency, place_kind, origin_split) cross join span as s
),
all_cells as (
    select e.place, e.place_kind, e.measure, e.origin, e.frequency, e.period_start, e.period_end, r.visits, r.obs_status
    from expected as e
    left join reported as r using (place, place_kind, measure, origin, frequency, period_start)
    where e.period_end <= e.last_day and not exists (
        from reported as t
        where t.is_stand_in and (t.place, t.measure, t.frequency, t.period_start)
            = (e.place, e.measure, e.frequency, e.period_start)
    )
    union all
    select place, place_kind, measure, origin, frequency, period_start, period_end, visits, obs_status
    from reported where is_stand_in
),
-- simulated closures excuse simulated reports only
closed_days as (
    select distinct c.site, unnest(generate_series(
        c.from_date::timestamp, least(coalesce(c.to_date, s.last_day), s.last_day)::timestamp, interval 1 day
    ))::date as day
    from site_status as c join units as u using (unit_id) cross join span as s
    where c.state = 'closed'
        and (starts_with($series, 'simulated:') or u.dataset not in (from simulated_datasets_query))
),
closed as (
    select a.place, a.period_start, a.period_end
    from (
        select distinct place, period_start, period_end from all_cells where visits is null and place_kind = 'site'
    ) as a
    join closed_days as d on d.site = a.place and d.day between a.period_start and a.period_end
    group by a.place, a.period_start, a.period_end
    having count(*) > date_diff('day', a.period_start, a.period_end)
)
select
    a.place,
    a.place_kind,
    a.measure,
    a.origin,
    a.frequency,
    a.period_start,
    a.period_end,
    if(c.place is not null, 0, a.visits) as visits,
    case when c.place is not null then 'closed' else coalesce(a.obs_status, 'missing') end as obs_status
from all_cells as a
left join closed as c on
    a.visits is null and a.place_kind = 'site'
    and (c.place, c.period_start, c.period_end) = (a.place, a.period_start, a.period_end)
order by a.period_start, a.measure, a.place, a.origin
