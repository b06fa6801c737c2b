-- grain: one period and section of one area in a series: every value that was found, with its sample and the files and
-- lines that it stands in, newest first. Only the newest vintage known by as_of; the newest $most periods, of `periods`
-- in all.
with known as (
    select * from condition
    where area = $area and series = $series and domain = $domain and is_known(period_end) and is_known(published_at)
    qualify is_newest((section, period_start, period_end, domain, indicator, breakdown), published_at, received_at, value_id)
),
lines as (
    select k.section, k.period_start, k.period_end, s.file, s.sheet, min(s.line) as line, max(s.line) as last_line
    from (select section, period_start, period_end, unit_id, unnest(source_rows) as "row" from known) as k
    join source_rows as s using (unit_id, "row")
    group by all
),
places as (
    select
        section, period_start, period_end,
        list({file: file, sheet: sheet, line: line, last_line: last_line} order by file, sheet) as places
    from lines group by section, period_start, period_end
)
select
    section, period_start, period_end, any_value(p.places) as places, max(sample_size) as sample_size, max(published_at) as published_at,
    any_value(published_at_basis) as published_at_basis, any_value(obs_status) as obs_status,
    list({indicator: indicator, breakdown: breakdown, value: value, unit: unit} order by indicator, breakdown) as found,
    count(*) over () as periods
from known left join places as p using (section, period_start, period_end)
group by section, period_start, period_end
order by period_end desc, section
limit $most
