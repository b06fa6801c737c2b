"""The cards of the first screen: visits, service time, cleanliness and order, one figure each."""

from dataclasses import dataclass, field

from markupsafe import escape

from kpi.lineage import of_figure, of_outlook, of_target
from kpi.simulated import is_simulated
from ui.condition import words as condition
from ui.kit import cards, sentences
from ui.outlook import words as outlook_words
from ui.service import words as service


@dataclass(frozen=True)
class Card:
    """What one card says: the label, the figure, what it is of, a change that compares like with
    like, the state as icon and word, what it rests on. `share` (of one) and `usual` (where the
    season usually is) draw the bar, `course` the line; the last point is hollow if `is_open`."""

    label: str
    value: str
    of: str
    change: str
    icon: str
    word: str
    state: str  # good, concern or common: its colour
    foot: str
    is_simulated: bool
    share: float | None = None
    usual: float | None = None
    course: tuple = field(default=())
    is_open: bool = False


def visits(say, year_end, words):
    """The card of the visits of a YearEnd; of the running year against its seasonal path."""
    outlook = year_end.outlook
    target = outlook.target.value if outlook.left is not None else None
    usual = year_end.usual_share
    state, icon = "common", "●"
    code = "overview.unjudged" if target else "overview.no_target"
    if target and outlook.known >= target:
        state, icon, code = "good", "✓", "overview.reached"
    elif target and usual:
        is_ahead = outlook.known >= usual * target
        state, icon = ("good", "▲") if is_ahead else ("concern", "▼")
        code = "overview.ahead" if is_ahead else "overview.behind"
    at = of_outlook(year_end, "counted")
    return Card(
        label=say("overview.visits", year=outlook.year),
        value=say.figure(at, say.compact(outlook.known)),
        of=say(
            "overview.of",
            known=say.figure(at, say.number(round(outlook.known))),
            target=outlook_words.target(say, year_end, say.number(target)),
            share=say.figure(at, say.percent(outlook.known / target)),
        )
        if target
        else say.definition(year_end.measures),
        change=say(f"overview.same_{against['unit']}", growth=sentences.growth(say, against))
        if (against := year_end.against)
        else "",
        icon=icon,
        word=say(code),
        state=state,
        foot=say(
            "overview.foot",
            day=say.date(outlook.counted_to),
            counts=say.definition(year_end.measures),
            series=sentences.series_name(say, year_end.series, words),
        ),
        is_simulated=is_simulated(year_end),
        share=outlook.known / target if target else None,
        usual=usual if target else None,
        course=year_end.course,
        is_open=bool(outlook.running),
    )


def published(say, figure, words):
    """The card of the attainment Figure of a year whose total is published."""
    is_reached = figure.value >= 1
    state, icon = ("good", "✓") if is_reached else ("concern", "▼")
    at = of_figure(figure)
    of = {
        "known": say.figure(at, say.number(figure.numerator)),
        "target": say.figure(of_target(figure), say.number(figure.denominator)),
        "share": say.figure(at, say.percent(figure.value)),
    }
    return Card(
        label=say("overview.visits", year=figure.year),
        value=say.figure(at, say.compact(figure.numerator)),
        of=say("overview.of", **of),
        change="",
        icon=icon,
        word=say("overview.reached" if is_reached else "overview.missed"),
        state=state,
        foot=say(
            "overview.foot",
            day=say.date(figure.covered_to),
            counts=say.definition(figure.measures),
            series=sentences.series_name(say, figure.series, words),
        ),
        is_simulated=is_simulated(figure),
        share=figure.value,
    )


def service_time(say, measured, words):
    """The card of a Service: how long half of the newest period's requests take, those open too."""
    times = measured.period
    icon, sentence = service.signal(say, measured)
    share = next((s for s in times.shares if not s.standard["channel"]), None)
    period = service.period(say, times.name, measured.unit)
    is_half_done = times.expected_median is not None
    return Card(
        label=say("overview.service", service=service.name(words, "service", measured.code)),
        value=say.figure(
            service.address_of(measured, "median"), service.reached(say, times.expected_median)
        ),
        of=say("overview.half" if is_half_done else "overview.not_half", period=period),
        change=service.within(say, measured, share),
        icon=icon,
        word=sentence,
        state={"improving": "good", "concerning": "concern"}.get(measured.variation, "common"),
        foot=say(
            "overview.open",
            open=say.figure(service.address_of(measured, "open"), say.number(times.open)),
            day=say.date(measured.reaches_to),
            series=service.publishers(say, measured, words),
        ),
        is_simulated=any(row["is_simulated"] for row in measured.sources),
        course=tuple(t.expected_median for t in measured.periods),
        is_open=bool(times.open),
    )


def area(say, review, trend, words):
    """The card of a Review of cleanliness or order: the city's figure with its interval."""
    is_better = condition.is_better(review)
    state = {True: "good", False: "concern", None: "common"}[is_better]
    return Card(
        label=say(f"overview.{review.domain}"),
        value=condition.figure(say, review, review.city),
        of=say(
            "overview.interval",
            interval=say.figure(
                condition.address_of(review), condition.interval(say, review.unit, review.city.now)
            ),
        ),
        change=say("overview.change", change=condition.city_change(say, review)),
        icon={"good": "✓", "concern": "!", "common": "≈"}[state],
        word=say(f"overview.{state}"),
        state=state,
        foot=say(
            "overview.foot_months",
            months=condition.months(say, review.window_start, review.window_end),
            series=sentences.series_name(say, review.series, words),
        ),
        is_simulated=is_simulated(review),
        course=tuple(row["value"] for row in trend if not row["area"]),
    )


def row(say, shown):
    """The cards side by side, as HTML."""
    return f'<div class="dj overview">{"".join(_card(say, card) for card in shown)}</div>'


def _card(say, card):
    mark = f' <span class="chip warn">{escape(say("simulated.mark"))}</span>'
    bar = cards.bullet(card.share, card.of, not card.is_open, card.is_simulated, card.usual)
    return (
        f'<div><p class="label">{escape(card.label)}{mark if card.is_simulated else ""}</p>'
        f'<p class="value">{escape(card.value)}</p><p>{escape(card.of)}</p>'
        f"{bar if card.share is not None else ''}"
        f"{cards.sparkline(card.course, card.is_open, say('overview.course', label=card.label))}"
        f'<p>{escape(card.change)}</p><p class="state is-{card.state}">'
        f'<span aria-hidden="true">{card.icon}</span> {escape(card.word)}</p>'
        f'<p class="small">{escape(card.foot)}</p></div>'
    )
