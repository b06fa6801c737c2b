"""Makes months.xls, .ods and .xlsx: cells written here, calculated and saved by LibreOffice.

python3 tests/files/make.py        needs soffice on the path
"""

import subprocess
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

HERE = Path(__file__).parent
HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<office:document xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
  xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0"
  xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"
  xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"
  xmlns:number="urn:oasis:names:tc:opendocument:xmlns:datastyle:1.0"
  xmlns:of="urn:oasis:names:tc:opendocument:xmlns:of:1.2" office:version="1.3"
  office:mimetype="application/vnd.oasis.opendocument.spreadsheet">
<office:automatic-styles>
<number:date-style style:name="D"><number:day/><number:text>/</number:text><number:month/>
<number:text>/</number:text><number:year number:style="long"/></number:date-style>
<number:date-style style:name="M"><number:day/><number:text>/</number:text><number:month/>
<number:text>/</number:text><number:year number:style="long"/><number:text> </number:text>
<number:hours/><number:text>:</number:text><number:minutes number:style="long"/></number:date-style>
<number:time-style style:name="T"><number:hours/><number:text>:</number:text>
<number:minutes number:style="long"/></number:time-style>
<number:time-style style:name="H" number:truncate-on-overflow="false"><number:hours/>
<number:text>:</number:text><number:minutes number:style="long"/></number:time-style>
<number:percentage-style style:name="P"><number:number number:decimal-places="1"
 number:min-integer-digits="1"/><number:text>%</number:text></number:percentage-style>
<number:boolean-style style:name="B"><number:boolean/></number:boolean-style>
{styles}
</office:automatic-styles>
<office:body><office:spreadsheet>
"""
TAIL = "</office:spreadsheet></office:body></office:document>"
STYLES = "".join(
    f'<style:style style:name="{s}" style:family="table-cell" style:data-style-name="{s}"/>'
    for s in "DMTHPB"
)
STYLED = {
    "day": ('table:style-name="D" office:value-type="date" office:date-value={}'),
    "moment": ('table:style-name="M" office:value-type="date" office:date-value={}'),
    "clock": ('table:style-name="T" office:value-type="time" office:time-value={}'),
    "span": ('table:style-name="H" office:value-type="time" office:time-value={}'),
    "share": ('table:style-name="P" office:value-type="percentage" office:value={}'),
    "truth": ('table:style-name="B" office:value-type="boolean" office:boolean-value={}'),
    "formula": "table:formula={}",
}
HEADER = [
    ["Kunjungan objek wisata", "", "", 2019],
    [
        "Objek|1x2", "Tanggal|1x2", "Kunjungan|2x1", None, "Hunian|1x2", "Nilai|1x2", "Buka|1x2",
        "Catatan|1x2",
    ],
    [None, None, "Wisnus", "Wisman", None, None, None, None],
]  # fmt: skip
SHEETS = {
    "Jan": [
        *HEADER,
        ["Taman Kota", ("day", "2019-01-05"), 1200, 35, ("share", "0.525"),
         ("formula", "of:=[.C4]*1.1"), ("truth", "true"), "24.325"],
        ["Museum Kota", ("moment", "2019-01-06T08:30:00"), ("formula", "of:=1/0"),
         ("formula", "of:=[.C4]+#REF!"), ("share", "1"), 24.325, ("truth", "false"), "  menjorok"],
        ["Kolam", ("formula", "of:=[.B4]+2"), ("formula", "of:=NA()"),
         ("formula", "of:=TIDAKADA(1)"), "", ("formula", "of:=SQRT(-1)"), "", "dua\nbaris"],
        ["Pasar", "", "", 0, ("clock", "PT8H30M00S"), ("span", "PT30H00M00S"),
         ("formula", "of:=[.C4]>5"), ("formula", 'of:=VALUE("x")')],
        [],
        ["JUMLAH", "", ("formula", "of:=SUM([.C4:.C4])"), ("formula", "of:=[.D4]+[.D7]"), "", "",
         "", '"Sumber": <dinas> & lain'],
    ],
    "Feb": [*HEADER, ["Taman Kota", ("day", "2019-02-28"), 900, 1e21, ("share", "0.4")]],
    "Kosong": [],
    "Catatan": [[], ["", "angka sementara"], ["", "", ("formula", "of:=1/0")]],
}  # fmt: skip


def cell(content):
    """The XML of a cell: a number, text, (kind, value), or None where a merged one covers it."""
    if content is None:
        return "<table:covered-table-cell/>"
    if content == "":
        return "<table:table-cell/>"
    if isinstance(content, tuple):
        kind, value = content
        return f"<table:table-cell {STYLED[kind].format(quoteattr(value))}/>"
    if not isinstance(content, str):
        return f'<table:table-cell office:value-type="float" office:value="{content}"/>'
    text, _, spans = content.partition("|")
    columns, _, rows = spans.partition("x")
    spanned = (
        f' table:number-columns-spanned="{columns}" table:number-rows-spanned="{rows}"'
        if spans
        else ""
    )
    lines = "".join(f"<text:p>{escape(line)}</text:p>" for line in text.split("\n"))
    lines = lines.replace("  ", '<text:s text:c="2"/>')
    return f'<table:table-cell office:value-type="string"{spanned}>{lines}</table:table-cell>'


def main():
    """Writes the flat file and has LibreOffice save it in the three formats."""
    sheets = "".join(
        f'<table:table table:name="{name}">'
        + "".join(f"<table:table-row>{''.join(map(cell, row))}</table:table-row>" for row in rows)
        + "</table:table>"
        for name, rows in SHEETS.items()
    )
    flat = HERE / "months.fods"
    flat.write_text(HEAD.format(styles=STYLES) + sheets + TAIL, encoding="utf-8")
    for suffix in ("ods", "xls", "xlsx"):
        command = ["soffice", "--headless", "--convert-to", suffix, "--outdir", HERE, flat]
        subprocess.run(command, check=True)
    flat.unlink()


if __name__ == "__main__":
    main()
