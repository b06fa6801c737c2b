-- grain: one ratio KPI of order, cleanliness or greening, form, series and year, of all areas that have a record,
-- months before as_of pooled. The columns are those of a KPI.
select
    c.kpi,
    c.form as definition,
    c.series,
    year(c.period_start)::integer as year,
    max(c.period_end) as covered_to,
    sum(c.numerator) / sum(c.denominator) as value,
    sum(c.numerator) as numerator,
    sum(c.denominator)::bigint as denominator,
    arg_max(o.obs_status, o.care) as obs_status,
    count(*)::integer as values_reported,
    (count(distinct c.area) * count(distinct c.period_start))::integer as values_expected,
    max(c.period_end) = make_date(year(c.period_start), 12, 31) and count(*) = values_expected
        -- of order and cleanliness every month is reported; trees are checked in their seasons
        and (c.kpi = 'tree_survival_share'
            or sum(date_diff('month', c.period_start, c.period_end) + 1) >= 12 * count(distinct c.area)) as is_complete,
    values_reported as values_summed,
    max(c.known_at) as known_at
from condition_counts_query as c join obs_status as o using (obs_status)
where c.kind = ''
group by c.kpi, c.form, c.series, year(c.period_start)
order by c.series, c.form, year(c.period_start)
