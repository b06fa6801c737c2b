-- The ledger: what was received, what became of every row and value, and what a check has found.

create table datasets (
    dataset varchar, contract varchar, title varchar, producer varchar, address varchar,
    licence varchar, status varchar, accessed varchar,
    not_personal varchar[], -- column: why it holds no personal data, as the sidecar says
    refusal varchar, params varchar
);
create table units (
    unit_id integer, lake_key varchar, dataset varchar, contract varchar, file varchar,
    files varchar[],
    published_at date, published_at_basis varchar, received_at date,
    rows_read bigint, rows_aside bigint, rows_rejected bigint, rows_accepted bigint, headings bigint,
    values_made bigint, values_loaded bigint, values_rejected bigint, values_same_again bigint,
    unread_columns varchar[], refusal varchar, params varchar,
    fast_rows bigint, values_good bigint -- of events: rows without a fate of their own; values that broke no rule
);
create table build_rejects (
    unit_id integer, source_rows bigint[], source_column varchar, contract_column varchar,
    text varchar, rule varchar, params varchar
);
create table same_again (unit_id integer, source_rows bigint[]);
create table findings (
    id varchar, "check" varchar, severity varchar, marks varchar, contract varchar,
    value_ids bigint[], marked_ids bigint[], unit_ids integer[], known_at date, params varchar,
    fingerprint varchar
);
create table accepted (id varchar, fingerprint varchar, reason varchar, office varchar, until date);
create table event_days (contract varchar, unit_id integer, site varchar, day date); -- of which units tell
create table fetched_rows (unit_id integer, _row bigint, cells varchar[]); -- of rows that no lake file tells of
