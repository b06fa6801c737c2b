/*
contract = "measured"
severity = "note"
marks = "event"
concept = "most places moved together: a feast, a closure, a pandemic, or another way of counting for all. It is said once; what moves with it is asked of nobody"
method = "own rule (etl/measured.sql, shocks): three of five places or more moved in one direction by 1.6 against the two years before. gap: so many periods between belong to the same; of days least_days. Idulfitri, which moves through the year, is left to holiday_spike"

[limits]
gap = 3
least_days = 7
feast = "Idul ?[Ff]itri"
*/
-- grain: one stretch of periods in which most places of a publisher moved together
with moved as (
    select
        m.contract, m.series, m.frequency, m.slot, min(m.period_start) as period_start, max(m.period_end) as period_end,
        string_agg(distinct m.measure, ', ' order by m.measure) as measures, max(s.places) as places, max(s.moved_places) as moved_places,
        arg_max(s.move, abs(s.move)) as move, list(m.value_id order by m.value_id) as ids, bool_or(s.is_moved) as is_moved,
        -- in it, or a year before, which it is compared with
        bool_or(exists (
            from calendar as f where f.kind = 'national_holiday' and regexp_matches(f.name_id, $feast)
                and (f.day between m.period_start - 30 and m.period_end + 35 or f.day + 365 between m.period_start - 30 and m.period_end + 35)
        )) as is_feast
    from shocks as s join measured as m using (kind_id, slot)
    where m.value is not null and s.is_own
    group by m.contract, m.series, m.frequency, m.slot
),
stretched as (
    select *, sum(is_new::int) over (partition by contract, series, frequency order by slot) as stretch
    from (
        select *, coalesce(slot - lag(slot) over (partition by contract, series, frequency order by slot) > $gap, true) as is_new from moved
    )
),
notes as (
    select
        contract, series, frequency, flatten(list(ids order by slot)) as ids, arg_min(measures, slot) as measures,
        min(period_start) as period_start, max(period_end) as period_end, max(places) as places, max(moved_places) as moved_places,
        exp(arg_max(move, abs(move))) as times, if(arg_min(move, slot) > 0, 'up', 'down') as direction
    from stretched
    group by contract, series, frequency, stretch
    having bool_or(is_moved) and (frequency <> 'D' or count(*) >= $least_days)
        and not (frequency in ('D', 'M') and max(period_end) - min(period_start) < 70 and bool_or(is_feast))
)
select
    contract,
    ids as value_ids,
    []::bigint[] as marked_ids,
    {
        place: '', measure: measures, series: series, period_start: period_start, period_end: period_end,
        places: places, moved_places: moved_places, times: round(times, 3), variant: direction
    } as params
from notes as n
-- the months say it for their year
where not exists (
    from notes as f
    where f.contract = n.contract and f.series = n.series and coarseness(f.frequency) < coarseness(n.frequency)
        and f.period_start <= n.period_end and f.period_end >= n.period_start
)
