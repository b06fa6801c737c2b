-- grain: one kind of fact of which nothing is loaded but empty files wait to be filled in; paths below the city's folder
select contract, list(regexp_replace(dataset, '[^/]*$', '') || file order by file) as files
from units
group by contract
having bool_and(coalesce(refusal, '') = 'not_filled')
order by contract
