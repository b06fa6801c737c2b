-- grain: one share of the city's land that has to be green, as the newest document known by as_of states it
select
    t.kpi, t.value / 100 as value, t.document, t.said_by, t.published_at, t.published_at_basis
from targets_known as t join city as c using (area)
where t.kpi in ('green_space_share', 'private_green_space_share') and t.unit = 'percent'
qualify row_number() over (partition by t.kpi order by t.published_at desc nulls last, t.value_id desc) = 1
order by t.value desc
