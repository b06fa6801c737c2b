"""The words of the page on order, cleanliness and greening: sentences and small multiples."""

from datetime import timedelta

from markupsafe import escape

from kpi.lineage import Address, address, of_figure
from kpi.simulated import is_simulated
from ui.kit import cards, maps, rankings, sentences
from ui.kit.text import together

TREND = 36  # months of a small multiple


def address_of(review: object, of: str = "value", **cut: str) -> Address:
    """The Address of the value of a Review, or of its change: of the city, or an area or kind."""
    span = {"first": review.window_start, "last": review.window_end}
    return address("condition", of=of, kpi=review.kpi, series=review.series, **span, **cut)


def address_of_record(row: dict) -> Address:
    """The Address of a row of condition_published."""
    span = {"first": row["period_start"], "last": row["period_end"]}
    return address("record", contract="condition", **row | span | _breakdown(row))


def _breakdown(row):
    return {"breakdown": row["breakdown"] or None}


def figure(say, review, part):
    """The value of the city or an area in a Review, in few words."""
    at = address_of(review, area=part.code or None)
    return say.figure(at, say.quantity(part.now and part.now.value, review.unit, is_bare=True))


def city_change(say, review):
    """How the city has changed since the same months a year before."""
    return change(say, review.unit, review.city.change, address_of(review, "change"))


def interval(say, unit, estimate):
    """14,5 %–17,7 %, or the word that there is none."""
    if estimate.low is None:
        return say("condition.no_interval")
    return "–".join(say.quantity(end, unit, is_bare=True) for end in (estimate.low, estimate.high))


def change(say, unit, estimate, at=None):
    """naik 2,4 poin; a change whose interval holds zero is said to be none that can be told.

    at: its Address.
    """
    if estimate is None:
        return say("condition.change_none")
    number = say.figure(at, _size(say, unit, estimate))
    return say(f"condition.change_{_direction(estimate)}", number=number)


def title(say, domain, review):
    """The finding of the page: the city's figure, its months, its change; marked if simulated."""
    if review is None:
        return say("condition.nothing", domain=say(f"condition.{domain}"))
    finding = say(
        f"condition.title_{domain}",
        value=figure(say, review, review.city),
        months=months(say, review.window_start, review.window_end),
        change=city_change(say, review),
    )
    return say("simulated.name", name=finding) if is_simulated(review) else finding


def short_change(say, unit, estimate, at=None):
    """The same in a few words: naik 2,4 poin; tidak nyata."""
    if estimate is None:
        return "—"
    size = abs(estimate.value)
    number = (
        _size(say, unit, estimate) if unit == "share" else say.quantity(size, unit, is_bare=True)
    )
    return say(f"condition.short_{_direction(estimate)}", number=say.figure(at, number))


def is_better(review):
    """Whether the city is better than in the same months a year before; None where not surely."""
    change = review.city.change
    if change is None or change.low is None or _direction(change) == "alike":
        return None
    return _direction(change) == review.direction


def _size(say, unit, estimate):
    size = abs(estimate.value)
    if unit == "share":
        return say("condition.points", number=say.number(100 * size, 1))
    return say.quantity(size, unit)


def _direction(estimate):
    """up or down; alike where the interval holds zero."""
    if estimate.low is not None and estimate.low <= 0 <= estimate.high:
        return "alike"
    return "up" if estimate.value > 0 else "down"


def months(say, start, end):
    """Maret–Agustus 2019; September 2018–Agustus 2019."""
    first = say.month(start)
    if start.year == end.year:
        first = first.removesuffix(f" {start.year}")
    return f"{first}–{say.month(end)}"


def about(say, review, words):
    """What the figure of the city rests on: sample, interval, weights, source, day."""
    unit, at = review.unit, address_of(review)
    sample = say.figure(at, say.number(review.city.sample))
    lines = [
        say(f"condition.form_{review.form}_{review.domain}", sample=sample),
        say("condition.interval", interval=say.figure(at, interval(say, unit, review.city.now))),
        say(
            "condition.pooled",
            number=say.number(review.months),
            months=months(say, review.window_start, review.window_end),
            before=months(say, review.before_start, review.before_end),
        ),
        say(
            "condition.source",
            series=sentences.series_name(say, review.series, words),
            day=say.date(review.known_at),
        ),
    ]
    if review.weighted:
        lines.insert(2, say(
            "condition.weighted",
            value=say.figure(at, say.quantity(review.weighted.value, unit)),
            interval=say.figure(at, interval(say, unit, review.weighted)),
            year=review.population_day.year,
        ))  # fmt: skip
    elif review.domain == "kebersihan" and review.form != "unsampled":
        lines.insert(2, say("condition.unweighted"))
    return together(" ", lines)


