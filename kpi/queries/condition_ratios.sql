-- grain: one area with the ratio of a KPI in $series from $first to $last
select c.area, coalesce(a.name, c.area) as name, sum(c.numerator)::double as numerator, sum(c.denominator)::double as denominator
from condition_counts_query as c left join areas as a using (area)
where c.kpi = $kpi and c.series = $series and c.kind = '' and c.period_start >= $first and c.period_end <= $last
group by all
having sum(c.denominator) > 0
order by name
