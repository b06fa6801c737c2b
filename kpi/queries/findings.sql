-- grain: one finding of a check, known by as_of, with the datasets that its values came from; those of the city's own area first
with numbered as (select *, row_number() over () as finding_id from findings),
speaking as (select finding_id, contract, unnest(value_ids) as value_id from numbered),
sources as (
    select s.finding_id, list_sort(list(distinct e.dataset)) as datasets, bool_or(e.is_simulated) as is_simulated
    from speaking as s join every_value_query as e using (contract, value_id)
    group by s.finding_id
)
select
    f."check", f.marks, f.contract, f.value_ids, f.marked_ids, f.known_at, f.params,
    f.params ->> 'place' is not distinct from c.area as is_own, a.name as place,
    coalesce(s.datasets, []) as datasets, coalesce(s.is_simulated, false) as is_simulated
from numbered as f cross join city as c left join areas as a on a.area = f.params ->> 'place' left join sources as s using (finding_id)
where getvariable('as_of') is null or f.known_at <= getvariable('as_of')::date
order by is_own desc, f."check", f.params ->> 'series', f.params ->> 'measure', f.params ->> 'year'
