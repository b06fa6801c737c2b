/*
grain = "one standard of the time that a service may take, as one document stated it"
kind = "fact"
*/
create table standards (
    service_code varchar not null,
    channel varchar not null default '',
    hours double not null check (hours > 0),
    from_date date not null,
    to_date date,
    kind varchar not null check (kind in ('regulation', 'promise', 'target')),
    document varchar not null,
    address varchar,
    verification varchar not null default 'verified' check (verification in ('verified', 'unverified')),
    said_by varchar not null default 'not_stated',
    note varchar,
    published_at date,
    check (to_date >= from_date),
    primary key (service_code, channel, from_date, kind, document, published_at)
);
comment on column standards.service_code is 'service that it is for, as in service';
comment on column standards.channel is 'channel that it is for, as in service; empty = every channel';
comment on column standards.hours is 'hours from request to completion, by the clock; a day is 24';
comment on column standards.from_date is 'first day of the requests that it is for';
comment on column standards.to_date is 'last day; empty = still in force, or not stated';
comment on column standards.kind is 'regulation = a rule of law, promise = said to the public, target = aimed at';
comment on column standards.verification is 'unverified = nobody has read the document itself';
comment on column standards.said_by is 'the office or person who set it; not_stated where the source does not say';
