-- grain: one published value of a domain for the city's own area, newest first: what is not in a record by months
select
    k.indicator, k.breakdown, k.value_sum as value, k.unit, k.series, k.obs_status, k.period_start, k.period_end,
    k.known_from as published_at
from condition_known as k join city as c using (area)
where k.domain = $domain and k.obs_status <> 'simulated'
order by k.period_end desc, k.period_start, k.indicator, k.breakdown <> '', k.value_sum desc
