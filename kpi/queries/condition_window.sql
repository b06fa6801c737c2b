-- grain: one KPI and its one series that the page speaks of: published before simulated, then the newest; with the $months
-- months that are pooled, up to the last one that at least half of the areas have reported anything of the
-- domain by as_of
with monthly as (
    from condition_counts_query
    where kpi = $kpi and kind = '' and period_end - period_start < 100
),
chosen as (
    select series from monthly group by series
    order by is_simulated(series), max(period_end) desc, series limit 1
),
reported as (
    select k.series, k.period_end, count(distinct k.area) as areas, max(k.known_from) as known_at
    from condition_known as k join chosen using (series)
    where k.domain = $domain and k.values_counted > 0 and k.period_end - k.period_start < 100
    group by k.series, k.period_end
),
ends as (select *, max(areas) over () as most from reported)
select
    series,
    (select any_value(form) from monthly join chosen using (series)) as form,
    (select arg_max(obs_status, care) from monthly join chosen using (series) join obs_status using (obs_status)) as obs_status,
    (date_trunc('month', period_end + 1) - to_months($months))::date as window_start,
    period_end as window_end,
    (window_start - interval 1 year)::date as before_start,
    last_day((period_end - interval 1 year)::date) as before_end,
    known_at,
    -- months of the window of which anything is known
    (
        select sum(date_diff('month', p.period_start, p.period_end) + 1)::integer
        from (select distinct series, period_start, period_end from monthly) as p
        where p.series = ends.series and p.period_start >= window_start and p.period_end <= ends.period_end
    ) as months_known
from ends
where 2 * areas >= most
order by period_end desc limit 1
