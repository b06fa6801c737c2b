-- grain: one rejected value or row, with the place where it stands
select
    u.dataset, coalesce(s.file, u.file) as file, s.sheet, s.line, r.source_column, r.contract_column, r.text,
    r.rule, r.params, s.cells, u.dataset in (from simulated_datasets_query) as is_simulated
from rejects as r join units as u using (unit_id)
left join source_rows as s on s.unit_id = r.unit_id and s.row = r.source_rows[1]
order by u.dataset, file, s.line
