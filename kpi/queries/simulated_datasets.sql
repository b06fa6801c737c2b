-- grain: one dataset that was made by the simulator (it lies in the folder simulated/) or holds a simulated value
select dataset from datasets where starts_with(dataset, 'simulated/')
union
select dataset from every_value_query where is_simulated
