-- grain: one file, or all files of a dataset that is read as one
select
    unit_id, dataset, file, published_at, published_at_basis, received_at, rows_read, rows_accepted, rows_aside,
    rows_rejected, refusal, params, dataset in (from simulated_datasets_query) as is_simulated
from units
order by dataset, file
