-- grain: one target as one document stated it, published by as_of (unset = all). The period of a target may lie ahead.
create view targets_known as
select * from targets
where getvariable('as_of') is null or published_at <= getvariable('as_of')::date;
