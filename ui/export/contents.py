"""What leaves the dashboard, once: story, briefing, workbook and deck are all made of Contents.

Every output shows the same numbers, titles, sentences and charts, read from one snapshot in one
language; an output only decides how they look.
"""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import altair as alt

from kpi import condition as areas
from kpi import service as served
from kpi.lineage import of_figure, of_pair, of_target
from kpi.simulated import is_simulated
from ui.condition import words as condition
from ui.kit import charts, sentences
from ui.kit.text import together
from ui.outlook import chart as path_chart
from ui.outlook import words as outlook
from ui.service import charts as service_charts
from ui.service import words as service

CHECKS = Path(__file__).parents[2] / "etl" / "checks"  # a file each
MOST = 10  # places, events or datasets that one part names


@dataclass(frozen=True)
class Number:
    """A number that outputs show: under one code in all of them, as value and as it is read."""

    code: str  # outlook.total
    label: str  # what it is: Perkiraan akhir tahun
    value: float | int | None  # in the unit; None where there is none
    unit: str  # visits, share, hours, requests, per_day, ... as in the headers of kpi/*.sql
    text: str  # as it is read: 1,79 juta
    flag: str  # of its status, as in etl/sources/obs_status.csv; empty for a final one
    is_simulated: bool
    source: str  # whose it is, what it counts, up to when


@dataclass(frozen=True)
class Part:
    """One part of the story: a slide, a block of the briefing, a sheet of the workbook."""

    code: str  # goal, outlook, condition, service, places, honest, home
    title: str  # the finding, in at most ten words or so
    sentences: tuple[str, ...]
    numbers: tuple[Number, ...]
    chart: alt.TopLevelMixin | None  # as on the pages, in light colours
    chart_title: str
    rows: tuple[dict, ...]  # the table behind the chart: {heading: value}
    caption: str  # source, as-of, what is counted
    notes: tuple[str, ...]  # for who speaks
    is_simulated: bool  # whether any of its numbers is
    is_marked: bool  # whether its title, chart and rows are of simulated figures, too


@dataclass(frozen=True)
class Contents:
    """All parts of a city's story as known on a day, in one language."""

    city: str
    lang: str
    title: str  # the city's own, or its name
    snapshot: str  # id of the Snapshot that every number is of
    day: date  # as known on
    parts: tuple[Part, ...]

    @property
    def is_simulated(self):
        """Whether anything in it is simulated."""
        return any(part.is_simulated for part in self.parts)


def contents(say, snapshot, words):
    """The Contents of a Snapshot in one language; parts that have no data are left out.

    say: a ui.text.Text; words: the city's own sentences. `story.<part>` of these are said by the
    city itself, `story.<part>_notes` only to who speaks.
    """
    city = snapshot.table("city")[0]
    makers = (_goal, _outlook, _condition, _service, _places, _honest, _home)
    with ThreadPoolExecutor() as pool:  # one part is put into words while another is queried
        parts = list(pool.map(lambda make: make(say, snapshot, words), makers))
    return Contents(
        city=city["name"],
        lang=say.lang,
        title=words.get("title", city["name"]),
        snapshot=snapshot.id,
        day=snapshot.day,
        parts=tuple(part for part in parts if part),
    )


def _part(
    say, snapshot, words, code, title, told, numbers=(), notes=(), is_published=False, **more
):
    """A Part with the city's own words at the end and the mark wherever it is simulated.

    is_published: its chart is of published figures, whatever its numbers are.
    """
    is_simulated = any(number.is_simulated for number in numbers)
    is_marked = is_simulated and not is_published
    mark = f"{say('simulated.mark').capitalize()}. " if is_marked else ""
    own, aside = words.get(f"story.{code}"), words.get(f"story.{code}_notes")
    as_of = say("story.as_of", day=say.date(snapshot.day), id=snapshot.id)
    empty = {"chart": None, "chart_title": "", "rows": (), "caption": ""} | more
    if is_marked:
        title, empty["chart_title"] = (_marked(say, t) for t in (title, empty["chart_title"]))
    return Part(
        code=code,
        title=title,
        sentences=tuple(filter(None, [*told, own])),
        numbers=tuple(numbers),
        notes=tuple(filter(None, [say(f"story.notes.{code}"), *notes, aside])),
        is_simulated=is_simulated,
        is_marked=is_marked,
        **empty | {"caption": f"{mark}{empty['caption']} {as_of}".replace("  ", " ").strip()},
    )


