/*
grain = "one stretch of days on which one site was open or closed"
kind = "reference"

[[references]]
column = "site"
table = "sites"
match = ["site", "name"]
*/
create table site_status (
    site varchar not null,
    from_date date not null,
    to_date date,
    state varchar not null check (state in ('open', 'closed')),
    reason varchar,
    check (to_date >= from_date),
    primary key (site, from_date)
);
comment on column site_status.to_date is 'last day, inclusive; empty = still so';
