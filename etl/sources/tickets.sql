/*
grain = "one passage through a gate"
kind = "event"

[[references]]
column = "site"
table = "sites"
match = ["site", "name"]
*/
create table tickets (
    ticket_id bigint not null,
    site varchar not null,
    gate varchar not null,
    entered_at timestamp not null,
    origin varchar not null check (origin in ('wisnus', 'wisman', 'total')),
    ticket_class varchar not null,
    persons integer not null check (persons > 0),
    primary key (ticket_id)
);
comment on column tickets.entered_at is 'local time of the gate';
comment on column tickets.origin is 'wisnus = domestic, wisman = international, total = not told apart';
comment on column tickets.persons is 'people let in with this ticket: visits, when added';
