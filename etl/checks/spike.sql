/*
contract = "measured"
severity = "warning"
marks = "suspect"
concept = "a month far above its neighbours, its season and its siblings, without Idulfitri to explain it"
method = "own rule on log deviations (etl/measured.sql). factor and sure: least height, times what is expected and in spreads; feast: as the calendar names it, with so many days after it"

[limits]
factor = 2
sure = 2.6
feast = "Idul ?[Ff]itri"
days = 7
*/
-- grain: one figure of a month
with feasts as (
    select day from calendar where regexp_matches(name_id, $feast) and kind = 'national_holiday'
),
high as (
    select m.*, (
        select min(f.day) from feasts as f
        where f.day between m.period_start - $days::integer and m.period_end
    ) as feast
    from compared as m
    where m.frequency = 'M' and m.figures >= 12 and m.off > greatest(ln($factor), $sure * m.spread)
        -- not only less low than the others
        and m.step > ln($factor) / 2
)
select
    contract,
    [value_id] as value_ids,
    [value_id] as marked_ids,
    {
        place: place, measure: measure, origin: origin, breakdown: breakdown, series: series,
        period_start: period_start, period_end: period_end, value: value, expected: round(exp(size - off)),
        -- a calendar without the feast of that year explains nothing
        variant: if(exists (from feasts as f where year(f.day) = year(period_start)), null, 'unknown')
    } as params
from high
where feast is null
