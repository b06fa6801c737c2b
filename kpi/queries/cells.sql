-- grain: one place, measure, origin and period (day or month) of one series that is expected by as_of (unset = today): from
-- the first value of the place, measure and origin on, and for a year after the last value of the series.
-- visits is null where nothing was reported: obs_status is missing once its dataset was due, else not_due. A place that
-- was closed on every day of a period without a value is a zero with obs_status closed. Where a published total stands
-- in for its parts, these are not expected.
with chosen as materialized (
    select distinct series, year, perimeter || measure as what, definition, frequency, place_kind, origin_split
    from visits_resolved where area = (select area from city)
),
valued as materialized (
    select
        v.series, v.definition, v.perimeter, v.measure, v.perimeter || v.measure as what, v.year, v.place,
        v.place_kind, v.origin, v.is_of_all, v.origin_split, v.frequency, v.period_start, v.period_end, v.visits,
        v.obs_status, u.dataset
    from visits_countable as v join units as u using (unit_id)
    where v.visits is not null and v.frequency in ('D', 'M') and v.area = (select area from city)
),
spans as (
    select
        v.series,
        min(v.year) as first_year,
        day_of_view() as today,
        least(today, max(v.period_end) + interval 1 year)::date as last_day
    from valued as v semi join chosen as c using (series, what, definition, frequency, place_kind, origin_split)
    group by v.series
),
-- how each measure is counted in a year: as chosen there, else as in the year before. So the first reports of a year
-- are there before every place has reported once, when no set of that year can be chosen yet.
counted as (
    select y.year, y.last_day, y.today, c.* exclude (year)
    from (select *, unnest(generate_series(first_year, year(last_day))) as year from spans) as y
    join chosen as c on c.series = y.series and c.year <= y.year
    qualify c.year = max(c.year) over (partition by y.series, y.year, c.what)
),
reported as materialized (
    from valued as v semi join counted as c using (series, year, what, definition, frequency, place_kind, origin_split)
),
firsts as (
    select
        series, what, measure, perimeter, place, place_kind, origin, origin_split, frequency,
        min(period_start) as since, arg_max(dataset, period_start) as dataset
    from reported where not is_of_all
    group by all
),
expected as (
    select
        f.series, f.what, f.measure, f.perimeter, f.place, f.place_kind, f.origin, f.frequency, f.dataset, c.last_day, c.today,
        unnest(generate_series(
            greatest(f.since, make_date(c.year, 1, 1))::timestamp,
            least(c.last_day, make_date(c.year, 12, 31))::timestamp,
            if(f.frequency = 'D', interval 1 day, interval 1 month)
        ))::date as period_start,
        if(f.frequency = 'D', period_start, last_day(period_start)) as period_end
    from firsts as f join counted as c using (series, what, frequency, place_kind, origin_split)
),
all_cells as (
    select
        e.series, e.measure, e.perimeter, e.place, e.place_kind, e.origin, e.frequency, e.period_start, e.period_end,
        e.dataset, e.today, r.visits, r.obs_status
    from expected as e
    left join reported as r using (series, what, place, place_kind, origin, frequency, period_start)
    where e.period_end <= e.last_day and not exists (
        from reported as t
        where t.is_of_all and (t.series, t.what, t.place, t.frequency, t.period_start)
            = (e.series, e.what, e.place, e.frequency, e.period_start)
    )
    union all by name
    select
        series, measure, perimeter, place, place_kind, origin, frequency, period_start, period_end,
        dataset, null as today, visits, obs_status
    from reported where is_of_all
),
-- simulated closures excuse simulated reports only
closed_days as (
    select distinct s.series, c.site, unnest(generate_series(
        c.from_date::timestamp, least(coalesce(c.to_date, s.last_day), s.last_day)::timestamp, interval 1 day
    ))::date as day
    from site_status as c join units as u using (unit_id) cross join spans as s
    where c.state = 'closed'
        and (is_simulated(s.series) or u.dataset not in (from simulated_datasets_query))
),
closed as (
    select a.series, a.place, a.period_start, a.period_end
    from (
        select distinct series, place, period_start, period_end from all_cells where visits is null and place_kind = 'site'
    ) as a
    join closed_days as d on d.series = a.series and d.site = a.place and d.day between a.period_start and a.period_end
    group by a.series, a.place, a.period_start, a.period_end
    having count(*) > date_diff('day', a.period_start, a.period_end)
),
dues as (
    select dataset, period_start, period_end, max(due_on) as due_on, bool_and(status = 'missing') as is_all_missing
    from deliveries_query group by dataset, period_start, period_end
)
select
    a.series,
    a.perimeter,
    a.measure,
    a.place,
    a.place_kind,
    coalesce(s.name, r.name, a.place) as place_name,
    a.origin,
    a.frequency,
    a.period_start,
    a.period_end,
    a.dataset,
    is_simulated(a.series) as is_simulated,
    if(c.place is not null, 0, a.visits) as visits,
    case
        when c.place is not null then 'closed'
        when a.visits is null then if(d.due_on >= a.today, 'not_due', 'missing')
        else a.obs_status
    end as obs_status,
    -- nothing at all of its dataset is there for what is due
    coalesce(d.is_all_missing, false) as is_all_missing
from all_cells as a
left join closed as c on
    a.visits is null and a.place_kind = 'site'
    and (c.series, c.place, c.period_start, c.period_end) = (a.series, a.place, a.period_start, a.period_end)
left join dues as d on a.visits is null and d.dataset = a.dataset and a.period_end between d.period_start and d.period_end
left join sites as s on a.place_kind = 'site' and s.site = a.place
left join areas as r on a.place_kind = 'area' and r.area = a.place
