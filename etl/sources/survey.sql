/*
grain = "one answer to one element of a satisfaction survey (SKM)"
kind = "fact"
*/
create table survey (
    response_id varchar not null,
    agency varchar not null,
    service_code varchar not null default 'not_stated',
    answered_on date not null,
    element varchar not null check (element in ('U1', 'U2', 'U3', 'U4', 'U5', 'U6', 'U7', 'U8', 'U9')),
    score integer not null check (score between 1 and 4),
    series varchar not null,
    obs_status varchar not null default 'final',
    published_at date,
    primary key (response_id, agency, element, series, published_at)
);
comment on column survey.response_id is 'number of the answer sheet; no number of a person';
comment on column survey.element is 'U1 to U9 of PermenPANRB 14/2017';
comment on column survey.score is '1 (not good) to 4 (very good)';
