/*
contract = "condition"
sums = ["values_counted", "value_sum", "sample_sum"]
*/
-- grain: one area, first day of a period, domain, indicator, breakdown, unit and series. Portable: runs unchanged on DuckDB
-- and Spark; the mean is value_sum / values_counted, taken where it is read.
select
    cast(area as varchar(200)) as area,
    cast(period_start as date) as day,
    cast(domain as varchar(20)) as domain,
    cast(indicator as varchar(200)) as indicator,
    cast(breakdown as varchar(200)) as breakdown,
    cast(unit as varchar(50)) as unit,
    cast(series as varchar(200)) as series,
    cast(count(value) as bigint) as values_counted,
    cast(sum(cast(value as decimal(18, 6))) as decimal(38, 6)) as value_sum,
    cast(sum(sample_size) as bigint) as sample_sum
from condition
group by
    cast(area as varchar(200)), cast(period_start as date), cast(domain as varchar(20)),
    cast(indicator as varchar(200)), cast(breakdown as varchar(200)),
    cast(unit as varchar(50)), cast(series as varchar(200))
