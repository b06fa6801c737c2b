-- grain: one explanation (the key of explanations without published_at), its newest vintage published by as_of
-- (unset = all).
create view explanations_known as
select * from explanations
where is_known(published_at)
qualify row_number() over (
    partition by area, kpi, period_start, period_end, definition, owner
    order by published_at desc nulls last, received_at desc nulls last, value_id desc
) = 1;
