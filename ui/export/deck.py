"""The slide deck: PPTX, 16:9, with charts that can be edited, and what to say in the notes.

The design is made here, on python-pptx's blank layout: no picture and no template of others.
"""

import io
from datetime import datetime, time

from pptx import Presentation
from pptx.chart.data import CategoryChartData
from pptx.dml.color import RGBColor
from pptx.enum.chart import XL_CHART_TYPE, XL_LEGEND_POSITION
from pptx.enum.text import MSO_ANCHOR, MSO_AUTO_SIZE, PP_ALIGN
from pptx.util import Inches, Pt

from ui.charts import LIGHT
from ui.export.contents import contents
from ui.text import text

KIND = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
FONT = "Calibri"
INK, PALE, BLUE, WARN = "1A1F2B", "565D6B", "12436D", "B3490A"
WIDE, HIGH, EDGE = 13.333, 7.5, 0.6  # inches
MOST_BARS, MOST_NUMBERS = 12, 3
DRAWN = {  # columns of a part's rows: the one that names, those drawn in one unit; line or bars
    "outlook": (0, (1, 2, 3, 4, 5), True),
    "condition": (1, (2,), False),
    "service": (0, (3,), True),
    "places": (0, (1,), False),
}
TONGUES = {"id": "id-ID", "en": "en-GB"}


def make(snapshot, lang):
    """The bytes of the deck of a Snapshot in one language."""
    say = text(lang)
    return deck(say, contents(say, snapshot, snapshot.words(lang)))


def deck(say, said):
    """The PPTX of Contents: a cover and a slide a part."""
    show = Presentation()
    show.slide_width, show.slide_height = Inches(WIDE), Inches(HIGH)
    made = datetime.combine(said.day, time())
    about = {"title": said.title, "author": said.city, "language": said.lang}
    about |= {"comments": said.snapshot, "created": made, "modified": made}
    about |= {"last_modified_by": "Dua Juta"}
    for name, value in about.items():
        setattr(show.core_properties, name, value)
    _cover(say, said, _slide(show, say, said, said.title, said.is_simulated, 1))
    for number, part in enumerate(said.parts, 2):
        _part(say, part, _slide(show, say, said, part.title, part.is_simulated, number))
    for element in (e for s in show.slides for e in s.element.iter("{*}rPr", "{*}endParaRPr")):
        element.set("lang", TONGUES.get(said.lang, said.lang))
    out = io.BytesIO()
    show.save(out)
    return out.getvalue()


def _slide(show, say, said, title, is_simulated, number):
    """A slide with its title, the footer and, where it belongs, the mark."""
    slide = show.slides.add_slide(show.slide_layouts[5])  # title only
    head = slide.shapes.title
    place = (EDGE, 0.75, WIDE - 2 * EDGE, 0.95)
    head.left, head.top, head.width, head.height = map(Inches, place)
    head.text_frame.text = title
    _style(head.text_frame, 30 if len(title) < 70 else 24, BLUE, is_bold=True)
    if is_simulated:
        _text(slide, (EDGE, 0.35, 6, 0.4), [say("simulated.mark").upper()], 12, WARN, True)
    foot = f"{said.city} · {say('story.as_of', day=say.date(said.day), id=said.snapshot)}"
    _text(slide, (EDGE, 7.0, 11, 0.35), [foot], 10, PALE)
    _text(slide, (WIDE - 1.6, 7.0, 1, 0.35), [str(number)], 10, PALE, align=PP_ALIGN.RIGHT)
    return slide


def _cover(say, said, slide):
    lines = [said.city, say("story.known_on", day=say.date(said.day))]
    if said.is_simulated:
        lines.append(say("story.mixed"))
    slide.shapes.title.top, slide.shapes.title.height = Inches(2.2), Inches(1.4)
    _style(slide.shapes.title.text_frame, 48, BLUE, is_bold=True)
    _text(slide, (EDGE, 3.8, WIDE - 2 * EDGE, 1.8), lines, 20, INK)


