-- grain: one target (the key of targets without published_at), its newest vintage published by as_of (unset =
-- all). The period of a target may lie ahead.
create view targets_known as
select * from targets
where is_known(published_at)
qualify row_number() over (
    partition by area, kpi, period_start, period_end, level, document
    order by published_at desc nulls last, received_at desc nulls last, value_id desc
) = 1;
