-- grain: one series and definition with values; what of them can be asked for, in the order of visits_order
select
    l.series,
    l.definition,
    any_value(o.defined_as) as defined_as,
    list_sort(list(distinct l.measure)) as measures,
    list_sort(list(distinct l.origin)) as origins,
    list_sort(list(distinct l.year)) as years,
    coalesce(list_sort(list(distinct {name: l.site, site: l.place}) filter (where l.place_kind = 'site')), []) as sites,
    coalesce(list_sort(list(distinct l.measure) filter (where l.place_kind = 'site')), []) as site_measures,
    coalesce(list(l.value_id) filter (where l.measure = 'visits_total'), []) as total_ids,
    -- without a leaf set of the city a site has to be chosen
    any_value(o.is_of_city) as is_of_city,
    bool_or(l.frequency = 'D') as has_days,
    bool_or(l.frequency in ('D', 'M')) as has_months
from visits_leaves_query as l join visits_order_query as o using (series, definition)
where l.visits is not null
group by l.series, l.definition
order by any_value(o.opens)
