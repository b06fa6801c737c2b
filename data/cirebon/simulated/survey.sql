-- one value a cell: the score of one element on one answer sheet
select answer as response_id, day as answered_on, _col as element, score, published_at, _row, _col
from raw unpivot (score for _col in (columns('^U\d$')))
