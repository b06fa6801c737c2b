/*
concept = "Kebersihan: the part of the points looked at that is not clean enough"
definition = "(points graded worse than B- + half of those graded B-) / points graded, of all areas pooled; where points are only found clean or not, those not found clean / points looked at; where no number of points is given, one minus the mean rating"
classification = "form of the record (graded, clean_share, unsampled), series, year"
measure = "ratio"
unit = "share"
producer = "the publisher of the series"
period = "year"
values = "condition"
direction = "down"
method = "NI 195 (Defra, Cleanliness National Indicator, 2008): B- counts half; at least 30 points in each class"
*/
-- grain: one form, series and year of the city's areas (queries/condition_yearly.sql)
select * exclude (kpi) from condition_yearly_query where kpi = 'cleanliness_unacceptable_share'
