"""What every workbook that leaves the dashboard shares: its kind, options, formats, flags."""

KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# text of others stays text: neither formula nor link
OPTIONS = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
HEAD = {"bold": True, "bg_color": "#E4EAF3", "bottom": 1, "text_wrap": True, "valign": "top"}
RIGHT = {"align": "right", "indent": 1, "valign": "top"}  # numbers, off the words that follow


def styles(book):
    """{name: format} of an xlsxwriter book: title, head, text and numbers by their kind."""
    wrap = {"text_wrap": True, "valign": "top"}
    return {
        "title": book.add_format({"bold": True, "font_size": 14}),
        "head": book.add_format(HEAD),
        "text": book.add_format(wrap),
        "share": book.add_format({"num_format": "0.0%", **RIGHT}),
        "whole": book.add_format({"num_format": "#,##0", **RIGHT}),
        "number": book.add_format({"num_format": "#,##0.00", **RIGHT}),
    }


def flags(snapshot):
    """{obs_status: flag of a cell} of a Snapshot, as in etl/obs_status.csv; empty for a final."""
    return {row["obs_status"]: row["flag"] or "" for row in snapshot.table("statuses")}
