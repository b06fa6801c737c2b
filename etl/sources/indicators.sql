/*
grain = "one value of one indicator of one area and period, as one publisher published it on one day"
kind = "fact"

[[references]]
column = "area"
table = "areas"
match = ["area", "bps_code"]

[[references]]
column = "obs_status"
table = "obs_status"
match = ["obs_status"]
*/
create table indicators (
    area varchar not null,
    indicator varchar not null,
    breakdown varchar not null default '',
    period_start date not null,
    period_end date not null,
    value double,
    unit varchar not null,
    series varchar not null,
    obs_status varchar not null,
    published_at date,
    check (period_end >= period_start),
    check ((value is null) = (obs_status in ('missing', 'not_due'))),
    primary key (area, indicator, breakdown, period_start, period_end, series, published_at)
);
