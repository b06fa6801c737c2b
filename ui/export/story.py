"""The story as one HTML file that opens by double click: every language, charts and script in it.

Charts are the Vega specs of the pages, drawn by the script that vl-convert brings along. The file
asks nothing of anybody: its own policy forbids all that does not lie in it.
"""

import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from html import escape
from pathlib import Path

from ui.export.contents import contents
from ui.kit import charts
from ui.kit.text import languages, text

HERE = Path(__file__).parent
POLICY = (
    "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data:; "
    "base-uri 'none'; form-action 'none'"
)
HEROES = {  # the number that a part is told by, where it is known
    "goal": "goal.share",
    "outlook": "outlook.total",
    "condition": "condition.kebersihan",
    "service": "service.within",
    "honest": "honest.rows_read",
}
LONG = 9  # characters beyond which a hero is set smaller
LONG_TITLE = 30  # the same of a title on the cover
BUNDLE = "import sys, vl_convert; sys.stdout.buffer.write(vl_convert.javascript_bundle().encode())"
KEYS = ("move", "ends", "lang", "full", "notes", "help")


def make(snapshot, lang):
    """The bytes of the file; it opens in `lang` and holds every language."""
    tongues = [lang, *(one for one in languages() if one != lang)]
    with ThreadPoolExecutor(1) as aside:
        aside.submit(_library)
        told = {one: contents(text(one), snapshot, snapshot.words(one)) for one in tongues}
    return page(told, lang).encode()


def page(told, lang):
    """The HTML of {language: Contents}."""
    first, say = told[lang], text(lang)
    style = (HERE / "story.css").read_text(encoding="utf-8")
    decks = "".join(_deck(text(one), said, one != lang) for one, said in told.items())
    return (
        f'<!doctype html><html lang="{lang}"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(first.title)}</title><style>{style}</style></head><body>"
        f"{_buttons(say, told)}{decks}{''.join(_help(text(one)) for one in told)}"
        f"{''.join(f'<script>{script}</script>' for script in scripts())}</body></html>"
    )


def scripts():
    """The two scripts of the file: what draws the charts, and what turns the parts."""
    return [_library(), (HERE / "story.js").read_text(encoding="utf-8")]


@cache
def _library():
    """Vega, Vega-Lite and Vega-Embed as one script, its own names kept to itself.

    Another process makes it: it takes as long as all figures of a language, and would hold them up.
    """
    made = subprocess.check_output([sys.executable, "-c", BUNDLE], encoding="utf-8")
    made = made.replace("</script", "<\\/script")
    return f"(() => {{{made}}})()"


def _buttons(say, told):
    tongues = "".join(
        f'<button data-act="lang" data-lang="{one}" lang="{one}" '
        f'aria-label="{escape(text(one).language_name)}">{one.upper()}</button>'
        for one in told
    )
    full, help_ = escape(say("story.key.full")), escape(say("story.key.help"))
    return (
        f'<nav>{tongues}<button data-act="full" aria-label="{full}" title="{full}">F</button>'
        f'<button data-act="help" aria-label="{help_}" title="{help_}">?</button></nav>'
    )


def _help(say):
    rows = "".join(
        f"<dt>{escape(say(f'story.keys.{key}'))}</dt><dd>{escape(say(f'story.key.{key}'))}</dd>"
        for key in KEYS
    )
    return (
        f'<dialog lang="{say.lang}" aria-label="{escape(say("story.key.help"))}"><dl>{rows}</dl>'
        f'<form method="dialog"><button>{escape(say("story.close"))}</button></form></dialog>'
    )


def _deck(say, said, is_hidden):
    """All slides of one language."""
    count = len(said.parts)
    slides = "".join(
        _slide(say, said, part, f"{n} / {count}") for n, part in enumerate(said.parts, 1)
    )
    title = f"{said.title} · {said.city}"
    return (
        f'<main lang="{said.lang}" data-title="{escape(title)}"{" hidden" if is_hidden else ""}>'
        f"{_cover(say, said)}{slides}</main>"
    )


def _cover(say, said):
    kind = ' class="long"' if len(said.title) > LONG_TITLE else ""
    mark = f"<p>{_chip(say)} {escape(say('story.mixed'))}</p>" if said.is_simulated else ""
    return (
        f'<section class="slide cover">{_motif()}<div class="words">'
        f'<p class="kicker">{escape(said.city)}</p><h1{kind}>{escape(said.title)}</h1>'
        f"<p>{escape(say('story.known_on', day=say.date(said.day)))}</p>{mark}</div>"
        f"{_foot(say, said)}</section>"
    )


