"""The master of the deck: 16:9, one layout, our own fonts, colours and places.

It starts from the empty file that python-pptx brings along. Of that, ten of eleven layouts go, and
with them every placeholder but the title; what stays is given our theme and our sizes. The master
of the notes pages is python-pptx's own.
"""

from lxml import etree
from pptx import Presentation
from pptx.enum.shapes import PP_PLACEHOLDER
from pptx.enum.text import MSO_ANCHOR, MSO_AUTO_SIZE
from pptx.opc.constants import RELATIONSHIP_TYPE
from pptx.oxml.ns import qn
from pptx.util import Inches, Pt

NAME, FONT = "Dua Juta", "Calibri"
INK, PALE, BLUE, WARN, PAPER = "1A1F2B", "565D6B", "12436D", "B3490A", "FFFFFF"
ACCENTS = ("12436D", "C4500A", "801650", "1B7A70", "565D6B", "0083B3")
THEME = dict(zip(("dk1", "lt1", "dk2", "lt2"), (INK, PAPER, BLUE, "E4EAF3"), strict=True))
THEME |= {f"accent{index}": ink for index, ink in enumerate(ACCENTS, 1)}
THEME |= {"hlink": BLUE, "folHlink": "801650"}
WIDE, HIGH, EDGE = 13.333, 7.5, 0.6  # inches
TITLE = (EDGE, 0.45, WIDE - 2 * EDGE, 1.0)  # left, top, width, height: two lines
KEPT = "Title Only"


def blank():
    """A Presentation without slides; its one layout has a title."""
    show = Presentation()
    show.slide_width, show.slide_height = Inches(WIDE), Inches(HIGH)
    for layout in list(show.slide_layouts):
        if layout.name != KEPT:
            show.slide_layouts.remove(layout)
    (layout,) = show.slide_layouts
    for owner in (show.slide_master, layout):
        for shape in list(owner.placeholders):
            if shape.placeholder_format.type != PP_PLACEHOLDER.TITLE:
                shape._element.getparent().remove(shape._element)
            else:
                _title(shape)
        owner._element.cSld.set("name", NAME)
    _titles(show.slide_master)
    _theme(show.slide_master)
    return show


def _title(shape):
    shape.left, shape.top, shape.width, shape.height = map(Inches, TITLE)
    frame = shape.text_frame
    frame.word_wrap, frame.auto_size = True, MSO_AUTO_SIZE.NONE
    frame.vertical_anchor = MSO_ANCHOR.TOP
    frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = 0


def _titles(master):
    """Titles of the theme's second dark colour, bold, at the left, in lines close together."""
    level = master._element.find(f".//{qn('p:titleStyle')}/{qn('a:lvl1pPr')}")
    level.set("algn", "l")
    run = level.find(qn("a:defRPr"))
    run.set("sz", str(Pt(26).centipoints))
    run.set("b", "1")
    run.find(f".//{qn('a:schemeClr')}").set("val", "tx2")


def _theme(master):
    """Our name, colours and font in the theme."""
    part = master.part.part_related_by(RELATIONSHIP_TYPE.THEME)
    theme = etree.fromstring(part.blob)
    theme.set("name", NAME)
    for kind in ("clrScheme", "fontScheme"):
        theme.find(f".//{qn(f'a:{kind}')}").set("name", NAME)
    for name, ink in THEME.items():
        colour = theme.find(f".//{qn(f'a:{name}')}")
        colour.clear()
        etree.SubElement(colour, qn("a:srgbClr")).set("val", ink)
    for latin in theme.findall(f".//{qn('a:fontScheme')}//{qn('a:latin')}"):
        latin.set("typeface", FONT)
    part._blob = etree.tostring(theme, xml_declaration=True, encoding="UTF-8", standalone=True)
