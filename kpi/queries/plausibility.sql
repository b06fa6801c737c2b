-- grain: one thing that is known otherwise about the city and can be held against the visits of $year: as of the nearest
-- year for which it is known; of several breakdowns the widest period, then the one that is named first
with known as (
    select
        i.indicator as input, i.breakdown, i.value, i.unit, i.period_start, i.period_end, i.series, i.obs_status
    from indicators as i
    where i.area = (select area from city) and i.value is not null
        and i.indicator in ('population', 'rooms', 'room_occupancy', 'length_of_stay')
        and is_known(i.period_end) and is_known(i.published_at)
    union all
    select 'trips', '', visits, 'trips', period_start, period_end, series, obs_status
    from visits_known
    where measure = 'trips' and place = (select area from city) and visits is not null and breakdown = ''
        -- a whole year
        and (frequency = 'A' or (frequency = 'C' and period_end = make_date(year(period_start), 12, 31)))
)
select input, breakdown, value, unit, period_start, period_end, series, obs_status
from known
qualify row_number() over (
    partition by input
    order by
        abs(year(period_start) - $year), breakdown = '' desc, period_end - period_start desc, breakdown, period_start desc
) = 1
order by input
