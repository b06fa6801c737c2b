-- grain: one finding of a check, known by as_of, with its datasets and whether somebody accepts it on that day; those of the city's own area first, then by severity
with sources as (
    select f.id, list_sort(list(distinct u.dataset)) as datasets
    from (select distinct id, unnest(unit_ids) as unit_id from found_query) as f join units as u using (unit_id)
    group by f.id
)
select
    f.id, f."check", f.severity, f.marks, f.contract, f.value_ids, f.marked_ids, f.known_at,
    if((f.params -> 'places') is null, f.params, json_merge_patch(f.params, json_object('places', list_transform(
        from_json((f.params -> 'places'), '["varchar"]'), lambda p: coalesce(n.names[p], p)
    )))) as params, f.fingerprint,
    f.params ->> 'place' is not distinct from c.area as is_own,
    coalesce(
        a.name, (select any_value(p.name) from sites as p where p.site = f.params ->> 'place'), nullif(f.params ->> 'place', ''),
        f.params ->> 'agency'
    ) as place,
    coalesce(s.datasets, []) as datasets,
    exists (from simulated_datasets_query as d where list_contains(s.datasets, d.dataset)) as is_simulated,
    case
        when t.id is null then 'open'
        when t.fingerprint = f.fingerprint and t.until >= day_of_view() then 'accepted'
        else 'lapsed'
    end as state,
    t.reason, t.office, t.until
from found_query as f cross join city as c cross join (select map(list(area), list(name)) as names from areas) as n
left join areas as a on a.area = f.params ->> 'place'
left join sources as s on s.id = f.id
left join accepted as t on t.id = f.id
where is_known(f.known_at)
order by
    is_own desc, list_position(['error', 'question', 'note'], f.severity), f."check", f.params ->> 'series',
    f.params ->> 'measure', f.params ->> 'year', f.id
