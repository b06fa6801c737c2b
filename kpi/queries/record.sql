-- grain: what the values of a record (values_record) come to: one as it is, of several the mean, by their samples where known
select
    sum(value * coalesce(sample_size, 1)) / sum(coalesce(sample_size, 1)) as value, any_value(unit) as unit,
    sum(sample_size)::bigint as sample_size, count(*) as n
from values_record_query
having n > 0
