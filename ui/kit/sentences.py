"""The sentences that speak of figures: the one place that turns a Figure into words."""

from datetime import date

from kpi.lineage import address, of_figure, of_pair, of_period, of_target
from kpi.simulated import is_simulated, original
from ui.kit.text import together

# by the frequency of what is missing
OPEN = {"D": "completeness.open_days", "M": "completeness.open_month"}
OPEN_LABEL = {"D": "nowcast.open_days", "M": "nowcast.open_month"}
GAP = {"D": "gap.days", "M": "gap.months"}
SERVICE = "service_"  # KPIs of this beginning count requests, done or open


def series_name(say, series, words, row=None):
    """The city's public name of a series, or its code; marked where what it names is simulated.

    words: the city's own sentences; row: what the name stands beside, if that may be simulated.
    """
    anchor = original(series)
    name = words.get(f"series.{series}") or words.get(f"series.{anchor}", anchor)
    is_marked = is_simulated(row or {"series": series})
    return say("simulated.name", name=name) if is_marked else name


def verdict(say, choice, latest, city, words, counts=()):
    """The one sentence of the home page.

    choice: the attainment Figure of the city's choice, None without a target; latest: then the
    yearly Figure of visits to tell, or None. words: the city's own sentences; counts: rows of
    visits_order, of which there may be some of single places alone.
    """
    if choice is None:
        if latest is None:
            counts = of_places(say, counts, words)
            code = "verdict.places" if counts else "verdict.no_figures"
            return say(code, city=city, counts=counts)
        return say(
            "verdict.no_target" if latest.is_complete else "verdict.no_target_part",
            city=city,
            year=latest.year,
            actual=say.figure(of_figure(latest), say.number(latest.value)),
            counts=counted(say, latest, words),
            lacking=completeness(say, latest),
        )
    counts = counted(say, choice, words)
    if choice.is_city_choice:
        counts = say("verdict.choice", counts=counts)
    target = say.figure(of_target(choice), say.compact(choice.denominator))
    params = {"target": target, "year": choice.year, "counts": counts}
    if choice.value is None:
        return say("verdict.nothing", **params)
    written = {"actual": say.number(choice.numerator), "share": say.percent(choice.value)}
    params |= {k: say.figure(of_figure(choice), text) for k, text in written.items()}
    if choice.value >= 1:
        return say("verdict.reached", **params)
    if choice.is_complete:
        return say("verdict.missed", **params)
    if choice.values_reported >= choice.values_expected and choice.covered_to < choice.period_end:
        return say("verdict.running", day=say.date(choice.covered_to), **params)
    return say("verdict.incomplete", lacking=completeness(say, choice), **params)


def of_places(say, counts, words):
    """What is counted first of single places alone and whose it is, None where nothing is.

    counts: rows of visits_order.
    """
    found = next((c for c in counts if not c["is_of_city"]), None)
    return found and f"{say.definition(found['defined_as'])}, " + series_name(
        say, found["series"], words
    )


def counted(say, figure, words):
    """What a figure counts and whose it is: objek wisata + akomodasi, Disparbud Jabar."""
    return f"{say.definition(figure.measures)}, {series_name(say, figure.series, words)}"


def required(say, figure):
    """(value, explanation) of the visits a day still needed; an em dash and why, where none."""
    if figure.value is None:
        return "—", say(f"required.{figure.reason}", year=figure.year)
    at = of_figure(figure)
    rest = say.figure(at, say.number(figure.numerator))
    days = say.number(figure.denominator)
    return say.figure(at, say.number(figure.value)), say("required.from", rest=rest, days=days)


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
    counts, at = (figure.values_reported, figure.values_expected), of_figure(figure)
    reported, expected = (say.figure(at, say.number(n)) for n in counts)
    code = "complete.requests" if figure.kpi.startswith(SERVICE) else "complete.part"
    return say(code, reported=reported, expected=expected)


def status(say, figure):
    """The status in words, with what is lacking."""
    lacking = completeness(say, figure)
    return together(", ", filter(None, [say(f"obs_status.{figure.obs_status}"), lacking]))


def finding(say, row):
    """A finding of a check as a sentence, after the place it speaks of, if not the city itself.

    An accepted one says who accepted it and why.
    """
    at = address("finding", finding=row.get("id"))
    place = f"{row['place']}: " if row.get("place") and not row["is_own"] else ""
    told = [say.figure(at, place + _sentence(say.finding(row["check"], row["params"])))]
    if row.get("state") == "accepted":
        told.append(state(say, row))
    return together(" ", told)


def state(say, row):
    """Whether a finding is open, accepted (by whom, until when, why) or was, and is no longer."""
    if row["state"] == "open":
        return say("state.open")
    about = {k: row[k] for k in ("office", "reason")}
    return say(f"state.{row['state']}", until=say.date(row["until"]), **about)


def touches(row, value_ids):
    """Whether a finding marks one of these values of visits."""
    return row["contract"] == "visits" and not set(value_ids).isdisjoint(row["marked_ids"])


