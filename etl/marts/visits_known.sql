-- grain: one count of visits (the key of visits without published_at), as it was known on the day as_of:
-- the period had ended and the figure was published by then. set variable as_of = date '...'; unset = all.
create view visits_known as
with known as (
    select * from visits
    where is_known(period_end) and is_known(published_at)
),
vintages as (
    select
        *,
        row_number() over newest as newness,
        -- figures that were ever published for this key; none is not a figure
        len(list_distinct(list(visits) over same)) as figures
    from known
    window
        same as (
            partition by place, place_kind, period_start, period_end, measure, origin, breakdown, definition, series
        ),
        newest as (same order by published_at desc nulls last, received_at desc nulls last, value_id desc)
),
suspects as (
    select distinct unnest(f.marked_ids) as value_id
    from findings as f left join accepted as a
        on a.id = f.id and a.fingerprint = f.fingerprint
        and a.until >= day_of_view()
    where f.contract = 'visits' and f.marks = 'suspect' and a.id is null
        and is_known(f.known_at)
)
select
    v.* exclude (newness, figures, obs_status),
    case
        when v.obs_status <> 'final' then v.obs_status
        when s.value_id is not null then 'suspect'
        when v.figures > 1 then 'revised'
        else v.obs_status
    end as obs_status
from vintages as v left join suspects as s using (value_id)
where v.newness = 1;
