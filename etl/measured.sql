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
    qualify is_newest((area, indicator, breakdown, period_start, period_end, series), published_at, received_at, value_id)
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

-- grain: one name that ends and the one that begins in the next period, with how like the two are (0 to 1)
create or replace temp table successors as
with places as (
    select
        contract, kind_id, place, measure, origin, breakdown, series,
        min(slot) as first_at, max(slot) as last_at, count(*) as figures,
        list_aggregate(arg_max(size - siblings_level, slot, 6), 'median') as last_level,
        list_aggregate(arg_min(size - siblings_level, slot, 6), 'median') as first_level,
        list_sort(regexp_extract_all(lower(place), '[a-z0-9]+')) as words,
        list(value_id order by slot) as ids, min(period_start) as period_start, arg_min(period_end, slot) as period_end
    from compared
    where regexp_matches(place, '[A-Za-z]{3}')  -- two codes are never alike
    group by contract, kind_id, row_id, place, measure, origin, breakdown, series
)
select
    old.place as place, new.place as new_place, new.* exclude (place), old.ids as old_ids,
    new.first_level - old.last_level as step, old.figures as old_figures,
    case
        -- Hotel 1 and Hotel 2 are two names
        when regexp_replace(old.place, '\D', '', 'g') <> regexp_replace(new.place, '\D', '', 'g') then 0
        when list_has_all(new.words, old.words) or list_has_all(old.words, new.words) then 1
        else jaro_winkler_similarity(array_to_string(old.words, ''), array_to_string(new.words, ''))
    end as likeness,
    count(*) over (partition by old.kind_id, new.first_at) as pairs
from places as old join places as new
    on old.kind_id = new.kind_id and new.first_at = old.last_at + 1;
