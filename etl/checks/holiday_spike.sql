/*
contract = "measured"
severity = "note"
marks = "holiday"
concept = "a month far above the months around it, with Idulfitri in it, which moves through the year: real, and to be compared with the month of the feast in other years"
method = "own rule on log deviations (etl/measured.sql). factor and sure: least height, times the months around and in their usual steps; feast: as the calendar names it, with so many days after it"

[limits]
factor = 1.8
sure = 1
feast = "Idul ?[Ff]itri"
days = 7
*/
-- grain: one month, with all places that stand out in it
with feasts as (
    select day from calendar where regexp_matches(name_id, $feast) and kind = 'national_holiday'
),
high as (
    select
        *,
        1.4826 * median(abs(step)) over (partition by row_id) as usual_step,
        (
            select min(f.day) from feasts as f
            where f.day between m.period_start - $days::integer and m.period_end
        ) as feast
    from compared as m
    where frequency = 'M' and figures >= 12 and contract = 'visits'
)
select
    contract,
    list(value_id order by value_id) as value_ids,
    list(value_id order by value_id) as marked_ids,
    {
        place: if(count(distinct place) = 1, min(place), ''), places: list(distinct place order by place)[:5], figures: count(*),
        measure: measure, origin: origin, breakdown: breakdown, series: series, period_start: period_start, period_end: period_end,
        value: sum(value), expected: round(sum(exp(level))), feast: feast
    } as params
from high
where feast is not null and step > greatest(ln($factor), $sure * usual_step)
group by contract, kind_id, measure, origin, breakdown, series, period_start, period_end, feast