def _marked(say, title):
    """A title that says that what it names is simulated, unless it does or is empty; in one pair
    of brackets with what stands in some already."""
    is_plain = title and say("simulated.mark") not in title
    return say("simulated.name", name=title).replace(") (", "; ") if is_plain else title


def _number(say, code, label, value, unit, text, source, status="final", is_simulated=False):
    """A Number; one that is simulated has the flag of that, whatever its status."""
    flags = {"final": "", "provisional": "p", "estimated": "e", "forecast": "f", "revised": "r"}
    flag = "x" if value is None else "s" if is_simulated else flags.get(status, "q")
    return Number(code, label, value, unit, text, flag, is_simulated, source)


# the goal


def _goal(say, snapshot, words):
    """Where the city stands against its target; without one, the last year that is known."""
    figures = [f for f in snapshot.figures("visits") if not is_simulated(f)]
    choice = _choice(snapshot)
    latest = snapshot.latest()
    name = snapshot.table("city")[0]["name"]
    findings = snapshot.table("findings")
    shown = choice or latest
    drawn = next(charts.histories(say, figures, findings, shown, False), None)
    return _part(
        say,
        snapshot,
        words,
        "goal",
        _goal_title(say, choice, latest),
        [sentences.verdict(say, choice, latest, name, words, snapshot.table("visits_order"))],
        _goal_numbers(say, snapshot, choice, latest, words),
        [text for _, text in sentences.marked(say, findings, choice)],
        is_published=True,
        chart=drawn[1] if drawn else None,
        chart_title=charts.history_title(say, figures, shown, words),
        rows=tuple(
            {
                say("table.year"): f.year,
                say("table.visits"): f.value,
                say("table.definition"): say.definition(f.measures),
                say("table.series"): sentences.series_name(say, f.series, words),
                say("table.status"): sentences.status(say, f),
            }
            for f in charts.drawable(figures)
            if drawn and f.series == drawn[0]
        ),
        caption=sentences.series_name(say, drawn[0], words) + "." if drawn else "",
    )


def _choice(snapshot):
    return next((f for f in snapshot.figures("attainment") if f.is_choice), None)


def _goal_title(say, choice, latest):
    if choice is None:
        if latest is None:
            return say("story.goal.nothing")
        visits = say.figure(of_figure(latest), say.compact(latest.value))
        told = say("story.goal.latest", visits=visits, year=latest.year)
        return together(", ", filter(None, [told, sentences.completeness(say, latest)]))
    target = say.figure(of_target(choice), say.compact(choice.denominator))
    words = {"target": target, "year": choice.year}
    if choice.value is None:
        return say("story.goal.open", **words)
    share = say.figure(of_figure(choice), say.percent(choice.value))
    return say("story.goal.share", share=share, **words)


def _goal_numbers(say, snapshot, choice, latest, words):
    """The published figure, target and attainment; the simulated record where none is published."""
    if choice is None:
        if latest is None:
            return []
        source = sentences.counted(say, latest, words)
        label, text = say("hero.in_year", year=latest.year), say.number(latest.value)
        return [_number(say, "goal.visits", label, latest.value, "visits", text, source)]
    source, share = sentences.counted(say, choice, words), say("story.attainment")
    found = [
        _number(
            say, "goal.target", say("table.target"), choice.denominator, "visits",
            say.compact(choice.denominator), choice.target_document,
        )
    ]  # fmt: skip
    record = [choice] if choice.value is not None else snapshot.figures("simulated_attainment")
    for figure in record:
        mark = {"status": figure.obs_status, "is_simulated": is_simulated(figure)}
        source = sentences.counted(say, figure, words)
        known = say("story.known_to", day=say.date(figure.covered_to))
        visits, of = say.number(figure.numerator), say.percent(figure.value)
        found += [
            _number(say, "goal.visits", known, figure.numerator, "visits", visits, source, **mark),
            _number(say, "goal.share", share, figure.value, "share", of, source, **mark),
        ]
    return found


# the outlook


