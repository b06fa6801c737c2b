-- grain: one explanation of the city's offices for one KPI and period, known by as_of
select
    e.kpi, e.period_start, e.period_end, e.definition, e.owner, e.kendala,
    nullif(e.tindak_lanjut, 'not_stated') as tindak_lanjut, e.document, e.published_at, e.published_at_basis
from explanations_known as e join city as c using (area)
order by e.kpi, e.period_start, e.published_at, e.owner
