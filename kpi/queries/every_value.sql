-- grain: one loaded value of any fact, or one day of events at a site, with its dataset, its days, the site that it
-- stands for (if any), whether it was known by as_of (unset = all are) and whether it is simulated
with facts as (
    select
        'visits' as contract, value_id, unit_id, if(place_kind = 'site', place, null) as site, period_start, period_end,
        visits is not null as is_reported, obs_status, series, published_at, published_at_basis
    from visits
    union all by name
    select
        'targets' as contract, value_id, unit_id, period_start, period_end, true as is_reported, published_at, published_at_basis
    from targets
    union all by name
    select
        'explanations' as contract, value_id, unit_id, period_start, period_end, true as is_reported, published_at, published_at_basis
    from explanations
    union all by name
    select
        'indicators' as contract, value_id, unit_id, period_start, period_end, value is not null as is_reported,
        obs_status, series, published_at, published_at_basis
    from indicators
    union all by name
    select
        'condition' as contract, value_id, unit_id, period_start, period_end, value is not null as is_reported,
        obs_status, series, published_at, published_at_basis
    from condition
    union all by name
    select
        'stock' as contract, value_id, unit_id, day as period_start, day as period_end, on_hand is not null as is_reported,
        obs_status, series, published_at, published_at_basis
    from stock
    union all by name
    select
        'survey' as contract, value_id, unit_id, answered_on as period_start, answered_on as period_end, true as is_reported,
        obs_status, series, published_at, published_at_basis
    from survey
    union all by name
    select
        'service' as contract, value_id, unit_id, requested_on as period_start, requested_on as period_end, true as is_reported,
        obs_status, series, published_at, published_at_basis
    from service
    union all by name
    select
        contract, unit_id, site, day as period_start, day as period_end, true as is_reported,
        u.published_at, u.published_at_basis
    from event_days join units as u using (contract, unit_id)
)
select
    u.dataset,
    f.* exclude (obs_status, series),
    starts_with(u.dataset, 'simulated/')
        or coalesce(f.obs_status = 'simulated' or is_simulated(f.series), false) as is_simulated,
    -- the period of a target may lie ahead
    getvariable('as_of') is null or (
        (f.contract = 'targets' or f.period_end <= getvariable('as_of')::date)
        and coalesce(f.published_at <= getvariable('as_of')::date, false)
    ) as is_known
from facts as f join units as u using (unit_id)
