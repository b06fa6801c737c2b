/*
contract = "measured"
severity = "question"
marks = "suspect"
concept = "a day or month far above its neighbours, its season and its siblings, without a feast to explain it"
method = "own rule on log deviations (etl/measured.sql). factor and sure: least height, times what is expected and in spreads (of days: factor_of_days, sure_of_days); feast: as the calendar names it, with so many days after it; any day off explains a high day. What is ten or a hundred times too high is a slip"

[limits]
factor = 2
sure = 2.6
factor_of_days = 4
sure_of_days = 7
feast = "Idul ?[Ff]itri"
days = 7
*/
-- grain: one figure of a day or month
with feasts as (
    select day from calendar where regexp_matches(name_id, $feast) and kind = 'national_holiday'
),
free as (
    select distinct unnest(generate_series(day - interval 3 days, day + interval 3 days, interval 1 day))::date as day from calendar
),
high as (
    select m.*, (
        select min(f.day) from feasts as f
        where f.day between m.period_start - $days::integer and m.period_end
    ) as feast
    from compared as m
    where m.frequency in ('D', 'M') and m.figures >= 12 and not m.is_slip and (not m.is_shock or m.is_alone)
        and (not m.is_near_shock or m.off > ln(6))
        and m.off > greatest(ln(if(m.frequency = 'D', $factor_of_days, $factor)), if(m.frequency = 'D', $sure_of_days, $sure) * m.spread)
        -- not only less low than the others, nor what chance makes of few
        and m.step > ln($factor) / 2 and m.value - exp(m.size - m.off) > 6 * sqrt(exp(m.size - m.off))
        and (decades < 2 or abs(m.off - m.decades * ln(10)) > ln(2.5))
)
select
    contract,
    [value_id] as value_ids,
    [value_id] as marked_ids,
    {
        place: place, measure: measure, origin: origin, breakdown: breakdown, series: series,
        period_start: period_start, period_end: period_end, value: value, expected: round(exp(size - off)), times: round(exp(off), 1),
        -- a calendar without the feast of that year explains nothing
        variant: if(exists (from feasts as f where date_part('year', f.day) = date_part('year', period_start)), null, 'unknown')
    } as params
from high
where feast is null and not (frequency = 'D' and period_start in (select day from free))
