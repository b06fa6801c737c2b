-- grain: one part of a figure: how many values it was made of (a query values_*), their sum, and the last day
select part, count(*) as n, count(value) as counted, sum(value) as total, min(period_start) as "first", max(period_end) as "last",
    any_value(unit) as unit
from asked_query group by part order by part
