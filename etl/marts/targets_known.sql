-- grain: one target (the key of targets without published_at), its newest vintage published by as_of (unset =
-- all). The period of a target may lie ahead.
create view targets_known as
select * from targets
where is_known(published_at)
qualify is_newest((area, kpi, period_start, period_end, level, document), published_at, received_at, value_id);
