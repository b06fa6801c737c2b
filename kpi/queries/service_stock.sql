-- grain: one day and item that the agencies of $service have counted, as known by as_of; newest publication of a day
select t.item, t.day, t.on_hand, t.obs_status, t.series
from stock as t
where exists (from service_series_query as s where (s.agency, s.service_code) = (t.agency, $service))
    and ($agency is null or t.agency = $agency)
    and (getvariable('as_of') is null or (t.day <= getvariable('as_of')::date and t.published_at <= getvariable('as_of')::date))
qualify row_number() over (
    partition by t.agency, t.item, t.day order by starts_with(t.series, 'simulated:'), t.published_at desc nulls last
) = 1
order by t.item, t.day
