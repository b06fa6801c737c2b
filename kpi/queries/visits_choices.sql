-- grain: one series and definition with values; what of them can be asked for, the city's choice first
select
    l.series,
    l.definition,
    (select list(d.measure order by d.value_id) from definitions as d where d.definition = l.definition) as defined_as,
    list_sort(list(distinct l.measure)) as measures,
    list_sort(list(distinct l.origin)) as origins,
    list_sort(list(distinct l.year)) as years,
    coalesce(list_sort(list(distinct {name: l.site, site: l.place}) filter (where l.place_kind = 'site')), []) as sites,
    coalesce(list_sort(list(distinct l.measure) filter (where l.place_kind = 'site')), []) as site_measures,
    coalesce(list(l.value_id) filter (where l.measure = 'visits_total'), []) as total_ids,
    -- without a leaf set of the city a site has to be chosen
    bool_or(l.is_of_city) as is_of_city,
    bool_or(l.frequency = 'D') as has_days,
    bool_or(l.frequency in ('D', 'M')) as has_months,
    (l.definition, l.series) = (c.ruling_definition, c.ruling_series) as is_choice,
    (l.definition, l.series) = (c.ruling_definition, 'simulated:' || c.ruling_series) as is_like_choice
from visits_leaves_query as l cross join city as c
where l.visits is not null
group by l.series, l.definition, c.ruling_definition, c.ruling_series
order by
    coalesce(is_choice, false) desc, coalesce(is_like_choice, false) desc, is_of_city desc,
    starts_with(l.series, 'simulated:'), len(measures) desc, count(*) desc, l.series, l.definition
