/*
grain = "one item held by one agency at the end of one day"
kind = "fact"

[defaults]
obs_status = "if(absent(on_hand), 'missing', 'final')"

[[references]]
column = "obs_status"
table = "obs_status"
match = ["obs_status"]
*/
create table stock (
    agency varchar not null,
    item varchar not null,
    day date not null,
    on_hand bigint check (on_hand >= 0),
    received bigint check (received >= 0),
    issued bigint check (issued >= 0),
    series varchar not null,
    obs_status varchar not null,
    published_at date,
    check ((on_hand is null) = (obs_status in ('missing', 'not_due'))),
    primary key (agency, item, day, series, published_at)
);
comment on column stock.item is 'for example ktp_el_blank';
comment on column stock.on_hand is 'pieces at the end of the day';
