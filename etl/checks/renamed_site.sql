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
with places as (
    select
        contract, kind_id, place, measure, origin, breakdown, series,
        min(slot) as first_at, max(slot) as last_at, count(*) as figures,
        list_aggregate(arg_max(size - siblings_level, slot, 6), 'median') as last_level,
        list_aggregate(arg_min(size - siblings_level, slot, 6), 'median') as first_level,
        list_sort(regexp_extract_all(lower(place), '[a-z0-9]+')) as words,
        list(value_id order by slot) as ids, min(period_start) as period_start, arg_min(period_end, slot) as period_end
    from compared
    where regexp_matches(place, '[A-Za-z]{3}')  -- two codes are never alike
    group by contract, kind_id, row_id, place, measure, origin, breakdown, series
),
followed as (
    select
        old.place as place, new.place as new_place, new.* exclude (place), old.ids as old_ids,
        new.first_level - old.last_level as step, old.figures as old_figures,
        (
            jaro_winkler_similarity(array_to_string(old.words, ''), array_to_string(new.words, '')) >= $alike
            or list_has_all(new.words, old.words) or list_has_all(old.words, new.words)
        )
            -- Hotel 1 and Hotel 2 are two names
            and regexp_replace(old.place, '\D', '', 'g') = regexp_replace(new.place, '\D', '', 'g') as is_alike,
        count(*) over (partition by old.kind_id, new.first_at) as pairs
    from places as old join places as new
        on old.kind_id = new.kind_id and new.first_at = old.last_at + 1
)
select
    contract,
    old_ids || ids as value_ids,
    ids as marked_ids,
    {
        place: place, new_place: new_place, measure: measure, origin: origin, breakdown: breakdown, series: series,
        period_start: period_start, period_end: period_end, factor: round(exp(step), 2)
    } as params
from followed
where case
    when is_alike then abs(step) < ln($level) or old_figures < $least_figures
    else pairs = 1 and abs(step) < ln($level) and least(old_figures, figures) >= $least_figures
end
