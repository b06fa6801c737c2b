-- grain: one known value that counts towards its measure, series and year: the one leaf set that is chosen
-- there, so that nothing is added twice. Complete before incomplete, then what covers more, then the finer
-- frequency, sites before area, parts (wisnus, wisman) before total. Counts under two definitions are two sets. A cumulative count is a set of its own, from 1 January to its last day.
create view visits_resolved as
with leaves as (
    select
        * exclude (is_of_all),
        if(frequency = 'C', period_end, null) as span_end,
        -- the days that can be known: to the end of the year, to as_of, or to today
        make_date(year, 1, 1) as first_day,
        least(make_date(year, 12, 31), day_of_view()) as last_day
    from visits_countable
    where year = year(period_end) and (frequency <> 'C' or period_start = make_date(year, 1, 1))
),
-- wisnus alone is all that some publishers count; wisman alone is never a total
parts as (
    select measure, perimeter, series, if(bool_and(origin = 'wisnus'), 1, 2) as parts_expected
    from leaves where origin_split = 'parts'
    group by measure, perimeter, series
),
sets as (
    select
        area, measure, perimeter, definition, series, year, place_kind, frequency, origin_split, span_end,
        coalesce(sum(stands_for) filter (where visits is not null), 0)::bigint as values_reported,
        count(distinct place) * if(origin_split = 'parts', any_value(parts_expected), 1) * greatest(1, case frequency
            when 'D' then date_diff('day', min(first_day), max(last_day) + 1)
            when 'M' then date_diff('month', min(first_day), max(last_day) + 1)
            when 'Q' then date_diff('quarter', min(first_day), max(last_day) + 1)
            else 1
        end) as values_expected,
        if(span_end is null, 1, date_diff('day', min(first_day), span_end + 1)
            / date_diff('day', min(first_day), max(last_day) + 1)) as days_share,
        max(last_day) = make_date(year, 12, 31) as year_is_over
    from leaves left join parts using (measure, perimeter, series)
    group by
        area, measure, perimeter, definition, series, year, place_kind, frequency, origin_split, span_end
    -- some of the city's sites are not the city
    having place_kind = 'area' or count(distinct place) >= (select count(*) from sites)
),
chosen as (
    select * from sets
    qualify row_number() over (
        partition by area, measure, perimeter, series, year
        order by
            values_reported >= values_expected and days_share >= 1 desc,
            values_reported / values_expected * days_share desc,
            coarseness(frequency),
            place_kind = 'area', origin_split = 'total', definition = 'not_stated', definition
    ) = 1
)
select
    l.* exclude (stands_for, first_day, last_day),
    s.values_reported,
    s.values_expected,
    s.values_reported >= s.values_expected and s.days_share >= 1 and s.year_is_over as is_complete
from leaves as l join chosen as s on
    (l.area, l.measure, l.perimeter, l.definition, l.series, l.year, l.place_kind, l.frequency, l.origin_split)
    = (s.area, s.measure, s.perimeter, s.definition, s.series, s.year, s.place_kind, s.frequency, s.origin_split)
    and l.span_end is not distinct from s.span_end;
