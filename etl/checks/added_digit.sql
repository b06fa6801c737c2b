/*
contract = "measured"
severity = "error"
marks = "suspect"
concept = "one figure is ten times what its neighbours, its season and its siblings lead to expect, and the others of its table did not move: a digit was typed twice"
method = "own rule on log deviations (etl/measured.sql, is_slip), or where its total is right without the digit (confirmed). What may be the sum since January, so many ordinary periods more or less (near), is left to year_to_date, a month with Idulfitri (feast: as the calendar names it, with so many days after it) and days near a day off to what they are; without that year's feast in the calendar it is asked"

[limits]
near = 2.5
least_figures = 8
least_value = 100
feast = "Idul ?[Ff]itri"
days = 7
*/
-- grain: one figure
with feasts as (
    select day from calendar where regexp_matches(name_id, $feast) and kind = 'national_holiday'
),
free as (
    select distinct unnest(generate_series(day - interval 3 days, day + interval 3 days, interval 1 day))::date as day from calendar
),
sums as (
    select contract, value_id, sum(value) over (
            partition by row_id, year order by slot rows between unbounded preceding and 1 preceding
        ) as since
    from measured where frequency in ('M', 'Q')
)
select
    m.contract,
    [m.value_id] as value_ids,
    [m.value_id] as marked_ids,
    if(c.value_id is not null or is_known_year, 'error', 'question') as severity,
    {
        place: m.place, measure: m.measure, origin: m.origin, breakdown: m.breakdown, series: m.series,
        period_start: m.period_start, period_end: m.period_end, value: m.value,
        expected: coalesce(c.right_value, round(exp(m.size - m.off))), times: round(m.value / coalesce(c.right_value, exp(m.size - m.off)), 1),
        variant: if(c.value_id is not null or is_known_year, null, 'asked')
    } as params
from (
    select *, date_part('year', period_start) in (select date_part('year', day) from feasts) as is_known_year from compared
) as m left join confirmed as c using (contract, value_id) left join sums as s using (contract, value_id)
where c.value / c.right_value between 5 and 50
    or c.value_id is null and m.is_slip and m.decades = 1 and exp(m.size - m.off) >= $least_value and m.figures >= $least_figures
    and coalesce(greatest(m.off_before, m.off_after) < m.off / 2, true)
    and coalesce(abs(m.value - s.since) > $near * exp(m.size - m.off), true)
    and not exists (from feasts as f where f.day between m.period_start - $days::integer and m.period_end)
    and not (m.frequency = 'D' and m.period_start in (select day from free))
