-- grain: one area of the finest level that has a record of a domain in a series: the months of a window pooled, and the same
-- months a year before; with its place and the population that it, or what it lies in, has (known by as_of)
with counts as (
    from condition_counts_query where kpi = $kpi and series = $series and kind = ''
),
periods as (
    select distinct area, period_start, period_end from condition_known
    where series = $series and domain = $domain and values_counted > 0
        and period_start >= $window_start and period_end <= $window_end
),
reported as (
    select area, sum(date_diff('month', period_start, period_end) + 1) as months from periods group by area
),
people as (
    select area, value as population, period_start as population_day
    from indicators join obs_status using (obs_status)
    where indicator = 'population' and breakdown = '' and counts
        and is_known(period_end) and is_known(published_at)
    qualify row_number() over (partition by area order by period_start desc, published_at desc, value_id desc) = 1
),
ranked as (
    select distinct c.area, a.name, a.parent, a.latitude, a.longitude, coalesce(case a.level
        when 'village' then 1 when 'district' then 2 when 'regency' then 3 when 'province' then 4
    end, 0) as level
    from condition_known as c left join areas as a using (area)
    where c.series = $series and c.domain = $domain
)
select
    r.area as code,
    coalesce(r.name, r.area) as name,
    coalesce(d.name, '') as parent,
    if(r.latitude is null, null, [r.latitude, r.longitude]) as position,
    if(p.population is null, r.parent, r.area) as stratum,
    coalesce(p.population, q.population) as population,
    coalesce(p.population_day, q.population_day) as population_day,
    sum(c.numerator) filter (where c.period_start >= $window_start and c.period_end <= $window_end) as numerator,
    sum(c.denominator) filter (where c.period_start >= $window_start and c.period_end <= $window_end) as denominator,
    sum(c.numerator_half) filter (where c.period_start >= $window_start and c.period_end <= $window_end) as numerator_half,
    sum(c.numerator) filter (where c.period_start >= $before_start and c.period_end <= $before_end) as numerator_before,
    sum(c.denominator) filter (where c.period_start >= $before_start and c.period_end <= $before_end) as denominator_before,
    coalesce(any_value(m.months), 0)::integer as months
from ranked as r
left join counts as c using (area)
left join areas as d on d.area = r.parent
left join reported as m on m.area = r.area
left join people as p on p.area = r.area
left join people as q on q.area = r.parent
where r.level = (
    select min(level) from ranked join counts using (area)
    where period_start >= $window_start and period_end <= $window_end
)
group by all
order by code
