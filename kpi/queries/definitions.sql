-- grain: one definition of visits with the measures that it adds up, in order
select definition, list(measure order by value_id) as measures from definitions group by definition order by definition
