/*
concept = "Capaian simulasi: how far the simulated record of the target's year stands"
definition = "Simulated visits of the ruling target's own year, of the definition and like the series that the city has chosen, divided by the target; no published figure is in it, except where one stands in for a simulated count"
classification = "the ruling target's definition; the simulated series that is made like its series"
measure = "ratio"
unit = "share"
producer = "Dua Juta (simulation)"
period = "year"
direction = "up"
derived_from = "visits"
method = "as attainment; never an answer to whether the target is reached"
*/
-- grain: the one ruling target, where a simulated record of its year is known
select
    a.* exclude (
        series, covered_to, value, numerator, obs_status, is_complete, values_summed, measures_summed,
        values_reported, values_expected, origins, known_at, value_ids, is_choice
    ),
    v.series,
    v.covered_to,
    v.value / a.denominator as value,
    v.value as numerator,
    v.obs_status,
    v.is_complete,
    v.values_summed,
    v.measures_summed,
    v.values_reported,
    v.values_expected,
    v.origins,
    v.known_at,
    v.value_ids
from attainment_kpi as a
join visits_kpi as v on (v.definition, v.series, v.year) = (a.definition, simulated_like(a.series), a.year)
where a.is_choice
