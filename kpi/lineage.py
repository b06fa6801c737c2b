"""Where a figure comes from: its address, the figures that it is made of, the values behind it.

An `Address` names any figure that a reader sees: its kind and what it is of, as the parameters of a
URL. kpi/trace.py makes it anew from the warehouse: a figure has one value, wherever it stands.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

import kpi
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
