-- grain: one of the city's own sentences in one language
select key, text from city_text where lang = $lang
