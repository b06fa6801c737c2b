/*
contract = "visits"
severity = "error"
marks = "suspect"
concept = "a row gives a code beside the name of another place: one of the two is wrong"
method = "own rule; the name that stands beside a code most often is its own. Where the areas are listed, the loader compares with the list and rejects"
*/
-- grain: one code, with the rows that give it another name
with named as (
    select *, comparable(place_name) as name, mode(comparable(place_name)) over (partition by series, place) as own_name
    from visits where place_name is not null and place_name <> place and is_known(published_at)
),
owners as (
    select series, own_name, min(place) as own_place from named where name = own_name group by all
)
select
    list(n.value_id order by n.value_id) as value_ids,
    list(n.value_id order by n.value_id) as marked_ids,
    {
        place: n.place, measure: n.measure, breakdown: n.breakdown, series: n.series, own_name: n.own_name, name: n.name,
        figures: count(*), period_start: min(n.period_start), period_end: max(n.period_end)
    } as params
from named as n left join owners as o on (o.series, o.own_name) = (n.series, n.name)
where n.name <> n.own_name and (
    o.own_place <> n.place or jaro_winkler_similarity(n.name, n.own_name) < 0.7
)
group by n.place, n.measure, n.breakdown, n.series, n.own_name, n.name
