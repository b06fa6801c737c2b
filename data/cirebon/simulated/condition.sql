-- one value a filled cell: clean_share (clean points of the points looked at) and the grades of the same points, the
-- mean mark of their items, violations and their kinds, patrol hours, planting, and what lives of last year's trees
with known (_col, domain, indicator, breakdown, unit, direction, series) as (values
    ('clean_share', 'kebersihan', 'clean_share', '', 'percent', 'up', 'simulated:dlh'),
    ('grade_a', 'kebersihan', 'graded_points', 'A', 'points', 'up', 'simulated:dlh'),
    ('grade_b_plus', 'kebersihan', 'graded_points', 'B+', 'points', 'up', 'simulated:dlh'),
    ('grade_b', 'kebersihan', 'graded_points', 'B', 'points', 'up', 'simulated:dlh'),
    ('grade_b_minus', 'kebersihan', 'graded_points', 'B-', 'points', 'down', 'simulated:dlh'),
    ('grade_c', 'kebersihan', 'graded_points', 'C', 'points', 'down', 'simulated:dlh'),
    ('grade_c_minus', 'kebersihan', 'graded_points', 'C-', 'points', 'down', 'simulated:dlh'),
    ('grade_d', 'kebersihan', 'graded_points', 'D', 'points', 'down', 'simulated:dlh'),
    ('item_mark', 'kebersihan', 'adipura_item', '', 'mark', 'up', 'simulated:dlh'),
    ('violations', 'ketertiban', 'violations', '', 'violations', 'down', 'simulated:satpol_pp'),
    ('smoking', 'ketertiban', 'violations', 'smoking', 'violations', 'down', 'simulated:satpol_pp'),
    ('street_vending', 'ketertiban', 'violations', 'street_vending', 'violations', 'down', 'simulated:satpol_pp'),
    ('alcohol', 'ketertiban', 'violations', 'alcohol', 'violations', 'down', 'simulated:satpol_pp'),
    ('destitute', 'ketertiban', 'violations', 'destitute', 'violations', 'down', 'simulated:satpol_pp'),
    ('indecency', 'ketertiban', 'violations', 'indecency', 'violations', 'down', 'simulated:satpol_pp'),
    ('patrol_hours', 'ketertiban', 'patrol_hours', '', 'hours', 'up', 'simulated:satpol_pp'),
    ('green_m2', 'penghijauan', 'green_m2', '', 'm2', 'up', 'simulated:dlh'),
    ('trees', 'penghijauan', 'trees', '', 'trees', 'up', 'simulated:dlh'),
    ('trees_checked', 'penghijauan', 'trees_checked', '', 'trees', 'up', 'simulated:dlh'),
    ('trees_alive', 'penghijauan', 'trees_alive', '', 'trees', 'up', 'simulated:dlh')
),
wide as (
    select *, round(100 * try_cast(clean_points as double) / try_cast(points as double), 4)::varchar as clean_share
    from raw
)
select
    kelurahan as area, period(month) as period_start, domain, indicator, breakdown, num(amount, '.') as value, unit, direction,
    case
        when indicator in ('clean_share', 'graded_points', 'adipura_item') then points
        when indicator = 'violations' then inspections
    end as sample_size,
    series, published_at, _row, if(_col = 'clean_share', 'clean_points', _col) as _col
from wide unpivot (amount for _col in (
    clean_share, grade_a, grade_b_plus, grade_b, grade_b_minus, grade_c, grade_c_minus, grade_d, item_mark,
    violations, smoking, street_vending, alcohol, destitute, indecency, patrol_hours, green_m2, trees, trees_checked, trees_alive
))
join known using (_col)
where not absent(amount)
