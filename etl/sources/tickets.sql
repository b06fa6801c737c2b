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
    series varchar not null,
    primary key (ticket_id, series)
);
comment on column tickets.entered_at is 'local time of the gate';
comment on column tickets.origin is 'wisnus = domestic, wisman = international, total = not told apart';
comment on column tickets.ticket_id is 'number of the ticket, once in its series';
comment on column tickets.series is 'who numbers the tickets: one system, or each turnstile for itself';
comment on column tickets.persons is 'people let in with this ticket: visits, when added';
