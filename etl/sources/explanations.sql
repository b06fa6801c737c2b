/*
grain = "what one office said of one KPI and period that did not go as planned"
kind = "fact"

[[references]]
column = "area"
table = "areas"
match = ["area", "bps_code"]
*/
create table explanations (
    area varchar not null,
    kpi varchar not null,
    period_start date not null,
    period_end date not null,
    definition varchar not null default 'not_stated',
    owner varchar not null,
    kendala varchar not null,
    tindak_lanjut varchar not null default 'not_stated',
    document varchar,
    published_at date,
    check (period_end >= period_start),
    primary key (area, kpi, period_start, period_end, definition, owner, published_at)
);
comment on column explanations.kpi is 'name of the KPI that it is about, as in kpi/<name>.sql';
comment on column explanations.definition is 'what of the KPI it is about, as in the KPI; not_stated = all of it';
comment on column explanations.owner is 'the office that answers for the KPI; never a person';
comment on column explanations.kendala is 'the obstacle, in the words of the office';
comment on column explanations.tindak_lanjut is 'the follow-up, in the words of the office; not_stated where it gives none';
comment on column explanations.document is 'title of the document, if there is one';
