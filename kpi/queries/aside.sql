-- grain: one source row that was set aside, with the reason that the sidecar gives
select u.dataset, s.file, s.sheet, s.line, s.reason, s.cells,
    u.dataset in (from simulated_datasets_query) as is_simulated
from source_rows as s join units as u using (unit_id)
where s.fate = 'aside'
order by u.dataset, s.file, s.line
