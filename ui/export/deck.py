"""The slide deck: PPTX, 16:9, with charts that can be edited, and what to say in the notes.

A cover and a slide a part. The mark stands below each number that is simulated.
"""

import io
from dataclasses import dataclass
from datetime import date, datetime, time
from math import ceil

import xlsxwriter
from pptx.chart.data import CategoryChartData
from pptx.dml.color import RGBColor
from pptx.enum.chart import XL_CHART_TYPE, XL_LEGEND_POSITION
from pptx.enum.dml import MSO_LINE
from pptx.enum.text import MSO_ANCHOR, MSO_AUTO_SIZE, PP_ALIGN
from pptx.oxml.ns import qn
from pptx.oxml.xmlchemy import OxmlElement
from pptx.util import Inches, Pt

from ui.export import deck_master, sheets
from ui.export.contents import contents
from ui.export.deck_master import BLUE, EDGE, FONT, INK, PALE, PAPER, WARN, WIDE
from ui.kit.text import text

TONGUES = {"id": "id-ID", "en": "en-GB"}
SIZES, SMALLEST = ((7, 26), (8, 22), (10, 18)), 16  # (letters at most, points) of a number
LONGEST = 255  # letters of a property of a document: the format's own limit
MOST_NUMBERS, MOST_TICKS, FEW = 3, 7, 12
FULL, HALF = WIDE - 2 * EDGE, 5.5  # inches: of a slide's words without and with a chart
TOP = 1.6  # inches: below a title of two lines
ORANGE = "C4500A"
INKS = (BLUE, ORANGE, "801650", "1B7A70")  # of columns side by side, as on the pages


@dataclass(frozen=True)
class Drawn:
    """What is drawn of a part's rows, by the codes of their headings; all of one unit."""

    name: str  # what an item is called
    values: dict  # {code: (ink, points, dash or None)}
    kind: XL_CHART_TYPE = XL_CHART_TYPE.BAR_CLUSTERED
    by: str = ""  # the rows of each word below this heading have columns of their own


DRAWN = {
    "goal": Drawn(  # no line: it would join years that the checks hold apart
        "table.year",
        {"table.visits": (BLUE, 2, None)},
        XL_CHART_TYPE.COLUMN_CLUSTERED,
        by="table.definition",
    ),
    "outlook": Drawn(
        "path.day",
        {
            "path.counted": (BLUE, 3, None),
            "path.median": (ORANGE, 2.5, MSO_LINE.ROUND_DOT),
            "story.low": (ORANGE, 1, MSO_LINE.DASH),
            "story.high": (ORANGE, 1, MSO_LINE.DASH),
            "path.season": (PALE, 1, None),
        },
        XL_CHART_TYPE.LINE,
    ),
    "condition": Drawn("table.area", {"condition.value": (BLUE, 2, None)}),
    "service": Drawn("table.period", {"story.median_hours": (BLUE, 2.5, None)}, XL_CHART_TYPE.LINE),
    "places": Drawn("visits.site", {"table.visits": (BLUE, 2, None)}),
}


def make(snapshot, lang):
    """The bytes of the deck of a Snapshot in one language."""
    say = text(lang)
    return deck(say, contents(say, snapshot, snapshot.words(lang)))


def deck(say, said):
    """The PPTX of Contents: a cover and a slide a part."""
    show = deck_master.blank()
    made = datetime.combine(said.day, time())
    about = {"title": said.title, "author": said.city, "language": said.lang}
    about |= {"comments": said.snapshot, "created": made, "modified": made}
    about |= {"last_modified_by": deck_master.NAME}
    for name, value in about.items():
        setattr(show.core_properties, name, value[:LONGEST] if isinstance(value, str) else value)
    _cover(say, said, _slide(show, say, said, said.title, 1, PAPER))
    for number, part in enumerate(said.parts, 2):
        _part(say, part, _slide(show, say, said, part.title, number, PALE))
    for element in (e for s in show.slides for e in s.element.iter("{*}rPr", "{*}endParaRPr")):
        element.set("lang", TONGUES.get(said.lang, said.lang))
    out = io.BytesIO()
    show.save(out)
    return out.getvalue()


def _slide(show, say, said, title, number, ink):
    """A slide with its title and the footer: whose, as known on, the snapshot, its number."""
    slide = show.slides.add_slide(show.slide_layouts[0])
    slide.shapes.title.text_frame.text = title
    if len(title) > 110:
        _style(slide.shapes.title.text_frame, 20, BLUE, is_bold=True)
    foot = f"{said.city} · {say('story.as_of', day=say.date(said.day), id=said.snapshot)}"
    _text(slide, (EDGE, 7.0, 11, 0.3), [foot], 10, ink)
    _text(slide, (WIDE - EDGE - 1, 7.0, 1, 0.3), [str(number)], 10, ink, align=PP_ALIGN.RIGHT)
    return slide


