-- grain: one definition and series with values; opens = 1 is what home, visits and outlook open with: the city's
-- choice, what is made like it, the city's own area before some of its places, published before simulated, the finest
-- frequency, the longest record, then what counts more
with spans as (
    -- of the city where there is anything of it: a period counts once, in however many places
    select distinct
        l.series, l.definition, l.is_of_city, l.frequency, l.measure, l.period_start,
        l.period_end - l.period_start + 1 as days
    from visits_leaves_query as l
    where l.visits is not null
    qualify l.is_of_city = bool_or(l.is_of_city) over (partition by l.series, l.definition)
),
known as (
    select
        series, definition, any_value(is_of_city) as is_of_city, count(distinct measure) as measures,
        min(coarseness(frequency)) as finest,
        sum(days) / count(distinct measure) as days
    from spans
    group by series, definition
)
select
    k.definition, k.series, k.is_of_city,
    (select list(d.measure order by d.value_id) from definitions as d where d.definition = k.definition) as defined_as,
    row_number() over (
        order by
            coalesce((k.definition, k.series) = (c.ruling_definition, c.ruling_series), false) desc,
            coalesce((k.definition, k.series) = (c.ruling_definition, simulated_like(c.ruling_series)), false) desc,
            k.is_of_city desc, is_simulated(k.series),
            k.finest, k.days desc, k.measures desc, k.series, k.definition
    ) as opens
from known as k cross join city as c
order by opens
