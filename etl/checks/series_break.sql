/*
contract = "visits"
severity = "warning"
marks = "break"
concept = "a yearly total that triples or falls to a third, while what the publisher counts beside it does not follow, was counted in another way or elsewhere"
method = "own rule. factor: the least change that counts; followed: the share of the change (in logarithms) that another measure of the same place and publisher must have made in the same direction to explain it, as a pandemic does"

[limits]
factor = 3
followed = 0.5
*/
-- grain: one year in which the level breaks from the year before
with yearly as (
    select
        area, measure, perimeter, series, year,
        sum(visits) as visits,
        list(value_id order by value_id) as value_ids
    from visits_resolved
    group by area, measure, perimeter, series, year
    having bool_and(is_complete) and sum(visits) > 0
),
changes as (
    select this.*, before.visits as visits_before, before.value_ids as ids_before, ln(this.visits / before.visits) as change
    from yearly as this join yearly as before
        on (this.area, this.measure, this.perimeter, this.series) = (before.area, before.measure, before.perimeter, before.series)
        and before.year = this.year - 1
)
select
    c.ids_before || c.value_ids as value_ids,
    c.value_ids as marked_ids,
    {
        place: c.area, measure: c.measure, series: c.series, year: c.year,
        visits: c.visits, visits_before: c.visits_before, factor: round(c.visits / c.visits_before, 2)
    } as params
from changes as c
where abs(c.change) >= ln($factor)
    and not exists (
        from changes as o
        where (o.area, o.series, o.year) = (c.area, c.series, c.year)
            and (o.measure, o.perimeter) <> (c.measure, c.perimeter)
            and o.change / c.change >= $followed
    )
