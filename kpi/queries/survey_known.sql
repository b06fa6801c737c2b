-- grain: one answer of the satisfaction survey, its newest vintage known by as_of
select * from survey
where is_known(published_at) and is_known(answered_on)
qualify is_newest((response_id, agency, element, series), published_at, received_at, value_id)
