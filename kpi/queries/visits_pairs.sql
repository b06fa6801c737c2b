-- grain: one alignment (see visits_compared), and within it all, one place, one month or both: the visits of a year and
-- those of the year before on the same days (months or years where days are not counted), of places that reported on both
select
    c.alignment,
    c.place,
    c.place_name,
    if(c.place is null, null, any_value(c.measure)) as measure,
    c.month_start,
    sum(c.visits)::bigint as visits,
    sum(c.visits_before)::bigint as visits_before,
    (sum(c.visits) - sum(c.visits_before))::bigint as change,
    sum(c.visits) / nullif(sum(c.visits_before), 0) - 1 as growth,
    count(distinct (c.place, c.measure)) as places_compared,
    any_value(c.places_reported) as places_reported,
    min(c."start") as first_start,
    max(c."end") as last_day,
    -- whether every place is compared on every day of the span
    count(*) = count(distinct (c.place, c.measure)) * count(distinct c."start")
        and (c.month_start is null or max(c."end") >= last_day(c.month_start)) as is_complete,
    any_value(c.unit) as unit,
    any_value(c.feast) as feast,
    any_value(c.feast_before) as feast_before,
    -- what was asked for
    {
        definition: $definition, series: $series, year: $year::integer, measure: $measure::varchar,
        origin: $origin::varchar, site: $site::varchar
    } as asked
from visits_compared_query as c
group by grouping sets (
    (c.alignment), (c.alignment, c.month_start), (c.alignment, c.place, c.place_name, c.measure),
    (c.alignment, c.place, c.place_name, c.measure, c.month_start)
)
order by c.alignment, c.month_start nulls first, change, c.place_name
