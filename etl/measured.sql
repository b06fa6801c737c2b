-- What the checks on figures read; made before they run and dropped after.

-- grain: one count or amount of a day, month, quarter or year, as it is last known on the day as_of; requests for a service are
-- counted by day (value_id: the first of them), gate tickets too (value_id: negative, there is no row of them)
create or replace temp table measured as
with figures as (
    select
        'visits' as contract, value_id, unit_id, place, place_kind, place_name, measure, origin, breakdown, definition,
        series, frequency, period_start, period_end, visits::double as value, obs_status, published_at, '' as unit
    from visits_known
    union all by name
    select
        'indicators' as contract, value_id, unit_id, area as place, 'area' as place_kind, indicator as measure, '' as origin,
        breakdown, '' as definition, series, case
            when period_end = period_start then 'D'
            when day(period_start) <> 1 then 'C'
            when period_end = (period_start + interval 1 month - interval 1 day)::date then 'M'
            when period_end = (period_start + interval 3 months - interval 1 day)::date then 'Q'
            when period_end = (period_start + interval 1 year - interval 1 day)::date then 'A'
            else 'C'
        end as frequency, period_start, period_end, value, obs_status, published_at, unit
    from indicators
    where is_known(period_end) and is_known(published_at)
    qualify is_newest((area, indicator, breakdown, period_start, period_end, series), published_at, received_at, value_id)
    union all by name
    select
        'condition' as contract, value_id, unit_id, rtrim(concat_ws(' ', area, section)) as place, 'area' as place_kind,
        indicator as measure, '' as origin, breakdown, concat_ws(' ', domain, method) as definition, series, frequency, period_start, period_end,
        value, obs_status, published_at, unit
    from condition
    where is_known(period_end) and is_known(published_at)
    qualify is_newest(
        (area, section, domain, indicator, breakdown, period_start, period_end, series), published_at, received_at, value_id
    )
    union all by name
    select
        'service' as contract, min(value_id) as value_id, min(unit_id) as unit_id, agency as place, 'agency' as place_kind,
        service_code as measure, '' as origin, '' as breakdown, '' as definition, series, 'D' as frequency,
        requested_on as period_start, requested_on as period_end, count(distinct service_request_id)::double as value,
        'final' as obs_status, max(published_at) as published_at, '' as unit
    from service
    where is_known(published_at)
    group by agency, service_code, series, requested_on
    union all by name
    select
        'tickets' as contract, -row_number() over () as value_id, null as unit_id, site as place, 'site' as place_kind,
        'persons' as measure, origin, '' as breakdown, '' as definition, '' as series, 'D' as frequency, day as period_start,
        day as period_end, sum(persons)::double as value, 'final' as obs_status, null as published_at, '' as unit
    from visits_by_day
    where is_known(day)
    group by site, day, origin
)
select
    f.* exclude (unit),
    -- figures of one kind of place, which can be compared with each other
    hash(f.contract, f.place_kind, f.measure, f.origin, f.breakdown, f.definition, f.series, f.frequency, a.level) as kind_id,
    hash(kind_id, f.place) as row_id,
    case f.frequency
        when 'D' then period_start - date '1970-01-01'
        when 'A' then date_part('year', period_start)
        else floor((date_part('year', period_start) * 12 + date_part('month', period_start) - 1) / if(f.frequency = 'Q', 3, 1))
    end::integer as slot,
    -- so many slots are a season: a week or a year
    case f.frequency when 'D' then 7 when 'M' then 12 when 'Q' then 4 else 1 end as cycle,
    case f.frequency when 'D' then 364 else cycle end as slots_a_year,
    date_part('year', period_start)::integer as year,
    f.unit not in ('percent', '%') as is_amount,
    if(value > 0 and is_amount, ln(value), null) as size
from figures as f left join areas as a on a.area = f.place
where f.frequency in ('D', 'M', 'Q', 'A');

