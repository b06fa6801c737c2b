-- how many rows and values of each unit came to which end
update units set
    rows_accepted = n.accepted + units.fast_rows - n.fetched,
    rows_rejected = n.rejected
from (
    select
        u.unit_id,
        count(*) filter (s.fate = 'accepted') as accepted,
        count(*) filter (s.fate = 'rejected') as rejected,
        (
            select count(*) from fetched_rows as f where f.unit_id = u.unit_id
        ) as fetched
    from units as u left join source_rows as s using (unit_id) group by u.unit_id
) as n where n.unit_id = units.unit_id and units.refusal is null;
update units set values_rejected = (
    select count(*) from rejects as r
    where r.unit_id = units.unit_id
        and r.rule not in ('short_row', 'long_row', 'nothing_made')
), values_same_again = (
    select count(*) from same_again as s where s.unit_id = units.unit_id
) where refusal is null;
