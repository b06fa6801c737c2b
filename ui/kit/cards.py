"""Cards and bars as HTML, every text escaped; bullets are inline SVG with a text alternative."""

from pathlib import Path

from markupsafe import escape

from kpi.lineage import address, of_figure, of_target
from kpi.simulated import is_simulated, original
from ui.kit import sentences
from ui.kit.sentences import series_name
from ui.kit.text import together, unlinked

STYLE = Path(__file__).with_name("style.css")
TERMS = {"attraction_visits": 0, "accommodation_guests": 1, "restaurant_guests": 2}  # colours


def bullet(share, label, is_firm=True, is_simulated=False, usual=None):
    """An SVG bar of a share of one against its target: softer if not firm, hatched if simulated.

    usual: the share at which a thin tick stands, as where the season usually is.
    """
    label, scale = unlinked(label), 1000 / max(1.0, share or 0)
    value, target = (share or 0) * scale, scale
    bar = _bar_of(value, is_firm, is_simulated)
    return (
        '<svg class="bullet" viewBox="0 0 1000 20" preserveAspectRatio="none" role="img" '
        f'aria-label="{escape(label)}"><title>{escape(label)}</title>'
        f'<rect class="bullet-track" x="0" y="0" width="{target:.1f}" height="20"/>'
        f"{bar}{_tick(usual, scale)}"
        f'<rect class="bullet-target" x="{min(target, 996):.1f}" y="0" width="4" height="20"/>'
        "</svg>"
    )


def bar(share, label):
    """An SVG bar of a share of one, without a target."""
    return (
        '<svg class="bullet" viewBox="0 0 1000 20" preserveAspectRatio="none" role="img" '
        f'aria-label="{escape(label)}"><title>{escape(label)}</title>'
        '<rect class="bullet-track" x="0" y="3" width="1000" height="14"/>'
        f'<rect class="bullet-value" x="0" y="3" width="{1000 * share:.1f}" height="14"/></svg>'
    )


def _tick(share, scale):
    if share is None:
        return ""
    return f'<rect class="bullet-usual" x="{share * scale - 3:.1f}" y="0" width="6" height="20"/>'


def sparkline(values, is_open, label):
    """An SVG line of a course from zero, gaps left open; the last point is hollow if it is open."""
    known = [(i, v) for i, v in enumerate(values) if v is not None and v == v]
    if len(known) < 2:
        return ""
    top = max(v for _, v in known) or 1
    at = [(2 + 196 * i / (len(values) - 1), 34 - 30 * v / top) for i, v in known]
    lines, (x, y) = " ".join(f"{a:.1f},{b:.1f}" for a, b in at), at[-1]
    return (
        '<svg class="sparkline" viewBox="0 0 200 38" preserveAspectRatio="none" role="img" '
        f'aria-label="{escape(label)}"><title>{escape(label)}</title>'
        f'<polyline points="{lines}"/>{_dot(x, y, "dot")}'
        f"{_dot(x, y, 'hole') if is_open else ''}</svg>"
    )


def _dot(x, y, kind):
    """A round point that stays round where the drawing is stretched."""
    return f'<line class="{kind}" x1="{x:.1f}" x2="{x:.1f}" y1="{y:.1f}" y2="{y:.1f}"/>'


def zone(value, low, high, label, is_firm=True, is_simulated=False):
    """An SVG bar of a value over the zone that a target asks for: from low to high (None: on)."""
    edges = [edge for edge in (low, high) if edge]
    scale = 1000 / (1.15 * max(value, *edges))
    start, end = low * scale, 1000 if high is None else high * scale
    ticks = "".join(
        f'<rect class="bullet-target" x="{edge * scale - 2:.1f}" y="0" width="4" height="20"/>'
        for edge in edges
    )
    return (
        '<svg class="bullet" viewBox="0 0 1000 20" preserveAspectRatio="none" role="img" '
        f'aria-label="{escape(label)}"><title>{escape(label)}</title>'
        '<rect class="bullet-track" x="0" y="0" width="1000" height="20"/>'
        f'<rect class="bullet-zone" x="{start:.1f}" y="0" width="{end - start:.1f}" height="20"/>'
        f"{_bar_of(max(value, 0) * scale, is_firm, is_simulated)}{ticks}</svg>"
    )


def _bar_of(width, is_firm, is_simulated):
    """The bar of a value within an SVG: softer if not firm, hatched if simulated."""
    if is_simulated:
        return f'<line class="bullet-hatched" x1="0" y1="10" x2="{width:.1f}" y2="10"/>'
    fill = "bullet-value" if is_firm else "bullet-value bullet-soft"
    return f'<rect class="{fill}" x="0" y="3" width="{width:.1f}" height="14"/>'


