-- grain: one place, measure and month of $definition of $series up to as_of, newest month first: how many of its periods
-- (days, or the month) were reported, and the status of the month. Missing goes before not due; of what was reported the
-- status that asks for most care.
with periods as (
    select
        c.dataset, c.place, c.place_kind, c.place_name, c.measure, c.frequency, c.is_simulated, c.period_start,
        date_trunc('month', c.period_start)::date as month,
        bool_or(c.obs_status = 'missing') as is_missing,
        bool_or(c.obs_status = 'not_due') as is_not_due,
        bool_and(c.obs_status = 'closed') as is_closed,
        arg_max(c.obs_status, o.care) as obs_status
    from cells_query as c join obs_status as o using (obs_status)
    where c.series = $series and (
        c.measure in (select measure from definitions where definition = $definition)
        or (c.measure = 'visits_total' and c.perimeter = $definition)
    )
    group by c.dataset, c.place, c.place_kind, c.place_name, c.measure, c.frequency, c.is_simulated, c.period_start
)
select
    any_value(p.dataset) as dataset,
    p.place,
    p.place_name,
    any_value(p.place_kind) as place_kind,
    p.measure,
    p.frequency,
    p.month,
    any_value(p.is_simulated) as is_simulated,
    count(*) as expected,
    count_if(not p.is_missing and not p.is_not_due) as reported,
    count_if(p.is_closed) as closed,
    case
        when bool_or(p.is_missing) then 'missing'
        when bool_or(p.is_not_due) then 'not_due'
        when bool_and(p.is_closed) then 'closed'
        else arg_max(p.obs_status, o.care)
    end as status
from periods as p left join obs_status as o using (obs_status)
group by p.place, p.place_name, p.measure, p.frequency, p.month
order by p.month desc, p.measure desc, p.place_name
