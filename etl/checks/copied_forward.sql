/*
contract = "measured"
severity = "warning"
marks = "suspect"
concept = "a count that repeats the period before it, or the same month of the year before, to the person was copied, not counted"
method = "own rule; exact equality. Visits below least_value and other amounts below least_amount can repeat by chance and are left alone, as are estimates, which are round"

[limits]
least_value = 100
least_amount = 10000
*/
-- grain: one pair of periods; the later one is the copy
select
    this.contract,
    [before.value_id, this.value_id] as value_ids,
    [this.value_id] as marked_ids,
    {
        place: this.place, measure: this.measure, origin: this.origin, breakdown: this.breakdown, series: this.series,
        year: this.year, period_start: this.period_start, period_end: this.period_end,
        copied_start: before.period_start, copied_end: before.period_end, value: this.value
    } as params
from measured as this join measured as before
    on this.row_id = before.row_id and this.value = before.value
    and (before.slot = this.slot - 1 or before.slot = this.slot - case this.frequency when 'M' then 12 when 'Q' then 4 else 1 end)
where this.value >= if(this.contract = 'visits', $least_value, $least_amount) and 'estimated' not in (this.obs_status, before.obs_status)
-- a figure copied twice over is said once, with the nearest
qualify row_number() over (partition by this.contract, this.value_id order by before.slot desc) = 1
