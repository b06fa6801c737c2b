"""What is said of public services: sentences and cards of a Service (kpi/service.py)."""

from datetime import date

from markupsafe import escape

from kpi.lineage import Address, address, of_figure
from kpi.simulated import is_simulated as is_made_up
from ui.kit import cards, sentences
from ui.kit.text import together

MANY = 30  # requests below which a share says little


def name(words, kind, code):
    """The city's own name of a service, channel or item of stock, or its code."""
    return words.get(f"{kind}.{code}", code)


def address_of(service: object, of: str, channel: str | None = None, period: str = "") -> Address:
    """The Address of what is said of a Service's period, or of another one of its periods
    (kpi.trace.SERVICE)."""
    series = next((row["series"] for row in service.sources), "")
    about = {"definition": service.code, "series": series}
    about |= {
        "unit": service.unit,
        "period": period or service.period.name,
        "agency": service.agency,
    }
    return address("service", of=of, channel=channel, **about)


def period(say, first, unit):
    """Agustus 2019; pekan 5 Agustus 2019: of the first day of a period, as a text."""
    day = date.fromisoformat(first)
    return say.month(day) if unit == "month" else say("service.week", day=say.date(day))


def verdict(say, service, words):
    """The one sentence of the page: how long half of the requests take, who waits; marked."""
    times = service.period
    code = "reached" if times.expected_median is not None else "not_reached"
    sentence = say(
        f"service.verdict.{code}",
        service=name(words, "service", service.code),
        period=period(say, times.name, service.unit),
        requests=say.figure(address_of(service, "requests"), say.number(times.done + times.open)),
        median=say.figure(
            address_of(service, "median"), say.duration(times.expected_median, in_days=False)
        ),
        open=say.figure(address_of(service, "open"), say.number(times.open)),
    )
    is_simulated = any(row["is_simulated"] for row in service.sources)
    return say("simulated.name", name=sentence.removesuffix(".")) if is_simulated else sentence


def why(say, service):
    """Why the figures over what was completed differ from those with the open requests."""
    times = service.period
    if not times.open:
        return say("service.why.same")
    code = "reached" if times.expected_median is not None else "not_reached"
    code = code if times.done else "nothing_done"
    return say(
        f"service.why.{code}",
        simple=say.figure(address_of(service, "median_done"), say.duration(times.median)),
        expected=say.figure(address_of(service, "median"), say.duration(times.expected_median)),
        open=say.figure(address_of(service, "open"), say.number(times.open)),
    )


def signal(say, service):
    """(icon, sentence) of the chart of periods: signal or noise."""
    if service.chart is None:
        return "…", say("service.signal.none")
    icon = {"improving": "▼", "concerning": "▲", "common": "●", "unreached": "…"}[service.variation]
    return icon, say(f"service.signal.{service.variation}")


def rules(say, chart, n):
    """The rules that the n-th period breaks; an em dash where it breaks none."""
    broken = chart.signals[n] if chart else ()
    return ", ".join(say(f"service.rule.{rule}") for rule in broken) or "—"


def limits(say, service):
    """What the limits rest on, and whether the standard lies inside them."""
    if service.chart is None:
        return ""
    chart, parts = service.chart, []
    since = service.periods[chart.starts[-1]].name
    if len(chart.starts) > 1:
        parts.append(say("service.limits.since", period=period(say, since, service.unit)))
    if not chart.is_firm:
        points = sum(t.expected_median is not None for t in service.periods[chart.starts[-1] :])
        parts.append(say("service.limits.provisional", points=say.number(points)))
    if service.assurance:
        hours = say.duration(service.standard["hours"])
        parts.append(say(f"service.assurance.{service.assurance}", hours=hours))
    if service.assurance == "passes" and service.variation == "concerning":
        parts.append(say("service.assurance.broken"))
    return " ".join(parts)


def source(say, service, city, words):
    """Whose figures, until when, and what is counted as waiting and as a working hour."""
    series = publishers(say, service, words)
    opens, closes = (say.clock(city[k]) for k in ("office_opens", "office_closes"))
    day = say.date(service.reaches_to)
    event = say(f"service.event.{service.last_event}")
    return " ".join(
        [
            say("service.source", series=series, day=day, opens=opens, closes=closes),
            say("service.inferred", day=day, event=event),
        ]
    )


def publishers(say, service, words):
    """Whose figures these are."""
    names = dict.fromkeys(row["series"] for row in service.sources)
    return "; ".join(sentences.series_name(say, series, words) for series in names)


def standard(say, row):
    """24 jam (Permendagri 19/2018, sumber belum diverifikasi)."""
    marks = [row["document"]]
    if row["verification"] == "unverified":
        marks.append(say("service.unverified"))
    return f"{say.duration(row['hours'])} ({', '.join(marks)})"


def overview(say, service):
    """The four cards of the period: in the middle, nine of ten, within the standard, waiting."""
    times, waiting = service.period, service.waiting
    share = next((s for s in times.shares if not s.standard["channel"]), None)

    def told(of, written):
        return say.figure(address_of(service, of), written)

    simple = told("median_done", say.duration(times.median))
    working = told("median_working", say.duration(times.working_median, False))
    working = say("service.card.working", value=working)
    p90 = say("service.card.simple", value=told("p90_done", say.duration(times.p90)))
    half = told("median", reached(say, times.expected_median))
    most = told("p90", reached(say, times.expected_p90))
    waits = told("waiting", say.number(waiting.requests))
    shown = (
        (say("service.card.median"), half, [say("service.card.simple", value=simple), working]),
        (say("service.card.p90"), most, [p90]),
        (say("service.card.within"), *_within(say, service, share)),
        (say("service.card.open"), waits, _ages(say, service)),
    )
    mark = say("simulated.mark") if is_simulated(service) else ""
    return f'<div class="dj cards">{"".join(_card(*card, mark) for card in shown)}</div>'


