/*
contract = "visits"
severity = "question"
marks = "break"
concept = "a yearly total that triples or falls to a third, while what the publisher counts beside it does not follow, was counted in another way or elsewhere"
method = "own rule. factor: the least change that counts; followed: the share of the change (in logarithms) that another measure of the same place and publisher must have made in the same direction to explain it, as a pandemic does; many: so many areas of a table are told together"

[limits]
factor = 3
followed = 0.5
many = 4
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
),
breaks as (
    select c.*, c.area = (select area from city) as is_own, count(*) over (partition by measure, perimeter, series, year) as together
    from changes as c
    where abs(c.change) >= ln($factor)
        -- most places moved: it is said once (shock)
        and not exists (
            from measured as m join shocks as s using (kind_id, slot)
            where m.contract = 'visits' and m.frequency = 'A' and s.is_moved and s.move * c.change > 0 and list_contains(c.value_ids, m.value_id)
        )
        and not exists (
            from changes as o
            where (o.area, o.series, o.year) = (c.area, c.series, c.year)
                and (o.measure, o.perimeter) <> (c.measure, c.perimeter)
                and o.change / c.change >= $followed
        )
)
select
    ids_before || value_ids as value_ids,
    value_ids as marked_ids,
    {
        place: area, measure: measure, series: series, year: year, visits: visits, visits_before: visits_before,
        factor: round(visits / visits_before, 2), places: null, variant: null
    } as params
from breaks where is_own or together < $many
union all by name
-- many areas of one table in one year have one cause
select
    flatten(list(ids_before || value_ids order by area)) as value_ids,
    flatten(list(value_ids order by area)) as marked_ids,
    {
        place: '', measure: measure, series: series, year: year, visits: sum(visits), visits_before: sum(visits_before),
        factor: round(sum(visits) / sum(visits_before), 2), places: list(area order by area)[:5], figures: count(*), variant: 'many'
    } as params
from breaks where not is_own and together >= $many
group by measure, perimeter, series, year
