-- one value a filled cell of clean_share (clean points of the points looked at), violations, patrol_hours, green_m2, trees
with known (_col, domain, unit, direction, series) as (values
    ('clean_share', 'kebersihan', 'percent', 'up', 'simulated:dlh'),
    ('violations', 'ketertiban', 'violations', 'down', 'simulated:satpol_pp'),
    ('patrol_hours', 'ketertiban', 'hours', 'up', 'simulated:satpol_pp'),
    ('green_m2', 'penghijauan', 'm2', 'up', 'simulated:dlh'),
    ('trees', 'penghijauan', 'trees', 'up', 'simulated:dlh')
),
wide as (
    select *, round(100 * try_cast(clean_points as double) / try_cast(points as double), 4)::varchar as clean_share
    from raw
)
select
    kelurahan as area, period(month) as period_start, domain, _col as indicator, num(amount, '.') as value, unit, direction,
    case _col when 'clean_share' then points when 'violations' then inspections end as sample_size,
    series, published_at, _row, if(_col = 'clean_share', 'clean_points', _col) as _col
from wide unpivot (amount for _col in (clean_share, violations, patrol_hours, green_m2, trees))
join known using (_col)
where not absent(amount)
