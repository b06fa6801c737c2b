"""Figures made anew from their address: what each is made of, and the values behind it."""

from dataclasses import replace
from datetime import date, timedelta

import pandas as pd

import kpi
from kpi import service
from kpi.lineage import KINDS, Address, Lineage, Part, Values, address, of_figure, of_target
from kpi.outlook import PATHS
from kpi.simulated import is_simulated


def trace(snapshot: "kpi.Snapshot", address: Address) -> Lineage | None:
    """The Lineage of a figure as known in a snapshot; None where there is no such figure."""
    found = TRACES[address.kind](snapshot, address, dict(address.params))
    if found is None:
        return None
    asked = dict(address.params)
    defined = {row["definition"]: row["measures"] for row in snapshot.table("definitions")}
    code = next((asked[name] for name in ("site", "place", "area") if name in asked), None)
    names = snapshot.table("place_name", place=code) if code else []
    return replace(
        found,
        is_simulated=is_simulated(asked),
        measures=tuple(defined.get(asked.get("definition"), ())),
        place=names[0]["name"] if names else code or "",
    )


def _figure(snapshot, at, asked):
    found = (f for f in _figures(snapshot, asked["kpi"]) if of_figure(f) == at)
    figure = next(found, None)
    if figure is None:
        return None
    header = kpi.metadata()[figure.kpi]
    parts = _derived(snapshot, figure) if "derived_from" in header else _ratio(figure, header)
    more = {"first": figure.period_start, "last": figure.period_end, "value_ids": figure.value_ids}
    values = Values(header.get("values") or header["derived_from"], asked | more)
    return Lineage(address=at, value=figure.value, unit=figure.unit, parts=parts, values=values)


def _figures(snapshot, name):
    return snapshot.figures(name) if name in kpi.KPIS else ()


def _ratio(figure, header):
    """The Parts of a figure that is a share, a rate, a mean or a quantile."""
    if header["measure"] in ("sum", "count") or figure.denominator is None:
        return ()
    of = header.get("of", ["numerator", "denominator"])
    values = zip(of, (figure.numerator, figure.denominator), strict=True)
    return tuple(Part(code, value, "") for code, value in values)


def _derived(snapshot, figure):
    """The Parts of an attainment, or of what is still needed: visits, and the target."""
    whole = next(
        (f for f in snapshot.figures("attainment") if f.is_choice and f.year == figure.year), figure
    )
    target = Part("target", whole.denominator, "visits", of_target(figure))
    if figure.kpi == "required_per_day":
        rest = Part("rest", figure.numerator, "visits"), Part("days", figure.denominator, "days")
        counted = Part("counted", whole.numerator, "visits", _counted(figure))
        return (target, counted, *rest)
    return (Part("counted", figure.numerator, "visits", _counted(figure)), target)


def _counted(figure):
    return address("figure", **vars(figure) | {"kpi": "visits"})


def _visits(snapshot, at, asked):
    values = Values("visits", asked)
    total = _total(snapshot.counted(values))
    return None if total is None else Lineage(address=at, value=total, unit="visits", values=values)


def _growth(snapshot, at, asked):
    values = Values("pairs", asked)
    sums = {row["part"]: row["total"] for row in snapshot.counted(values)}
    if not sums:
        return None
    now, before = sums.get("this_year", 0.0), sums.get("year_before", 0.0)
    parts = (
        Part("this_year", now, "visits"),
        Part("year_before", before, "visits"),
        Part("change", now - before, "visits"),
    )
    value = now / before - 1 if before else None
    return Lineage(address=at, value=value, unit="share", parts=parts, values=values)


def _outlook(snapshot, at, asked):
    what = {name: asked[name] for name in ("definition", "series", "year")}
    if "exclude" in asked:
        what["exclude"] = tuple(filter(None, asked["exclude"].split(",")))
    year_end = snapshot.outlook(**what, target=asked.get("target"))
    if year_end is None or asked["of"] not in OUTLOOK:
        return None
    outlook, (unit, value) = year_end.outlook, OUTLOOK[asked["of"]]
    first, last = date(outlook.year, 1, 1), outlook.counted_to
    count = last and address("visits", **asked | {"first": first, "last": last})
    parts = [Part("counted", outlook.known, "visits", count)]
    late = year_end.late[1] if year_end.late else 0.0
    if late:
        parts.append(Part("late", late, "visits"))
    if outlook.total is not None:
        parts.append(Part("forecast", outlook.total - outlook.known - late, "visits"))
        low, high = outlook.intervals[80]
        parts += [Part("low", low, "visits"), Part("high", high, "visits")]
    if outlook.target and year_end.document:
        goal = address("target", kpi="visits", year=outlook.year, document=year_end.document)
        parts.append(Part("target", outlook.target.value, "visits", goal))
    if outlook.days_left:
        parts.append(Part("days", outlook.days_left, "days"))
    return Lineage(
        address=at,
        value=value(year_end),
        unit=unit,
        parts=tuple(parts),
        facts=_method(year_end),
        values=Values("visits", dict(count.params)) if count else None,
    )


