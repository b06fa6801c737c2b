/*
contract = "measured"
severity = "warning"
marks = "suspect"
concept = "one figure is so far below its neighbours, its season and its siblings that a digit was lost: with one digit more, it fits"
method = "own rule on log deviations (etl/measured.sql). left, least: the largest and the smallest share that can be left; sure: least distance in spreads; figures: fewer cannot tell"

[limits]
left = 0.45
least = 0.0125
sure = 2.8
beside = 0.65
least_figures = 8
*/
-- grain: one figure
with alone as (
    select
        *,
        least(lag(off) over months, lead(off) over months) as beside
    from compared where frequency <> 'A'
    window months as (partition by row_id order by slot)
)
select
    m.contract,
    [m.value_id] as value_ids,
    [m.value_id] as marked_ids,
    {
        place: m.place, measure: m.measure, origin: m.origin, breakdown: m.breakdown, series: m.series,
        period_start: m.period_start, period_end: m.period_end, value: m.value, expected: round(exp(m.size - m.off))
    } as params
from alone as m
where m.off between ln($least) and ln($left) and abs(m.off) > $sure * m.spread and m.figures >= $least_figures
    -- two low months beside each other are no slip of a finger
    and coalesce(m.beside > m.off * $beside, true)
    and exp(m.size - m.off) >= 500
    and length(round(m.value)::bigint::varchar) < length(round(exp(m.size - m.off) * 2)::bigint::varchar)
