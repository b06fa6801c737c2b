/*
concept = "Tepat waktu: the part of requests that keep the service standard"
definition = "Requests of a year completed within the standard for all channels, divided by those of which this is decided: completed, or open for longer than the standard allows"
classification = "service, series, year of request"
measure = "ratio"
unit = "share"
producer = "the agency that serves; sums computed here"
period = "year"
values = "requests"
direction = "up"
method = "exact to one bin of the additive histogram, ages of open requests to the hour; the standard is a row of data with its document"
*/
-- grain: one service and series in one year of request, of the city's area
select
    definition, series, year, covered_to,
    within_standard / nullif(decided, 0) as value, if(decided is null, null, within_standard)::bigint as numerator, decided::bigint as denominator,
    case when document is null then 'no_standard' when decided = 0 then 'nothing_decided' end as reason,
    obs_status, is_complete, values_summed, values_reported, values_expected, known_at, document as target_document
from service_years_query
