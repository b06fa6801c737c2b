"""The briefing: one A4 page as PDF, its charts drawn as vectors from the specs of the pages.

Text reaches the template as data, so none of it can become markup. Nothing is asked of the network:
template, font (Source Sans Pro) and charts are all given.
"""

import json
from pathlib import Path

import font_source_sans_pro
import typst
import vl_convert

from ui.export.contents import contents
from ui.kit import charts
from ui.kit.text import text

TEMPLATE = Path(__file__).with_suffix(".typ")
FONTS = [str(Path(font_source_sans_pro.__file__).parent / "files")]
FONT = "Source Sans Pro"
COLUMNS = (("goal", "condition"), ("outlook", "service"))  # the parts of the page
MOST = 3  # numbers of one part
WIDTH = 470  # of a chart, in pixels; the page sets it to the width of its column
vl_convert.register_font_directory(FONTS[0])


def make(snapshot, lang):
    """The bytes of the page of a Snapshot in one language."""
    return page(text(lang), contents(text(lang), snapshot, snapshot.words(lang)))


def page(say, said):
    """The PDF of Contents: always one page, tagged (PDF/UA-1), the same bytes for the same data."""
    inputs = {"data": json.dumps(_data(say, said), ensure_ascii=False)}
    return typst.compile(
        TEMPLATE,
        sys_inputs=inputs,
        font_paths=FONTS,
        ignore_system_fonts=True,
        pdf_standards=["ua-1"],
    )


def _data(say, said):
    """What the template reads."""
    parts = {part.code: part for part in said.parts}
    columns = [[_part(parts[c]) for c in codes if c in parts] for codes in COLUMNS]
    day = say.date(said.day)
    return {
        "title": f"{said.title} · {said.city}",
        "heading": said.title,
        "author": said.city,
        "lang": said.lang,
        "day": {"year": said.day.year, "month": said.day.month, "day": said.day.day},
        "known_on": f"{said.city} · {say('story.known_on', day=day)}",
        "foot": say("story.as_of", day=day, id=said.snapshot),
        "maker": "Dua Juta",
        "mark": say("simulated.mark"),
        "mixed": say("story.mixed"),
        "is_simulated": said.is_simulated,
        "columns": list(filter(None, columns)),
    }


def _part(part):
    numbers = [n for n in part.numbers if n.value is not None][:MOST]
    keys = ("text", "label", "is_simulated")
    return {
        "title": part.title,
        "sentences": part.sentences,
        "numbers": [{key: getattr(n, key) for key in keys} for n in numbers],
        "chart": drawn(part.chart) if part.chart else None,
        "alt": part.chart_title or part.title,
        "chart_title": "" if part.chart_title == part.title else part.chart_title,
        "caption": part.caption,
    }


def drawn(chart):
    """The SVG of an Altair chart, in the page's font and a transparent ground."""
    spec = charts.spec(chart)
    spec |= {"width": WIDTH, "background": None}
    spec["config"] = spec.get("config", {}) | {"font": FONT}
    return vl_convert.vegalite_to_svg(spec)
