-- one value a filled cell: a site's visits on a day
select _col as place, day as period_start, origin, num(visits) as visits, published_at, _row, _col
from raw unpivot (visits for _col in (columns(* exclude (_row, _file, _sheet, day, origin, published_at))))
where not absent(visits)
