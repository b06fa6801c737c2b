/*
concept = "Waktu layanan: how long nine of ten requests take at most"
definition = "90th percentile of hours by the clock from request to completion, of the requests of a year that are completed; those still open are counted in values_expected and make the figure provisional"
classification = "service, series, year of request"
measure = "quantile"
unit = "hours"
producer = "the agency that serves; sums computed here"
period = "year"
values = "requests"
direction = "down"
method = "additive histogram (a minute below 24 hours, then an hour), even within a bin; requests to the day only, and those completed before or in the moment of the request, are left out"
*/
-- grain: one service and series in one year of request, of the city's area
select
    definition, series, year, covered_to,
    p90_hours as value, done::bigint as numerator, (done + still_open)::bigint as denominator,
    if(done = 0, 'nothing_completed', null) as reason,
    obs_status, is_complete, values_summed, values_reported, values_expected, known_at
from service_years_query
