-- every value used, the identifier that is listed for it, and a listed name almost alike
create or replace temp table matched as
with listed as (
    select text, min(id) as id, count(distinct id) as ids from ({texts}) group by text
)
select used.value, listed.id, listed.ids, (
    select arg_max(id, jaro_winkler_similarity(lower(text), lower(used.value)))
    from listed as l
    where jaro_winkler_similarity(lower(text), lower(used.value)) >= {near}
        and regexp_matches(used.value, '[A-Za-z]{{3}}')
) as near
from (select distinct {column} as value from {relation}) as used
left join listed on listed.text = used.value