def _cover(say, said, slide):
    """The title on the city's blue, as known on, and what the mark means."""
    slide.background.fill.solid()
    slide.background.fill.fore_color.rgb = RGBColor.from_string(BLUE)
    head = slide.shapes.title
    head.left, head.top, head.width, head.height = map(Inches, (EDGE, 1.7, FULL, 1.9))
    _style(head.text_frame, 54 if len(said.title) < 60 else 32, PAPER, is_bold=True)
    head.text_frame.vertical_anchor = MSO_ANCHOR.BOTTOM
    lines = [said.city, say("story.known_on", day=say.date(said.day))]
    _text(slide, (EDGE, 3.9, FULL, 1.1), lines, 22, PAPER)
    if said.is_simulated:
        mark = f"{say('simulated.mark').capitalize()}: {say('story.mixed')}"
        _text(slide, (EDGE, 5.4, FULL, 0.5), [mark], 16, PAPER, is_bold=True)


def _part(say, part, slide):
    """Numbers and sentences at the left, the chart at the right; what to say in the notes."""
    data = _series(say, part)
    wide = HALF if data else FULL
    shown = [n for n in part.numbers if n.value is not None][:MOST_NUMBERS]
    for index, number in enumerate(shown):
        _number(say, slide, number, EDGE + index * wide / MOST_NUMBERS, wide / MOST_NUMBERS - 0.15)
    top = TOP + (1.5 if data else 1.9) if shown else TOP
    length = sum(map(len, part.sentences))
    size = (16 if length < 300 else 14 if length < 650 else 12) if data else 20
    _text(slide, (EDGE, top, wide - 0.15, 6.1 - top), part.sentences, size, INK)
    _text(slide, (EDGE, 6.2, FULL, 0.75), [part.caption], 10, PALE, anchor=MSO_ANCHOR.BOTTOM)
    if data:
        _chart(say, slide, part, *data)
    slide.notes_slide.notes_text_frame.text = "\n".join(part.notes)


def _number(say, slide, number, left, wide):
    """A number as it is read, what it is, and the mark where it is simulated."""
    lines = [number.text, number.label]
    if number.is_simulated:
        lines.append(say("simulated.mark"))
    is_wide = wide > HALF / 2
    box = _text(
        slide, (left, TOP, wide, 1.8 if is_wide else 1.4), lines, 16 if is_wide else 12, INK
    )
    first, label, *mark = box.text_frame.paragraphs
    _ink(first, 40 if is_wide else _size(number.text), BLUE, True)
    first.space_after = label.space_after = Pt(2)
    for paragraph in mark:
        _ink(paragraph, 14 if is_wide else 11, WARN, True)


def _size(text):
    """The type size of a number in a third of half a slide, by its length."""
    return next((size for most, size in SIZES if len(text) <= most), SMALLEST)


def _series(say, part):
    """(Drawn, names, {heading: values}) of a part's rows, or None where nothing is drawn.

    A heading that the rows do not have is a KeyError.
    """
    drawn = DRAWN.get(part.code)
    if drawn is None or not part.rows:
        return None
    if drawn.by:
        names, series = _columns(say, part.rows, drawn)
    else:
        names = [_named(say, row[say(drawn.name)]) for row in part.rows]
        series = {say(code): [row[say(code)] for row in part.rows] for code in drawn.values}
    if all(value is None for values in series.values() for value in values):
        return None
    return drawn, names, series


def _columns(say, rows, drawn):
    """(years, {word: values}): columns for each word below the heading `by`; None in its gaps."""
    name, by, (value,) = say(drawn.name), say(drawn.by), map(say, drawn.values)
    numbers = range(min(r[name] for r in rows), max(r[name] for r in rows) + 1)
    known = {(row[by], row[name]): row[value] for row in rows}
    words = dict.fromkeys(row[by] for row in rows)
    return list(map(str, numbers)), {w: [known.get((w, n)) for n in numbers] for w in words}


def _named(say, name):
    """A day as its month: Agu 2019."""
    return say.short_month(name) if isinstance(name, date) else str(name)


def _chart(say, slide, part, drawn, names, series):
    """A chart to edit: lines or columns with their legend, or bars with their numbers."""
    data = CategoryChartData(number_format="General")
    data.categories = names
    for name, values in series.items():
        data.add_series(name, values)
    left = EDGE + HALF + 0.35
    frame = slide.shapes.add_chart(
        drawn.kind, *map(Inches, (left, TOP, WIDE - left - EDGE, 6.1 - TOP)), data
    )
    title = part.chart_title or part.title
    frame.name = title
    frame._element.nvGraphicFramePr.cNvPr.set("descr", f"{title}. {part.caption}")
    chart = frame.chart
    chart.part.chart_workbook.update_from_xlsx_blob(_book(names, series))
    chart.font.size, chart.font.name = Pt(11 if len(names) <= FEW else 9), FONT
    chart.font.color.rgb = RGBColor.from_string(INK)
    chart.has_title = title != part.title
    if chart.has_title:
        chart.chart_title.text_frame.text = title
        _style(chart.chart_title.text_frame, 13, INK, is_bold=True)
    chart.has_legend = len(series) > 1
    if chart.has_legend:
        chart.legend.position, chart.legend.include_in_layout = XL_LEGEND_POSITION.BOTTOM, False
    values = [v for column in series.values() for v in column if v is not None]
    _axes(chart, drawn, len(names), _format(say, values))
    _inks(chart, drawn)