def marked(say, findings, figure):
    """[(mark, sentence)] of the findings that mark a value of this figure (None: none)."""
    ids = figure.value_ids if figure else ()
    return [(mark(say, row), finding(say, row)) for row in findings if touches(row, ids)]


def mark(say, row):
    """The word by which a figure is marked that a finding touches; whether it was accepted."""
    word = say(f"mark.{row['marks']}")
    return say("mark.accepted", mark=word) if row["state"] == "accepted" else word


def marks(say, findings, value_ids):
    """The small mark beside a figure made of these values: ⚑ and its words, or nothing."""
    found = sorted({mark(say, row) for row in findings if touches(row, value_ids)})
    return f"⚑ {', '.join(found)}" if found else ""


def published(say, row):
    """When a row was published, or by when it is known to exist."""
    if row["published_at"] is None:
        return say("basis.unknown")
    return say(f"basis.{row['published_at_basis'] or 'stated'}", day=say.date(row["published_at"]))


def period(say, row):
    """The period of a row in words."""
    return say.period(row["period_start"], row["period_end"])


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


def _status_word(say, row):
    return say(f"obs_status.{row['obs_status']}")


def _sentence(words):
    return words[0].upper() + words[1:]


def _origins(say, figure):
    return [say(f"origin.{origin}") for origin in sorted(figure.origins, reverse=True)]


def visits_title(say, view, rows, words):
    """The finding of the visits page: what was counted so far, and how that compares.

    view: a ui.filters.View; rows: of the query visits_pairs.
    """
    what = view.site_name or say.definition(view.measures)
    what = f"{_sentence(what)}, {series_name(say, view.series, words)}"
    total = next((r for r in totals(rows) if r["alignment"] == "calendar"), None)
    if total is None:
        return say("visits.title_of", what=what, year=view.year)
    return say(
        "visits.title_years" if total["unit"] == "A" else "visits.title_compared",
        what=what,
        year=view.year,
        visits=say.figure(of_pair(total), say.compact(total["visits"])),
        unit=unit(say, view),
        day=say.date(total["last_day"]),
        growth=growth(say, total),
        before=view.year - 1,
    )


def unit(say, view):
    """What a View counts: kunjungan, or what its one measure is if that is no visit."""
    code = next(iter(view.measures), "")
    return say(f"unit.{code}" if code in ("trips", "passengers") else "unit.visits")


def totals(rows):
    """The rows of the query visits_pairs that are about all places and months."""
    return [r for r in rows if r["place"] is None and r["month_start"] is None]


def months(rows):
    """Those about one month and all places."""
    return [r for r in rows if r["place"] is None and r["month_start"] and r["unit"] != "A"]


def places(rows):
    """Those about one place and all months, by calendar."""
    mine = [r for r in rows if r["alignment"] == "calendar"]
    return [r for r in mine if r["place"] is not None and r["month_start"] is None]


def cells(rows):
    """Those about one place and month, by calendar."""
    mine = [r for r in rows if r["alignment"] == "calendar"]
    return [r for r in mine if r["place"] is not None and r["month_start"] and r["unit"] != "A"]


def growth(say, row):
    """naik 25,6 %; turun 3,0 %; tetap: against the year before."""
    if row["change"] == 0:
        return say("growth.same")
    if row["growth"] is None:
        return say("growth.from_zero")
    share = say.figure(of_pair(row), say.percent(abs(row["growth"])))
    return say("growth.up" if row["change"] > 0 else "growth.down", share=share)


def compared(say, row):
    """A comparison by its name with its outcome: menurut kalender: naik 25,6 %."""
    return say("pairs.named", name=say(f"pairs.{row['alignment']}"), growth=growth(say, row))


def pair(say, row):
    """The visits of a year and of the one before on the same days, and how they differ."""
    return say(
        "pairs.detail",
        visits=say.number(row["visits"]),
        before=say.number(row["visits_before"]),
        growth=growth(say, row),
    ) + ("" if row["is_complete"] else f" · {say('pairs.part')}")


def difference(say, row):
    """−40.329, turun 21,8 %: the visits more or fewer than the year before."""
    return f"{say.signed(row['change'])}, {growth(say, row)}"


def cell(say, row):
    """−6.776, marked where the month is not complete."""
    return say.signed(row["change"]) + ("" if row["is_complete"] else " ◌")


def pair_days(say, row):
    """Which days a comparison is made of, and of how many places."""
    if row["unit"] == "A":
        return say("pairs.whole_years")
    return say(
        "pairs.days" if row["places_reported"] > 1 else "pairs.span",
        first=say.date(row["first_start"]),
        last=say.date(row["last_day"]),
        compared=say.figure(of_pair(row), say.number(row["places_compared"])),
        reported=say.figure(of_pair(row), say.number(row["places_reported"])),
    )


def pair_sum(say, row):
    """What a named comparison rests on: both sums, its days and its places."""
    sums = {"visits": say.number(row["visits"]), "before": say.number(row["visits_before"])}
    sums = {name: say.figure(of_pair(row), text) for name, text in sums.items()}
    return together(". ", [say("pairs.sums", **sums), pair_days(say, row)])


