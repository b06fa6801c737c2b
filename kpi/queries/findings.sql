-- grain: one finding of a check, known by as_of; those of the city's own area first
select
    f."check", f.marks, f.contract, f.value_ids, f.marked_ids, f.known_at, f.params,
    f.params ->> 'place' is not distinct from c.area as is_own, a.name as place
from findings as f cross join city as c left join areas as a on a.area = f.params ->> 'place'
where getvariable('as_of') is null or f.known_at <= getvariable('as_of')::date
order by is_own desc, f."check", f.params ->> 'series', f.params ->> 'measure', f.params ->> 'year'
