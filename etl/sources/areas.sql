/*
grain = "one administrative area"
kind = "reference"
*/
create table areas (
    area varchar not null,
    name varchar not null,
    level varchar not null check (level in ('province', 'regency', 'district', 'village')),
    parent varchar,
    bps_code varchar,
    latitude double check (latitude between -90 and 90),
    longitude double check (longitude between -180 and 180),
    primary key (area)
);
comment on column areas.area is 'Kemendagri code, for example 32.74.01.1001';
comment on column areas.level is 'regency = kabupaten or kota, district = kecamatan, village = kelurahan or desa';
comment on column areas.bps_code is 'BPS code: a crosswalk, never derived from the Kemendagri code';
