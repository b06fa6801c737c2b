"""The scorecard's cards and the sentences on them: how every KPI stands against its target."""

from markupsafe import escape

from kpi.lineage import address, of_figure
from ui.kit import cards, frame, glossary, sentences
from ui.kit.text import together

ICONS = {"missed": "✕", "at_risk": "!", "incomplete": "◐", "no_target": "○", "reached": "✓"}
EXPLAINED = ("missed", "at_risk")  # states beside which a reason is looked for


def verdict(say, rows, year):
    """The one sentence of the page: how many KPIs stand how, what needs attention first."""
    states = [row.state for row in rows]
    counts = [
        say(f"count.{state}", number=say.number(states.count(state)))
        for state in dict.fromkeys(states)
    ]
    return say("scorecard.verdict", year=year, all=say.number(len(rows)), counts=say.joined(counts))


def figures(rows):
    """All Figures that the page shows."""
    entries = [e for row in rows for e in (row.lead, *row.others) if e and e.figure]
    return [e.figure for e in entries] + [row.latest for row in rows if row.latest]


def cards_of(say, rows, year, findings, words):
    """One card a KPI."""
    return "".join(card(say, row, year, findings, words) for row in rows).join(
        ('<div class="dj scorecard">', "</div>")
    )


def card(say, row, year, findings, words):
    """A KPI: its state, value and target, all that the comparison rests on, the other counts."""
    entry, kind = row.lead, row.state
    is_simulated = bool(entry and entry.is_simulated)
    chip = f'<span class="chip warn">{escape(say("simulated.mark"))}</span>' if is_simulated else ""
    link = escape(f"{frame.link('glossary', frame.address())}#{row.kpi}")
    found = sentences.marked(say, findings, entry.figure if entry else None)
    return (
        f'<article class="score is-{kind}{" simulated" if is_simulated else ""}">'
        f'<p class="score-state"><span aria-hidden="true">{ICONS[kind]}</span> '
        f"{escape(say(f'state.{kind}'))} {chip}</p>"
        f'<h2><a href="{link}" target="_self">{escape(glossary.name(say, row.kpi))}</a></h2>'
        f"{_head(say, row, year)}{cards.facts(_facts(say, row, words))}"
        f"{cards.notes(found) if found else ''}{_explained(say, entry, kind)}"
        f"{_others(say, row, words)}{_where_from(say, entry)}</article>"
    )


def _where_from(say, entry):
    """The link to the rows that a figure was made of, where it leads back to any."""
    if not (entry and entry.figure):
        return ""
    link = escape(frame.link("figure", frame.figure_link(entry.figure)))
    return (
        f'<p><a class="more" href="{link}" target="_self">{escape(say("home.where_from"))}</a></p>'
    )


def _at(entry):
    """The Address of the figure of an Entry, if it has one."""
    return entry.figure and of_figure(entry.figure)


def _head(say, row, year):
    """The value large, the target and attainment beside it, the bar."""
    entry = row.lead
    if entry is None:
        last = row.latest
        code = "score.last" if last else "score.never"
        known = {"last": last.year} if last else {}
        if last:
            known["value"] = say.figure(of_figure(last), say.quantity(last.value, row.unit))
        return f'<p class="score-value">—</p><p>{escape(say(code, year=year, **known))}</p>'
    value = entry.figure.value if entry.figure else None
    lines = [_lacking(say, entry.figure, year)] if value is None else []
    if entry.target:
        code = "score.aim" if value is None else "score.of"
        lines.append(say(code, target=aim(say, entry.target)))
    if entry.comparison:
        share = say.figure(_at(entry), say.percent(entry.comparison.attainment))
        lines.append(say("score.attainment", share=share))
    if entry.rating:
        lines.append(say("score.rating", band=say.name(entry.rating)))
    shown = say.figure(_at(entry), say.quantity(value, row.unit))
    return (
        f'<p class="score-value">{escape(shown)}</p>'
        f"<p>{escape(together(' · ', lines))}</p>{_bar(say, row)}"
    )


def _lacking(say, figure, year):
    """Why there is no value: nothing was published, or why none can be made of what was."""
    has_reason = figure is not None and figure.reason
    return say(f"score.{figure.reason}") if has_reason else say("score.nothing", year=year)


def _bar(say, row):
    entry = row.lead
    value = entry.figure.value if entry.figure else None
    if entry.target is None or value is None:
        return ""
    target, words = entry.target, say.plain
    label = f"{words.quantity(value, row.unit)}; {words('table.target')}: {aim(words, target)}"
    low, high = target.value, target.upper
    if high is None:
        low, high = (0, low) if row.direction == "down" else (low, None)
    is_firm = entry.figure.is_complete and entry.figure.obs_status == "final"
    return cards.zone(value, low, high, label, is_firm, entry.is_simulated)


