/*
contract = "measured"
severity = "error"
marks = "suspect"
concept = "a row among the places is the sum of the others: by its name, or because it equals them to the person. What adds the places up counts everything twice"
method = "own rule; exact equality with the sum of at least three others of the same kind and level"

[limits]
least_others = 3
*/
-- grain: one row that is a total, with all its periods
with sums as (
    select
        *,
        sum(value) over now - value as others,
        count(value) over now - 1 as others_counted,
        regexp_matches(lower(place), '^(grand |sub ?)?(jumlah|total|rata-rata|seluruh|semua)\b') as is_named
    from measured
    window now as (partition by kind_id, slot)
)
select
    contract,
    list(value_id order by slot) as value_ids,
    list(value_id order by slot) as marked_ids,
    {
        place: place, measure: measure, origin: origin, breakdown: breakdown, series: series,
        period_start: min(period_start), period_end: max(period_end), figures: count(*)
    } as params
from sums
where is_named or (value > 0 and value = others and others_counted >= $least_others)
group by contract, row_id, place, measure, origin, breakdown, series
