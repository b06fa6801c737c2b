-- grain: one series and year of trees planted and, of those that were checked, alive; up to as_of
select
    series, year(period_start)::integer as year, max(period_end) as covered_to, any_value(obs_status) as obs_status,
    sum(value_sum) filter (where indicator = 'trees')::bigint as planted,
    sum(value_sum) filter (where indicator = 'trees_checked')::bigint as checked,
    sum(value_sum) filter (where indicator = 'trees_alive')::bigint as alive,
    sum(value_sum) filter (where indicator = 'green_m2')::bigint as green_m2
from condition_finest_query
where indicator in ('trees', 'trees_checked', 'trees_alive', 'green_m2')
group by series, year(period_start)
order by series, year desc