def _book(names, series):
    """The bytes of the workbook behind a chart, laid out as python-pptx refers to it.

    Its own would make a formula of a name that begins with =.
    """
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, sheets.OPTIONS) as book:
        sheet, style = book.add_worksheet(), sheets.styles(book)
        for row, name in enumerate(names, 1):
            sheets.text(sheet, style, row, 0, name)
        for column, (name, values) in enumerate(series.items(), 1):
            sheets.text(sheet, style, 0, column, name)
            sheet.write_column(1, column, values)
    return out.getvalue()


def _axes(chart, drawn, count, number_format):
    """Bars are read at their ends, all else at the axis."""
    is_bars = drawn.kind == XL_CHART_TYPE.BAR_CLUSTERED
    names, values = chart.category_axis, chart.value_axis
    names.format.line.color.rgb = RGBColor.from_string(PALE)
    names.has_major_gridlines = False
    values.visible = values.has_major_gridlines = not is_bars
    values.format.line.fill.background()
    values.minimum_scale = 0
    values.tick_labels.number_format, values.tick_labels.number_format_is_linked = (
        number_format,
        False,
    )
    if not is_bars:
        values.major_gridlines.format.line.color.rgb = RGBColor.from_string("D5D9E0")
        _skip(names, ceil(count / MOST_TICKS))
        return
    names.reverse_order = True
    chart.plots[0].gap_width, chart.plots[0].has_data_labels = 40, True
    labels = chart.plots[0].data_labels
    labels.number_format, labels.number_format_is_linked = number_format, False


def _skip(axis, step):
    """Writes every step-th name of an axis, so that none must be turned."""
    for tag in ("c:tickLblSkip", "c:tickMarkSkip"):
        element = OxmlElement(tag)
        element.set("val", str(step))
        axis._element.find(qn("c:noMultiLvlLbl")).addprevious(element)


def _inks(chart, drawn):
    styles = list(drawn.values.values())
    if drawn.by:
        styles = [(ink, *styles[0][1:]) for ink in INKS]
    for plotted, (ink, points, dash) in zip(chart.plots[0].series, styles, strict=False):
        if drawn.kind != XL_CHART_TYPE.LINE:
            plotted.format.fill.solid()
            plotted.format.fill.fore_color.rgb = RGBColor.from_string(ink)
            continue
        line = plotted.format.line
        plotted.smooth, line.width, line.color.rgb = False, Pt(points), RGBColor.from_string(ink)
        if dash:
            line.dash_style = dash


def _format(say, values):
    """The number format of an axis; whole numbers are grouped as the language does it.

    The mark between thousands is written out, as the office program would take the computer's.
    """
    largest = max(map(abs, values))
    if largest < 10:
        return "0.000" if largest < 1 else "0.0"
    mark = rf"\{say.number(1000)[1]}"
    return f"[>=999999.5]0{mark}000{mark}000;[>=999.5]0{mark}000;0"


def _text(
    slide, place, lines, size, ink, is_bold=False, align=PP_ALIGN.LEFT, anchor=MSO_ANCHOR.TOP
):
    """A text box of paragraphs at (left, top, width, height) in inches, without margins."""
    box = slide.shapes.add_textbox(*map(Inches, place))
    frame = box.text_frame
    frame.word_wrap, frame.auto_size = True, MSO_AUTO_SIZE.TEXT_TO_FIT_SHAPE
    for margin in ("margin_left", "margin_right", "margin_top", "margin_bottom"):
        setattr(frame, margin, 0)
    for index, line in enumerate(lines):
        paragraph = frame.paragraphs[0] if not index else frame.add_paragraph()
        paragraph.text, paragraph.space_after = line, Pt(size * 0.4)
    _style(frame, size, ink, is_bold, align)
    frame.vertical_anchor = anchor
    return box


def _style(frame, size, ink, is_bold=False, align=PP_ALIGN.LEFT):
    for paragraph in frame.paragraphs:
        paragraph.alignment = align
        _ink(paragraph, size, ink, is_bold)


def _ink(paragraph, size, ink, is_bold):
    for run in paragraph.runs:
        run.font.size, run.font.bold = Pt(size), is_bold
        run.font.color.rgb = RGBColor.from_string(ink)
