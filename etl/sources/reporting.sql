/*
grain = "one duty of one agency to deliver one dataset"
kind = "reference"
*/
create table reporting (
    agency varchar not null,
    dataset varchar not null,
    frequency varchar not null check (frequency in ('D', 'M', 'Q', 'A')),
    due_days integer not null check (due_days >= 0),
    from_date date,
    to_date date,
    check (to_date >= from_date),
    primary key (agency, dataset)
);
comment on column reporting.due_days is 'days after the end of the period';
comment on column reporting.from_date is 'day in the first period that is owed; empty = since the first figure';
comment on column reporting.to_date is 'day in the last period that is owed; empty = still so';