def _outlook(say, snapshot, words):
    """Where the year is likely to end; nothing where it is over and published, or not counted."""
    choice = _choice(snapshot)
    is_over = choice and choice.is_complete
    year_end = snapshot.outlook() if snapshot.table("counted_often") and not is_over else None
    if year_end is None or year_end.outlook.total is None:
        return None
    source = outlook.counted(say, year_end, words)
    return _part(
        say,
        snapshot,
        words,
        "outlook",
        outlook.title(say, year_end),
        [outlook.headline(say, year_end), outlook.pace(say, year_end)],
        _outlook_numbers(say, year_end, source),
        filter(None, [outlook.simple(say, year_end), *outlook.notes(say, year_end)]),
        chart=path_chart.path(say, year_end, False),
        chart_title=outlook.title(say, year_end),
        rows=tuple(
            _path_row(say, day, row)
            for day, row in year_end.path.iterrows()
            if day.is_month_end and day.year == year_end.outlook.year
        ),
        caption=source,
    )


def _outlook_numbers(say, year_end, source):
    result = year_end.outlook
    low, high = result.intervals[80]
    made = {"is_simulated": is_simulated(year_end), "status": "forecast"}
    found = [
        _number(
            say, "outlook.total", say("path.median"), round(result.total), "visits",
            say.compact(result.total), source, **made,
        ),
        _number(
            say, "outlook.low", say("story.low"), round(low), "visits", say.compact(low), source,
            **made,
        ),
        _number(
            say, "outlook.high", say("story.high"), round(high), "visits", say.compact(high),
            source, **made,
        ),
    ]  # fmt: skip
    if result.probability is not None:
        chance = outlook.probability(say, result.probability)
        label = say("said.chance")
        found.append(
            _number(
                say, "outlook.chance", label, result.probability, "share", chance, source, **made
            )
        )
    if result.needed_per_day:
        label, text = say("story.needed"), say.number(result.needed_per_day)
        found.append(
            _number(
                say, "outlook.needed", label, result.needed_per_day, "per_day", text, source, **made
            )
        )
    return found


def _path_row(say, day, row):
    """The figures of the path chart at the end of a month, whole visits; None where none."""
    counted = row.get("counted")
    columns = {
        say("path.counted"): counted if counted == counted else row.get("running"),
        say("path.median"): row.get("median"),
        say("story.low"): row.get("lo-80"),
        say("story.high"): row.get("hi-80"),
        say("path.season"): row.get("season"),
    }
    whole = {k: None if v is None or v != v else round(v) for k, v in columns.items()}
    return {say("path.day"): day.date()} | whole


# order, cleanliness, greening


def _condition(say, snapshot, words):
    """Order, cleanliness and greening, each with its change; nothing where none is reported."""
    order = ("ketertiban", "kebersihan", "penghijauan")
    reviews = [r for d in order if (r := areas.review(snapshot, d, areas.MONTHS[0]))]
    green = [row for row in areas.green(snapshot) if row["figure"]]
    if not reviews and not green:
        return None
    shown = next((r for r in reviews if any(p.rank for p in r.areas)), None)
    return _part(
        say,
        snapshot,
        words,
        "condition",
        _condition_title(say, reviews),
        [condition.title(say, r.domain, r) + "." for r in reviews],
        [_review_number(say, r, words) for r in reviews]
        + [_green_number(say, row, words) for row in green],
        [condition.about(say, r, words) for r in reviews],
        chart=condition.ranking(say, shown, False) if shown else None,
        chart_title=condition.differing(say, shown, "story.condition.chart") if shown else "",
        rows=tuple(_area_row(say, shown, part) for part in shown.areas) if shown else (),
        caption=condition.ranking_key(say, shown, areas.MIN_SAMPLE, words) if shown else "",
    )


def _condition_title(say, reviews):
    """How many of what is measured are surely better than a year before."""
    if not reviews:
        return say("story.condition.green")
    changes = [condition.is_better(review) for review in reviews]
    counts = {"better": say.number(changes.count(True)), "worse": say.number(changes.count(False))}
    return say("story.condition.title", of=say.number(len(reviews)), **counts)


def _review_number(say, review, words):
    value = review.city.now.value
    months = condition.months(say, review.window_start, review.window_end)
    return _number(
        say,
        f"condition.{review.domain}",
        say(f"story.condition.{review.domain}"),
        value,
        review.unit,
        say.quantity(value, review.unit, is_bare=True),
        f"{months}, {sentences.series_name(say, review.series, words)}",
        review.obs_status,
        is_simulated(review),
    )