-- grain: one kind of figure and period in which most of four places or more moved in one direction, by six tenths or
-- more, against the two years before (before there is one: against the last season), or still stand far from where they
-- usually do (is_moved: false): a feast, a closure, a pandemic. What moves with it is not unusual. Kinds of fewer places
-- are judged with the others of their frequency
create or replace temp table shocks as
with sizes as (
    select *, ln(greatest(value, 0.5)) as seen from measured where value is not null and is_amount
),
moves as (
    select
        contract, kind_id, frequency, slot,
        seen - median(seen) over (partition by row_id order by slot range between cycle preceding and 1 preceding) as stepped,
        seen - max(seen) over (partition by row_id order by slot range between slots_a_year preceding and slots_a_year preceding) as yearly,
        seen - max(seen) over (
            partition by row_id order by slot range between 2 * slots_a_year preceding and 2 * slots_a_year preceding
        ) as two_yearly,
        -- what is back where it was before last year is no move
        coalesce(if(
            yearly * two_yearly <= 0, 0, if(abs(yearly) < coalesce(abs(two_yearly), 'inf'), yearly, two_yearly)
        ), stepped) as moved,
        seen - median(seen) over (partition by row_id) as stands,
        if(frequency = 'D', ln(2), ln(1.6)) as least
    from sizes
    qualify median(seen) over (partition by row_id) > ln(10)
),
kinds as (
    select
        kind_id, contract, frequency, slot, count(moved) as places, median(moved) as move,
        count(*) filter (moved > least or stepped > ln(2.5)) as ups, count(*) filter (moved < -least or stepped < -ln(2.5)) as downs,
        count(*) filter (stands > ln(4)) as highs, count(*) filter (stands < -ln(4)) as lows
    from moves group by all
),
shared as (
    select
        kind_id, slot, move, places >= 4 as is_own,
        if(is_own, places, sum(places) over pooled) as places,
        if(is_own, greatest(ups, downs), greatest(sum(ups) over pooled, sum(downs) over pooled)) as moved_places,
        if(is_own, greatest(highs, lows), greatest(sum(highs) over pooled, sum(lows) over pooled)) as far_places
    from kinds window pooled as (partition by contract, frequency, slot)
    qualify is_own or contract = 'visits'
)
select kind_id, slot, move, is_own, places, moved_places, moved_places >= greatest(4, 0.6 * places) as is_moved
from shared
where greatest(moved_places, far_places) >= greatest(4, 0.6 * places);

