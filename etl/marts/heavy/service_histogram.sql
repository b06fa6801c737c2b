/*
contract = "service"
vintages = true
sums = ["requests"]
*/
-- grain: one agency, service, area, channel, local day of request, status, kind of timing, bin of duration and day
-- on which this became known. A bin is a whole minute below 24 hours, then a whole hour; null where there is no
-- duration (none: not completed; day: to the day only; before: completed before requested). Medians and shares
-- within a standard are exact to the bin and add up from village to nation; what was known on a day is the sum up
-- to known_on. Portable: runs unchanged on DuckDB and Spark.
select
    cast(agency as varchar(200)) as agency,
    cast(service_code as varchar(200)) as service_code,
    cast(area as varchar(200)) as area,
    cast(channel as varchar(200)) as channel,
    cast(requested_on as date) as requested_on,
    cast(status as varchar(20)) as status,
    cast(series as varchar(200)) as series,
    cast(timing as varchar(10)) as timing,
    cast(case when minutes < 1440 then 'minute' when minutes >= 1440 then 'hour' end as varchar(10)) as bin_unit,
    cast(case when minutes < 1440 then minutes when minutes >= 1440 then floor(minutes / 60) end as bigint) as bin,
    cast(known_on as date) as known_on,
    cast(sum(change) as bigint) as requests
from (
    select
        agency, service_code, area, channel, requested_on, status, series, known_on, change, timing,
        case when timing in ('timed', 'zero') then
            floor((unix_micros(completed_at) - unix_micros(requested_at)) / 60000000)
        end as minutes
    from (
        select
            agency, service_code, area, channel, requested_on, status, series, known_on, change, requested_at,
            completed_at,
            case
                when completed_at is null then 'none'
                when precision = 'day' then 'day'
                when completed_at < requested_at then 'before'
                when completed_at = requested_at then 'zero'
                else 'timed'
            end as timing
        from service
    ) as timed
) as durations
group by
    cast(agency as varchar(200)), cast(service_code as varchar(200)), cast(area as varchar(200)),
    cast(channel as varchar(200)), cast(requested_on as date), cast(status as varchar(20)),
    cast(series as varchar(200)), cast(timing as varchar(10)),
    cast(case when minutes < 1440 then 'minute' when minutes >= 1440 then 'hour' end as varchar(10)),
    cast(case when minutes < 1440 then minutes when minutes >= 1440 then floor(minutes / 60) end as bigint),
    cast(known_on as date)
