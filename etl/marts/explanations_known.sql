-- grain: one explanation (the key of explanations without published_at), its newest vintage published by as_of
-- (unset = all).
create view explanations_known as
select * from explanations
where is_known(published_at)
qualify is_newest((area, kpi, period_start, period_end, definition, owner), published_at, received_at, value_id);
