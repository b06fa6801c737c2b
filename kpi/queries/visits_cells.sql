-- grain: one cell (cells.sql) and period that $definition of $series counts and that is expected by as_of
select c.place, c.place_kind, c.measure, c.origin, c.frequency, c.period_start, c.period_end, c.visits, c.obs_status
from cells_query as c
where c.series = $series and (
    c.measure in (select measure from definitions where definition = $definition)
    or (c.measure = 'visits_total' and c.perimeter = $definition)
)
order by c.period_start, c.measure, c.place, c.origin
