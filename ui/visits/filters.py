"""What an analyst's page asks for: its filters, each of which stands in the URL."""

from dataclasses import astuple, dataclass

import streamlit as st

from ui.data.tables import FREQUENCIES
from ui.kit import frame
from ui.kit.sentences import series_name

DEPENDENT = ("definition", "measure", "origin", "site", "year", "by", "step")  # on the series


@dataclass(frozen=True)
class View:
    """What the visits page shows; None stands for all."""

    series: str
    definition: str
    measures: tuple  # that are shown
    measure: str | None
    origin: str | None
    site: str | None
    site_name: str | None
    year: int
    has_months: bool
    total_ids: tuple  # values that are totals published whole
    parts: tuple  # that its course can be split by, of total, site, origin, measure
    steps: tuple  # that its course can take, of M, D, A

    @property
    def key(self):
        """What tells this view from every other one."""
        return astuple(self)

    @property
    def scope(self):
        """The parameters of the queries that choose the values."""
        names = ("series", "definition", "measure", "origin", "site")
        return {name: getattr(self, name) for name in names}

    @property
    def everywhere(self):
        """The same of all sites."""
        return self.scope | {"site": None}


def visits(say, choices, words):
    """The View that the URL and the filters choose; None where there is nothing to choose.

    choices: rows of the query visits_choices, the one to begin with first.
    """
    if not choices:
        return None
    all_of = say("visits.all")
    with st.container(horizontal=True, vertical_alignment="bottom"):
        named = {r["series"]: series_name(say, r["series"], words) for r in choices}
        series = frame.choice(
            say, "series", named, say("table.series"), clears=DEPENDENT, width=330
        )
        rows = {r["definition"]: r for r in choices if r["series"] == series}
        named = {name: say.definition(r["defined_as"]) for name, r in rows.items()}
        definition = frame.choice(
            say, "definition", named, say("table.definition"), clears=DEPENDENT[1:], width=250
        )
        row = rows[definition]
        named = {m: say(f"measure.{m}") for m in _several(row["defined_as"], row["measures"])}
        measure = frame.choice(say, "measure", named, say("visits.measure"), all_of, width=130)
        named = {o: say(f"origin.{o}") for o in _several(row["origins"], row["origins"])}
        origin = frame.choice(say, "origin", named, say("visits.origin"), all_of, width=110)
        sites = {s["site"]: s["name"] for s in row["sites"]}
        site = frame.choice(
            say, "site", sites, say("visits.site"), all_of if row["is_of_city"] else None, width=190
        )
        years = {str(year): str(year) for year in reversed(row["years"])}
        year = frame.choice(say, "year", years, say("table.year"), width=90)
    shown = (measure,) if measure else row["site_measures"] if site else row["defined_as"] or ()
    return View(
        series=series,
        definition=definition,
        measures=tuple(shown),
        measure=measure,
        origin=origin,
        site=site,
        site_name=sites.get(site),
        year=int(year),
        has_months=row["has_months"],
        total_ids=tuple(row["total_ids"]),
        parts=_parts(row),
        steps=tuple(s for s, has in (("M", row["has_months"]), ("D", row["has_days"])) if has)
        + ("A",),
    )


def course(say, view):
    """(where its heading goes, parameters): how the course of a View is cut."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        heading = st.container(width="stretch")
        named = {part: say(f"by.{part}") for part in view.parts}
        by = frame.choice(say, "by", named, say("visits.by"), width=190)
        named = {step: say(FREQUENCIES[step]) for step in view.steps}
        step = frame.choice(say, "step", named, say("visits.step"), width=130)
    return heading, {"by": by, "step": step, "year": view.year}


def _several(items, known):
    """Those of the items that are known, none where only one is."""
    kept = [item for item in items or () if item in known]
    return kept if len(kept) > 1 else []


def _parts(row):
    """By what the course can be split: what has more than one part."""
    splits = {
        "total": True,
        "site": row["sites"] and row["is_of_city"],
        "origin": len(row["origins"]) > 1,
        "measure": _several(row["defined_as"], row["measures"]),
    }
    return tuple(name for name, holds in splits.items() if holds)