def target(say, choice, required, words, findings=()):
    """The hero: the city's choice against its target, and all that the comparison rests on."""
    target_visits = say.figure(of_target(choice), say.number(choice.denominator))
    at = of_figure(choice)
    value, why = sentences.required(say, required)
    lines = [
        _counts(say, choice, words),
        _choice(say, choice, words),
        say(
            "hero.target",
            document=choice.target_document,
            definition=say.definition(() if choice.is_city_choice else choice.measures),
            witnesses=say.figure(of_target(choice), say.number(choice.witnesses)),
            day=say.date(choice.target_known_at),
        ),
        say("hero.required", value=value, why=why),
    ]
    if choice.value is None:
        head = say("hero.none"), say("hero.of_target", target=target_visits)
    else:
        head = (
            say("hero.visits", number=say.figure(at, say.number(choice.numerator))),
            say("hero.of", target=target_visits, share=say.figure(at, _share(say, choice))),
        )
    return _hero(say, choice, *head, _bar(say, choice), lines, findings)


def _choice(say, choice, words):
    """Why the city measures by this; its reason may speak of what an earlier day did not know."""
    if not choice.is_city_choice:
        return ""
    if choice.as_of:
        return say("hero.choice_later")
    return say("hero.choice", reason=words.get("ruling_target_reason", ""))


def latest(say, figure, words, findings=()):
    """The hero of one yearly figure without a target; None: nothing complete is known."""
    if figure is None:
        return _hero(say, figure, "—", say("hero.nothing"), "", [])
    visits = say("hero.visits", number=say.figure(of_figure(figure), say.number(figure.value)))
    of = say("hero.in_year", year=figure.year)
    return _hero(say, figure, visits, of, "", [_counts(say, figure, words)], findings)


def progress(say, figure, words):
    """How far the simulated record of the target's year stands, marked: never the hero."""
    at, goal = of_figure(figure), of_target(figure)
    visits = say("hero.visits", number=say.figure(at, say.number(figure.numerator)))
    target = say.figure(goal, say.number(figure.denominator))
    of = say("hero.of", target=target, share=say.figure(at, _share(say, figure)))
    lines = [say("simulated.until", day=say.date(figure.covered_to)), _counts(say, figure, words)]
    return _hero(say, figure, visits, of, _bar(say, figure), lines)


def rung(say, figure, words, findings=()):
    """One rung of the ladder: what is counted, how much of the target, whose figures, whose sum."""
    chip = f' <span class="chip">{escape(say("home.choice"))}</span>' if figure.is_choice else ""
    chip += _flag(say, figure, findings)
    at = of_figure(figure)
    value = "" if figure.value is None else say.figure(at, say.number(figure.numerator))
    whose = sentences.whose(say, figure, series_name(say, figure.series, words))
    small = filter(None, (whose, sentences.completeness(say, figure)))
    return (
        f'<div class="dj rung{" chosen" if figure.is_choice else ""}"><p class="rung-head">'
        f"<span>{escape(say.definition(figure.measures))}{chip}</span>"
        f"<span><b>{escape(say.figure(at, _share(say, figure)))}</b> {escape(value)}</span></p>"
        f'{_bar(say, figure)}<p class="small">{escape(together(". ", small))}</p></div>'
    )


def _counts(say, figure, words):
    return say(
        "hero.counts",
        definition=say.definition(figure.measures),
        series=series_name(say, figure.series, words),
        status=sentences.status(say, figure),
    )


def _hero(say, figure, value, of, bar, lines, findings=()):
    """The big card of a Figure, or of none; marked where the figure is simulated."""
    small = "".join(f"<p>{escape(line)}</p>" for line in lines if line)
    kind, chip = "", ""
    if figure and is_simulated(figure):
        kind = " simulated"
        chip = f' <span class="chip warn">{escape(say("simulated.mark"))}</span>'
    chip += _flag(say, figure, findings)
    return (
        f'<div class="dj hero{kind}"><p class="hero-value">{escape(value)}</p>'
        f'<p class="hero-of">{escape(of)}{chip}</p>{bar}<div class="small">{small}</div></div>'
    )


def _flag(say, figure, findings):
    """The small mark beside a figure that findings touch; what they say stands in its title."""
    word = sentences.marks(say, findings, figure.value_ids) if figure else ""
    said = " ".join(text for _, text in sentences.marked(say.plain, findings, figure))
    return f' <span class="chip warn" title="{escape(said)}">{escape(word)}</span>' if word else ""


def _share(say, figure):
    return "—" if figure.value is None else say.percent(figure.value)


def _bar(say, figure):
    label = say("hero.bar", share=_share(say, figure), target=say.number(figure.denominator))
    is_firm = figure.is_complete and figure.obs_status == "final"
    return bullet(figure.value, label, is_firm, is_simulated(figure))


