"""The sentences that speak of figures: the one place that turns a Figure into words."""

from datetime import timedelta

# by the frequency of what is missing
OPEN = {"D": "completeness.open_days", "M": "completeness.open_month"}
OPEN_LABEL = {"D": "nowcast.open_days", "M": "nowcast.open_month"}
GAP = {"D": "gap.days", "M": "gap.months"}
SIMULATED = "simulated:"  # a simulated series is named after the published one that it is made like


def is_simulated(figure):
    """Whether a Figure, or a row as a dict, is simulated or made of what is."""
    row = figure if isinstance(figure, dict) else vars(figure)
    return bool(
        row.get("is_simulated")
        or row.get("obs_status") == "simulated"
        or (row.get("series") or "").startswith(SIMULATED)
    )


def series_name(say, series, words, row=None):
    """The city's public name of a series, or its code; marked where what it names is simulated.

    words: the city's own sentences; row: what the name stands beside, if that may be simulated.
    """
    anchor = series.removeprefix(SIMULATED)
    name = words.get(f"series.{series}") or words.get(f"series.{anchor}", anchor)
    is_marked = is_simulated(row or {"series": series})
    return say("simulated.name", name=name) if is_marked else name


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
    return f"{say.definition(figure.measures)}, {series_name(say, figure.series, words)}"


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
    sentence = say.finding(row["check"], row["params"])
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
    return say(f"basis.{row['published_at_basis'] or 'stated'}", day=say.date(row["published_at"]))


def period(say, row):
    """2019; triwulan II 2020; Mei 2020; 1 Mei 2020; 1 Januari 2023 – 7 Desember 2023."""
    start, end = row["period_start"], row["period_end"]
    is_whole = start.day == 1 and (end + timedelta(days=1)).day == 1 and start.year == end.year
    match is_whole, start.month, end.month:
        case True, 1, 12:
            return str(start.year)
        case True, 1 | 4 | 7 | 10 as first, last if last == first + 2:
            quarter = ("I", "II", "III", "IV")[first // 3]
            return say("period.quarter", quarter=quarter, year=start.year)
        case True, first, last if first == last:
            return say.month(start)
    return say.date(start) if start == end else f"{say.date(start)} – {say.date(end)}"


def change(say, row):
    """naik 10,7 % (+416.829 kunjungan): from the first to the last vintage of a key.

    row: change (visits, None where a vintage has no figure) and growth (its share of the first one,
    without sign, None where that is no number).
    """
    if row["change"] is None:
        return say("change.filled")
    if row["change"] == 0:
        return say("change.same")
    code = "change.up" if row["change"] > 0 else "change.down"
    number = say.number(abs(row["change"]))
    if row["growth"] is None:
        return say("change.from_zero", number=number)
    return say(code, share=say.percent(row["growth"]), number=number)


def delivery(say, row):
    """(icon, word, detail) of one period of one duty to report."""
    day, days = say.date(row["due_on"]), say.number(row["days_late"])
    icon, word, detail = {
        "delivered": ("✓", "delivery.delivered", published(say, row)),
        "late": (
            "◔",
            "delivery.late",
            say("delivery.late_by", days=days, known=published(say, row)),
        ),
        "missing": ("✕", "obs_status.missing", say("delivery.missing_since", day=day, days=days)),
        "not_due": ("…", "obs_status.not_due", say("delivery.due", day=day)),
        "closed": ("▢", "obs_status.closed", ""),
    }[row["status"]]
    if row["status"] in ("delivered", "late") and row["sites_reported"] < row["sites_expected"]:
        reported, expected = (say.number(row[k]) for k in ("sites_reported", "sites_expected"))
        detail = f"{detail}; {say('delivery.sites', reported=reported, expected=expected)}"
    return icon, say(word), detail


def unreported_title(say, row):
    """The finding on a month of the nowcast: how much of it is not reported."""
    month = say.month(row["month"])
    if not row["missing"]:
        return say("completeness.whole", month=month)
    if not row["reported"] and not row["estimated"]:
        return say("completeness.nothing", month=month)
    if row["share_missing"] is None:
        return say("completeness.part", month=month)
    return say("completeness.share", month=month, share=say.percent(row["share_missing"]))


def unreported(say, row):
    """What of a month is reported, what the rest is likely to be, and what the share is of."""
    numbers = {k: say.number(row[k]) for k in ("reported", "estimate", "low", "high", "open")}
    parts = [say("completeness.reported_so_far", **numbers)]
    if row["estimated"]:
        band = "completeness.no_band" if row["low"] is None else "completeness.estimate"
        parts.append(say(band, **numbers))
    if row["open"]:
        parts.append(say(OPEN[row["frequency"]], **numbers))
    if row["missing"] and row["share_missing"] is not None:
        basis = "completeness.of_last_year" if row["is_last_year"] else "completeness.of_usual"
        parts.append(say(basis))
    return " ".join(parts)


def nowcast_label(say, row):
    """What stands beside the bar of a month: +7.016 (5.006–8.734), or that nothing is there."""
    numbers = {k: say.number(row[k]) for k in ("estimate", "low", "high", "open")}
    if row["estimated"]:
        return say("nowcast.label" if row["low"] is not None else "nowcast.no_band", **numbers)
    return say(OPEN_LABEL[row["frequency"]], **numbers) if row["open"] else ""


def place_month(say, row):
    """(kind, icon, word, detail) of what one place has reported of one month."""
    kind, icon = {
        "missing": ("missing", "✕"),
        "not_due": ("not_due", "…"),
        "closed": ("closed", "▢"),
        "suspect": ("late", "△"),
        "provisional": ("delivered", "◐"),
    }.get(row["status"], ("delivered", "✓"))
    is_plain = kind == "delivered" and row["status"] in ("final", "simulated")
    word = say("completeness.reported" if is_plain else f"obs_status.{row['status']}")
    counts = {k: say.number(row[k]) for k in ("reported", "expected", "closed")}
    parts = []
    if row["frequency"] == "D" and row["status"] != "closed":
        parts.append(say("completeness.days", **counts))
        if row["closed"]:
            parts.append(say("completeness.closed", **counts))
    return kind, icon, word, "; ".join(parts)


def gap(say, row):
    """The periods that a place lacks: 18 Juli 2019 – 16 Agustus 2019 (30 hari)."""
    when = period(say, row)
    if row["periods"] == 1:
        return when
    return say(GAP[row["frequency"]], period=when, number=say.number(row["periods"]))


def _origins(say, figure):
    return [say(f"origin.{origin}") for origin in sorted(figure.origins, reverse=True)]
