/*
grain = "one count of visits: one place, period, measure and origin, as one publisher published it on one day"
kind = "fact"

[defaults]
period_end = "period_end(period_start, frequency)"

[[references]]
column = "place"
when = "place_kind = 'area'"
table = "areas"
match = ["area", "bps_code"]
name = "place_name"

[[references]]
column = "place"
when = "place_kind = 'site'"
table = "sites"
match = ["site", "name"]

[[references]]
column = "definition"
when = "definition <> 'not_stated'"
table = "definitions"
match = ["definition"]

[[references]]
column = "obs_status"
table = "obs_status"
match = ["obs_status"]
*/
create table visits (
    place varchar not null,
    place_kind varchar not null check (place_kind in ('site', 'area')),
    place_name varchar,
    period_start date not null,
    period_end date not null,
    frequency varchar not null check (frequency in ('D', 'M', 'Q', 'A', 'C')),
    measure varchar not null check (measure in (
        'attraction_visits', 'accommodation_guests', 'restaurant_guests', 'event_visits',
        'passengers', 'trips', 'visits_total'
    )),
    origin varchar not null check (origin in ('wisnus', 'wisman', 'total')),
    breakdown varchar not null default '',
    definition varchar not null default 'not_stated',
    series varchar not null,
    visits bigint check (visits >= 0),
    obs_status varchar not null,
    published_at date,
    check (period_end >= period_start),
    check (frequency = 'C' or period_end::varchar = period_end(period_start::varchar, frequency)),
    check ((visits is null) = (obs_status in ('missing', 'not_due'))),
    primary key (
        place, place_kind, period_start, period_end, measure, origin, breakdown, definition, series,
        published_at
    )
);
comment on column visits.place is 'code of an area (Kemendagri or BPS) or name of a site';
comment on column visits.place_name is 'the name that the file gives beside a code: compared, not stored as a key';
comment on column visits.period_start is 'first day';
comment on column visits.period_end is 'last day, inclusive; follows from period_start and frequency, except for C';
comment on column visits.frequency is 'D day, M month, Q quarter, A year, C cumulative or any other span';
comment on column visits.measure is 'what is counted; visits_total is a total published without its parts';
comment on column visits.origin is 'wisnus = domestic, wisman = international, total = both or not told apart';
comment on column visits.breakdown is 'the publisher''s own subclass; part of its measure, never added to it';
comment on column visits.definition is 'which measures add up (cakupan); not_stated where the publisher does not say';
comment on column visits.series is 'publisher and method; figures of two series are never added';
comment on column visits.visits is 'visits (kunjungan), not people; empty = none reported';
comment on column visits.obs_status is 'see etl/sources/obs_status.csv';
