/*
concept = "Ketertiban: violations found in an hour of patrol"
definition = "Violations of all kinds / patrol hours, of the areas and periods of which both are known"
classification = "series, year"
measure = "ratio"
unit = "violations_per_hour"
producer = "the publisher of the series"
period = "year"
values = "condition"
direction = "down"
method = "a rate by effort: who patrols more finds more, so counts alone show effort, not order"
*/
-- grain: one form, series and year of the city's areas (queries/condition_yearly.sql)
select * exclude (kpi) from condition_yearly_query where kpi = 'violations_per_patrol_hour'
