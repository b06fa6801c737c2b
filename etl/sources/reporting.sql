/*
grain = "one duty of one agency to deliver one dataset"
kind = "reference"
*/
create table reporting (
    agency varchar not null,
    dataset varchar not null,
    frequency varchar not null check (frequency in ('D', 'M', 'Q', 'A')),
    due_days integer not null check (due_days >= 0),
    primary key (agency, dataset)
);
comment on column reporting.due_days is 'days after the end of the period';