def counted(say, review):
    """How many areas are better, worse, not to be told apart from the city, too little known."""
    found, at = [part.word for part in review.areas], address_of(review)
    counts = {word: found.count(word) for word in maps.ICONS} | {"areas": len(found)}
    told = {name: say.figure(at, say.number(n)) for name, n in counts.items()}
    return say("condition.counted", **told)


def differing(say, review, code):
    """The title of map or ranking: how many areas surely differ from the city."""
    found = [part.word for part in review.areas]
    better, worse = found.count("better"), found.count("worse")
    if found.count("few") == len(found):
        return say(f"{code}_few")
    counts = {"better": better, "worse": worse, "differing": better + worse, "areas": len(found)}
    at = address_of(review)
    told = {name: say.figure(at, say.number(n)) for name, n in counts.items()}
    return say(code, domain=say(f"condition.{review.domain}"), **told)


def map_key(say, review, words):
    """The icons of the map with their words, how many areas have each, and the source."""
    icons = " · ".join(f"{icon} {say(f'condition.{word}')}" for word, icon in maps.ICONS.items())
    return sourced(say, review, words, together(". ", [icons, counted(say, review)]))


def sourced(say, review, words, text):
    """A caption that ends with the source, marked where it is simulated."""
    name = sentences.series_name(say, review.series, words)
    return together(" ", [text, say("condition.chart_source", series=name)])


def area_rows(say, review):
    """The areas as the map takes them."""
    return [
        {
            "code": part.code,
            "name": part.name,
            "word": part.word,
            "told": say(f"condition.{part.word}"),
            "position": part.position,
            "value": say.quantity(part.now and part.now.value, review.unit, is_bare=True),
            "note": note(say, review, part),
        }
        for part in review.areas
    ]


def note(say, review, part):
    """A Part in one line: value, interval, sample, word."""
    if part.now is None:
        return say("condition.not_reported")
    return say(
        "condition.note",
        value=say.quantity(part.now.value, review.unit),
        interval=interval(say, review.unit, part.now),
        sample=say(f"condition.sample_{review.domain}", number=say.number(part.sample)),
        change=change(say, review.unit, part.change),
    )


def ranking(say, review, is_dark):
    """The chart of the areas that have a rank, the best first; None without one."""
    ranked = [part for part in review.areas if part.rank]
    names = [f"{part.rank}. {part.name} {maps.ICONS[part.word]}" for part in ranked]
    return _chart(
        say, review, ranked, names, review.city.now.value, "condition.ranking_alt", is_dark
    )


def kinds(say, review, is_dark):
    """The chart of the kinds of violation per patrol hour, the most frequent first; None: none."""
    names = [kind(say, part.code) for part in review.kinds]
    return _chart(say, review, review.kinds, names, None, "condition.kinds_alt", is_dark)


def kind(say, code):
    """The name of a part of an indicator, as a kind of violation; its code without one."""
    name = f"part.{code}"
    return say(name) if say.has(name) else code


def _chart(say, review, parts, names, city, alt, is_dark):
    rows = [
        {
            "label": name,
            "value": part.now.value,
            "low": part.now.low,
            "high": part.now.high,
            "before": part.before.value if part.before else None,
            "word": part.word if part.rank else "alike",
            "note": note(say, review, part),
        }
        for part, name in zip(parts, names, strict=True)
    ]
    texts = {"alt": say(alt), "percent": review.unit == "share"}
    return rankings.intervals(rows, city, texts, say, is_dark) if rows else None


def ranking_key(say, review, least, words):
    """What the chart of the areas shows, whose figures, and which areas have no rank, and why."""
    names = [part.name for part in review.areas if not part.rank]
    if review.form == "unsampled":
        return sourced(say, review, words, say("condition.no_sample"))
    key = sourced(say, review, words, say("condition.ranking_key"))
    if not names:
        return key
    sample = say(f"condition.sample_{review.domain}", number=say.number(least))
    return f"{key} {say('condition.too_few', names=say.joined(names), sample=sample)}"


def multiples(say, review, trend):
    """Small multiples as HTML: three months pooled by area, all on one scale, the city in grey."""
    series = {}
    for row in trend:
        series.setdefault(row["area"], []).append((row["period_end"], row["value"]))
    top = max((value for area in series for _, value in series[area]), default=0)
    parts = sorted(review.areas, key=lambda part: part.name)
    shown = [
        _multiple(say, review, part, series[part.code], series.get("", []), top)
        for part in parts
        if len(series.get(part.code, [])) > 1 and top
    ]
    return (
        f'<div class="dj multiples">{"".join(shown)}</div>' if 2 * len(shown) > len(parts) else ""
    )


