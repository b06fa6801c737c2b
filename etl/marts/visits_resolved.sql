-- grain: one known value that counts towards its measure, series and year: the one leaf set that is chosen
-- there, so that nothing is added twice. Complete before incomplete, then what covers more, then the finer
-- frequency, sites before area, parts (wisnus, wisman) before total. A breakdown is part of its measure and
-- never in a set; counts under two definitions are two sets. A cumulative count is a set of its own, from 1 January to its last day.
-- In a simulated series a real value stands in for the simulated one of the same measure, origin, place and days.
create view visits_resolved as
with known as materialized (
    select k.*, o.counts from visits_known as k join obs_status as o using (obs_status)
),
replaced as (
    select s.value_id, s.series, s.definition, s.frequency, r.value_id as real_id
    from known as s join known as r
        on (r.place, r.place_kind, r.period_start, r.period_end, r.measure, r.origin, r.breakdown)
        = (s.place, s.place_kind, s.period_start, s.period_end, s.measure, s.origin, s.breakdown)
    where starts_with(s.series, 'simulated:') and not starts_with(r.series, 'simulated:')
        and r.obs_status <> 'simulated' and r.visits is not null and r.counts
    -- best the publisher that the simulation is anchored on, else the newest
    qualify row_number() over (
        partition by s.value_id
        order by s.series = 'simulated:' || r.series desc, r.published_at desc nulls last,
            r.received_at desc nulls last, r.value_id desc
    ) = 1
),
standing as (
    select * from known anti join replaced using (value_id)
    union all
    select r.* replace (p.series as series, p.definition as definition, p.frequency as frequency)
    from replaced as p join known as r on r.value_id = p.real_id
),
leaves as (
    select
        v.*,
        if(v.place_kind = 'area', v.place, c.area) as area,
        -- a total published without parts belongs to its definition; a measure says itself what it counts
        if(v.measure = 'visits_total', v.definition, '') as perimeter,
        if(v.origin = 'total', 'total', 'parts') as origin_split,
        if(v.frequency = 'C', v.period_end, null) as span_end,
        year(v.period_start) as year,
        -- the days that can be known: to the end of the year, to as_of, or to today
        make_date(year(v.period_start), 1, 1) as first_day,
        least(make_date(year(v.period_start), 12, 31), coalesce(getvariable('as_of')::date, current_date)) as last_day
    from standing as v cross join city as c
    where (v.visits is null or v.counts) and v.breakdown = '' and year(v.period_start) = year(v.period_end)
        and (v.frequency <> 'C' or v.period_start = make_date(year(v.period_start), 1, 1))
),
-- wisnus alone is all that some publishers count; wisman alone is never a total
parts as (
    select measure, perimeter, series, if(bool_and(origin = 'wisnus'), 1, 2) as parts_expected
    from leaves where origin_split = 'parts'
    group by measure, perimeter, series
),
sets as (
    select
        area, measure, perimeter, definition, series, year, place_kind, frequency, origin_split, span_end,
        count(visits) as values_reported,
        count(distinct place) * if(origin_split = 'parts', any_value(parts_expected), 1) * greatest(1, case frequency
            when 'D' then date_diff('day', min(first_day), max(last_day) + 1)
            when 'M' then date_diff('month', min(first_day), max(last_day) + 1)
            when 'Q' then date_diff('quarter', min(first_day), max(last_day) + 1)
            else 1
        end) as values_expected,
        if(span_end is null, 1, date_diff('day', min(first_day), span_end + 1)
            / date_diff('day', min(first_day), max(last_day) + 1)) as days_share,
        max(last_day) = make_date(year, 12, 31) as year_is_over
    from leaves left join parts using (measure, perimeter, series)
    group by
        area, measure, perimeter, definition, series, year, place_kind, frequency, origin_split, span_end
    -- some of the city's sites are not the city
    having place_kind = 'area' or count(distinct place) >= (select count(*) from sites)
),
chosen as (
    select * from sets
    qualify row_number() over (
        partition by area, measure, perimeter, series, year
        order by
            values_reported >= values_expected and days_share >= 1 desc,
            values_reported / values_expected * days_share desc,
            list_position(['D', 'M', 'Q', 'A', 'C'], frequency),
            place_kind = 'area', origin_split = 'total', definition = 'not_stated', definition
    ) = 1
)
select
    l.* exclude (first_day, last_day, counts),
    s.values_reported,
    s.values_expected,
    s.values_reported >= s.values_expected and s.days_share >= 1 and s.year_is_over as is_complete
from leaves as l join chosen as s on
    (l.area, l.measure, l.perimeter, l.definition, l.series, l.year, l.place_kind, l.frequency, l.origin_split)
    = (s.area, s.measure, s.perimeter, s.definition, s.series, s.year, s.place_kind, s.frequency, s.origin_split)
    and l.span_end is not distinct from s.span_end;