def _facts(say, row, words):
    """[(label, text)] of what the comparison rests on; only what there is."""
    entry = row.lead
    pairs = []
    if entry and entry.target:
        pairs += _stated(say, entry.target)
    if entry and entry.figure and entry.figure.value is not None:
        pairs += [
            (say("score.change"), change(say, entry, row.unit)),
            *([(say("score.signal"), signal(say, entry, row.unit))] if entry.signal else []),
            (say("table.period"), window(say, entry.figure)),
            (say("score.complete"), complete(say, entry.figure)),
        ]
    if entry:
        pairs.append((say("score.counted"), counted(say, entry, words)))
    elif row.latest:
        pairs += [
            (say("score.complete"), reported(say, row.latest)),
            (say("score.counted"), _kind(say, row.latest, row.latest.measures, words)),
        ]
    pairs += [(say("score.further"), further(say, part, row.unit)) for part in _parts(entry)]
    pairs += [(say("score.uncompared"), uncompared(say, target)) for target in row.uncompared]
    return pairs


def _stated(say, target):
    """Target, owner and document, each by itself."""
    choice = [say("home.choice")] if target.is_city_choice else []
    return [
        (say("table.target"), together(" · ", [*_aimed(say, target), *choice])),
        (say("score.owner"), owner(say, target)),
        (say("table.document"), document(say, target)),
    ]


def _parts(entry):
    return entry.parts if entry else ()


def _explained(say, entry, kind):
    """What the owner says beside a miss; kindly, that nothing was said."""
    said = entry.explanations if entry else ()
    if kind not in EXPLAINED and not said:
        return ""
    lines = [
        cards.facts(
            [
                (say("score.obstacle"), row["kendala"]),
                (say("score.follow_up"), row["tindak_lanjut"] or say("score.no_follow_up")),
                (say("score.owner"), f"{row['owner']}, {sentences.published(say, row)}"),
            ]
        )
        for row in said
    ]
    return "".join(lines) or f'<p class="small">{escape(say("score.unexplained"))}</p>'


def _others(say, row, words):
    """The other definitions and series, folded: value, attainment and state of each."""
    if not row.others:
        return ""
    head = [say("score.counted"), say("score.value"), say("score.attained"), say("table.status")]
    table = [
        (counted(say, e, words), *_cells(say, e, row.unit), _cell_of_state(say, e))
        for e in row.others
    ]
    title = say("score.others", number=say.number(len(row.others)))
    grid, lead = cards.grid(title, head, table), row.lead.figure
    if lead is None or lead.value is None:  # there is nothing else to see
        return f'<p class="small">{escape(title)}</p>{grid}'
    return f"<details><summary>{escape(title)}</summary>{grid}</details>"


def _cells(say, entry, unit):
    value = entry.figure.value if entry.figure else None
    status = reported(say, entry.figure) if entry.figure else say("obs_status.missing")
    share, at = "—", _at(entry)
    if entry.comparison:
        share = say.figure(at, say.percent(entry.comparison.attainment))
    target = say("score.of", target=aim(say, entry.target)) if entry.target else ""
    value = say.figure(at, say.quantity(value, unit))
    return ("plain", "", value, status), ("plain", "", share, target)


def _cell_of_state(say, entry):
    state = entry.state
    if entry.is_simulated:
        return "simulated", "▨", say("obs_status.simulated"), say("score.not_judged")
    return state, ICONS[state], say(f"state.{state}"), ""


# sentences


def aim(say, target):
    """What a Target asks for: 2.000.000 kunjungan; 20,0 %–30,0 %."""
    year, document = target.period_start.year, target.document
    at = address("target", kpi=target.kpi, year=year, document=document)
    if target.upper is None:
        return say.figure(at, say.quantity(target.value, target.unit))
    high = say.quantity(target.upper, target.unit)
    low = say.quantity(target.value, target.unit, is_bare=target.unit != "share")
    return say.figure(at, say("score.range", low=low, high=high))


def stated(say, target):
    """A Target with its period, level, owner and document, in one line."""
    return together(" · ", [*_aimed(say, target), owner(say, target), document(say, target)])


def _aimed(say, target):
    period = sentences.period(say, vars(target))
    return aim(say, target), period, say(f"level.{target.level}")


