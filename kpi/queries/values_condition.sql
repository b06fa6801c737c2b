-- grain: one value of order, cleanliness or greening that a KPI ($kpi) of $series counts in from $first to $last: of an $area
-- or a kind of $violation (null = all); part: numerator, denominator, or both of the ratio
with counts as (
    from condition_counts_query
    where kpi = $kpi and series = $series and period_start >= $first and period_end <= $last
        and ($area::varchar is null or area = $area) and kind = ''
),
parts (kpi, form, indicator, part) as (values
    ('cleanliness_unacceptable_share', 'graded', 'graded_points', 'both'),
    ('cleanliness_unacceptable_share', 'clean_share', 'clean_share', 'both'),
    ('cleanliness_unacceptable_share', 'unsampled', 'clean_share', 'both'),
    ('violations_per_patrol_hour', 'counted', 'violations', 'numerator'),
    ('violations_per_patrol_hour', 'counted', 'patrol_hours', 'denominator'),
    ('tree_survival_share', 'counted', 'trees_alive', 'numerator'),
    ('tree_survival_share', 'counted', 'trees_checked', 'denominator')
),
newest as (
    select * exclude (known_on, change) from condition_changes
    where series = $series and is_known(known_on)
    group by all
    having sum(change) > 0
)
select
    p.part, v.value_id, coalesce(a.name, v.area) as place, v.indicator as measure, '' as origin, v.breakdown,
    c.form as definition, v.series, v.period_start, v.period_end, v.value::double as value, v.unit, v.obs_status,
    v.published_at, v.published_at_basis, v.unit_id, v.source_rows
from counts as c join parts as p using (kpi, form)
join newest as v
    on (v.area, v.indicator) = (c.area, p.indicator) and v.value is not null
    and v.period_start between c.period_start and c.period_end and v.period_end between c.period_start and c.period_end
left join areas as a on a.area = v.area
-- of violations the whole where it is given, else its kinds
where v.indicator <> 'violations' or if($violation::varchar is not null, v.breakdown = $violation, v.breakdown = '' or not exists (
    from newest as w where (w.area, w.indicator, w.breakdown, w.period_start, w.period_end)
        = (v.area, v.indicator, '', v.period_start, v.period_end)
))
