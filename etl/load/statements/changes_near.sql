-- names that no served value has, but one much like it
with old as (select distinct {column} as name{series} from served.{table}),
new as (
    select distinct _set, {column} as name{series}
    from file anti join old on name = {column}
    qualify count(distinct name) over (partition by _set) <= {most}
)
select new._set, '{column}', new.name, arg_max(old.name, {alike})
from new join old on {alike} >= {near} {same}
    and regexp_matches(new.name, '[A-Za-z]{{3}}')
    -- Hotel 1 and Hotel 2 are two names
    and regexp_replace(new.name, '\D', '', 'g') = regexp_replace(old.name, '\D', '', 'g')
where (select count(distinct name) from old) <= {most}
group by all order by new._set, new.name
