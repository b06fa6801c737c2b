/*
contract = "service"
sums = ["requests"]
*/
-- grain: one agency, service, area, local day of request, status and bin of duration. A bin is a whole minute
-- below 24 hours, then a whole hour; null where there is no duration (open, to the day, or completed before
-- requested). Medians and shares within a standard are exact to the bin and add up from village to nation.
-- Portable: runs unchanged on DuckDB and Spark.
select
    cast(agency as varchar(200)) as agency,
    cast(service_code as varchar(200)) as service_code,
    cast(area as varchar(200)) as area,
    cast(requested_on as date) as requested_on,
    cast(status as varchar(20)) as status,
    cast(series as varchar(200)) as series,
    cast(case when minutes < 1440 then 'minute' when minutes >= 1440 then 'hour' end as varchar(10)) as bin_unit,
    cast(case when minutes < 1440 then minutes when minutes >= 1440 then floor(minutes / 60) end as bigint) as bin,
    cast(count(*) as bigint) as requests
from (
    select
        agency, service_code, area, requested_on, status, series,
        case when precision <> 'day' and completed_at >= requested_at then
            floor((unix_micros(completed_at) - unix_micros(requested_at)) / 60000000)
        end as minutes
    from service
) as durations
group by
    cast(agency as varchar(200)), cast(service_code as varchar(200)), cast(area as varchar(200)),
    cast(requested_on as date), cast(status as varchar(20)), cast(series as varchar(200)),
    cast(case when minutes < 1440 then 'minute' when minutes >= 1440 then 'hour' end as varchar(10)),
    cast(case when minutes < 1440 then minutes when minutes >= 1440 then floor(minutes / 60) end as bigint)
