-- grain: one dataset of the city with its provenance and the account of its rows
select
    d.dataset,
    d.contract,
    d.title, d.producer, d.address, d.licence, d.status, d.accessed,
    any_value(d.not_personal) as not_personal,
    any_value(coalesce(d.refusal, u.refusal)) as refusal,
    any_value(coalesce(d.params, u.params)) as params,
    count(u.unit_id) as files,
    sum(u.rows_read)::bigint as rows_read,
    sum(u.rows_accepted)::bigint as rows_accepted,
    sum(u.rows_aside)::bigint as rows_aside,
    sum(u.rows_rejected)::bigint as rows_rejected,
    sum(u.values_made)::bigint as values_made,
    sum(u.values_loaded)::bigint as values_loaded,
    sum(u.values_rejected)::bigint as values_rejected,
    sum(u.values_same_again)::bigint as values_same_again,
    list_sort(list_distinct(flatten(list(u.unread_columns)))) as unread_columns,
    d.dataset in (from simulated_datasets_query) as is_simulated
from datasets as d left join units as u using (dataset)
group by d.dataset, d.contract, d.title, d.producer, d.address, d.licence, d.status, d.accessed
order by d.dataset
