-- grain: one answer of the satisfaction survey, its newest vintage known by as_of
select * from survey
where is_known(published_at) and is_known(answered_on)
qualify row_number() over (
    partition by response_id, agency, element, series order by published_at desc nulls last, value_id desc
) = 1
