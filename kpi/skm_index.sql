/*
concept = "Indeks kepuasan masyarakat (SKM): what people say of a service"
definition = "Mean score of each of nine elements (1 to 4), their mean with weights of exactly 1/9, times 25, rounded to two decimals before it is put into a class"
classification = "service, series, year of answer"
measure = "mean"
unit = "index_25_100"
producer = "the agency that serves"
period = "year"
values = "survey"
direction = "up"
method = "PermenPANRB 14/2017; the regulation prints the weight as 0.11, which would lose one hundredth of the index"
*/
-- grain: one service and series in one year of answers; numerator = sum of scores, denominator = scores given. No
-- index where an element was not asked.
with elements as (
    select service_code, series, year, element, sum(answers) as answers, sum(scores) as scores,
        max(covered_to) as covered_to, max(known_on) as known_on
    from survey_elements_query group by service_code, series, year, element
)
select
    e.service_code as definition,
    e.series,
    e.year,
    least(max(e.covered_to), make_date(e.year, 12, 31)) as covered_to,
    -- the sum is exact before it is rounded: a double would put 88.305 on either side
    if(count(*) = 9, round((25 * sum(e.scores / e.answers) / 9)::decimal(18, 8), 2), null)::double as value,
    sum(e.scores)::bigint as numerator,
    sum(e.answers)::bigint as denominator,
    if(count(*) = 9, null, 'elements_lacking') as reason,
    day_of_view() > make_date(e.year, 12, 31) as is_complete,
    if(is_simulated(e.series), 'simulated', if(is_complete, 'final', 'provisional')) as obs_status,
    max(e.answers)::integer as values_summed,
    count(*)::integer as values_reported,
    9 as values_expected,
    max(e.known_on) as known_at
from elements as e
group by e.service_code, e.series, e.year
order by e.service_code, e.series, e.year