def covered(say, row):
    """Whether a sum of a year is whole, or to what day it runs; with its status."""
    word = _status_word(say, row)
    if row["is_complete"]:
        return f"{row['year']} · {word}"
    return f"{say('complete.until', day=say.date(row['covered_to']))} · {word}"


def place(say, row):
    """A place of the query visits_pairs: the site's name, or what is counted in the whole city."""
    if row["place"] is None:
        return say("visits.all_places")
    return row["place_name"] or say("visits.whole_city", measure=say(f"measure.{row['measure']}"))


def course_point(say, row, name):
    """One period of the course in words, its part first; how complete, where it is not."""
    words = [f"{period(say, row)}: {say.number(row['visits'])}", _status_word(say, row)]
    if not row["is_complete"]:
        words.append(reported(say, row))
    return " · ".join(filter(None, [name, *words]))


def reported(say, row):
    """How much of a period has been reported: 712 dari 744 laporan."""
    counts = (say.number(row[k]) for k in ("values_reported", "values_expected"))
    return say("visits.reported", **dict(zip(("reported", "expected"), counts, strict=True)))


def peak(say, rows, step):
    """The finding of the course: its highest period."""
    if not rows:
        return say("visits.none")
    row = max(rows, key=lambda r: r["visits"])
    when = str(row["period_start"].year) if step == "A" else period(say, row)
    value = say.figure(of_period(row), say.compact(row["visits"]))
    return say("visits.peak", value=value, period=when)


def least(say, rows, code):
    """The finding of places, or of places and months: the largest loss against the year before."""
    row = min(rows, key=lambda r: r["change"])
    if row["change"] >= 0:
        return say("visits.no_loss")
    where = _sentence(place(say, row))
    when = say.month(row["month_start"]) if row["month_start"] else ""
    change = say.figure(of_pair(row), say.number(-row["change"]))
    return say(code, place=where, month=when, change=change)


def calendar_day(say, row):
    """A holiday, leave or event in the reader's language, with its days."""
    days = {"period_start": row["first_day"], "period_end": row["last_day"]}
    return f"{say.name(row)}: {period(say, days)}"


def part(say, code):
    """The name of a part: of a measure, origin, element or kind its word, a site's own name."""
    spaces = ("measure", "origin", "survey", "part", "indicator")
    return next((say(f"{space}.{code}") for space in spaces if say.has(f"{space}.{code}")), code)


def span(rows):
    """The first and the last day of the periods of a course, as parameters of a query."""
    days = [r["period_start"] for r in rows], [r["period_end"] for r in rows]
    return {"first": min(days[0], default=None), "last": max(days[1], default=None)}


def course_alt(say, rows):
    """The text alternative of the course."""
    days = span(rows)
    return say("visits.course_alt", first=say.date(days["first"]), last=say.date(days["last"]))


def not_compared(say, view):
    """Why nothing is compared with the year before."""
    if not view.has_months:
        return say("visits.yearly_only")
    return say("visits.no_pairs", year=view.year, before=view.year - 1)


def alignment(say, rows):
    """What to know of the comparison aligned to Lebaran: why it says the same, or why not there."""
    by = {r["alignment"]: r for r in rows}
    if by["calendar"]["unit"] == "A":
        return say("visits.yearly_only")
    if not is_aligned(rows):
        return say("visits.no_feast")
    is_same = by["lebaran"]["visits_before"] == by["calendar"]["visits_before"]
    return say("pairs.same") if is_same else say("pairs.differ")


def is_aligned(rows):
    """Whether a year is also compared aligned to Lebaran."""
    return any(row["alignment"] == "lebaran" for row in rows)


def compared_title(say, rows, view):
    """The finding of a year against the year before, by calendar."""
    total = next(r for r in rows if r["alignment"] == "calendar")
    return say("pairs.title", year=view.year, before=view.year - 1, growth=growth(say, total))


def caption(say, name, view, words, as_of):
    """The caption of a figure: source, what is counted, unit, day, and how to read it."""
    source = say(
        "visits.source_as_of" if as_of else "visits.source",
        series=series_name(say, view.series, words),
        definition=say.definition(view.measures),
        unit=unit(say, view),
        day=say.date(as_of),
    )
    return f"{source} {say(f'legend.{name}', year=view.year, before=view.year - 1)}"


def breaks(say, findings, view):
    """[(year, sentence)] of the breaks that the checks found in what a View of the city shows."""
    found = [row for row in findings if row["marks"] == "break" and row["is_own"]]
    return [
        (row["params"]["year"], finding(say, row))
        for row in found
        if not view.site
        and row["params"]["series"] == view.series
        and (row["params"]["measure"] in view.measures or {*view.total_ids} & {*row["marked_ids"]})
    ]


def arithmetic(say, row):
    """objek wisata 997.370 + akomodasi 827.825: what a definition adds up."""
    span = {"first": date(row["year"], 1, 1), "last": date(row["year"], 12, 31)}
    terms = []
    for term in row["terms"]:
        at = address("visits", **row | span | {"measure": term["measure"]})
        visits = say.figure(at, say.number(term["visits"]))
        terms.append(together(" ", [say(f"measure.{term['measure']}"), visits]))
    return together(" + ", terms)
