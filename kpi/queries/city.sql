-- grain: the one row of the city and the target that it wants to be measured by
select name, area, time_zone, ruling_year, ruling_document, ruling_definition, ruling_series from city