def _motif():
    """Rows of concentric arcs, drawn here: no place's own ornament."""
    arcs = "".join(
        f'<circle cx="{x}" cy="{60 + 90 * row}" r="{r}"/>'
        for row in range(6)
        for x in range(60 + 60 * (row % 2), 1800, 120)
        for r in (58, 44, 30, 16)
    )
    return (
        '<svg class="motif" viewBox="0 0 1600 500" preserveAspectRatio="xMidYMin slice" '
        f'fill="none" stroke="currentColor" stroke-width="3" aria-hidden="true">{arcs}</svg>'
    )


def _slide(say, said, part, number):
    kinds = ["slide", part.code, *["drawn"] * (part.chart is not None)]
    hero = _hero_of(part)
    rest = [n for n in part.numbers if n is not hero] if part.code != "places" else []
    line = _command if part.code == "home" else _line
    lines = "".join(line(told) for told in part.sentences if told != part.title)
    notes = "".join(f"<p>{escape(note)}</p>" for note in part.notes)
    return (
        f'<section class="{" ".join(kinds)}" aria-label="{escape(part.title)}"><header>'
        f'<p class="kicker">{escape(say(f"story.part.{part.code}"))}</p>'
        f'<h2>{escape(part.title)}</h2></header><div class="said">{_hero(say, hero)}{lines}'
        f'<div class="numbers">{"".join(_number(say, n) for n in rest)}</div>'
        f"{'' if part.chart else _source(say, said, part)}</div>{_figure(say, said, part)}"
        f'<aside class="notes">{notes}</aside>{_foot(say, said, number)}</section>'
    )


def _line(line):
    return f"<p>{escape(line)}</p>"


def _command(line):
    """What can be taken home: a command and, behind a dash, what it does."""
    command, _, what = line.partition(" — ")
    return f"<p><code>{escape(command)}</code>{escape(what)}</p>" if what else _line(line)


def _hero_of(part):
    """The number that a part is told by: a published target before an attainment made by us."""
    first = next(iter(part.numbers), None)
    own = next((n for n in part.numbers if n.code == HEROES.get(part.code)), first)
    return own if part.code != "goal" or not own or not own.is_simulated else first


def _hero(say, number):
    if number is None:
        return ""
    chip = f" {_chip(say)}" if number.is_simulated else ""
    kind = "hero long" if len(number.text) > LONG else "hero"
    return (
        f'<div><p class="{kind}">{_data(number)}</p><p title="{escape(number.source)}">'
        f"{escape(number.label)}{chip}</p></div>"
    )


def _number(say, number):
    chip = f" {_chip(say)}" if number.is_simulated else ""
    return (
        f'<div class="number" title="{escape(number.source)}"><b>{_data(number)}</b>'
        f"<small>{escape(number.label)}{chip}</small></div>"
    )


def _data(number):
    """A number as it is read, with its value, code and flag for who reads it by machine."""
    value = "" if number.value is None else number.value
    about = f'data-code="{escape(number.code)}" data-flag="{number.flag}"'
    return f'<data value="{value}" {about}>{escape(number.text)}</data>'


def _chip(say):
    return f'<span class="chip">{escape(say("simulated.mark"))}</span>'


def _figure(say, said, part):
    """The chart, its spec beside it, its title and source."""
    if part.chart is None:
        return ""
    name = f"spec-{say.lang}-{part.code}"
    spec = charts.spec(part.chart)
    is_told = part.chart_title == part.title
    title = "" if is_told else f"<figcaption><b>{escape(part.chart_title)}</b></figcaption>"
    alt = escape(spec.get("description") or part.chart_title)
    island = json.dumps(spec, ensure_ascii=False, default=str).replace("<", "\\u003c")
    return (
        f"<figure>{title}"
        f'<div class="chart" data-spec="{name}" role="img" aria-label="{alt}"><div></div></div>'
        f'<script type="application/json" id="{name}">{island}</script>'
        f"{_source(say, said, part)}</figure>"
    )


def _source(say, said, part):
    """Whose figures these are; their day and snapshot stand at the foot of every slide."""
    as_of = say("story.as_of", day=say.date(said.day), id=said.snapshot)
    caption = part.caption.removesuffix(as_of).strip()
    return f'<p class="source">{escape(caption)}</p>' if caption else ""


def _foot(say, said, number=""):
    return (
        f'<footer class="foot"><span>{escape(said.city)} · {escape(say.date(said.day))} · '
        f"{escape(said.snapshot)}</span><span>{number}</span></footer>"
    )
