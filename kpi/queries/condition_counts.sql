-- grain: one ratio KPI of order, cleanliness or greening, series, form of the record, kind ('' = the whole), area and
-- period, as known by as_of (unset = all): value = numerator / denominator. numerator_half: the part of the numerator
-- that came of half weights (B-), doubled = points.
with known as materialized (from condition_finest_query join obs_status using (obs_status)),
-- NI 195: a point graded B- counts half, a worse one whole
grades (breakdown, weight) as (values ('A', 0), ('B+', 0), ('B', 0), ('B-', 0.5), ('C', 1), ('C-', 1), ('D', 1)),
cleanliness as (
    select
        'graded' as form, 1 as preference, k.* exclude (value_sum, sample_sum, weighted_sum),
        value_sum * weight as numerator, value_sum as denominator, if(weight = 0.5, value_sum / 2, 0) as numerator_half
    from known as k join grades using (breakdown) where indicator = 'graded_points'
    union all by name
    -- points found clean, in per cent of those looked at
    select
        'clean_share' as form, 2 as preference, * exclude (value_sum, sample_sum, weighted_sum),
        sample_sum - weighted_sum / 100 as numerator, sample_sum as denominator, 0 as numerator_half
    from known where indicator = 'clean_share' and values_counted > 0 and values_sampled = values_counted
    union all by name
    -- ratings without the number of points: a mean of ratings, for which no interval can be given
    select
        'unsampled' as form, 3 as preference, * exclude (value_sum, sample_sum, weighted_sum),
        values_counted - value_sum / 100 as numerator, values_counted as denominator, 0 as numerator_half
    from known where indicator = 'clean_share' and values_sampled < values_counted
),
-- a series has one form only: two of them are two levels
best as (select series, min(preference) as preference from cleanliness group by series),
hours as (
    select area, period_start, period_end, series, sum(value_sum) as denominator
    from known where indicator = 'patrol_hours' group by all having sum(value_sum) > 0
),
kinds as (
    select area, period_start, period_end, series, obs_status, care, breakdown as kind, known_from, value_sum as numerator
    from known where indicator = 'violations' and value_sum is not null
),
-- the whole where it is given, else the sum of its kinds
violations as (
    from kinds
    union all by name
    select * replace ('' as kind) from kinds as k where k.kind <> '' and not exists (
        from kinds as w where w.kind = ''
            and (w.area, w.period_start, w.period_end, w.series) = (k.area, k.period_start, k.period_end, k.series)
    )
)
select
    'cleanliness_unacceptable_share' as kpi, series, form, '' as kind, area, period_start, period_end,
    sum(numerator)::double as numerator, sum(denominator)::double as denominator, sum(numerator_half)::double as numerator_half,
    arg_max(obs_status, care) as obs_status, max(known_from) as known_at
from cleanliness join best using (series, preference)
group by all having sum(denominator) > 0
union all by name
select
    'violations_per_patrol_hour' as kpi, series, 'counted' as form, kind, area, period_start, period_end,
    sum(numerator)::double as numerator, any_value(denominator)::double as denominator, 0::double as numerator_half,
    arg_max(obs_status, care) as obs_status, max(known_from) as known_at
from violations join hours using (area, period_start, period_end, series)
group by all
union all by name
select
    'tree_survival_share' as kpi, series, 'counted' as form, '' as kind, area, period_start, period_end,
    (sum(value_sum) filter (where indicator = 'trees_alive'))::double as numerator,
    (sum(value_sum) filter (where indicator = 'trees_checked'))::double as denominator, 0::double as numerator_half,
    arg_max(obs_status, care) as obs_status, max(known_from) as known_at
from known where indicator in ('trees_alive', 'trees_checked')
group by all having numerator is not null and denominator > 0
