-- grain: one period that one agency has to report in one dataset, up to as_of (unset = today), newest first; of a
-- duty that has not begun, the first one.
-- A value is of a period when its days cover it or, once the period has ended, lie within it; the delivery is whole with the last site's first value.
with firsts as (
    select
        dataset, site, period_start, period_end,
        min(published_at) filter (where is_reported) as delivered_at,
        arg_min(coalesce(published_at_basis, 'stated'), published_at) filter (where is_reported) as basis,
        bool_or(is_reported) as is_reported,
        bool_or(is_simulated) as is_simulated
    from every_value_query
    where is_known and dataset in (select dataset from reporting)
    group by dataset, site, period_start, period_end
),
duties as (
    select
        r.agency, r.dataset, r.frequency, r.due_days,
        day_of_view() as today,
        coalesce(r.from_date, min(f.period_start), make_date(year(today), 1, 1)) as first_day,
        least(coalesce(r.to_date, date '9999-12-31'), greatest(today, coalesce(r.from_date, today))) as last_day,
        r.dataset in (from simulated_datasets_query) or u.dataset in (from simulated_datasets_query) as is_simulated,
        case r.frequency when 'D' then 'day' when 'M' then 'month' when 'Q' then 'quarter' else 'year' end as part,
        case r.frequency
            when 'D' then interval 1 day when 'M' then interval 1 month when 'Q' then interval 3 months else interval 1 year
        end as step
    from reporting as r join units as u using (unit_id) left join firsts as f on f.dataset = r.dataset
    group by r.agency, r.dataset, r.frequency, r.due_days, r.from_date, r.to_date, u.dataset
),
starts as (
    select *, unnest(generate_series(date_trunc(part, first_day)::timestamp, last_day::timestamp, step))::date as period_start
    from duties
),
periods as (
    select *, (period_start + step - interval 1 day)::date as period_end, period_end + due_days as due_on from starts
),
-- simulated closures excuse simulated reports only
closed_days as (
    select distinct c.site, u.dataset in (from simulated_datasets_query) as is_simulated, unnest(generate_series(
        greatest(c.from_date, (select min(period_start) from periods))::timestamp,
        least(coalesce(c.to_date, date '9999-12-31'), (select max(period_end) from periods))::timestamp,
        interval 1 day
    ))::date as day
    from site_status as c join units as u using (unit_id)
    where c.state = 'closed'
),
-- a site is expected from its first period on, except where it was closed on every day of the period
sites_expected as (
    select
        p.agency, p.dataset, p.period_start, s.site,
        count(distinct c.day) > date_diff('day', p.period_start, p.period_end) as is_closed
    from periods as p
    join (select dataset, site, min(period_start) as since from firsts where site is not null group by all) as s
        on s.dataset = p.dataset and s.since <= p.period_end
    left join closed_days as c
        on c.site = s.site and c.day between p.period_start and p.period_end
        and (p.is_simulated or not c.is_simulated)
    group by p.agency, p.dataset, p.period_start, p.period_end, s.site
),
delivered as (
    select
        p.agency, p.dataset, p.period_start,
        max(f.delivered_at) as delivered_at,
        arg_max(f.basis, f.delivered_at) as delivered_basis,
        list(distinct f.site) filter (where f.site is not null) as sites
    from periods as p join firsts as f
        on f.dataset = p.dataset and f.is_reported and (
            (f.period_start <= p.period_start and f.period_end >= p.period_end)
            or (f.period_start >= p.period_start and f.period_end <= p.period_end and p.period_end < p.today)
        )
    group by p.agency, p.dataset, p.period_start
),
sites_of as (
    select
        e.agency, e.dataset, e.period_start,
        count(*) as sites_expected,
        count(*) filter (where e.is_closed) as sites_closed,
        count(*) filter (where list_contains(d.sites, e.site)) as sites_reported,
        coalesce(list(s.name order by s.name) filter (
            where not e.is_closed and not coalesce(list_contains(d.sites, e.site), false)
        ), []) as sites_lacking
    from sites_expected as e
    join sites as s using (site)
    left join delivered as d using (agency, dataset, period_start)
    group by e.agency, e.dataset, e.period_start
)
select
    p.agency,
    p.dataset,
    p.frequency,
    p.due_days,
    p.is_simulated,
    p.period_start,
    p.period_end,
    p.due_on,
    case
        when d.agency is not null and d.delivered_at > p.due_on and d.delivered_basis = 'stated' then 'late'
        when d.agency is not null then 'delivered'
        when o.sites_closed = o.sites_expected then 'closed'
        when p.today > p.due_on then 'missing'
        else 'not_due'
    end as status,
    d.delivered_at as published_at,
    coalesce(d.delivered_basis, 'unknown') as published_at_basis,
    -- of what was delivered late, or of what is missing, until today
    case status when 'late' then d.delivered_at - p.due_on when 'missing' then p.today - p.due_on end as days_late,
    p.due_on > p.today - interval 1 year as is_recent,
    coalesce(o.sites_reported, 0) as sites_reported,
    coalesce(o.sites_reported + len(o.sites_lacking), 0) as sites_expected,
    if(p.today > p.due_on, coalesce(o.sites_lacking, []), []) as sites_lacking
from periods as p
left join delivered as d using (agency, dataset, period_start)
left join sites_of as o using (agency, dataset, period_start)
order by p.frequency, p.period_start desc, p.agency, p.dataset
