/*
grain = "one request for a service, as it stood when the file was made"
kind = "fact"

[defaults]
requested_on = "local_day(requested_at, time_zone)"

[[references]]
column = "area"
when = "area is not null"
table = "areas"
match = ["area", "bps_code"]

[[references]]
column = "obs_status"
table = "obs_status"
match = ["obs_status"]
*/
create table service (
    service_request_id varchar not null,
    service_code varchar not null,
    agency varchar not null,
    area varchar,
    channel varchar,
    requested_at timestamp not null,
    requested_on date not null,
    expected_at timestamp,
    completed_at timestamp,
    status varchar not null check (status in ('open', 'closed', 'cancelled', 'referred')),
    precision varchar not null check (precision in ('second', 'minute', 'hour', 'day')),
    time_zone varchar not null,
    series varchar not null,
    obs_status varchar not null default 'final',
    published_at date,
    primary key (service_request_id, agency, series, published_at)
);
comment on column service.service_request_id is 'the agency''s own number; no number of a person';
comment on column service.requested_at is 'moment in UTC: utc(text, format, zone)';
comment on column service.requested_on is 'the local day of the request, fixed when the file is read';
comment on column service.completed_at is 'moment in UTC; empty while open. Before requested_at is reported by a check, not rejected';
comment on column service.precision is 'what the clock of the source can tell; durations to the day are not hours';