def _multiple(say, review, part, points, city, top):
    before, told = (say.quantity(points[n][1], review.unit, is_bare=True) for n in (0, -1))
    label = say("condition.multiple_alt", name=part.name, first=before, last=told)
    x, y = _place(points[-1], review.window_end, top)
    day = points[-1][0]
    first = (day.replace(day=1) - timedelta(days=45)).replace(day=1)  # of three months
    about = {"kpi": review.kpi, "series": review.series, "area": part.code}
    at = address("condition", of="value", **about, first=first, last=day)
    changed = address_of(review, "change", area=part.code)
    return (
        f"<div><b>{escape(part.name)}</b> <span>{escape(say.figure(at, told))}</span>"
        '<svg viewBox="0 0 120 40" preserveAspectRatio="none" role="img" '
        f'aria-label="{escape(label)}">'
        f"<title>{escape(label)}</title>"
        f'<polyline class="city" points="{_points(city, review.window_end, top)}"/>'
        f'<polyline points="{_points(points, review.window_end, top)}"/>'
        f'<line class="dot" x1="{x:.1f}" x2="{x:.1f}" y1="{y:.1f}" y2="{y:.1f}"/></svg>'
        f"<small>{escape(short_change(say, review.unit, part.change, changed))}</small></div>"
    )


def _points(points, end, top):
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in (_place(point, end, top) for point in points))


def _place(point, end, top):
    day, value = point
    months_ago = 12 * (end.year - day.year) + end.month - day.month
    return 2 + 116 * (1 - months_ago / (TREND - 1)), 37 - 34 * value / top


def marks(say, rows, published_rows, words, review):
    """The Adipura item scale beside the share, as sentences: means of items, published marks."""

    def of(start, end):
        span = {"first": start, "last": end, "contract": "condition", "indicator": "adipura_item"}
        return lambda row: address("record", series=row["series"], **span)

    if review:
        now = of(review.window_start, review.window_end)
        before = of(review.before_start, review.before_end)
    told = [
        say(
            "condition.adipura_items",
            value=say.figure(now(row), say.number(row["value"], 1)),
            sample=say.figure(now(row), say.number(row["sample_size"])),
            before=say.figure(before(row), say.number(row["value_before"], 1)),
            series=sentences.series_name(say, row["series"], words),
        )
        for row in rows
    ]
    told += [
        say(
            "condition.adipura_mark",
            value=say.figure(address_of_record(row), say.number(row["value"])),
            period=sentences.period(say, row),
            series=sentences.series_name(say, row["series"], words),
            day=say.date(row["published_at"]),
        )
        for row in published_rows
        if row["indicator"] == "adipura_mark"
    ]
    return [*told, say("condition.adipura_scale")]


def green(say, rows, words):
    """Green space by ownership against its duty, and by function, which is another measure: HTML.

    rows: [{measure, figure (a Figure or None), duty (share or None), document, attained}].
    """
    return "".join(_green(say, row, words) for row in rows)


def _green(say, row, words):
    figure, duty = row["figure"], row["duty"]
    lines = [say("condition.green_none")] if figure is None else [
        say(
            "condition.green_value",
            value=say.figure(of_figure(figure), say.percent(figure.value)),
            year=figure.year,
            status=say(f"obs_status.{figure.obs_status}"),
            series=sentences.series_name(say, figure.series, words),
            day=say.date(figure.known_at),
        )
    ]  # fmt: skip
    if duty:
        lines.append(say("condition.green_duty", value=say.percent(duty), document=row["document"]))
    bar = ""
    if row["attained"] is not None:
        share = say.figure(of_figure(figure), say.percent(row["attained"]))
        label = say("condition.green_bar", share=share)
        lines.append(label)
        is_firm = figure.obs_status == "final"
        bar = cards.bullet(row["attained"], label, is_firm, is_simulated(figure))
    name = say(f"condition.green_{row['measure']}")
    value = "—"
    if figure is not None:
        value = say.figure(of_figure(figure), say.percent(figure.value))
    return (
        f'<div class="dj rung"><p class="rung-head"><span>{escape(name)}</span>'
        f"<span><b>{escape(value)}</b></span></p>{bar}"
        f'<p class="small">{escape(together(" ", lines))}</p></div>'
    )


def listed(lines):
    """Sentences as a list: HTML."""
    return f'<ul class="dj listed">{"".join(f"<li>{escape(line)}</li>" for line in lines)}</ul>'
