-- grain: one unit (week, month), first day of it, agency (null: all together), service, channel (null: all together),
-- series, what became of a request (fate), clock, bin of duration and day on which this became known; sums up to
-- known_on are what was known on a day. All together has rows of its own, so that a page reads few of them.
-- fate: done (with a duration), open, withdrawn (cancelled, referred), or closed without one: before, zero, day, none.
-- clock: elapsed, or working = minutes within office hours of city.toml, Monday to Friday, without the national
-- holidays and joint leave of the calendar. Ages of open requests: service_open.
create table service_by_period as
with days as (
    select unnest(generate_series(
        min(requested_on)::timestamp,
        -- a year that nobody will see is a slip of the pen
        least(max(completed_at), min(requested_on)::timestamp + interval 50 years) + interval 2 days, interval 1 day
    ))::date as day
    from service
),
working_days as (
    select
        d.day,
        if(isodow(d.day) <= 5 and h.day is null, 1, 0) as is_open,
        coalesce(sum(is_open) over (order by d.day rows between unbounded preceding and 1 preceding), 0) as days_before
    from days as d left join (select distinct day from calendar where kind <> 'event') as h using (day)
),
office as (select office_opens * 60 as opens, (office_closes - office_opens) * 60 as minutes from city),
moments as (
    select
        agency, service_code, channel, requested_on, series, known_on, change,
        timezone(time_zone, timezone('UTC', requested_at)) as requested,
        timezone(time_zone, timezone('UTC', completed_at)) as completed
    from service_changes
    where status = 'closed' and precision <> 'day' and completed_at > requested_at
),
worked as (
    select
        m.*,
        o.minutes * (e.days_before - b.days_before)
        + e.is_open * greatest(0, least(o.minutes, hour(completed) * 60 + minute(completed) - o.opens))
        - b.is_open * greatest(0, least(o.minutes, hour(requested) * 60 + minute(requested) - o.opens)) as minutes
    from moments as m cross join office as o
    join working_days as b on b.day = requested::date
    join working_days as e on e.day = completed::date
),
counted as (
    select
        agency, service_code, channel, requested_on, series, known_on, requests,
        case
            when status = 'open' then 'open'
            when status <> 'closed' then 'withdrawn'
            when timing = 'timed' then 'done'
            else timing
        end as fate,
        'elapsed' as clock,
        if(fate = 'done', bin_unit, null) as bin_unit,
        if(fate = 'done', bin, null) as bin
    from service_histogram
    union all
    select
        agency, service_code, channel, requested_on, series, known_on, change, 'done', 'working',
        if(minutes < 1440, 'minute', 'hour'), if(minutes < 1440, minutes, minutes // 60)
    from worked
),
parts as (
    select
        unit, date_trunc(unit, requested_on)::date as period_start, agency, service_code, coalesce(channel, '') as channel,
        series, fate, clock, bin_unit, bin::integer as bin, known_on, sum(requests)::bigint as requests
    from counted cross join (values ('week'), ('month')) as u (unit)
    group by all
)
select
    unit, period_start, agency, service_code, channel, series, fate, clock, bin_unit, bin, known_on,
    sum(requests)::bigint as requests
from parts
group by unit, period_start, service_code, series, fate, clock, bin_unit, bin, known_on, cube (agency, channel)
having sum(requests) <> 0
order by unit, agency nulls first, channel is not null, service_code, clock, period_start;
