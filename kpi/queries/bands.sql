-- grain: one class of a scale, the best first
select scale, band, lower::double as lower, name_id, coalesce(name_en, name_id) as name_en, document, address from bands order by scale, lower desc