def _part(say, part, slide):
    """Numbers and sentences at the left, the chart or the table's words at the right."""
    data = _series(part)
    wide = 5.4 if data else WIDE - 2 * EDGE
    shown = [n for n in part.numbers if n.value is not None][:MOST_NUMBERS]
    for index, number in enumerate(shown):
        left = EDGE + index * wide / len(shown)
        place = (left, 1.85, wide / len(shown), 1.25)
        box = _text(slide, place, [number.text, number.label], 12, INK)
        first = box.text_frame.paragraphs[0].runs[0].font
        first.size, first.bold = Pt(24 if len(number.text) < 10 else 16), True
        first.color.rgb = RGBColor.from_string(BLUE)
    top = 3.2 if shown else 1.9
    _text(slide, (EDGE, top, wide, 5.9 - top), part.sentences, 15, INK)
    _text(slide, (EDGE, 6.0, WIDE - 2 * EDGE, 0.9), [part.caption], 10, PALE)
    if data:
        _chart(slide, part, *data)
    slide.notes_slide.notes_text_frame.text = "\n".join(part.notes)


def _series(part):
    """(categories, {heading: values}, is_line) of a part's rows, or None where none is drawn."""
    if part.code not in DRAWN or not part.rows:
        return None
    name, columns, is_line = DRAWN[part.code]
    rows = part.rows if is_line else part.rows[:MOST_BARS]
    heads = list(rows[0])
    names = [str(row[heads[name]]) for row in rows]
    drawn = [heads[c] for c in columns if c < len(heads)]
    return names, {head: [row[head] for row in rows] for head in drawn}, is_line


def _chart(slide, part, names, series, is_line):
    data = CategoryChartData(number_format="General")
    data.categories = names
    for name, values in series.items():
        data.add_series(name, values)
    kind = XL_CHART_TYPE.LINE if is_line else XL_CHART_TYPE.BAR_CLUSTERED
    place = map(Inches, (6.3, 1.8, WIDE - 6.3 - EDGE, 4.2))
    frame = slide.shapes.add_chart(kind, *place, data)
    frame.name = part.chart_title or part.title
    described = f"{part.chart_title or part.title}. {part.caption}"
    frame._element.nvGraphicFramePr.cNvPr.set("descr", described)
    chart = frame.chart
    chart.font.size, chart.font.name = Pt(11), FONT
    chart.has_title = True
    chart.chart_title.text_frame.text = part.chart_title or part.title
    _style(chart.chart_title.text_frame, 13, INK, is_bold=True)
    chart.has_legend = is_line
    if is_line:
        chart.legend.position, chart.legend.include_in_layout = XL_LEGEND_POSITION.BOTTOM, False
    chart.category_axis.reverse_order = not is_line
    chart.value_axis.has_major_gridlines = is_line
    chart.value_axis.visible = is_line
    for index, plotted in enumerate(chart.plots[0].series):
        ink = RGBColor.from_string(LIGHT["lines"][index % len(LIGHT["lines"])][1:])
        if is_line:
            plotted.format.line.color.rgb, plotted.smooth = ink, False
        else:
            plotted.format.fill.solid()
            plotted.format.fill.fore_color.rgb = ink
    if not is_line:
        chart.plots[0].gap_width, chart.plots[0].has_data_labels = 45, True
        largest = max((abs(v) for v in next(iter(series.values())) if v is not None), default=0)
        labels = chart.plots[0].data_labels
        labels.number_format_is_linked = False
        labels.number_format = "#,##0" if largest > 10 else "0.000"


def _text(slide, place, lines, size, ink, is_bold=False, align=PP_ALIGN.LEFT):
    """A text box of paragraphs at (left, top, width, height) in inches."""
    box = slide.shapes.add_textbox(*map(Inches, place))
    frame = box.text_frame
    frame.word_wrap, frame.auto_size = True, MSO_AUTO_SIZE.TEXT_TO_FIT_SHAPE
    for margin in ("margin_left", "margin_top", "margin_bottom"):
        setattr(frame, margin, 0)
    for index, line in enumerate(lines):
        paragraph = frame.paragraphs[0] if not index else frame.add_paragraph()
        paragraph.text, paragraph.space_after = line, Pt(size * 0.5)
    _style(frame, size, ink, is_bold, align)
    return box


def _style(frame, size, ink, is_bold=False, align=PP_ALIGN.LEFT):
    frame.word_wrap, frame.vertical_anchor = True, MSO_ANCHOR.TOP
    for paragraph in frame.paragraphs:
        paragraph.alignment = align
        for run in paragraph.runs:
            run.font.size, run.font.bold, run.font.name = Pt(size), is_bold, FONT
            run.font.color.rgb = RGBColor.from_string(ink)
