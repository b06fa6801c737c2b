-- grain: one day and item that the agencies of $service have counted: their stocks together, as known by as_of. Of a day
-- the newest publication holds; an agency that did not count on a day has what it had before. From the day on that all
-- agencies have counted once.
with counted as materialized (
    select t.agency, t.item, t.day, t.on_hand, t.obs_status, t.series, o.care
    from stock as t join obs_status as o using (obs_status)
    where exists (from service_series_query as s where (s.agency, s.service_code) = (t.agency, $service))
        and ($agency is null or t.agency = $agency)
        and is_known(t.day) and is_known(t.published_at)
    qualify row_number() over (
        partition by t.agency, t.item, t.day order by is_simulated(t.series), t.published_at desc nulls last
    ) = 1 and t.on_hand is not null
),
agencies as (select item, agency, count(*) over (partition by item) as expected from counted group by item, agency),
days as (select distinct d.item, d.day, a.agency, a.expected from counted as d join agencies as a using (item))
select
    d.item, d.day, sum(c.on_hand)::bigint as on_hand, arg_max(c.obs_status, c.care) as obs_status,
    arg_max(c.series, c.care) as series
from days as d asof join counted as c on (c.item, c.agency) = (d.item, d.agency) and c.day <= d.day
group by d.item, d.day
having count(*) = max(d.expected)
order by d.item, d.day
