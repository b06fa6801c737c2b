-- What the checks on figures read; made before they run and dropped after.

-- grain: one count or amount of a month, quarter or year, as it is last known
create or replace temp table measured as
with figures as (
    select
        'visits' as contract, value_id, unit_id, place, place_kind, place_name, measure, origin, breakdown, definition,
        series, frequency, period_start, period_end, visits::double as value, obs_status, published_at
    from visits_known
    union all by name
    select
        'indicators' as contract, value_id, unit_id, area as place, 'area' as place_kind, indicator as measure, '' as origin,
        breakdown, '' as definition, series, case
            when day(period_start) <> 1 then 'C'
            when period_end = (period_start + interval 1 month - interval 1 day)::date then 'M'
            when period_end = (period_start + interval 3 months - interval 1 day)::date then 'Q'
            when period_end = (period_start + interval 1 year - interval 1 day)::date then 'A'
            else 'C'
        end as frequency, period_start, period_end, value, obs_status, published_at
    from indicators
    where unit not in ('percent', '%')
    qualify row_number() over (
        partition by area, indicator, breakdown, period_start, period_end, series order by published_at desc nulls last, value_id desc
    ) = 1
)
select
    f.*,
    -- figures of one kind of place, which can be compared with each other
    hash(f.contract, f.place_kind, f.measure, f.origin, f.breakdown, f.definition, f.series, f.frequency, a.level) as kind_id,
    hash(kind_id, f.place) as row_id,
    case f.frequency when 'A' then date_part('year', period_start)
        else floor((date_part('year', period_start) * 12 + date_part('month', period_start) - 1) / if(f.frequency = 'Q', 3, 1)) end::integer as slot,
    date_part('year', period_start)::integer as year,
    if(value > 0, ln(value), null) as size
from figures as f left join areas as a on a.area = f.place
where f.frequency in ('M', 'Q', 'A');

-- grain: one value above zero with what its neighbours in time, its own season and its siblings lead to expect;
-- all in natural logarithms, all medians. off: how far it is from what comes nearest to it; spread: how far its
-- series usually is (1.4826 MAD, its kind's where that is more)
create or replace temp table compared as
with levels as (
    select
        *,
        coalesce(if(frequency = 'A', median(size) over three, median(size) over six), size) as level,
        median(size) over (partition by row_id) as usual
    from measured where size is not null
    window
        six as (partition by row_id order by slot range between 6 preceding and 6 following exclude current row),
        three as (partition by row_id order by slot range between 3 preceding and 3 following exclude current row)
),
steps as (
    select
        *,
        size - level as step,
        if(count(*) over others >= 3, median(size - level) over others, 0) as siblings_step,
        if(count(*) over others >= 3, median(size - usual) over others, 0) as siblings_level
    from levels
    window others as (
        partition by kind_id, slot rows between unbounded preceding and unbounded following exclude current row
    )
),
seasons as (
    select
        *,
        median(step) over others as other_years_step,
        -- one other year says half of it
        other_years_step + if(count(step) over others > 1, 0, 0.5) * (siblings_step - other_years_step) as season
    from steps
    window others as (
        partition by row_id, if(frequency = 'A', null, slot % if(frequency = 'Q', 4, 12)) order by slot
        rows between unbounded preceding and unbounded following exclude current row
    )
),
offs as (
    select
        *,
        if(
            frequency = 'A' or abs(step - siblings_step) <= coalesce(abs(step - season), 'inf'),
            step - siblings_step, step - season
        ) as off
    from seasons
)
select
    *,
    greatest(0.15, 1.4826 * greatest(median(abs(off)) over (partition by row_id), median(abs(off)) over (partition by kind_id))) as spread,
    count(*) over (partition by row_id) as figures
from offs;