def owner(say, target):
    """Who set a Target, or that nobody is named."""
    return say("score.owner_unknown") if target.said_by == "not_stated" else target.said_by


def document(say, target):
    """The document of a Target, and how many say the same."""
    if target.witnesses == 1:
        return target.document
    at = address("target", kpi=target.kpi, year=target.period_start.year)
    number = say.figure(at, say.number(target.witnesses))
    return say("score.document", document=target.document, number=number)


def further(say, part, unit):
    """Another target of the same kind, with what was reached of it where that is known."""
    if part.comparison is None:
        return say("score.no_figure", target=stated(say, part.target))
    return say(
        "score.part",
        target=stated(say, part.target),
        value=say.figure(of_figure(part.figure), say.quantity(part.figure.value, unit)),
        share=say.figure(of_figure(part.figure), say.percent(part.comparison.attainment)),
    )


def uncompared(say, target):
    """A Target that nothing is compared with, and why."""
    return together(": ", [stated(say, target), say(f"problem.{target.problem}")])


def change(say, entry, unit):
    """naik 27,6 % dari 2018 (1.430.000 kunjungan), membaik; or why there is nothing to say."""
    changed = entry.change
    if changed is None:
        code = "score.change_none" if entry.figure.is_complete else "score.change_open"
        return say(code, year=entry.figure.year - 1)
    before = changed.before
    value = say.figure(of_figure(before), say.quantity(before.value, unit))
    same = {"before": before.year, "value": value}
    if changed.difference == 0:
        return say("score.same", **same)
    size = say.quantity(abs(changed.difference), unit)
    if unit == "share":
        size = say("score.points", number=say.number(abs(changed.difference) * 100, 1))
    elif changed.growth is not None:
        size = say.percent(abs(changed.growth))
    size = say.figure(_at(entry), size)
    told = [say("score.up" if changed.difference > 0 else "score.down", size=size, **same)]
    if changed.is_better is not None:
        told.append(say("score.better" if changed.is_better else "score.worse"))
    return together(", ", told)


def signal(say, entry, unit):
    """Whether the figure is out of the ordinary, and how sure the limits are."""
    found = entry.signal
    numbers = {"points": say.number(found.points), "needed": say.number(found.needed)}
    if found.low is not None:
        limits = {k: say.quantity(getattr(found, k), unit) for k in ("low", "high")}
        numbers |= {k: say.figure(_at(entry), text) for k, text in limits.items()}
    told = [say(f"signal.{found.kind}", **numbers)]
    if found.is_provisional and found.low is not None:
        told.append(say("signal.provisional", **numbers))
    return together("; ", told)


def window(say, figure):
    """The days that a figure counts: 2018; 1 Januari 2019 – 30 Agustus 2019."""
    return say.period(figure.period_start, figure.covered_to or figure.period_end)


def complete(say, figure):
    """The status with what is lacking, and by when it was known."""
    known = say("score.known", day=say.date(figure.known_at)) if figure.known_at else ""
    return together(" · ", filter(None, [reported(say, figure), known]))


def reported(say, figure):
    """The status with what is lacking, where a KPI counts that."""
    if None in (figure.covered_to, figure.values_reported, figure.values_expected):
        return say(f"obs_status.{figure.obs_status}")
    return sentences.status(say, figure)


def counted(say, entry, words):
    """What is counted and whose figures it is."""
    measures = entry.figure.measures if entry.figure else ()
    measures = measures or (entry.target.measures if entry.target else ())
    return _kind(say, entry, measures, words)


def _kind(say, known, measures, words):
    """The definition and series of an Entry or Figure."""
    what = defined(say, known.definition, measures, words)
    return f"{what} · {sentences.series_name(say, known.series, words)}"


def defined(say, code, measures, words):
    """The name of a definition: by its measures, of the catalogue, or the city's own."""
    if measures or code == "not_stated":
        return say.definition(measures)
    own = words.get(f"definition.{code}") or words.get(f"service.{code}", code)
    return glossary.known(say, f"counted.{code}", own)


def remarks(say, scale, named):
    """How everything on the page was computed, and by which scale it is rated."""
    if named is None:
        rated = say("scorecard.unrated")
    elif not scale:
        rated = say("scorecard.unknown_scale", scale=named)
    else:
        documents = "; ".join(dict.fromkeys(band["document"] for band in scale))
        rated = say("scorecard.rated", scale=named, documents=documents)
    codes = ("kind", "formula", "risk", "trend", "signal", "simulated")
    return [*(say(f"method.{code}") for code in codes), rated]
