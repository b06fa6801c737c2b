-- grain: one kind of what a KPI counts, of all areas, in the months of a window and in the same months a year before
select
    kind as code,
    sum(numerator) filter (where period_start >= $window_start and period_end <= $window_end) as numerator,
    sum(numerator) filter (where period_start >= $before_start and period_end <= $before_end) as numerator_before,
    -- the hours of all areas, whether or not a kind was found there
    (select sum(denominator) from condition_counts_query as w where w.kpi = $kpi and w.series = $series and w.kind = ''
        and w.period_start >= $window_start and w.period_end <= $window_end) as denominator,
    (select sum(denominator) from condition_counts_query as w where w.kpi = $kpi and w.series = $series and w.kind = ''
        and w.period_start >= $before_start and w.period_end <= $before_end) as denominator_before
from condition_counts_query
where kpi = $kpi and series = $series and kind <> ''
group by kind
having numerator is not null
order by numerator desc, code