def grid(label, head, rows):
    """A table of words: head is the headings; rows are [heading, (kind, icon, word, detail), ...].

    kind is the class that colours a cell; None is an empty cell.
    """
    cells = "".join(f'<th scope="col">{escape(text)}</th>' for text in head)
    body = "".join(
        f'<tr><th scope="row">{escape(first)}</th>{"".join(map(_cell, rest))}</tr>'
        for first, *rest in rows
    )
    return (
        f'<div class="dj grid" role="region" tabindex="0" aria-label="{escape(label)}"><table>'
        f"<thead><tr>{cells}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def _cell(cell):
    if cell is None:
        return "<td></td>"
    kind, icon, word, detail = map(escape, cell)
    return (
        f'<td class="is-{kind}"><b><span aria-hidden="true">{icon}</span> {word}</b>'
        f"<small>{detail}</small></td>"
    )


def kicker(text):
    """The small line above a title."""
    return f'<p class="dj kicker">{escape(text)}</p>'


def statement(*sentences):
    """What the page says: the first sentence large, the others below it."""
    first, *rest = filter(None, sentences)
    small = "".join(f"<p>{escape(text)}</p>" for text in rest)
    return f'<div class="dj statement"><p class="lead">{escape(first)}</p>{small}</div>'


def banner(text):
    """What holds for the whole page and must not be overlooked."""
    chip = '<span class="chip warn" aria-hidden="true">!</span>'
    return f'<p class="dj banner" role="note">{chip} {escape(text)}</p>'


def facts(pairs):
    """A list of what is known of something: [(label, text)]."""
    items = "".join(f"<dt>{escape(label)}</dt><dd>{escape(text)}</dd>" for label, text in pairs)
    return f'<dl class="dj facts">{items}</dl>'


def remarks(sentences):
    """Sentences that stand below what they are about."""
    items = "".join(f"<li>{escape(text)}</li>" for text in sentences if text)
    return f'<ul class="dj remarks">{items}</ul>'


def small(sentences):
    """A caption of sentences in which texts of others may stand."""
    told = escape(together(" ", sentences))
    return f'<div class="dj caption"><p class="small">{told}</p></div>'


def notes(rows):
    """Marked sentences: [(mark, sentence)]."""
    chip = '<span class="chip warn" aria-hidden="true">!</span>'
    items = "".join(f"<li>{chip} <b>{escape(mark)}</b>: {escape(text)}</li>" for mark, text in rows)
    return f'<ul class="dj notes">{items}</ul>'


def comparisons(say, rows, is_simulated):
    """The like-for-like figures by their names: rows of the query visits_pairs, one each."""
    mark = f' <span class="chip warn">{escape(say("simulated.mark"))}</span>'
    chip = mark if is_simulated else ""
    items = "".join(
        f'<div><p class="name">{escape(say("pairs." + row["alignment"]))}{chip}</p>'
        f'<p class="value">{escape(sentences.growth(say, row))}</p>'
        f'<p class="small">{escape(sentences.pair_sum(say, row))}</p></div>'
        for row in rows
    )
    return f'<div class="dj comparisons">{items}</div>'


def arithmetic(say, rows, words):
    """The ladder of a year: every definition of every series as a sum, on one scale."""
    most = max((row["visits"] for row in rows), default=0) or 1
    return "".join(_sum(say, row, most, words) for row in rows)


def _sum(say, row, most, words):
    at = address("figure", kpi="visits", **row)
    sum_ = say.figure(at, say.number(row["visits"]))
    label = f"{sentences.arithmetic(say.plain, row)} = {say.number(row['visits'])}"
    x, parts = 0, []
    for term in row["terms"]:
        width = 1000 * term["visits"] / most
        colour = f"term-{TERMS.get(term['measure'], 3)}"
        parts.append(f'<rect class="{colour}" x="{x:.1f}" y="2" width="{width:.1f}" height="16"/>')
        x += width
    chip = ""
    if is_simulated(row):
        chip = f' <span class="chip warn">{escape(say("simulated.mark"))}</span>'
    name = series_name(say, original(row["series"]), words)
    return (
        f'<div class="dj rung"><p class="rung-head"><span>{escape(sentences.arithmetic(say, row))}'
        f"</span><span>= <b>{escape(sum_)}</b></span></p>"
        '<svg class="bullet" viewBox="0 0 1000 20" preserveAspectRatio="none" role="img" '
        f'aria-label="{escape(label)}"><title>{escape(label)}</title>{"".join(parts)}</svg>'
        f'<p class="small">{escape(name)}{chip} · {escape(sentences.covered(say, row))}</p></div>'
    )
