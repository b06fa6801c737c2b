-- grain: one value and one definition that it counts in: of the city, from the leaf sets of visits_resolved; or of a
-- site that is no part of such a set (is_of_city false), from its own leaf set: the most days, then the finest
-- frequency, parts before total. A span that is no calendar period is no leaf of a site: two may overlap
with counted as (
    select * from visits_countable where place_kind = 'site' and frequency <> 'C'
),
of_city as materialized (from visits_resolved where area = (select area from city)),
site_sets as (
    select place, measure, perimeter, definition, series, year, frequency, origin_split
    from counted as c
    where not exists (
        from of_city as r
        where r.place_kind = 'site' and (r.measure, r.perimeter, r.series, r.year) = (c.measure, c.perimeter, c.series, c.year)
    )
    group by place, measure, perimeter, definition, series, year, frequency, origin_split
    qualify row_number() over (
        partition by place, measure, perimeter, series, year
        order by
            coalesce(sum(period_end - period_start + 1) filter (where visits is not null), 0) desc,
            coarseness(frequency), origin_split, definition
    ) = 1
),
leaves as (
    select
        value_id, series, measure, perimeter, place, place_kind, year, frequency, period_start, period_end, origin,
        origin = 'total' and origin_split = 'parts' as is_of_all, visits, obs_status, published_at, is_complete,
        true as is_of_city
    from of_city
    union all
    select
        value_id, series, measure, perimeter, place, place_kind, year, frequency, period_start, period_end, origin,
        is_of_all, visits, obs_status, published_at, false, false
    from counted semi join site_sets
        using (place, measure, perimeter, definition, series, year, frequency, origin_split)
),
-- wisnus alone is all that some publishers count; wisman alone is never a total
origins as (
    select series, measure, perimeter, if(bool_and(origin = 'wisnus'), 1, 2) as origins_expected
    from leaves where origin <> 'total' or is_of_all
    group by series, measure, perimeter
),
defined as (
    select definition, measure, '' as perimeter, count(*) over (partition by definition) as measures_expected
    from definitions
    union all
    select distinct perimeter, measure, perimeter, 1 from leaves where measure = 'visits_total'
),
-- a year of a definition is the sum of all its measures or one total, as in the KPI visits
chosen as (
    select l.series, d.definition, l.year, l.perimeter, l.is_of_city
    from leaves as l join defined as d using (measure, perimeter)
    group by l.series, d.definition, l.year, l.perimeter, l.is_of_city
    having count(distinct l.measure) filter (where l.visits is not null) = max(d.measures_expected)
    qualify row_number() over (
        partition by l.series, d.definition, l.year, l.is_of_city
        order by bool_and(l.is_complete) desc, count(distinct l.measure) desc
    ) = 1
)
select
    c.definition,
    l.*,
    coalesce(s.name, '') as site,
    if(l.origin = 'total' and not l.is_of_all, 1, o.origins_expected) as origins_expected,
    if(l.visits is null, 0, if(l.is_of_all, o.origins_expected, 1)) as origins_reported
from leaves as l
join defined as d using (measure, perimeter)
join chosen as c
    on (c.series, c.definition, c.year, c.perimeter, c.is_of_city) = (l.series, d.definition, l.year, l.perimeter, l.is_of_city)
left join origins as o on (o.series, o.measure, o.perimeter) = (l.series, l.measure, l.perimeter)
left join sites as s on l.place_kind = 'site' and s.site = l.place
