-- grain: the one row of the city
select name, area, time_zone, demo_as_of, office_opens, office_closes, ruling_year, rating_scale, first_service from city
