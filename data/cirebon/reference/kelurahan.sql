-- one row a kelurahan, and one a kecamatan that they lie in
select
    kode_kemendagri as area, kelurahan as name, 'village' as level, kode_kecamatan_kemendagri as parent,
    kode_kelurahan_bps as bps_code, num(centroid_lat, '.') as latitude, num(centroid_lng, '.') as longitude,
    [_row] as _row
from raw
union all
select
    kode_kecamatan_kemendagri, any_value(kecamatan), 'district', '32.74',
    any_value(kode_kecamatan_bps), null, null, list(_row)
from raw
group by kode_kecamatan_kemendagri
