/*
contract = "visits"
severity = "note"
marks = "unclear"
concept = "a sign for no figure stands in every period before a place's first figure: the place was not there or not counted yet, which is not a report that is missing"
method = "own rule; least: so many periods before the first figure"

[limits]
least = 3
*/
-- grain: one place of a series with such periods
with firsts as (
    select
        *, min(period_start) filter (visits is not null) over (
            partition by place, place_kind, measure, origin, breakdown, definition, series, frequency
        ) as first_start
    from visits_known
)
select
    list(value_id order by value_id) as value_ids,
    list(value_id order by value_id) as marked_ids,
    {
        place: place, measure: measure, origin: origin, breakdown: breakdown, series: series,
        period_start: min(period_start), period_end: max(period_end), figures: count(*)
    } as params
from firsts
where visits is null and obs_status = 'missing' and period_start < first_start and frequency <> 'D'
group by place, place_kind, measure, origin, breakdown, definition, series, frequency
having count(*) >= $least
