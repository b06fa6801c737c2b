-- grain: one part (all, or by site, origin or measure) and period of a step: D the days of $year, M months, A years.
-- A year that lacks a measure is no sum; wisman alone is no total; what is counted less often than the step is left out
with asked as (
    select
        *,
        case $by when 'site' then if(place_kind = 'site', site, measure) when 'origin' then origin when 'measure' then measure else '' end as part,
        $origin::varchar is not null or $by = 'origin' as is_by_origin
    from visits_leaves_query
    where series = $series and definition = $definition
        and ($measure::varchar is null or measure = $measure)
        and ($origin::varchar is null or origin = $origin)
        and if($site::varchar is null, is_of_city, place = $site)
),
scope as (
    select
        *,
        case $step when 'D' then period_start when 'M' then date_trunc('month', period_start)::date else make_date(year, 1, 1) end as "start",
        case $step when 'D' then period_start when 'M' then last_day(period_start) else make_date(year, 12, 31) end as "end"
    from asked
    where list_contains(case $step when 'D' then ['D'] when 'M' then ['D', 'M'] else ['D', 'M', 'Q', 'A', 'C'] end, frequency)
        and ($step <> 'D' or year = $year)
),
periods as (
    select distinct year, "start", "end" from scope
    where $by in ('site', 'measure') or year in (
        select s.year from scope as s group by s.year
        having count(distinct s.measure) = (select count(distinct a.measure) from asked as a where a.year = s.year)
    )
),
-- what every period of a year has to hold: each place and measure of that year, with its origins
sets as (
    select
        part, measure, place, any_value(place_kind) as place_kind, year, any_value(frequency) as frequency,
        if(bool_or(is_by_origin), count(distinct origin), max(origins_expected)) as origins_expected
    from scope group by part, measure, place, year
),
counts as (
    select
        part, measure, place, "start",
        sum(visits) as visits,
        sum(if(is_by_origin, (visits is not null)::int, origins_reported)) as reported,
        list(distinct origin) filter (where visits is not null) as origins,
        max(least(period_end, coalesce(published_at, period_end))) filter (where visits is not null) as covered_to,
        list(distinct obs_status) filter (where visits is not null) as statuses
    from scope group by part, measure, place, "start"
)
select
    t.part,
    p."start" as period_start,
    p."end" as period_end,
    sum(c.visits)::bigint as visits,
    coalesce(sum(c.reported), 0)::integer as values_reported,
    sum(t.origins_expected * case
        when t.frequency = 'D' then p."end" - p."start" + 1
        when t.frequency = 'M' and $step = 'A' then 12
        when t.frequency = 'Q' then 4
        else 1
    end)::integer as values_expected,
    count(distinct (t.place, t.measure)) filter (where c.reported > 0) as places_reported,
    count(distinct (t.place, t.measure)) as places_expected,
    max(c.covered_to) as covered_to,
    values_reported >= values_expected and min(c.covered_to) >= p."end" as is_complete,
    -- what names the sum of it (kpi/lineage.py)
    {
        definition: $definition, series: $series, "first": p."start", "last": p."end",
        measure: if($by = 'measure' or ($by = 'site' and any_value(t.place_kind) <> 'site'), any_value(t.measure), $measure::varchar),
        origin: if($by = 'origin', t.part, $origin::varchar),
        site: if($by = 'site' and any_value(t.place_kind) = 'site', any_value(t.place), $site::varchar)
    } as asked,
    coalesce((
        select arg_max(o.obs_status, o.care) from obs_status as o where list_contains(flatten(list(c.statuses)), o.obs_status)
    ), 'missing') as obs_status
from sets as t
join periods as p using (year)
left join counts as c using (part, measure, place, "start")
group by t.part, p."start", p."end"
having sum(c.visits) is not null
    and ($origin::varchar is not null or $by = 'origin' or list_distinct(flatten(list(c.origins))) <> ['wisman'])
order by p."start", t.part
