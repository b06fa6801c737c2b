"""The empty file that a guest fills in: as a workbook with lists, and as CSV."""

import csv
import io

import xlsxwriter

from kpi import guest
from ui.compare import guest_words
from ui.export import sheets

WIDTHS = (30, 10, 44, 18, 44)


def workbook(say):
    """The bytes of the workbook: an empty sheet with lists and limits, and one that explains it."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, sheets.OPTIONS) as book:
        data, guide = (book.add_worksheet(say(f"guest.sheet_{name}")) for name in ("data", "guide"))
        bold = book.add_format(sheets.HEAD)
        wrap = book.add_format({"text_wrap": True, "valign": "top"})
        words = [guest_words.word(say, code) for code in guest.COUNTED]
        for i, (heading, _) in enumerate(guest_words.columns(say)):
            data.write_string(0, i, heading, bold)
            data.set_column(i, i, WIDTHS[i])
        data.freeze_panes(1, 0)
        cells = xlsxwriter.utility.xl_range_abs(2 + 6, 0, 2 + 5 + len(words), 0)
        source = f"='{guide.get_name()}'!{cells}"
        data.data_validation(1, 2, guest.MOST_ROWS, 2, {"validate": "list", "source": source})
        guide.set_column(0, 1, 60, wrap)
        guide.write_string(0, 0, say("guest.guide"), wrap)
        for i, (heading, meaning) in enumerate(guest_words.columns(say), start=2):
            guide.write_row(i, 0, [heading, meaning], wrap)
        guide.write_string(7, 0, say("guest.list"), bold)
        guide.write_column(8, 0, words)
    return out.getvalue()


def plain(say):
    """The bytes of the CSV file: the headings, parted as Excel parts them in the language."""
    out = io.StringIO(newline="")
    mark = ";" if say.vega_numbers["decimal"] == "," else ","
    csv.writer(out, delimiter=mark).writerow(heading for heading, _ in guest_words.columns(say))
    return out.getvalue().encode("utf-8-sig")
