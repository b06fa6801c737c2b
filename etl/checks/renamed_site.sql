/*
contract = "measured"
severity = "note"
marks = "renamed"
concept = "a place ends and another begins in the next period with a like name, or as the only one and with like figures: one place under two names, whose history is cut in two"
method = "own rule. alike: least Jaro-Winkler similarity of names that may be one; level: how far the figures of both may lie apart, a factor, the half year before and after, siblings' steps taken off; least_figures: fewer say nothing of a level"

[limits]
alike = 0.85
level = 1.8
least_figures = 3
*/
-- grain: one name that ends and the one that begins in the next period
select
    contract,
    old_ids || ids as value_ids,
    ids as marked_ids,
    {
        place: place, new_place: new_place, measure: measure, origin: origin, breakdown: breakdown, series: series,
        period_start: period_start, period_end: period_end, factor: round(exp(step), 2)
    } as params
from successors
where case
    when likeness >= $alike then abs(step) < ln($level) or old_figures < $least_figures
    else pairs = 1 and abs(step) < ln($level) and least(old_figures, figures) >= $least_figures
end
