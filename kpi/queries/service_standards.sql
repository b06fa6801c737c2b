-- grain: one standard of a service's time, as one document stated it, known by as_of; those of law first
select
    service_code, channel, hours, from_date, to_date, kind, document, address, verification, said_by, note,
    published_at, published_at_basis
from standards
where is_known(published_at)
qualify is_newest((service_code, channel, from_date, kind, document), published_at, received_at, value_id)
order by channel, kind = 'regulation' desc, hours, from_date desc
