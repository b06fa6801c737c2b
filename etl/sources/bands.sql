/*
grain = "one class of a scale on which a figure is rated"
kind = "reference"
*/
create table bands (
    scale varchar not null,
    band varchar not null,
    lower decimal(18, 4) not null,
    name_id varchar not null,
    name_en varchar,
    document varchar not null,
    address varchar,
    primary key (scale, band)
);
comment on column bands.scale is 'for example skm (PermenPANRB 14/2017)';
comment on column bands.lower is 'lowest value of the class; it ends below that of the next one';