def _green_number(say, row, words):
    figure = row["figure"]
    return _number(
        say,
        f"condition.green_{row['measure']}",
        say(f"story.green.{row['measure']}"),
        figure.value,
        "share",
        say.percent(figure.value),
        f"{figure.year}, {sentences.series_name(say, figure.series, words)}",
        figure.obs_status,
        is_simulated(figure),
    )


def _area_row(say, review, part):
    now = part.now
    return {
        say("condition.rank"): part.rank,
        say("table.area"): part.name,
        say("condition.value"): now and now.value,
        say("story.low"): now and now.low,
        say("story.high"): now and now.high,
        say("condition.sample"): part.sample,
        say("condition.beside_city"): say(f"condition.{part.word}"),
    }


# service


def _service(say, snapshot, words):
    """How long the first service takes in its newest month; nothing without requests."""
    found = served.newest(snapshot)
    if found is None:
        return None
    about = {"service": found.code, "agency": found.agency}
    stock = snapshot.table("service_stock", **about)
    return _part(
        say,
        snapshot,
        words,
        "service",
        _service_title(say, found, words),
        [
            service.verdict(say, found, words).removesuffix(".") + ".",
            service.why(say, found),
        ],
        _service_numbers(say, found, words),
        [service.limits(say, found), service.account(say, found)],
        chart=service_charts.process(say, found, stock, words, False),
        chart_title=service.signal(say, found)[1],
        rows=tuple(
            {
                say("table.period"): service.period(say, times.name, found.unit),
                say("service.requests"): times.requests,
                say("service.open"): times.open,
                say("story.median_hours"): times.expected_median,
                say("story.median_done_hours"): times.median,
            }
            for times in found.periods
        ),
        caption=service.source(say, found, snapshot.table("city")[0], words),
    )


def _within(found):
    """The Share of the standard that is for every channel, where something is decided."""
    shares = (s for s in found.period.shares if not s.standard["channel"])
    return next((s for s in shares if s.value is not None), None)


def _service_title(say, found, words):
    name, share = service.name(words, "service", found.code), _within(found)
    if share:
        told = service.within(say, found, share)
        return say("story.service.within", service=name, within=told)
    half = service.reached(say, found.period.expected_median)
    return say("story.service.half", service=name, median=half)


def _service_numbers(say, found, words):
    made = {"is_simulated": service.is_simulated(found)}
    times, share = found.period, _within(found)
    source = (
        f"{service.period(say, times.name, found.unit)}, {service.publishers(say, found, words)}"
    )
    half = times.expected_median
    numbers = [
        _number(
            say, "service.median", say("story.half"), half, "hours", service.reached(say, half),
            source, **made,
        )
    ]  # fmt: skip
    if share:
        label = say("story.within", standard=say.duration(share.standard["hours"]))
        document = f"{source}; {service.standard(say, share.standard)}"
        text = say.percent(share.value)
        numbers.append(
            _number(say, "service.within", label, share.value, "share", text, document, **made)
        )
    waiting = found.waiting.requests
    label, text = say("service.card.open"), say.number(waiting)
    numbers.append(_number(say, "service.open", label, waiting, "requests", text, source, **made))
    return numbers


# places and events


def _places(say, snapshot, words):
    """The places with most visits in the newest year, and the year's events; nothing without."""
    choices = snapshot.table("visits_choices")
    view = next((c for c in choices if c["sites"] and c["is_of_city"]), None)
    year = view["years"][-1] if view else snapshot.day.year
    events = snapshot.table("events", year=year)
    rows = _place_rows(snapshot, view, year) if view else []
    if not rows and not events:
        return None
    is_made = bool(view) and is_simulated(view)
    named = [{"name": sentences.place(say, row), "visits": row["visits"]} for row in rows]
    source = sentences.series_name(say, view["series"], words) if view else ""
    return _part(
        say,
        snapshot,
        words,
        "places",
        _places_title(say, rows, events, year),
        [_events(say, events, year)],
        [
            _number(
                say, f"places.{row['place']}", shown["name"], row["visits"], "visits",
                say.number(row["visits"]), source, is_simulated=is_made,
            )
            for row, shown in zip(rows, named, strict=True)
        ],
        chart=charts.places(say, named, is_made, False) if named else None,
        chart_title=say("story.places.chart", year=year) if named else "",
        rows=tuple(
            {
                say("visits.site"): shown["name"],
                say("table.visits"): row["visits"],
                say("story.before"): row["visits_before"],
                say("story.last_day"): row["last_day"],
            }
            for row, shown in zip(rows, named, strict=True)
        ),
        caption=say("story.places.caption", series=source, year=year) if named else "",
    )  # fmt: skip


