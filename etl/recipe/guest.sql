/*
grain = "one number of one place and year, as a guest has stated it: of one session, never of a warehouse"
kind = "guest"
*/
create table guest (
    place varchar not null check (
        regexp_full_match(place, '\p{L}[\p{L}\p{N} .,''’()/&-]{0,79}') and not contains(lower(place), 'www.')
    ),
    year integer not null check (year between 1950 and 2100),
    counted varchar not null check (counted in (
        'attractions', 'accommodation', 'restaurants', 'attractions_accommodation',
        'attractions_accommodation_restaurants', 'trips', 'not_stated', 'population', 'land_area'
    )),
    value double not null check (value between 0 and 10000000000),
    source varchar not null check (regexp_full_match(source, '[\p{L}\p{N}][^\p{C}]{0,199}')),
    check (value = floor(value) or counted = 'land_area'),
    check (value > 0 or counted not in ('population', 'land_area')),
    primary key (place, year, counted)
);
comment on column guest.place is 'name of the area or place, at most 80 letters, digits and .,''()/&-';
comment on column guest.year is 'calendar year';
comment on column guest.counted is 'what the number counts: visits by definition (cakupan), population (people) or land_area (km2)';
comment on column guest.value is 'visits (not people) of the whole year, people or km2';
comment on column guest.source is 'publisher of the number';