def is_simulated(service):
    """Whether any of a Service's requests are simulated."""
    return any(row["is_simulated"] for row in service.sources)


def caption(say, service, text):
    """What stands under a chart: marked where the requests in it are simulated."""
    mark = [say("simulated.mark").capitalize()] if is_simulated(service) else []
    return together(". ", [*mark, text])


def reached(say, hours):
    """A duration that is estimated with those waiting; in words where so many are not done yet."""
    return say("service.not_reached") if hours is None else say.duration(hours)


def within(say, service, share):
    """79,9 % dalam standar 24 jam (sumber belum diverifikasi); empty where nothing is decided."""
    if share is None or share.value is None:
        return ""
    is_verified = share.standard["verification"] != "unverified"
    return say(
        "overview.within" if is_verified else "overview.within_unverified",
        share=say.figure(address_of(service, "within"), say.percent(share.value)),
        standard=say.duration(share.standard["hours"]),
    )


def _within(say, service, share):
    """(value, lines) of the card of the standard."""
    if share is None:
        return "—", [say("service.no_standard")]
    at = address_of(service, "within")
    counts = {"met": say.number(share.met), "decided": say.number(share.decided)}
    told = say("service.card.met", **{k: say.figure(at, text) for k, text in counts.items()})
    few = [say("service.few")] if share.decided < MANY else []
    value = "—" if share.value is None else say.figure(at, say.percent(share.value))
    return value, [told, standard(say, share.standard), *few]


def _ages(say, service):
    """The lines of the card of open requests: the day, the ages."""
    waiting, day = service.waiting, say("service.card.until", day=say.date(service.reaches_to))
    if not waiting.requests:
        return [day]
    at = address_of(service, "waiting_median")
    ages = (waiting.median_days, waiting.oldest_days)
    median, oldest = (say.figure(at, say.number(n)) for n in ages)
    return [say("service.card.ages", median=median, oldest=oldest), day]


def _card(label, value, lines, mark):
    small = "".join(f"<p>{escape(line)}</p>" for line in lines)
    if mark:
        small += f'<p><span class="chip warn">{escape(mark)}</span></p>'
    return (
        f'<div class="card"><p class="card-label">{escape(label)}</p>'
        f'<p class="card-value">{escape(value)}</p><div class="small">{small}</div></div>'
    )


def account(say, service):
    """What became of the period's requests, in one sentence; what is left out, with its count."""
    times, at = service.period, address_of(service, "requests")
    left = [
        say(f"service.left.{fate}", requests=say.figure(at, say.number(count)))
        for fate, count in times.left_out.items()
    ]
    if times.withdrawn:
        withdrawn = say.figure(at, say.number(times.withdrawn))
        left.append(say("service.left.withdrawn", requests=withdrawn))
    counts = ("requests", "done", "open")
    parts = {k: say.figure(at, say.number(getattr(times, k))) for k in counts}
    told = [say("service.account", **parts)]
    told += [say("service.left", parts=together("; ", left))] if left else []
    return together(" ", told)


def survey(say, figure, elements, band):
    """The index of the survey with its class, and a bar for each of its elements."""
    lowest = min(elements, key=lambda e: e.mean)
    at = of_figure(figure)
    words = {"value": say.figure(at, say.number(figure.value, 2)), "year": figure.year}
    words["answers"] = say.figure(at, say.number(figure.values_summed))
    head = say("survey.index", **words) if figure.value is not None else say("survey.none")
    if band:
        about = {"name": say.name(band), "document": band["document"]}
        head += say("survey.band", band=band["band"], **about)
    chip = ""
    if is_made_up(figure):
        chip = f' <span class="chip warn">{escape(say("simulated.mark"))}</span>'
    bars = "".join(_element(say, figure, e, e is lowest) for e in elements)
    notes = [say("survey.caption")]
    if figure.values_summed < MANY:
        notes.insert(0, say("survey.few"))
    small = "".join(f"<p>{escape(note)}</p>" for note in notes)
    return (
        f'<div class="dj survey"><p><b>{escape(head)}</b>{chip}</p><dl>{bars}</dl>'
        f'<div class="small">{small}</div></div>'
    )


def _element(say, figure, element, is_lowest):
    name_, mean = say(f"survey.{element.element}"), say.number(element.mean, 2)
    mark = f' <span class="chip warn">{escape(say("survey.lowest"))}</span>' if is_lowest else ""
    label = say("survey.bar", name=name_, mean=mean)
    about = {"definition": figure.definition, "series": figure.series, "year": figure.year}
    at = address("survey", **about, element=element.element)
    return (
        f"<dt>{escape(name_)}{mark}</dt><dd>{cards.bar(element.mean / 4, label)}"
        f"<span>{escape(say.figure(at, mean))}</span></dd>"
    )


def newest(figures, code):
    """The newest Figure of a service that is not simulated or, if there is none, that is."""
    own = [f for f in figures if f.definition == code]
    return max(own, key=lambda f: (not is_made_up(f), f.year), default=None)
