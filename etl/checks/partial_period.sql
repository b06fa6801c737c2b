/*
contract = "measured"
severity = "question"
marks = "incomplete"
concept = "the last period is not over in the figures: published before its end, or far below what the half year before and the season lead to expect in most places at once"
method = "own rule, in logarithms. left: the most that can be left of a period; sure: least distance, in spreads of the earlier periods"

[limits]
left = 0.72
sure = 1.5
least_level = 20
*/
-- grain: one last period of a kind of figure
with steps as (
    select *, size - median(size) over (
        partition by row_id order by slot range between 6 preceding and 1 preceding
    ) as step
    from compared where frequency <> 'D'
),
kinds as (
    select
        contract, kind_id, slot, any_value(measure) as measure, any_value(origin) as origin, any_value(breakdown) as breakdown,
        any_value(series) as series, any_value(frequency) as frequency, min(period_start) as period_start, min(period_end) as period_end,
        median(step) as step, count(step) as places, any_value(place) as place, bool_and(published_at < period_end) as is_early, median(usual) as usual,
        list(value_id order by value_id) as ids
    from steps
    group by contract, kind_id, slot
),
seasons as (
    select
        *,
        step - coalesce(if(frequency = 'A', null, median(step) over (
            partition by kind_id, slot % if(frequency = 'Q', 4, 12) rows between unbounded preceding and unbounded following exclude current row
        )), 0) as off,
        slot = max(slot) over (partition by kind_id) as is_last,
        count(step) over (partition by kind_id) as periods
    from kinds
),
spreads as (
    select *, greatest(0.1, 1.4826 * median(abs(off)) over (partition by kind_id)) as spread from seasons
)
select
    contract,
    ids as value_ids,
    ids as marked_ids,
    if(is_early, 'note', 'question') as severity,
    {
        place: if(places = 1, place, ''), measure: measure, origin: origin, breakdown: breakdown, series: series,
        period_start: period_start, period_end: period_end, share: round(exp(off), 2), variant: if(is_early, 'early', 'low')
    } as params
from spreads
where (is_early and contract = 'visits') or (is_last and usual > ln($least_level) and periods >= 6 and places >= 3 and off < ln($left) and abs(off) > $sure * spread)