# {what of an outlook: (unit, its value in a YearEnd)}
OUTLOOK = {
    "counted": ("visits", lambda y: y.outlook.known),
    "likely": ("visits", lambda y: y.outlook.total),
    "low": ("visits", lambda y: y.outlook.intervals.get(80, (None, None))[0]),
    "high": ("visits", lambda y: y.outlook.intervals.get(80, (None, None))[1]),
    "chance": ("share", lambda y: y.outlook.probability),
    "needed": ("visits_per_day", lambda y: y.outlook.needed_per_day),
    "needed_factor": ("ratio", lambda y: y.outlook.needed_factor),
    "pace": ("visits_per_day", lambda y: y.outlook.pace),
    "best_pace": ("visits_per_day", lambda y: y.outlook.best_pace),
    "growth": ("share", lambda y: y.outlook.growth and y.outlook.growth - 1),
    "simple": ("visits", lambda y: y.outlook.simple),
    "late": ("visits", lambda y: y.late and y.late[1]),
    "late_share": ("share", lambda y: y.late_share),
}


def _method(year_end):
    """How an outlook was made: its history, what it leaves out, its futures and their seed."""
    forecast, months = year_end.outlook.forecast, year_end.known_months
    if forecast is None or not months:
        return ()
    left_out = sum(str(month) in year_end.excluded for month in months)
    history = {"first": str(months[0]), "last": str(months[-1]), "months": len(months)}
    excluded = (("excluded", {"months": left_out}),) if left_out else ()
    return (("history", history), *excluded, ("futures", {"paths": PATHS}))


def _service(snapshot, at, asked):
    code, series, unit = asked["definition"], asked["series"], asked["unit"]
    agency = asked.get("agency")
    offered = service.services(snapshot)
    if unit not in service.UNITS or series not in offered.get(code, ()):
        return None
    known = service.periods(snapshot, code, agency, unit, series)
    if asked["period"] not in known:
        return None
    measured = service.service(snapshot, code, agency, unit, asked["period"], series)
    times = measured.period
    if "channel" in asked:
        times = next((t for t in measured.channels if t.name == asked["channel"]), None)
    if times is None or asked["of"] not in SERVICE:
        return None
    unit_of, value = SERVICE[asked["of"]]
    first, last = service.span(asked["period"], unit)
    if asked["of"] in ("waiting", "waiting_median"):  # of all periods
        first, last = service.span(known[0], unit)[0], last
        parts: tuple = (Part("requests_open", measured.waiting.requests, "requests"),)
        figure = value(measured)
    else:
        parts, figure = _fates(times), value(times)
    share = _whole(times)
    if asked["of"] == "within" and share:
        parts = (Part("within_met", share.met, "requests"),)
        parts += (Part("within_decided", share.decided, "requests"),)
        parts += (Part("standard", share.standard["hours"], "hours"),)
    values = Values("requests", asked | {"first": first, "last": last})
    return Lineage(address=at, value=figure, unit=unit_of, parts=parts, values=values)


def _fates(times):
    fates = {"done": times.done, "open": times.open, "withdrawn": times.withdrawn}
    fates |= times.left_out
    named = {f"requests_{name}": n for name, n in fates.items() if n}
    return tuple(Part(code, n, "requests") for code, n in named.items())


def _whole(times):
    """The Share of the standard for all channels."""
    return next((s for s in times.shares if not s.standard["channel"]), None)


