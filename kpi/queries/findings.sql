-- grain: one finding of a check, known by as_of, with its datasets and whether somebody accepts it on that day. First what
-- is to be done: what touches most of the headline (touches: the share of the visits of its last year that it marks or
-- rests on), then the city's own area, then by severity; notes and what is accepted last
with headline as (
    select value_id, visits, sum(visits) over () as whole
    from (
        from visits_leaves_query semi join (from visits_order_query where opens = 1) using (definition, series)
        where visits > 0
        qualify year = max(year) over ()
    )
),
touched as (
    select f.id, sum(h.visits) / any_value(h.whole) as touches
    from (
        select id, unnest(if(len(marked_ids) > 0, marked_ids, value_ids)) as value_id from found_query where contract = 'visits'
    ) as f join headline as h using (value_id)
    group by f.id
),
sources as (
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
        a.name, (select any_value(p.name) from sites as p where p.site = f.params ->> 'place'), nullif(f.params ->> 'place', '')
    ) as place,
    coalesce(t.touches, 0) as touches,
    coalesce(s.datasets, []) as datasets,
    exists (from simulated_datasets_query as d where list_contains(s.datasets, d.dataset)) as is_simulated,
    case
        when e.id is null then 'open'
        when e.fingerprint = f.fingerprint and e.until >= day_of_view() then 'accepted'
        else 'lapsed'
    end as state,
    e.reason, e.office, e.until
from found_query as f cross join city as c cross join (
    select map(list(place), list(name)) as names
    from (select area as place, name from areas union select site, any_value(name) from sites group by site)
) as n
left join areas as a on a.area = f.params ->> 'place'
left join sources as s on s.id = f.id
left join touched as t on t.id = f.id
left join accepted as e on e.id = f.id
where is_known(f.known_at)
order by
    state = 'accepted', f.severity = 'note', touches desc, is_own desc, list_position(['error', 'question', 'note'], f.severity), f."check", f.params ->> 'series',
    f.params ->> 'measure', f.params ->> 'year', f.id
