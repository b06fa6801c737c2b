-- grain: the name of a place of visits, or of an area, by its code ($place)
select name from (select site as place, name from sites union all select area, name from areas) where place = $place limit 1
