/*
contract = "measured"
severity = "question"
marks = "break"
concept = "from one period on a place counts far more, or less, than before and its siblings do not follow; or all places do at once and alike: counted in another way or elsewhere"
method = "own rule, in logarithms: medians of up to a year (of days: eight weeks) before and after, six figures (four weeks) at least, the siblings' common step taken off; factor: the least change; sure: least distance, in spreads; alike: the most that all places differ in their step. Years: series_break"

[limits]
factor = 1.9
factor_of_all = 1.4
sure = 2
alike = 0.35
least_figures = 6
least_days = 28
least_level = 20
*/
-- grain: one place (empty: most of them at once) and a period in which its level shifts more than within a year
with own as (
    select
        contract, frequency, row_id, kind_id, place, measure, origin, breakdown, series, value_id, slot, period_start, period_end,
        size - siblings_level as size, usual, if(is_moved, is_near_shock, is_shock) as is_shock
    from compared where frequency <> 'A' and usual > ln($least_level)
    union all by name
    select
        contract, any_value(frequency) as frequency, kind_id as row_id, kind_id, '' as place, any_value(measure) as measure,
        any_value(origin) as origin, any_value(breakdown) as breakdown, any_value(series) as series, min(value_id) as value_id, slot,
        any_value(period_start) as period_start, any_value(period_end) as period_end, any_value(siblings_level) as size, null as usual, bool_or(is_moved) as is_shock
    from compared where frequency in ('M', 'Q')
    group by contract, kind_id, slot having count(*) >= 4
),
sides as (
    select
        *,
        avg(size) over after - avg(size) over before as mean_shift,
        median(size) over before as before_size, median(size) over after as after_size,
        mad(size) over before + mad(size) over after as noise, bool_or(is_shock) over near as is_near_shock
    from (select *, if(frequency = 'D', 56, 12) as reach, if(frequency = 'D', $least_days, $least_figures) as least from own)
    window
        before as (partition by row_id order by slot range between reach preceding and 1 preceding),
        after as (partition by row_id order by slot range between current row and reach - 1 following),
        near as (partition by row_id order by slot range between 2 preceding and 2 following)
    qualify count(*) over before >= least and count(*) over after >= least
),
shifts as (
    select *, after_size - before_size as shift from sides
    where abs(after_size - before_size) > greatest(ln(if(place = '', $factor_of_all, $factor)), $sure * 1.4826 / 2 * noise)
    -- medians stand still around a break, means are sharpest at it
    qualify not is_near_shock and abs(mean_shift) = max(abs(mean_shift)) over (
        partition by row_id order by slot range between reach preceding and reach following
    )
),
-- how the places of a kind differ in the step that all made at once
scatters as (
    select s.row_id, 1.4826 * mad(c.after - c.before) as scatter
    from shifts as s join (
        select kind_id, row_id, slot, median(size) over (partition by row_id order by slot range between 6 preceding and 1 preceding) as before,
            median(size) over (partition by row_id order by slot range between current row and 5 following) as after
        from compared where frequency in ('M', 'Q') and kind_id in (select row_id from shifts where place = '')
    ) as c on c.kind_id = s.row_id and c.slot = s.slot
    where s.place = '' group by s.row_id
)
select
    s.contract,
    list(m.value_id order by m.slot) as value_ids,
    [s.value_id] as marked_ids,
    {
        place: s.place, measure: s.measure, origin: s.origin, breakdown: s.breakdown, series: s.series,
        period_start: s.period_start, period_end: s.period_end, factor: round(exp(s.shift), 2), variant: if(s.place = '', 'all', 'one')
    } as params
from shifts as s
-- what it takes to see it
join compared as m on (s.place = '' and m.kind_id = s.row_id or m.row_id = s.row_id) and m.slot between s.slot - least and s.slot + least - 1
left join scatters as c on c.row_id = s.row_id
where s.place <> '' or c.scatter < $alike
group by s.contract, s.row_id, s.place, s.measure, s.origin, s.breakdown, s.series, s.period_start, s.period_end, s.shift, s.value_id
