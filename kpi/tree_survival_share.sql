/*
concept = "Penghijauan: the part of planted trees that lives"
definition = "Trees alive / trees checked, of all areas pooled"
classification = "series, year of the check"
measure = "ratio"
unit = "share"
producer = "the publisher of the series"
period = "year"
values = "condition"
direction = "up"
method = "counts of the publisher; trees that nobody checked are in neither number"
*/
-- grain: one form, series and year of the city's areas (queries/condition_yearly.sql)
select * exclude (kpi) from condition_yearly_query where kpi = 'tree_survival_share'
