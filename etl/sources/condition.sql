/*
grain = "one value of one indicator of order, cleanliness or greening, of one area or section and period"
kind = "fact"

[defaults]
obs_status = "if(absent(value), 'missing', 'final')"
period_end = "period_end(period_start, frequency)"

[[references]]
column = "area"
table = "areas"
match = ["area", "bps_code"]

[[references]]
column = "obs_status"
table = "obs_status"
match = ["obs_status"]
*/
create table condition (
    area varchar not null,
    section varchar not null default '',
    period_start date not null,
    period_end date not null,
    frequency varchar not null check (frequency in ('D', 'M', 'Q', 'A', 'C')),
    domain varchar not null check (domain in ('ketertiban', 'kebersihan', 'penghijauan')),
    indicator varchar not null,
    breakdown varchar not null default '',
    value double,
    unit varchar not null,
    direction varchar not null check (direction in ('up', 'down')),
    sample_size bigint check (sample_size >= 0),
    method varchar not null default 'not_stated',
    series varchar not null,
    obs_status varchar not null,
    published_at date,
    check (period_end >= period_start),
    check ((value is null) = (obs_status in ('missing', 'not_due'))),
    primary key (area, section, period_start, period_end, domain, indicator, breakdown, series, published_at)
);
comment on column condition.section is 'a part of the area that the publisher rates by itself';
comment on column condition.breakdown is 'a part of the indicator: a grade, a kind of violation; empty = the whole';
comment on column condition.direction is 'which way is better';
comment on column condition.sample_size is 'how many inspections, streets or points the value rests on';
