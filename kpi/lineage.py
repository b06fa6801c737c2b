"""Where a figure comes from: its address, the figures that it is made of, the values behind it.

An `Address` names any figure that a reader sees: its kind and what it is of, as the parameters of a
URL. `trace` makes it anew from the warehouse: a figure has one value, wherever it stands.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

import pandas as pd

import kpi
from kpi import service
from kpi.outlook import PATHS
from kpi.simulated import is_simulated
from kpi.year_end import EXCLUDED, YearEnd

FIRST_YEAR, LAST_YEAR = 1900, 2200  # of what anybody asks for


def _year(text):
    """A year as an address has it; ValueError for what is none."""
    year = int(text)
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise ValueError(text)
    return year


def _day(text):
    """A day as an address has it, ISO; ValueError for what is none."""
    day = date.fromisoformat(text)
    return day.replace(year=_year(day.year))


def _months(text):
    """Months as an address has them: 2020-03,2020-04; ValueError where one is none."""
    for month in filter(None, text.split(",")):
        _day(f"{month}-01")
    return text


def _amount(text):
    """A number of visits above zero; ValueError for what is none."""
    if not (text.isascii() and text.isdecimal() and 0 < len(text) < 13 and int(text)):
        raise ValueError(text)
    return int(text)


# what an address of a kind names, and how it is read: those of MAY can be left out
KINDS: dict[str, dict[str, Callable]] = {
    "figure": {"kpi": str, "definition": str, "series": str, "year": _year},
    "visits": {
        **{"definition": str, "series": str, "first": _day, "last": _day},
        **{"measure": str, "origin": str, "site": str},
    },
    "growth": {
        **{"definition": str, "series": str, "year": _year, "alignment": str, "measure": str},
        **{"origin": str, "site": str, "place": str, "place_measure": str, "month": _day},
    },
    "outlook": {
        **{"of": str, "definition": str, "series": str, "year": _year},
        **{"target": _amount, "exclude": _months},
    },
    "service": {
        **{"of": str, "definition": str, "series": str, "unit": str, "period": str},
        **{"agency": str, "channel": str},
    },
    "condition": {
        **{"of": str, "kpi": str, "series": str, "first": _day, "last": _day},
        **{"area": str, "violation": str},
    },
    "survey": {"definition": str, "series": str, "year": _year, "element": str},
    "target": {"kpi": str, "year": _year, "document": str},
    "area": {"definition": str, "series": str, "year": _year, "area": str},
    "finding": {"finding": str},
    "record": {"contract": str, "indicator": str, "breakdown": str, "series": str, "area": str}
    | {"first": _day, "last": _day},
}
MAY = {"measure", "origin", "site", "place", "place_measure", "month", "agency", "channel", "area"}
MAY |= {"violation", "element", "document", "target", "exclude", "breakdown"}


class NoFigure(Exception):
    """An address that names no figure: of no known kind, or without what its kind needs."""


@dataclass(frozen=True)
class Address:
    """What names one figure: its kind, and `params` ((name, value), ...) in the order of KINDS;
    `city` is the folder of another city than the one that is looked at."""

    kind: str
    params: tuple
    city: str | None = None

    @property
    def query(self) -> dict[str, str]:
        """The parameters of a URL: {"kind": kind, name: text}."""
        elsewhere = {"city": self.city} if self.city else {}
        return elsewhere | {"kind": self.kind} | {name: str(value) for name, value in self.params}


@dataclass(frozen=True)
class Part:
    """A figure that another one is made of: its code in words, or the `name` of a place in data;
    its value, and its own address."""

    code: str
    value: float | None
    unit: str
    address: Address | None = None
    name: str = ""


@dataclass(frozen=True)
class Values:
    """The values of the warehouse behind a figure: a query values_* and its parameters."""

    query: str
    params: dict

    @property
    def key(self) -> tuple:
        """(query, ((name, value), ...)): what they are asked for by."""
        return self.query, tuple(self.params.items())


@dataclass(frozen=True, kw_only=True)
class Lineage:
    """A figure made anew: its value, what it is of, what it is made of, the values behind it.

    `facts` [(code, params)] say how it was made, where it is more than a sum or a share;
    `measures` are those of its definition, `place` is the name of its site or area.
    """

    address: Address
    value: float | None
    unit: str
    parts: tuple[Part, ...] = ()
    values: Values | None = None
    facts: tuple[tuple[str, dict], ...] = ()
    is_simulated: bool = False
    measures: tuple[str, ...] = ()
    place: str = ""


def address(kind: str, **params: object) -> Address:
    """The Address of a figure of a kind; what is None is left out."""
    return Address(kind, tuple((n, params[n]) for n in KINDS[kind] if params.get(n) is not None))


def read(query: Mapping[str, str]) -> Address | None:
    """The Address that the parameters of a URL name, None where they name none; raises NoFigure."""
    kind = query.get("kind")
    if kind is None:
        return None
    asked = KINDS.get(kind, {})
    try:
        found = address(
            kind, **{n: read_as(query[n]) for n, read_as in asked.items() if n in query}
        )
    except (KeyError, ValueError, OverflowError) as error:
        raise NoFigure from error
    if {*asked} - (MAY - {"area"} if kind == "area" else MAY) - {name for name, _ in found.params}:
        raise NoFigure
    return found


def of_figure(figure: "kpi.Figure") -> Address:
    """The Address of a Figure."""
    return address("figure", **vars(figure))


def of_outlook(year_end: YearEnd, of: str) -> Address:
    """The Address of what an outlook says of a YearEnd (OUTLOOK), with what was assumed for it."""
    goal = year_end.outlook.target
    target = int(goal.value) if goal and year_end.is_own_target else None
    exclude = None if year_end.excluded == EXCLUDED else ",".join(year_end.excluded)
    year = year_end.outlook.year
    about = {"definition": year_end.definition, "series": year_end.series, "year": year}
    return address("outlook", of=of, **about, target=target, exclude=exclude)


def of_target(figure: "kpi.Figure") -> Address:
    """The Address of the target that a Figure is held against."""
    return address("target", kpi="visits", year=figure.year, document=figure.target_document)


def of_pair(row: dict) -> Address:
    """The Address of the growth of a row of visits_pairs."""
    cut = {"place": row["place"], "month": row["month_start"], "alignment": row["alignment"]}
    measure = None if row["place"] is None else row["measure"]
    return address("growth", **row["asked"], **cut, place_measure=measure)


def of_period(row: dict) -> Address:
    """The Address of the visits of a row of visits_periods."""
    return address("visits", **row["asked"])


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
