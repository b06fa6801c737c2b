-- grain: one population (people) or land area (km2) of an area, year and publisher, its newest vintage known by as_of;
-- none that is simulated, since what is divided by it would bear no mark
select area, indicator, date_part('year', period_end)::integer as year, value, series, obs_status, published_at
from indicators
where breakdown = '' and value > 0 and (indicator, unit) in (('population', 'people'), ('land_area', 'km2'))
    and obs_status <> 'simulated' and not is_simulated(series)
    and is_known(period_start) and is_known(published_at)
qualify row_number() over (
    partition by area, indicator, year, series order by published_at desc nulls last, period_end desc, value_id desc
) = 1
order by area, indicator, year, series
