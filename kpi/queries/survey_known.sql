-- grain: one answer of the satisfaction survey, its newest vintage known by as_of
select * from survey
where getvariable('as_of') is null
    or (published_at <= getvariable('as_of')::date and answered_on <= getvariable('as_of')::date)
qualify row_number() over (
    partition by response_id, agency, element, series order by published_at desc nulls last, value_id desc
) = 1
