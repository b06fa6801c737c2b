-- grain: one of the city's own sentences, in a language or, where that lacks it, in another one (Indonesian first)
select key, arg_min(text, (lang <> $lang, lang <> 'id', lang)) as text from city_text group by key
