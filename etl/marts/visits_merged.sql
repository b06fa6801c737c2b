-- grain: one known count of visits (visits_known); within a simulated series a published count of the same place,
-- period, measure and origin stands in for the simulated one. A published total stands in for the counts of all
-- origins (is_of_all, stands_for so many), unless one of these was published. The published series stay as they are.
create view visits_merged as
with known as materialized (from visits_known),
simulated as (
    select
        series, definition, place, place_kind, frequency, period_start, period_end, measure,
        list(distinct origin) as origins
    from known where obs_status = 'simulated' and is_simulated(series)
    group by series, definition, place, place_kind, frequency, period_start, period_end, measure
),
fitting as (
    select
        v.* replace (s.series as series, s.definition as definition, s.frequency as frequency),
        not list_contains(s.origins, v.origin) as is_of_all,
        if(is_of_all, len(s.origins), 1) as stands_for,
        simulated_like(v.series) = s.series as is_anchor
    from known as v join obs_status as o using (obs_status)
    join simulated as s using (place, place_kind, period_start, period_end, measure)
    where o.counts and v.visits is not null and v.breakdown = '' and not is_simulated(v.series)
        and (v.origin = 'total' or list_contains(s.origins, v.origin))
),
stand_ins as (
    select * exclude (is_anchor) from fitting
    window same as (partition by series, definition, place, place_kind, frequency, period_start, period_end, measure)
    qualify
        not (is_of_all and bool_or(not is_of_all) over same)
        -- the publisher that the simulated series is made like goes first
        and row_number() over (
            partition by series, definition, place, place_kind, frequency, period_start, period_end, measure, origin
            order by is_anchor desc, published_at desc nulls last, value_id desc
        ) = 1
)
select v.*, false as is_of_all, 1 as stands_for
from known as v
where v.obs_status <> 'simulated' or not exists (
    from stand_ins as t
    where (t.series, t.definition, t.place, t.place_kind, t.frequency, t.period_start, t.period_end, t.measure)
        = (v.series, v.definition, v.place, v.place_kind, v.frequency, v.period_start, v.period_end, v.measure)
        and (t.is_of_all or t.origin = v.origin)
)
union all by name
from stand_ins;
