-- one value a row; the green space by function of 2016 stands in a note only and is one more value of its row
with kinds (text, breakdown) as (values
    ('asusila', 'indecency'), ('razia minuman beralkohol', 'alcohol'), ('PKL', 'street_vending'),
    ('PGOT', 'destitute'), ('razia ODGJ', 'mental_illness'), ('penertiban unjuk rasa', 'demonstrations'), ('total', '')
),
named (text, domain, indicator, breakdown, direction) as (values
    ('RTH publik', 'penghijauan', 'green_space', 'public', 'up'),
    ('sampah masuk TPA Kopiluhur', 'kebersihan', 'waste_landfilled', null, 'down'),
    ('rit truk sampah', 'kebersihan', 'waste_trips', '', 'down'),
    ('kenaikan volume sampah Ramadan', 'kebersihan', 'waste_growth_ramadan', '', 'down'),
    ('nilai Adipura P1', 'kebersihan', 'adipura_mark', '', 'up'),
    ('pelanggar Perda KTR 8/2015 ditindak', 'ketertiban', 'violations', 'smoking', 'down'),
    ('PKL disidang Perda 2/2016', 'ketertiban', 'violations', 'street_vending', 'down'),
    ('pelanggar Perda miras 4/2013', 'ketertiban', 'violations', 'alcohol', 'down'),
    ('pelanggaran trantibum ditangani', 'ketertiban', 'violations', null, 'down'),
    ('denda KTR', 'ketertiban', 'fines', 'smoking', 'down'),
    ('denda PKL', 'ketertiban', 'fines', 'street_vending', 'down'),
    ('total denda', 'ketertiban', 'fines', '', 'down')
),
found as (
    select
        n.domain, n.indicator, coalesce(n.breakdown, k.breakdown, r.breakdown) as breakdown, n.direction, num(r.value, '.') as value,
        r.unit, r.value_kind, r.period, r.source_date, r._row, 'value' as _col
    from raw as r left join named as n on n.text = r.indicator left join kinds as k on k.text = r.breakdown
    union all
    select
        'penghijauan', 'green_space', 'by_function', 'up', regexp_extract(note, '(\d+)% by function', 1),
        unit, 'reported_rounded', period, source_date, _row, 'note'
    from raw where contains(note, '% by function')
)
select
    '32.74' as area, period(period) as period_start, period_last(period) as period_end, period_frequency(period) as frequency,
    domain, indicator, breakdown, value, direction,
    case
        when starts_with(unit, 'persen') then 'percent'
        when unit = 'rupiah' then 'IDR'
        when unit = 'nilai' then 'mark'
        when indicator = 'violations' then 'violations'
        else unit
    end as unit,
    if(domain = 'ketertiban', 'satpol_pp', 'press') as series,
    case
        when value_kind = 'missing' then 'missing' when value_kind in ('estimated', 'reported_rounded') then 'estimated' else 'final'
    end as obs_status,
    known_by(source_date) as published_at, known_basis(source_date) as published_at_basis, _row, _col
from found
