/*
contract = "measured"
severity = "question"
marks = "break"
concept = "a place goes on under a like name at another level: the name hides that more, or less, is counted"
method = "own rule. alike: least Jaro-Winkler similarity of names that may be one; level: how far the figures of both may lie apart, a factor, the half year before and after, siblings' steps taken off"

[limits]
alike = 0.85
level = 1.8
least_figures = 3
*/
-- grain: one name that ends and the one that begins in the next period
select
    contract,
    old_ids || ids as value_ids,
    ids[1:1] as marked_ids,
    {
        place: place, new_place: new_place, measure: measure, origin: origin, breakdown: breakdown, series: series,
        period_start: period_start, period_end: period_end, factor: round(exp(step), 2)
    } as params
from successors
where likeness >= $alike and abs(step) >= ln($level) and old_figures >= $least_figures
