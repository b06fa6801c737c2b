-- grain: one value of visits of $definition in $series that is compared: of $year and of the year before, of a $measure,
-- $origin or $site (null = all, of the city)
select *, if(place_kind = 'site', site, '') as place_name
from visits_leaves_query
where series = $series and definition = $definition and year in ($year, $year - 1) and frequency in ('D', 'M', 'A')
    and ($measure::varchar is null or measure = $measure)
    and ($origin::varchar is null or origin = $origin)
    and if($site::varchar is null, is_of_city, place = $site)
