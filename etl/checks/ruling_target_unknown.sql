/*
contract = "targets"
severity = "error"
marks = "suspect"
concept = "city.toml names a ruling target that no loaded document states, so the page has no target"
method = "own rule; exact title of the document"
*/
-- grain: the one ruling target, where nothing states it
select
    []::bigint[] as value_ids,
    []::bigint[] as marked_ids,
    {document: c.ruling_document, year: c.ruling_year} as params
from city as c
where c.ruling_document is not null and not exists (
    from targets as t
    where (t.document, t.kpi, t.area, year(t.period_start))
        = (c.ruling_document, c.ruling_kpi, c.area, c.ruling_year)
)
