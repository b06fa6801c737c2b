/*
contract = "measured"
severity = "error"
marks = "suspect"
concept = "a month or quarter has the sum since January: it equals what the periods before it have together, or that and an ordinary period"
method = "own rule. Proven: within equal of the sum and far above every period before (three of them at least, unless it is exact); within near where two other places of the same file and period are such sums; an ordinary period above a sum that leaves no doubt; what follows without falling; a whole year that never falls and starts anew. Else it is asked, and so is what is far above every period before beside two such sums"

[limits]
equal = 0.01
near = 0.1
above = 1.5
ordinary = 1.2
tight = 0.3
sure = 1.5
*/
-- grain: one figure of a month or quarter
with running as (
    select
        m.*, c.off, c.step, c.season, c.is_shock, c.is_alone, c.level, c.spread, c.size - c.off as expected, c.usual,
        1 + if(m.frequency = 'M', date_part('month', m.period_start) - 1, date_part('quarter', m.period_start) - 1) as number,
        sum(m.value) over before as since, count(m.value) over before as counted,
        count(*) filter (m.value > 0) over before as positive, max(m.value) over before as highest,
        lag(m.value) over times as last, lead(m.value) over times as next, lead(m.year) over times as next_year
    from measured as m left join compared as c using (contract, value_id)
    where m.frequency in ('M', 'Q') and m.is_amount
    window
        before as (partition by m.row_id, m.year order by m.slot rows between unbounded preceding and 1 preceding),
        times as (partition by m.row_id order by m.slot)
),
sums as (
    select
        *,
        coalesce(
            counted = number - 1 and positive >= 2 and value >= 100 and value > $above * highest
                and value between since and (1 + $equal) * since and (positive >= 3 or value = since), false
        ) as is_equal,
        coalesce(
            counted = number - 1 and positive >= 2 and value >= 100 and value > highest
                and value between since and (1 + $near) * since, false
        ) as is_near,
        -- less what was before, it is an ordinary one, and as many times that as no doubt is left
        coalesce(
            counted = number - 1 and counted >= 5 and value > since and abs(ln(value - since) - expected) < $tight
                and value - since < 0.16 * value and off > ln(4) and spread < 1, false
        ) as is_ordinary,
        coalesce(
            frequency = 'M' and number >= 3 and counted = number - 1 and value > since
                and greatest(off, step - season) > greatest(ln(2), $sure * spread)
                and least(abs(ln(value - since) - expected), abs(ln(value - since) - level - season)) < $ordinary
                and value >= 100 and (not is_shock or is_alone), false
        ) as is_like
    from running
),
peers as (
    select
        *, count(*) filter (is_equal) over beside - is_equal::int as others,
        -- a year that never falls and is far above its start at the end
        count(*) filter (value < last and number > 1) over of_year = 0 and count(value) over of_year >= if(frequency = 'M', 6, 4)
            and count(distinct value) filter (value >= 100) over of_year >= if(frequency = 'M', 6, 4)
            and max(value) over of_year > 3 * first_value(value) over (partition by row_id, year order by slot)
            and max(number) over of_year = count(value) over of_year as never_falls,
        -- the year after starts below it
        max(if(number = if(frequency = 'M', 12, 4), next < 0.5 * value, null)) over of_year as starts_anew,
        max(if(number = 1, last > 2 * value, null)) over of_year as started_anew,
        value >= 100 and abs(ln(greatest(value - last, 1)) - usual) < 1.1 and size - usual between ln(number / 2.5) and ln(number * 2.5) as is_next
    from sums
    window beside as (partition by contract, unit_id, frequency, slot), of_year as (partition by row_id, year)
),
found as (
    select
        *,
        others >= 2 and value > since and value > $above * highest as is_beside,
        is_equal and (value = since or others >= 1 or coalesce(off > ln(1.7), true)) or is_ordinary or is_near and others >= 2 as is_proven,
        never_falls and (starts_anew or started_anew) and number > 1 and value > 0 as is_year,
        greatest(
            sum(is_next::int) over (months_of rows between 2 preceding and current row),
            sum(is_next::int) over (months_of rows between 1 preceding and 1 following),
            sum(is_next::int) over (months_of rows between current row and 2 following)
        ) = 3 as is_run
    from peers
    window months_of as (partition by row_id, year order by slot)
),
followed as (
    select
        *,
        -- from the first proven one on, what does not fall is the sum, too
        max(if(is_proven, slot, null)) over so_far as begun,
        count(*) filter (value < last) over so_far as falls,
        min(if(is_proven, slot, null)) over (partition by row_id, year) as first_proven
    from found
    window so_far as (partition by row_id, year order by slot)
),
chained as (
    select
        *, first_proven < slot and count(*) filter (value < last and slot > first_proven) over (
            partition by row_id, year order by slot
        ) = 0 and value >= last as is_after
    from followed
)
select
    contract,
    [value_id] as value_ids,
    [value_id] as marked_ids,
    if(is_proven or is_year or coalesce(is_after, false), 'error', 'question') as severity,
    {
        place: place, measure: measure, origin: origin, breakdown: breakdown, series: series,
        period_start: period_start, period_end: period_end, value: value,
        own: if(is_year or coalesce(is_after, false) and not is_proven or is_run and not is_like, value - last, value - since),
        sum: if(is_year or coalesce(is_after, false) and not is_proven or is_run and not is_like, last, since),
        variant: if(is_proven or is_year or coalesce(is_after, false), null, 'asked')
    } as params
from chained
where is_proven or is_year or coalesce(is_after, false) or is_like or is_run or coalesce(is_beside, false)