# {what of a period's requests: (unit, its value in the Times, or in the Service where all wait)}
SERVICE = {
    "median": ("hours", lambda t: t.expected_median),
    "p90": ("hours", lambda t: t.expected_p90),
    "median_done": ("hours", lambda t: t.median),
    "p90_done": ("hours", lambda t: t.p90),
    "median_working": ("hours", lambda t: t.working_median),
    "requests": ("requests", lambda t: t.requests),
    "done": ("requests", lambda t: t.done),
    "open": ("requests", lambda t: t.open),
    "within": ("share", lambda t: (share := _whole(t)) and share.value),
    "waiting": ("requests", lambda s: s.waiting.requests),
    "waiting_median": ("days", lambda s: s.waiting.median_days),
}


def _condition(snapshot, at, asked):
    if asked["kpi"] not in kpi.KPIS or asked["of"] not in ("value", "change"):
        return None
    cut = {name: asked.get(name) for name in ("area", "violation")}
    spans = {"": (asked["first"], asked["last"])}
    if asked["of"] == "change":
        spans["_before"] = _year_before(*spans[""])
    about = {"kpi": asked["kpi"], "series": asked["series"], **cut}
    parts, ratios = [], []
    for then, (first, last) in spans.items():
        (row,) = snapshot.table("condition_ratio", **about, first=first, last=last)
        if not row["denominator"]:
            return None
        ratios.append(row["numerator"] / row["denominator"])
        parts += [Part(f"{name}{then}", row[name], "") for name in ("numerator", "denominator")]
    value, unit = ratios[0], kpi.metadata()[asked["kpi"]]["unit"]
    if asked["of"] == "value" and cut == {"area": None, "violation": None}:
        parts += _areas(snapshot, asked, unit)
    if asked["of"] == "change":
        value -= ratios[1]
        value, unit = (100 * value, "percentage_points") if unit == "share" else (value, unit)
    values = Values("condition", asked)
    return Lineage(address=at, value=value, unit=unit, parts=tuple(parts), values=values)


def _areas(snapshot, asked, unit):
    """A Part for every area that a ratio of the city is made of, by name."""
    span = {name: asked[name] for name in ("kpi", "series", "first", "last")}
    for row in snapshot.table("condition_ratios", **span):
        at = address("condition", of="value", **span, area=row["area"])
        yield Part("area", row["numerator"] / row["denominator"], unit, at, row["name"])


def _year_before(first, last):
    """The same months a year before."""
    year, day = pd.DateOffset(years=1), timedelta(days=1)
    return (first - year).date(), (last + day - year).date() - day


def _survey(snapshot, at, asked):
    span = {"first": date(asked["year"], 1, 1), "last": date(asked["year"], 12, 31)}
    values = Values("survey", asked | span)
    rows = snapshot.counted(values)
    if not rows:
        return None
    total, n = rows[0]["total"], rows[0]["n"]
    parts = (Part("scores", total, "score"), Part("answers", n, "answers"))
    return Lineage(address=at, value=total / n, unit="score", parts=parts, values=values)


def _area(snapshot, at, asked):
    values = Values("area", asked)
    total = _total(snapshot.counted(values))
    return None if total is None else Lineage(address=at, value=total, unit="visits", values=values)


def _record(snapshot, at, asked):
    params = {name: asked.get(name) for name in KINDS["record"]}
    rows = snapshot.table("record", **params)
    if not rows:
        return None
    (row,) = rows
    parts = (Part("sample", row["sample_size"], ""),) if row["sample_size"] else ()
    values = Values("record", params)
    return Lineage(address=at, value=row["value"], unit=row["unit"], parts=parts, values=values)


def _finding(snapshot, at, asked):
    """A finding is no figure: what it says, and the values that it speaks of."""
    rows = snapshot.table("findings")
    if not any(row["id"] == asked["finding"] for row in rows):
        return None
    return Lineage(address=at, value=None, unit="", values=Values("finding", asked))


def _target(snapshot, at, asked):
    values = Values("targets", asked)
    rows = snapshot.rows(values, limit=1)
    if not rows:
        return None
    return Lineage(address=at, value=rows[0]["value"], unit=rows[0]["unit"], values=values)


def _total(rows):
    totals = [row["total"] for row in rows if row["total"] is not None]
    return sum(totals) if totals else None


TRACES = {
    "figure": _figure,
    "visits": _visits,
    "growth": _growth,
    "outlook": _outlook,
    "service": _service,
    "condition": _condition,
    "survey": _survey,
    "target": _target,
    "area": _area,
    "finding": _finding,
    "record": _record,
}
