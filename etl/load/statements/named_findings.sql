-- grain: one finding that the rows in raised are, with its id and its fingerprint
with checked as materialized (
    select row_number() over () as n, * from raised
),
known as (
    select
        s.n, max(f.published_at) as known_at, list(distinct f.unit_id) as unit_ids,
        string_agg(f.text, ' ' order by f.text) as texts
    from (select n, contract, unnest(value_ids) as value_id from checked) as s
    join ({facts}) as f using (contract, value_id)
    group by s.n
)
select
    left(md5("check" || array_to_string(list_transform(
        list_filter(
            json_keys(said),
            lambda key: json_type(said, key) = 'VARCHAR' or contains(key, 'year')
        ), lambda key: ' ' || key || '=' || (said ->> key)
    ), '')), 10) as id,
    "check", c.severity, c.marks, contract, value_ids,
    marked_ids, coalesce(k.unit_ids, c.unit_ids, []) as unit_ids,
    coalesce(known_at, (
        select max(published_at) from units where list_contains(c.unit_ids, unit_id)
    )) as known_at,
    said::varchar as params, md5(said::varchar || coalesce(texts, '')) as fingerprint
from checked as c left join known as k using (n)
