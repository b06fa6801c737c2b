-- grain: one ratio of a KPI in $series from $first to $last: of all areas or an $area, of all or of a kind of $violation
select
    sum(numerator) filter (where kind = coalesce($violation, ''))::double as numerator,
    sum(denominator) filter (where kind = '')::double as denominator
from condition_counts_query
where kpi = $kpi and series = $series and period_start >= $first and period_end <= $last
    and ($area::varchar is null or area = $area)
