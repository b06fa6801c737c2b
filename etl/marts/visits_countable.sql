-- grain: one value that may count towards its measure (visits_merged), with what it may be added up with: its
-- area, perimeter, year and split of origins. A breakdown is part of its measure and never added to it.
create view visits_countable as
select
    v.*,
    if(v.place_kind = 'area', v.place, c.area) as area,
    -- a total published without parts belongs to its definition; a measure says itself what it counts
    if(v.measure = 'visits_total', v.definition, '') as perimeter,
    if(v.origin = 'total' and not v.is_of_all, 'total', 'parts') as origin_split,
    year(v.period_start) as year
from visits_merged as v cross join city as c join obs_status as o using (obs_status)
where (v.visits is null or o.counts) and v.breakdown = '';
