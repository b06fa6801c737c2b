-- grain: one definition and series with figures by day or month for each of its measures; what is published, newest
-- and widest first
with wanted as (
    select definition, list(measure order by value_id) as measures from definitions group by definition
),
counted as (
    select
        measure, series, min(period_start) as first_day, max(period_end) as last_day
    from visits_resolved
    where frequency in ('D', 'M') and visits is not null and area = (select area from city)
    group by measure, series
)
select w.definition, w.measures, c.series, min(c.first_day) as first_day, max(c.last_day) as last_day
from wanted as w join counted as c on list_contains(w.measures, c.measure)
group by w.definition, w.measures, c.series
-- no sum of some of the measures
having count(*) = len(w.measures)
order by starts_with(c.series, 'simulated:'), last_day desc, len(w.measures) desc, w.definition, c.series
