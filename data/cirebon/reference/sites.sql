-- The kelurahan that the address names, else the one whose polygon holds the point.
with named as (
    select
        _row, attraction, confidence, num(lat, '.') as latitude, num(lng, '.') as longitude,
        regexp_replace(expected_kelurahan, ' \(.*', '') as expected, polygon_kelurahan as found
    from raw
)
select
    trim(regexp_replace(lower(regexp_replace(n.attraction, ' \(.*', '')), '[^a-z0-9]+', '_', 'g'), '_') as site,
    n.attraction as name, coalesce(e.area, f.area) as area, n.latitude, n.longitude, n.confidence, n._row
from named as n
left join areas as e on e.level = 'village' and e.name = n.expected
left join areas as f on f.level = 'village' and f.name = n.found
