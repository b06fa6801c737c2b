/*
grain = "one place that people visit"
kind = "reference"
*/
create table sites (
    site varchar not null,
    name varchar not null,
    area varchar,
    latitude double check (latitude between -90 and 90),
    longitude double check (longitude between -180 and 180),
    confidence varchar,
    primary key (site)
);
comment on column sites.site is 'identifier that visits.place uses; a file may also give the name';
comment on column sites.latitude is 'empty where no trustworthy point is known';
