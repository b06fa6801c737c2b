/*
concept = "Penghijauan: the part of the city's land that is green open space"
definition = "Published share of the city's area: public = by ownership, private = by ownership, by_function = all that is green whoever owns it; never added up here"
classification = "measure (public, private, by_function), series, year"
measure = "share"
unit = "share"
producer = "the publisher of the series"
period = "year"
values = "green"
direction = "up"
method = "UU 26/2007: at least 30 % of a city, of which 20 % public; ownership and function are two measures"
*/
-- grain: one measure, series and year of the city's area, the newest vintage known by as_of
select
    k.breakdown as definition,
    k.series,
    k.period_start,
    k.period_end,
    k.value_sum / 100 as value,
    k.obs_status,
    k.known_from as known_at
from condition_known as k join city using (area)
where k.indicator = 'green_space' and k.unit = 'percent' and k.values_counted = 1
qualify row_number() over (partition by k.breakdown, k.series, year(k.period_start) order by k.period_end desc) = 1
order by k.breakdown, k.series, k.period_start
