/*
contract = "indicators"
severity = "error"
marks = "suspect"
concept = "a percentage that its own publisher's figures do not give: attainment (of any target of the year) or growth (on the year before) is another number"
method = "own rule. rounded: points that rounding explains; one figure and one target that give the percentage are enough to clear it"

[limits]
rounded = 0.06
*/
-- grain: one published percentage
with published as (
    select * from indicators where indicator in ('visits_attainment', 'visits_growth') and unit = 'percent' and is_known(published_at)
),
actual as (
    select * from visits_known where visits > 0 and origin = 'total' and breakdown = '' and place_kind = 'area'
),
parts as (
    select p.value_id, a.value_id as part_id, a.visits as part, t.value::double as whole, 100 * a.visits / t.value::double as computed
    from published as p join actual as a
        on (a.place, a.series, a.period_start, a.period_end) = (p.area, p.series, p.period_start, p.period_end)
    join targets as t on (t.area, t.kpi, year(t.period_start)) = (p.area, 'visits', year(p.period_start))
    where p.indicator = 'visits_attainment'
    union all
    select p.value_id, a.value_id, a.visits, b.visits, 100 * (a.visits / b.visits - 1)
    from published as p join actual as a
        on (a.place, a.series, a.period_start, a.period_end) = (p.area, p.series, p.period_start, p.period_end)
    join actual as b
        on (b.place, b.series, b.measure, b.definition, b.period_start) = (a.place, a.series, a.measure, a.definition, a.period_start - interval 1 year)
        and b.frequency = a.frequency
    where p.indicator = 'visits_growth'
),
nearest as (
    select p.*, t.part, t.whole, t.computed
    from published as p join parts as t using (value_id)
    qualify row_number() over (partition by p.value_id order by abs(t.computed - p.value), t.part_id) = 1
)
select
    [value_id] as value_ids,
    [value_id] as marked_ids,
    {
        place: area, indicator: indicator, breakdown: breakdown, series: series, year: year(period_start),
        published: value, computed: round(computed, 2), part: part, whole: whole
    } as params
from nearest
where abs(computed - value) > $rounded
    -- published as a whole number, or with one digit
    and round(computed, 0) <> value and round(computed, 1) <> value
