/*
contract = "measured"
severity = "warning"
marks = "break"
concept = "from one month or quarter on a place counts far more, or less, than before and its siblings do not follow; or most places do at once: counted in another way or elsewhere"
method = "own rule, in logarithms: medians of up to a year before and after (six figures at least), the siblings' common step taken off; factor: the least change; sure: least distance, in spreads. Years: series_break"

[limits]
factor = 1.9
factor_of_all = 1.4
sure = 2
least_figures = 6
*/
-- grain: one place (empty: most of them at once) and the period in which its level shifts most
with own as (
    select contract, row_id, kind_id, place, measure, origin, breakdown, series, value_id, slot, period_start, period_end, size - siblings_level as size
    from compared where frequency <> 'A'
    union all by name
    select
        contract, kind_id as row_id, kind_id, '' as place, any_value(measure) as measure, any_value(origin) as origin, any_value(breakdown) as breakdown,
        any_value(series) as series, min(value_id) as value_id, slot, any_value(period_start) as period_start, any_value(period_end) as period_end,
        any_value(siblings_level) as size
    from compared where frequency <> 'A'
    group by contract, kind_id, slot having count(*) >= 4
),
sides as (
    select
        *,
        avg(size) over after - avg(size) over before as mean_shift,
        median(size) over before as before_size, median(size) over after as after_size,
        mad(size) over before + mad(size) over after as noise,
        list(value_id) over before || list(value_id) over after as ids
    from own
    window
        before as (partition by row_id order by slot range between 12 preceding and 1 preceding),
        after as (partition by row_id order by slot range between current row and 11 following)
    qualify count(*) over before >= $least_figures and count(*) over after >= $least_figures
),
shifts as (
    select *, after_size - before_size as shift from sides
    where abs(after_size - before_size) > greatest(ln(if(place = '', $factor_of_all, $factor)), $sure * 1.4826 / 2 * noise)
    -- medians stand still around a break, means are sharpest at it
    qualify row_number() over (partition by row_id order by abs(mean_shift) desc, slot) = 1
)
select
    contract,
    ids as value_ids,
    [value_id] as marked_ids,
    {
        place: place, measure: measure, origin: origin, breakdown: breakdown, series: series,
        period_start: period_start, period_end: period_end, factor: round(exp(shift), 2), variant: if(place = '', 'all', 'one')
    } as params
from shifts
