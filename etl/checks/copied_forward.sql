/*
contract = "visits"
marks = "suspect"
concept = "a yearly count that repeats the year before it to the person was copied, not counted"
method = "own rule; exact equality. Counts below least_visits can repeat by chance and are left alone"

[limits]
least_visits = 100
*/
-- grain: one pair of years; the later one is the copy
select
    [before.value_id, this.value_id] as value_ids,
    [this.value_id] as marked_ids,
    {
        place: this.place, measure: this.measure, origin: this.origin, series: this.series,
        year: year(this.period_start), copied_year: year(before.period_start), visits: this.visits
    } as params
from visits_known as this join visits_known as before
    on (this.place, this.place_kind, this.measure, this.origin, this.breakdown, this.definition, this.series)
    = (before.place, before.place_kind, before.measure, before.origin, before.breakdown, before.definition, before.series)
    and before.period_start = this.period_start - interval 1 year
where this.frequency = 'A' and before.frequency = 'A'
    and this.visits = before.visits and this.visits >= $least_visits
