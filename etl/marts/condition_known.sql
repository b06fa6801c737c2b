-- grain: that of condition_by_month, of what was known on the day as_of: the period had ended and the newest vintage of
-- its values was published by then. set variable as_of = date '...'; unset = all.
create view condition_known as
select * from condition_by_month
where if(
    getvariable('as_of') is null,
    known_to is null,
    period_end <= getvariable('as_of')::date
        and known_from <= getvariable('as_of')::date
        and coalesce(known_to > getvariable('as_of')::date, true)
);
