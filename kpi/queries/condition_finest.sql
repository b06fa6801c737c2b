-- grain: one record of condition_known; none of areas whose parts have their own of the same indicator, series and
-- period: added up, a district and its villages would count twice
with known as materialized (from condition_known),
parts as (select distinct area, indicator, series, period_start, period_end from known),
wholes as (
    select a.parent as area, p.* exclude (area) from parts as p join areas as a using (area)
    union
    select b.parent as area, p.* exclude (area)
    from parts as p join areas as a using (area) join areas as b on b.area = a.parent
)
from known anti join wholes using (area, indicator, series, period_start, period_end)
