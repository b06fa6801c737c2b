"""The sentences that speak of figures: the one place that turns a Figure into words."""


def series_name(series, words):
    """The city's public name of a series, or its code. words: the city's own sentences."""
    return words.get(f"series.{series}", series)


def verdict(say, choice, latest, city, words):
    """The one sentence of the home page.

    choice: the attainment Figure of the city's choice, None without a target; latest: then the last
    complete yearly visits Figure, or None. words: the city's own sentences.
    """
    if choice is None:
        if latest is None:
            return say("verdict.no_figures", city=city)
        return say(
            "verdict.no_target",
            city=city,
            year=latest.year,
            actual=say.number(latest.value),
            counts=counted(say, latest, words),
        )
    counts = counted(say, choice, words)
    if choice.is_city_choice:
        counts = say("verdict.choice", counts=counts)
    params = {"target": say.compact(choice.denominator), "year": choice.year, "counts": counts}
    if choice.value is None:
        return say("verdict.nothing", **params)
    params |= {"actual": say.number(choice.numerator), "share": say.percent(choice.value)}
    if choice.value >= 1:
        return say("verdict.reached", **params)
    if choice.is_complete:
        return say("verdict.missed", **params)
    if choice.values_reported >= choice.values_expected and choice.covered_to < choice.period_end:
        return say("verdict.running", day=say.date(choice.covered_to), **params)
    return say("verdict.incomplete", lacking=completeness(say, choice), **params)


def counted(say, figure, words):
    """What a figure counts and whose it is: objek wisata + akomodasi, Disparbud Jabar."""
    return f"{say.definition(figure.measures)}, {series_name(figure.series, words)}"


def required(say, figure):
    """(value, explanation) of the visits a day still needed; an em dash and why, where none."""
    if figure.value is None:
        return "—", say(f"required.{figure.reason}", year=figure.year)
    return say.number(figure.value), say(
        "required.from", rest=say.number(figure.numerator), days=say.number(figure.denominator)
    )


def whose(say, figure, series):
    """Whose figures these are and whose sum it is."""
    if figure.value is None:
        return say("whose.nothing", series=series)
    if figure.measures_summed > 1:
        return say("whose.measures", series=series)
    if figure.origins == ("total",) and figure.values_summed > 1:
        return say("whose.periods", series=series)
    if figure.values_summed > 1:
        return say("whose.parts", series=series, parts=" + ".join(_origins(say, figure)))
    return say("whose.publisher", series=series)


def completeness(say, figure):
    """What is lacking in a figure, or an empty string."""
    if figure.is_complete or figure.value is None:
        return ""
    if figure.covered_to < figure.period_end and figure.values_reported >= figure.values_expected:
        return say("complete.until", day=say.date(figure.covered_to))
    if figure.origins in (("wisnus",), ("wisman",)):
        return say("complete.only", origin=_origins(say, figure)[0])
    reported, expected = (say.number(n) for n in (figure.values_reported, figure.values_expected))
    return say("complete.part", reported=reported, expected=expected)


def status(say, figure):
    """The status in words, with what is lacking."""
    lacking = completeness(say, figure)
    return say(f"obs_status.{figure.obs_status}") + (f", {lacking}" if lacking else "")


def finding(say, row):
    """A finding of a check as a sentence."""
    params = dict(row["params"])
    for key in ("visits", "visits_before", "requests", "requests_all"):
        if key in params:
            params[key] = say.number(params[key])
    if "factor" in params:
        params |= {"factor": say.number(params["factor"], 2), "year_before": params["year"] - 1}
    measure = say(f"measure.{params.pop('measure')}") if "measure" in params else ""
    origin = say(f"origin.{params.pop('origin')}") if "origin" in params else ""
    sentence = say(f"check.{row['check']}", measure=measure, origin=origin, **params)
    return sentence[0].upper() + sentence[1:]


def marked(say, findings, figure):
    """[(mark, sentence)] of the findings that mark a value of this figure (None: none)."""
    ids = set(figure.value_ids) if figure else set()
    return [
        (say(f"mark.{row['marks']}"), finding(say, row))
        for row in findings
        if ids & set(row["marked_ids"])
    ]


def published(say, row):
    """When a row was published, or by when it is known to exist."""
    if row["published_at"] is None:
        return say("basis.unknown")
    return say(f"basis.{row['published_at_basis']}", day=say.date(row["published_at"]))


def period(say, row):
    """2019; 1 Januari – 7 Desember 2023."""
    start, end = row["period_start"], row["period_end"]
    if (start.month, start.day, end.month, end.day) == (1, 1, 12, 31) and start.year == end.year:
        return str(start.year)
    return f"{say.date(start)} – {say.date(end)}"


def _origins(say, figure):
    return [say(f"origin.{origin}") for origin in sorted(figure.origins, reverse=True)]
