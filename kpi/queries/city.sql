-- grain: the one row of the city
select name, area, time_zone from city
