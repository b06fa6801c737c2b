/*
contract = "measured"
severity = "error"
marks = "suspect"
concept = "figures that repeat others to the last digit were copied, not counted: a run of one series, the same months of another year, most places of a period, or another place"
method = "own rule. Proven where so many equal figures (gaps allowed) come by chance less often than one in a million: binomial, with the share of pairs of figures of that series that are equal elsewhere, times the places where such a run could stand. One figure that repeats the period before, or the same one of the year before, is asked, from least_value (visits) or least_amount up"

[limits]
chance = -13.8
most_equal = 0.05
least_value = 100
least_amount = 10000
*/
-- grain: one run of copies, or one figure that repeats
with
facts as (
    select
        *, count(*) over of_row as figures, count(*) over (partition by row_id, value) as same,
        count(*) over (partition by kind_id) as of_kind
    from measured where value >= 10 or value > 0 and value <> round(value)  -- small counts are alike by themselves
    window of_row as (partition by row_id)
),
-- the share of the pairs of a series that are equal
own as (
    select
        row_id, any_value(figures) as figures, sum((same - 1) / 2) as equal_pairs, any_value(figures * (figures - 1) / 2) as pairs
    from facts group by row_id having any_value(figures) >= 4
),
again as (
    select
        a.row_id, b.slot - a.slot as lag, a.slot as from_slot, b.slot as slot, b.value, b.frequency, b.cycle,
        a.period_start as copied_start, a.period_end as copied_end, b.period_start, b.period_end,
        a.value_id as copied_id, b.value_id as id
    from facts as a join facts as b on a.row_id = b.row_id and a.value = b.value and a.slot < b.slot
    join own as o on o.row_id = a.row_id
    where o.equal_pairs <= $most_equal * o.pairs or a.figures <= 60 and a.same <= 4
),
stretches as (
    select
        *, sum(is_new::int) over (partition by row_id, lag order by slot) as stretch
    from (
        select *, coalesce(slot - lag(slot) over (partition by row_id, again.lag order by slot) > if(frequency = 'D', 2, 3), true) as is_new from again
    ) as again
),
runs as (
    -- a run with gaps, and, of months, a whole year of another one
    select
        row_id, lag, min(slot) as first_slot, max(slot) as last_slot, max(slot) - min(slot) + 1 as length, 'run' as shape,
        count(*) as equal, count(distinct value) as distinct_values
    from stretches group by row_id, lag, stretch having count(*) >= 3
    union all
    select row_id, lag, min(slot), max(slot), any_value(cycle), 'year', count(*), count(distinct value)
    from again where frequency in ('M', 'Q') and lag % cycle = 0
    group by row_id, lag, date_part('year', period_start) having count(*) >= 3
),
judged as (
    select
        r.*, greatest(1, o.equal_pairs - equal + 1) / greatest(2, o.pairs - length + 2) as share,
        lgamma(length + 1) - lgamma(equal + 1) - lgamma(length - equal + 1) + equal * ln(least(1, share)) + ln(o.pairs) as chance
    from runs as r join own as o using (row_id)
    where distinct_values >= 3
),
series_runs as (
    select * from judged where chance < $chance
    -- a copy of a copy is told with the nearest, a run and its year once
    qualify row_number() over (partition by row_id, last_slot order by equal desc, lag, shape) = 1
        and row_number() over (partition by row_id, first_slot order by equal desc, lag, shape) = 1
),
series_copies as (
    select
        r.row_id, r.equal, r.length, min(a.copied_start) as copied_start, max(a.copied_end) as copied_end,
        min(a.period_start) as period_start, max(a.period_end) as period_end,
        list(struct_pack(value := a.value, id := a.id, copied_id := a.copied_id) order by a.slot) as copies
    from series_runs as r join again as a on a.row_id = r.row_id and a.lag = r.lag and a.slot between r.first_slot and r.last_slot
    group by r.row_id, r.lag, r.first_slot, r.shape, r.equal, r.length
),
-- most places of one period as in another
pairs as (
    select
        a.kind_id, a.slot as from_slot, b.slot as slot, any_value(a.period_start) as copied_start, any_value(a.period_end) as copied_end,
        any_value(b.period_start) as period_start, any_value(b.period_end) as period_end, any_value(b.cycle) as cycle,
        count(*) filter (a.value = b.value) as equal, count(*) as length, count(distinct a.value) filter (a.value = b.value) as distinct_values,
        list(struct_pack(value := b.value, id := b.value_id, copied_id := a.value_id) order by b.value_id) filter (a.value = b.value) as copies
    from facts as a join facts as b on a.row_id = b.row_id and b.slot - a.slot in (1, 2, 3, 5, 7, a.cycle)
    where a.frequency <> 'D' and a.of_kind >= 4 * a.figures
    group by a.kind_id, a.slot, b.slot
),
of_kinds as (
    select
        *, sum(equal) over kinds - equal as equal_elsewhere, sum(length) over kinds - length as pairs_elsewhere,
        count(*) over kinds as periods
    from pairs window kinds as (partition by kind_id)
),
period_runs as (
    select
        *, (equal_elsewhere + 1) / (pairs_elsewhere + 2) as share,
        lgamma(length + 1) - lgamma(equal + 1) - lgamma(length - equal + 1) + equal * ln(share) + ln(periods) as chance
    from of_kinds where distinct_values >= 4 and slot - from_slot in (1, cycle)
),
proven as (
    select
        m.contract, r.copies, m.place, m.measure, m.origin, m.breakdown, m.series, r.period_start, r.period_end, r.copied_start, r.copied_end,
        r.equal, r.length, 'run' as variant
    from series_copies as r join (select distinct on (row_id) * from measured) as m using (row_id)
    union all
    select
        m.contract, r.copies, '', m.measure, m.origin, m.breakdown, m.series, r.period_start, r.period_end, r.copied_start, r.copied_end,
        r.equal, r.length, 'period'
    from period_runs as r join (select distinct on (kind_id) * from measured) as m using (kind_id)
    where r.chance < $chance
),
told as (
    select contract, unnest(copies).id as value_id from proven
),
-- a figure that repeats the one before, with all that go on repeating it, or one of the same season of the year before
repeated as (
    select *, sum((value is distinct from last)::int) over (partition by row_id order by slot) as stand
    from (select *, if(lag(slot) over times = slot - 1, lag(value) over times, null) as last from facts window times as (partition by row_id order by slot))
    where frequency <> 'D' and value >= if(contract in ('visits', 'service', 'tickets'), $least_value, $least_amount)
        and is_amount and obs_status <> 'estimated'
),
single as (
    select
        contract, place, measure, origin, breakdown, series, value, count(*) - 1 as equal, list(value_id order by slot) as ids,
        min(period_start) as copied_start, min(period_end) as copied_end, list(period_start order by slot)[2] as period_start, max(period_end) as period_end
    from repeated
    group by contract, row_id, stand, place, measure, origin, breakdown, series, value
    having count(*) > 1
    union all
    select
        this.contract, this.place, this.measure, this.origin, this.breakdown, this.series, this.value, 1,
        [before.value_id, this.value_id], before.period_start, before.period_end, this.period_start, this.period_end
    from repeated as this join repeated as before
        on this.row_id = before.row_id and this.value = before.value and this.slot = before.slot + this.cycle
    where this.cycle > 1 and this.value is distinct from this.last and this.same <= 0.1 * this.figures
)
select
    contract, list_transform(copies, lambda c: c.copied_id) || list_transform(copies, lambda c: c.id) as value_ids,
    list_transform(copies, lambda c: c.id) as marked_ids, 'error' as severity,
    {
        place: place, measure: measure, origin: origin, breakdown: breakdown, series: series, year: year(period_start),
        period_start: period_start, period_end: period_end, copied_start: copied_start, copied_end: copied_end,
        value: null, equal: equal, length: length, variant: variant
    } as params
from proven
union all by name
select
    contract, ids as value_ids, ids[2:] as marked_ids, 'question' as severity,
    {
        place: place, measure: measure, origin: origin, breakdown: breakdown, series: series, year: year(period_start),
        period_start: period_start, period_end: period_end, copied_start: copied_start, copied_end: copied_end,
        value: value, equal: equal, length: equal, variant: null
    } as params
from single
where not exists (from told as t where t.contract = single.contract and list_contains(single.ids[2:], t.value_id))
