/*
concept = "Visits a day that are still needed to reach the ruling target"
definition = "(target - visits so far) / days from the day after the last day counted to the last day of the year; empty, with its reason, when there is nothing to require"
classification = "the ruling target's definition and series"
measure = "ratio"
unit = "visits_per_day"
producer = "computed here from attainment"
period = "day"
direction = "down"
derived_from = "visits"
method = "linear; the season is the outlook's business, not this figure's"
*/
-- grain: the one ruling target
select
    a.* exclude (value, numerator, denominator),
    case
        when day_of_view() >= a.period_end then 'year_ended'
        when a.numerator is null then 'nothing_reported'
        when a.numerator >= a.denominator then 'reached'
    end as reason,
    if(reason is null, ceil((a.denominator - a.numerator) / nullif(a.period_end - a.covered_to, 0)), null)::double as value,
    if(reason is null, a.denominator - a.numerator, null)::bigint as numerator,
    if(reason is null, a.period_end - a.covered_to, null)::bigint as denominator
from attainment_kpi as a
where a.is_choice
