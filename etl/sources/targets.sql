/*
grain = "one target for one KPI and period, as one document stated it"
kind = "fact"

[[references]]
column = "area"
table = "areas"
match = ["area", "bps_code"]

[[references]]
column = "definition"
when = "definition <> 'not_stated' and kpi = 'visits'"
table = "definitions"
match = ["definition"]
*/
create table targets (
    area varchar not null,
    kpi varchar not null,
    period_start date not null,
    period_end date not null,
    level varchar not null default 'not_stated' check (level in (
        'ruling', 'rpjmd', 'working', 'aspiration', 'not_stated'
    )),
    document varchar not null,
    address varchar,
    value decimal(18, 3) not null check (value > 0),
    upper decimal(18, 3),
    unit varchar not null,
    definition varchar not null default 'not_stated',
    series varchar not null default 'not_stated',
    said_by varchar not null default 'not_stated',
    note varchar,
    published_at date,
    check (period_end >= period_start),
    check (upper > value),
    primary key (area, kpi, period_start, period_end, level, document, published_at)
);
comment on column targets.kpi is 'name of the KPI that the target is for, as in kpi/<name>.sql';
comment on column targets.document is 'title of the document; the same value in another document is one more witness';
comment on column targets.value is 'value of the target; where upper is given, the lower edge of the range';
comment on column targets.upper is 'upper edge of the range that the target allows; empty = no range';
comment on column targets.definition is 'what is counted, as in the KPI (for visits: in definitions); not_stated where the source does not say';
comment on column targets.said_by is 'the office or person who set it; not_stated where the source does not say';
