/*
contract = "visits"
severity = "question"
marks = "suspect"
concept = "a figure of an earlier file that its newer file no longer has: withdrawn, forgotten or renamed. It goes on counting until somebody says so"
method = "own rule; compares the two newest publications of a dataset whose files are dated as a whole, from the first day of the newer one on: a file of the year after has lost nothing"
*/
-- grain: one value of an older file whose key the newest file of its dataset does not have
with dated as (
    select distinct dataset, published_at from units where contract = 'visits' and published_at is not null and is_known(published_at)
),
newest as (
    select dataset, max(published_at) as newest, max_by(published_at, published_at, 2)[2] as before
    from dated group by dataset
),
begun as (
    select n.*, min(v.period_start) as first_day
    from newest as n join units as u using (dataset)
    join visits as v on v.unit_id = u.unit_id and v.published_at = n.newest
    group by all
)
select
    [v.value_id] as value_ids,
    [v.value_id] as marked_ids,
    {
        place: v.place, measure: v.measure, origin: v.origin, series: v.series,
        period_start: v.period_start, period_end: v.period_end, visits: v.visits
    } as params
from visits as v join units as u on u.unit_id = v.unit_id join begun as n on n.dataset = u.dataset
where v.published_at = n.before and v.visits is not null
    and v.period_start >= n.first_day and not exists (
    from visits as w join units as x on x.unit_id = w.unit_id
    where x.dataset = u.dataset and w.published_at = n.newest
        and (w.place, w.place_kind, w.period_start, w.period_end, w.measure, w.origin, w.breakdown, w.definition, w.series)
        = (v.place, v.place_kind, v.period_start, v.period_end, v.measure, v.origin, v.breakdown, v.definition, v.series)
)
