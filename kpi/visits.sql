/*
concept = "Kunjungan: one person coming to one attraction, staying at one accommodation or eating at one restaurant, counted at each; residents included"
definition = "Sum of the measures that belong to a definition (cakupan), of one series (publisher and method), in one calendar year; each measure from its one leaf set (visits_resolved)"
classification = "definition, series, year"
measure = "sum"
unit = "visits"
producer = "the publisher of the series"
period = "year"
values = "visits"
direction = "up"
method = "IRTS 2008 keeps visits and visitors apart; a person may be counted at several places, so sums over measures are visits, never people"
*/
-- grain: one definition, series and year of the city's area
select y.*
from yearly_visits_query as y join city using (area)
order by y.series, y.definition, y.year
