-- grain: one service, agency and series whose requests are known by as_of, with the last moment (and local day) until
-- which their state is known and what happened then; a simulated series is left out where a published one has the same service
select
    service_code, agency, series, is_simulated(series) as is_simulated, max(reaches_at) as reaches_at,
    max(reaches_to) as reaches_to,
    arg_max(last_event, reaches_at) as last_event,
    max(known_on) as known_on
from service_reach
where is_known(known_on)
group by service_code, agency, series
qualify not is_simulated or bool_and(is_simulated) over (partition by service_code)
order by service_code, agency, series