def _place_rows(snapshot, view, year):
    """What each place counted in the year and on the same days before, the most visited first."""
    scope = {k: view[k] for k in ("series", "definition")}
    scope |= {"measure": None, "origin": None, "site": None, "year": year}
    rows = [
        row
        for row in sentences.places(snapshot.table("visits_pairs", **scope))
        if row["place_name"] and row["visits"]
    ]
    return sorted(rows, key=lambda row: -row["visits"])[:MOST]


def _places_title(say, rows, events, year):
    count = say.number(len(events))
    if not rows:
        return say("story.places.events", count=count, year=year)
    visits = say.figure(of_pair(rows[0]), say.compact(rows[0]["visits"]))
    return say("story.places.first", name=sentences.place(say, rows[0]), visits=visits)


def _events(say, events, year):
    """The events of the year by name and day, in one sentence; empty without one."""
    if not events:
        return ""
    names = [f"{say.name(e)} ({say.date(e['first_day'])})" for e in events[:MOST]]
    return say("story.places.year", year=year, events=say.joined(names))


# how the figures are kept honest, what can be taken home


def _honest(say, snapshot, words):
    """What became of every row that was received, what checks found, and who reported late."""
    datasets, duties = snapshot.table("datasets"), snapshot.table("duties")
    findings = snapshot.table("findings")
    keys = ("files", "rows_read", "rows_accepted", "rows_aside", "rows_rejected")
    sums = {key: sum(row[key] or 0 for row in datasets) for key in keys}
    sums["findings"] = len(findings)
    sums |= {key: sum(row[key] or 0 for row in duties) for key in ("late", "missing")}
    made = sum(row["is_simulated"] for row in datasets)
    # rows are counted, whoever made them; a report that is late in a simulated record is not real
    simulated = {key for key in ("late", "missing") for r in duties if r[key] and r["is_simulated"]}
    source = say("story.honest.source", datasets=say.number(len(datasets)), made=say.number(made))
    if snapshot.as_of:
        source += " " + say("story.honest.all", day=say.date(snapshot.as_of))
    told = {key: say.number(value) for key, value in sums.items()}
    told["checks"] = say.number(len(list(CHECKS.glob("*.sql"))))
    if not sums["rows_read"]:
        title, lines = say("story.honest.nothing"), [say("story.honest.empty")]
    else:
        title = say("story.honest.title", rows=told["rows_read"])
        lines = [say("story.honest.rows", **told), say("story.honest.reports", **told)]
        agencies = dict.fromkeys(row["agency"] for row in duties if row["late"] or row["missing"])
        if agencies:
            lines.append(say("story.honest.late_are", agencies=say.joined(list(agencies))))
    return _part(
        say,
        snapshot,
        words,
        "honest",
        title,
        lines,
        [
            _number(
                say, f"honest.{key}", say(f"story.honest.{key}"), value, "count", told[key],
                source, is_simulated=key in simulated,
            )
            for key, value in sums.items()
        ],
        [sentences.finding(say, row) for row in findings[:MOST]],
        is_published=True,
        rows=tuple(
            {
                say("table.dataset"): row["dataset"],
                say("table.producer"): row["producer"],
                say("account.rows_read"): row["rows_read"],
                say("account.rows_accepted"): row["rows_accepted"],
                say("account.rows_aside"): row["rows_aside"],
                say("account.rows_rejected"): row["rows_rejected"],
                say("story.honest.made"): say("simulated.mark") if row["is_simulated"] else "",
            }
            for row in datasets
        ),
        caption=source,
    )  # fmt: skip


def _home(say, snapshot, words):
    """What a guest can take home, and with which commands."""
    steps = ("run", "test", "city", "bundle")
    told = [say(f"story.home.{step}") for step in steps]
    return _part(say, snapshot, words, "home", say("story.home.title"), told)
