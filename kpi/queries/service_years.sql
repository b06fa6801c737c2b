-- grain: one service, series and calendar year of request, of all agencies of the city, as known by as_of; with what the
-- KPIs of services share: how many, how long (completed requests only), and how many within the standard
with cells as materialized (
    select year(period_start) as year, service_code, series, fate, lower_hours, width_hours, sum(requests)::bigint as requests
    from service_cells_query
    where unit = 'month' and clock = 'elapsed' and agency is null and channel is null
    group by all
),
durations as (
    select
        *,
        sum(requests) over (partition by service_code, series, year order by lower_hours) as reached,
        sum(requests) over (partition by service_code, series, year) as done
    from cells where fate = 'done'
),
quantiles as (
    -- even within a bin: the first bin that reaches the part, less what it reaches too far
    select
        service_code, series, year,
        arg_min(lower_hours + width_hours * (1 - (reached - 0.5 * done) / requests), lower_hours) filter (where reached >= 0.5 * done) as median_hours,
        arg_min(lower_hours + width_hours * (1 - (reached - 0.9 * done) / requests), lower_hours) filter (where reached >= 0.9 * done) as p90_hours
    from durations group by service_code, series, year
),
standards_of_all as (
    -- of each year the first that is for every channel, rules of law before promises and targets
    select c.service_code, c.year, t.hours, t.document
    from (select distinct service_code, year from cells) as c join standards as t
        on t.service_code = c.service_code
        and year(t.from_date) <= c.year and coalesce(t.to_date, date '9999-12-31') >= make_date(c.year, 1, 1)
    where channel = '' and is_known(published_at)
    qualify row_number() over (
        partition by c.service_code, c.year order by t.kind = 'regulation' desc, t.hours, t.published_at
    ) = 1
),
met as (
    -- a minute counts until its end, an hour only if it is over
    select
        c.service_code, c.series, c.year, any_value(t.document) as document,
        sum(c.requests) filter (
            where c.fate = 'done' and round(c.lower_hours + if(c.width_hours < 1, 0, c.width_hours), 6) <= round(t.hours, 6)
        ) as within_standard,
        coalesce(sum(c.requests) filter (where c.fate = 'done'), 0) as done
    from cells as c join standards_of_all as t using (service_code, year)
    group by c.service_code, c.series, c.year
),
reach as (
    select service_code, series, min(reaches_at) as reaches_at, min(reaches_to) as reaches_to, max(known_on) as known_on
    from service_series_query group by service_code, series
),
overdue as (
    select o.service_code, o.series, year(o.requested_on) as year, sum(o.requests) as overdue
    from service_open as o join reach as s using (service_code, series)
    join standards_of_all as t
        on (t.service_code, t.year) = (o.service_code, year(o.requested_on))
        and (epoch(s.reaches_at) - epoch(o.requested_hour)) / 3600 - 0.5 >= t.hours
    where o.agency is null and o.channel is null
        and is_known(o.known_on)
    group by all
),
counted as (
    select
        service_code, series, year, sum(requests) as requests,
        coalesce(sum(requests) filter (where fate = 'done'), 0) as done,
        coalesce(sum(requests) filter (where fate = 'open'), 0) as still_open
    from cells group by service_code, series, year
)
select
    n.service_code as definition,
    n.series,
    n.year,
    least(r.reaches_to, make_date(n.year, 12, 31)) as covered_to,
    n.still_open = 0 and r.reaches_to >= make_date(n.year, 12, 31) as is_complete,
    case
        when is_simulated(n.series) then 'simulated' when is_complete then 'final' else 'provisional'
    end as obs_status,
    n.done::integer as values_summed,
    n.done::integer as values_reported,
    (n.done + n.still_open)::integer as values_expected,
    r.known_on as known_at,
    n.requests,
    n.done,
    n.still_open,
    q.median_hours,
    q.p90_hours,
    coalesce(m.within_standard, 0) as within_standard,
    m.done + coalesce(v.overdue, 0) as decided,
    m.document
from counted as n
join reach as r using (service_code, series)
left join quantiles as q using (service_code, series, year)
left join met as m using (service_code, series, year)
left join overdue as v using (service_code, series, year)
order by n.service_code, n.series, n.year
