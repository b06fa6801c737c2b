-- grain: one duty of one agency to report one dataset, with how often it was met by as_of and when it is due next
select
    agency,
    dataset,
    frequency,
    due_days,
    is_simulated,
    dataset in (select dataset from datasets) as is_known,
    count_if(status = 'delivered') as delivered,
    count_if(status = 'late') as late,
    count_if(status = 'missing') as missing,
    count_if(status = 'closed') as closed,
    min(due_on) filter (where status = 'not_due') as next_due_on
from deliveries_query
group by agency, dataset, frequency, due_days, is_simulated
order by missing > 0 desc, agency, dataset
