-- grain: one agency that answers for one dataset: it has the duty to report it, or, where nobody has, it publishes it
select
    a.agency,
    a.dataset,
    a.dataset in (from simulated_datasets_query) or a.source in (from simulated_datasets_query) as is_simulated
from (
    select r.agency, r.dataset, u.dataset as source from reporting as r join units as u using (unit_id)
    union all
    select producer, dataset, dataset from datasets
    where producer is not null and dataset not in (select dataset from reporting)
) as a
order by a.agency, a.dataset
