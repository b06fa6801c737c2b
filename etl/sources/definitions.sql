/*
grain = "one measure that belongs to one definition (cakupan)"
kind = "reference"
*/
create table definitions (
    definition varchar not null check (definition <> 'not_stated'),
    measure varchar not null check (measure in (
        'attraction_visits', 'accommodation_guests', 'restaurant_guests', 'event_visits',
        'passengers', 'trips'
    )),
    primary key (definition, measure)
);
comment on column definitions.definition is 'identifier; on screen the definition reads as its measures, joined by +';
