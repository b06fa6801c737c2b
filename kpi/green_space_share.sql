/*
concept = "Penghijauan: the part of the city's land that is green open space"
definition = "Published share of the city's area: public = by ownership, private = by ownership, by_function = all that is green whoever owns it; never added up here"
classification = "measure (public, private, by_function), series, year"
measure = "share"
unit = "share"
producer = "the publisher of the series"
period = "year"
direction = "up"
method = "UU 26/2007: at least 30 % of a city, of which 20 % public; ownership and function are two measures"
*/
-- grain: one measure, series and year of the city's area, the newest vintage known by as_of
select
    t.name as city,
    k.area,
    k.breakdown as definition,
    k.series,
    year(k.period_start)::integer as year,
    k.period_start,
    k.period_end,
    k.period_end as covered_to,
    k.value_sum / 100 as value,
    null::bigint as numerator,
    null::bigint as denominator,
    k.obs_status,
    o.drawn,
    true as is_complete,
    1 as values_summed,
    1 as measures_summed,
    1 as values_reported,
    1 as values_expected,
    [] as origins,
    k.known_from as known_at,
    [] as value_ids
from condition_known as k join city as t using (area) join obs_status as o using (obs_status)
where k.indicator = 'green_space' and k.unit = 'percent' and k.values_counted = 1
qualify row_number() over (partition by k.breakdown, k.series, year(k.period_start) order by k.period_end desc) = 1
order by k.breakdown, k.series, k.period_start
