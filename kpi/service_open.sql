/*
concept = "Permohonan terbuka: requests that wait"
definition = "Requests of a year that are neither completed nor withdrawn on the last day until which the agency's state is known"
classification = "service, series, year of request"
measure = "count"
unit = "requests"
producer = "the agency that serves; sums computed here"
period = "year"
values = "requests"
direction = "down"
method = "own rule; the state of a request is the newest one published by the day from which is looked"
*/
-- grain: one service and series in one year of request, of the city's area
select
    definition, series, year, covered_to,
    still_open::double as value, still_open::bigint as numerator, requests::bigint as denominator,
    obs_status, is_complete, values_summed, values_reported, values_expected, known_at
from service_years_query
