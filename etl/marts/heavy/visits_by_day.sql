/*
contract = "tickets"
sums = ["persons", "tickets"]
*/
-- grain: one site, local day, origin and ticket class. Portable: runs unchanged on DuckDB and Spark.
select
    cast(site as varchar(200)) as site,
    cast(entered_at as date) as day,
    cast(origin as varchar(20)) as origin,
    cast(ticket_class as varchar(200)) as ticket_class,
    cast(sum(persons) as bigint) as persons,
    cast(count(*) as bigint) as tickets
from tickets
group by
    cast(site as varchar(200)), cast(entered_at as date), cast(origin as varchar(20)),
    cast(ticket_class as varchar(200))
