/*
contract = "measured"
severity = "error"
marks = "suspect"
concept = "one figure is so far below its neighbours, its season and its siblings that a digit was lost: with one digit more, it fits"
method = "own rule on log deviations (etl/measured.sql). left, least: the largest and the smallest share that can be left; sure: least distance in spreads; figures: fewer cannot tell. Proven where it is a tenth and the others of its table did not move, or where its total is right with the digit (etl/measured.sql, confirmed); else asked"

[limits]
left = 0.45
least = 0.0125
sure = 2.8
beside = 0.65
least_figures = 8
*/
-- grain: one figure
select
    m.contract,
    [m.value_id] as value_ids,
    [m.value_id] as marked_ids,
    if(m.is_slip or c.value_id is not null, 'error', 'question') as severity,
    {
        place: m.place, measure: m.measure, origin: m.origin, breakdown: m.breakdown, series: m.series,
        period_start: m.period_start, period_end: m.period_end, value: m.value, expected: coalesce(c.right_value, round(exp(m.size - m.off))),
        times: round(exp(-m.off), 1), variant: if(c.value_id is not null, 'total', if(m.is_slip, null, 'asked'))
    } as params
from compared as m left join confirmed as c using (contract, value_id)
where c.right_value / c.value between 1.5 and 50 or c.value_id is null and m.frequency <> 'A' and m.off between ln($least) and ln($left)
    and (m.is_slip and m.decades = -1 or abs(m.off) > if(m.frequency = 'D', 8, $sure) * m.spread and (not m.is_shock or m.is_alone) and m.figures >= $least_figures
        and (not m.is_near_shock or m.off < -ln(6)))
    -- two low ones beside each other are no slip of a finger
    and coalesce(least(m.off_before, m.off_after) > m.off * $beside, true)
    and exp(m.size - m.off) >= 500
    and length(round(m.value)::bigint::varchar) < length(round(exp(m.size - m.off) * 2)::bigint::varchar)
    and not (m.decades = -2 and abs(m.off - m.decades * ln(10)) < ln(2.5) and abs(m.off) > 6 * m.spread)
