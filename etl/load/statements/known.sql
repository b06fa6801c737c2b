-- What was known on the day from which is looked: variable as_of, set by who reads (set variable as_of = date '...');
-- unset = all that is known, today.

create macro day_of_view() as coalesce(getvariable('as_of')::date, current_date);

-- true where that day is not before another one: of a publication, or the end of a period. An unknown day is
-- known only without an as_of
create macro is_known(day) as getvariable('as_of') is null or day <= getvariable('as_of')::date;

-- true of the newest vintage of a key, a tuple: the one published last, else received last, else loaded last
create macro is_newest(key, published_at, received_at, value_id) as row_number() over (
    partition by key order by published_at desc nulls last, received_at desc nulls last, value_id desc
) = 1;

-- true where a computer made a series up; it is named after the published one that it is made like (kpi/simulated.py)
create macro is_simulated(series) as starts_with(series, 'simulated:');
create macro simulated_like(series) as 'simulated:' || series;

-- a text that no spreadsheet takes for a formula
create macro guarded(x) as if(regexp_matches(x, '^''*[=+@\t\r-]'), '''' || x, x);

-- of two sets of counts the finer frequency counts, so that nothing is added twice: 1 = days ... 5 = a span of days
create macro coarseness(frequency) as list_position(['D', 'M', 'Q', 'A', 'C'], frequency);
