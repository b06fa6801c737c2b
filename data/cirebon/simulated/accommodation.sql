-- one value a filled cell: the guests of one origin on a day
select day as period_start, _col as origin, num(visits) as visits, published_at, _row, _col
from raw unpivot (visits for _col in (wisnus, wisman))
where not absent(visits)