-- grain: one value above zero with what its neighbours in time, its own season and its siblings lead to expect;
-- all in natural logarithms, all medians. off: how far it is from what comes nearest to it; spread: how far its
-- series usually is (1.4826 MAD, its kind's where that is more)
create or replace temp table compared as
with levels as (
    select
        *,
        coalesce(median(size) over (
            partition by row_id order by slot range between reach preceding and reach following exclude current row
        ), size) as level,
        median(size) over (partition by row_id) as usual
    from (
        select *, case frequency when 'D' then 14 when 'A' then 3 else 6 end as reach from measured where size is not null
    )
),
steps as (
    select
        *,
        size - level as step,
        count(*) over others as siblings,
        if(siblings >= 3, median(size - level) over others, 0) as siblings_step,
        if(siblings >= 3, 1.4826 * mad(size - level) over others, null) as siblings_spread,
        if(siblings >= 3, median(size - usual) over others, 0) as siblings_level
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
        partition by row_id, if(frequency = 'A', null, slot % cycle) order by slot
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
),
spreads as (
    select
        *,
        greatest(0.15, 1.4826 * greatest(median(abs(off)) over (partition by row_id), median(abs(off)) over (partition by kind_id))) as spread,
        count(*) over (partition by row_id) as figures,
        lag(off) over times as off_before,
        lead(off) over times as off_after
    from offs
    window times as (partition by row_id order by slot)
)
select
    c.*, s.slot is not null as is_shock, coalesce(s.is_moved, false) as is_moved,
    coalesce(bool_or(s.is_moved and abs(s.move) > ln(2.5)) over (
        partition by row_id order by slot range between reach preceding and reach following
    ), false) as is_near_shock,
    -- what stands out of a shock, too
    abs(step - siblings_step) > 4 * greatest(spread, siblings_spread) as is_alone,
    -- how many decades a figure is off, where it is near a power of ten
    round(off / ln(10))::integer as decades,
    -- a slip of the pen or the unit is proven by the others of the table: they did not move, or did so together
    -- where that is seen in spite of it, and this one is a power of ten away by its neighbours, too
    frequency <> 'A' and abs(decades) between 1 and 3 and siblings >= 3 and siblings_spread < 0.35
        and abs(off - decades * ln(10)) < if(abs(decades) = 1, ln(1.6), ln(2.5))
        and spread < abs(off) / 6 and abs(step - siblings_step) > 0.75 * abs(off) and coalesce(abs(step - season) > 0.75 * abs(off), true)
        and (abs(siblings_step) < 0.5 or abs(decades) > 1) as is_slip
from spreads as c left join shocks as s using (kind_id, slot);

-- grain: one figure and what it is to be the sum of: both origins, its months, the other places, its sites, its
-- breakdowns. is_stated: by the contract or by its name; else by what most of these figures show (is_learned)
create or replace temp table wholes as
with pairs as (
    select w.contract, w.value_id, 'origin' as relation, p.value_id as part_id, 2 as due
    from measured as w join measured as p
        using (contract, place, place_kind, measure, breakdown, definition, series, frequency, slot)
    where w.contract = 'visits' and w.origin = 'total' and p.origin in ('wisnus', 'wisman')
    union all by name
    select
        w.contract, w.value_id, 'time' as relation, p.value_id as part_id,
        case when p.frequency = 'D' then w.period_end - w.period_start + 1 else n.due end as due
    from measured as p
    join (values ('M', 'A', 'year', 12), ('Q', 'A', 'year', 4), ('M', 'Q', 'quarter', 3), ('D', 'M', 'month', 31)) as n(frequency, whole, span, due)
        on n.frequency = p.frequency
    join measured as w
        on (w.contract, w.place, w.place_kind, w.measure, w.origin, w.breakdown, w.definition, w.series, w.frequency, w.period_start)
            = (p.contract, p.place, p.place_kind, p.measure, p.origin, p.breakdown, p.definition, p.series, n.whole, date_trunc(n.span, p.period_start))
    where w.contract in ('visits', 'indicators')
    union all by name
    select w.contract, w.value_id, 'sites' as relation, p.value_id as part_id, null as due
    from measured as w join measured as p using (contract, measure, origin, breakdown, definition, series, frequency, slot)
    where w.contract = 'visits' and w.place_kind = 'area' and p.place_kind = 'site'
    union all by name
    select w.contract, w.value_id, 'breakdown' as relation, p.value_id as part_id, null as due
    from measured as w join measured as p using (contract, place, place_kind, measure, origin, definition, series, frequency, slot)
    where w.contract in ('visits', 'condition', 'indicators') and w.breakdown = '' and p.breakdown <> ''
),
rows_ as (
    select
        value_id, kind_id, slot, row_id, sum(value) over now - value as others, count(value) over now - 1 as others_counted,
        count(*) filter (value > 0) over now - (value > 0)::int as others_positive, value,
        regexp_matches(lower(place), '^(grand |sub ?)?(jumlah|total|rata-rata|seluruh|semua)\b') as is_named
    from measured where is_amount and contract <> 'service'
    window now as (partition by kind_id, slot)
),
totals as (
    select row_id, bool_or(is_named) as is_named
    from rows_ where value > 0 and others_positive >= 2 and others_counted >= 3
    group by row_id
    having bool_or(is_named) or count(*) filter (value = others) >= 0.5 * count(*)
        and (count(*) filter (value = others and value >= 20) >= 3 or count(*) filter (value = others and value >= 1000) >= 1)
),
summed as (
    select
        w.contract, w.value_id, p.relation, p.due, list(m.value_id order by m.slot, m.value_id) filter (m.value is not null) as part_ids,
        list(m.value order by m.slot, m.value_id) filter (m.value is not null) as part_values,
        sum(m.value) as parts, count(m.value) as counted, bool_and(
            m.unit_id is not distinct from w.unit_id and m.published_at is not distinct from w.published_at and w.obs_status <> 'estimated'
        ) as is_one_file,
        any_value(w.value) as value, p.relation in ('origin', 'time') as is_stated, any_value(w.kind_id) as kind_id
    from pairs as p join measured as w using (contract, value_id)
    join measured as m on m.value_id = p.part_id and m.contract = p.contract
    where w.value is not null and w.is_amount
    group by w.contract, w.value_id, p.relation, p.due
    union all by name
    select
        w.contract, w.value_id, 'places' as relation, null as due, list(m.value_id order by m.value_id) as part_ids, list(m.value order by m.value_id) as part_values,
        sum(m.value) as parts, count(m.value) as counted, bool_and(
            m.unit_id is not distinct from w.unit_id and m.published_at is not distinct from w.published_at and w.obs_status <> 'estimated'
        ) as is_one_file,
        any_value(w.value) as value, any_value(t.is_named) as is_stated, any_value(w.kind_id) as kind_id
    from totals as t join measured as w using (row_id) join measured as m using (kind_id, slot)
    where w.value is not null and m.value is not null and m.row_id <> w.row_id and m.row_id not in (select row_id from totals)
    group by w.contract, w.value_id
)
select
    *, coalesce(due = counted, counted >= 2) as is_whole,
    -- rounded figures may differ by a half each
    abs(value - parts) <= if(value = round(value) and parts = round(parts), 0, 0.5 * counted) + 1e-9 * value as is_equal,
    count(*) filter (is_whole and value > 0) over alike as cases,
    count(*) filter (is_whole and is_equal and value > 0) over alike as held,
    held >= greatest(2, 0.6 * cases) as is_learned
from summed
window alike as (partition by contract, relation, kind_id);

-- grain: one part that is proven wrong, since with a digit more, or ten, a hundred or a thousand times as large or small,
-- its total is right to the last digit
create or replace temp table confirmed as
with off as (
    select
        contract, value_id as total_id, unnest(part_ids) as value_id, unnest(part_values) as value, part_ids, value - parts as lacking
    from wholes
    where is_whole and not is_equal and (is_stated or is_learned) and value > 0
),
right_ as (
    select *, value + lacking as right_value,
        abs(right_value / value - 10) < 0.001 or abs(right_value / value - 100) < 0.01 or abs(right_value / value - 1000) < 0.1
        or abs(value / right_value - 10) < 0.001 or abs(value / right_value - 100) < 0.01 or abs(value / right_value - 1000) < 0.1
        or len(list_filter(
            range(1, length(right_value::bigint::varchar) + 1),
            lambda i: (right_value::bigint::varchar)[:i - 1] || (right_value::bigint::varchar)[i + 1:] = value::bigint::varchar
        )) > 0 as fits
    from off where value > 0 and value + lacking > 0 and value = round(value)
)
select contract, value_id, any_value(value) as value, any_value(right_value) as right_value, any_value(total_id) as total_id
from right_ where fits
-- only one part may explain it
and (contract, total_id) in (select (contract, total_id) from right_ where fits group by contract, total_id having count(*) = 1)
group by contract, value_id;

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
    where regexp_matches(place, '[A-Za-z]{3}') and place_kind <> 'agency'  -- two codes are never alike
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
