"""What a file is by its content, where its name says a table: told so that a person can act."""

import io
import re
from collections.abc import Iterable
from zipfile import BadZipFile, ZipFile

from etl.problem import Refused

ZIP, OLE, PARQUET = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"PAR1"
SHOWN = 5  # files of an archive that are named
# how files begin that hold no table, or none that is read
NO_TABLES = {
    b"%PDF": "PDF", b"\xff\xd8\xff": "JPEG", b"\x89PNG": "PNG", b"GIF8": "GIF", b"II*\0": "TIFF",
    b"MM\0*": "TIFF", b"{\\rtf": "RTF", b"SQLite format 3": "SQLite",
}  # fmt: skip
PACKED = {b"\x1f\x8b": "gzip", b"Rar!": "RAR", b"7z\xbc\xaf": "7-Zip", b"BZh": "bzip2"}
WEB_PAGE = re.compile(rb"<(!doctype html|html|head|meta|table|style|div|!--)", re.I)
# what stands in the archives and OLE files of other programs
MEMBERS = {
    "word/": "Word", "ppt/": "PowerPoint", "xl/workbook.bin": "Excel (.xlsb)", "Index/": "Numbers"
}  # fmt: skip
STREAMS = {"worddocument": "Word", "powerpoint document": "PowerPoint", "__properties": "Outlook"}
OPENED = ("Excel (.xlsb)", "Numbers")  # tables, of which the program itself makes a workbook
ODF = b"application/vnd.oasis.opendocument."


def kind_of(content: bytes) -> str | None:
    """Excel 97 (.xls), ZIP (.xlsx, .ods), Parquet, HTML, XML; None for text and what is unknown."""
    begin = content[:512].lstrip(b"\xef\xbb\xbf \t\r\n")
    marks = {OLE: "Excel 97 (.xls)", ZIP: "ZIP (.xlsx, .ods)", PARQUET: "Parquet", b"<?xml": "XML"}
    if WEB_PAGE.match(begin):
        return "HTML"
    return next((kind for mark, kind in marks.items() if begin.startswith(mark)), None)


def refuse_no_table(content: bytes) -> None:
    """Refused, saying what to do, for pictures, documents and archives of other files."""
    for mark, kind in NO_TABLES.items():
        if content.startswith(mark):
            raise Refused("no_table", kind=kind)
    for mark, kind in PACKED.items():
        if content.startswith(mark):
            raise Refused("packed_file", kind=kind, files="…")
    if content.startswith(ZIP):
        try:
            with ZipFile(io.BytesIO(content)) as archive:
                _refuse_archive(archive.namelist(), _mimetype(archive))
        except (BadZipFile, OSError, ValueError, NotImplementedError):
            return  # damaged: who reads it says so


def _mimetype(archive):
    """The first bytes of the member mimetype, which ODF documents have."""
    if "mimetype" not in archive.namelist():
        return b""
    try:
        with archive.open("mimetype") as member:
            return member.read(100)
    except (RuntimeError, EOFError):
        return b""


def _refuse_archive(names, mimetype):
    if "xl/workbook.xml" in names or mimetype.startswith(ODF + b"spreadsheet"):
        return
    if mimetype.startswith(ODF):
        raise Refused("no_table", kind=f"OpenDocument ({mimetype.removeprefix(ODF).decode()})")
    kind = _begun(MEMBERS, names)
    if kind in OPENED:
        raise Refused("other_kind", found=kind)
    if kind:
        raise Refused("no_table", kind=kind)
    files = [name for name in names if not name.endswith("/")]
    if "content.xml" in names or any(name.startswith("xl/") for name in names) or not files:
        return  # a workbook that lacks a part
    more = ", …" if len(files) > SHOWN else ""
    raise Refused("packed_file", kind="ZIP", files=", ".join(files[:SHOWN]) + more)


def _begun(kinds, names):
    """The first of kinds whose mark a name begins with, or None."""
    return next((k for mark, k in kinds.items() if any(n.startswith(mark) for n in names)), None)


def refuse_streams(names: Iterable[str]) -> None:
    """Refused for an OLE file of another program than a spreadsheet, known by its streams."""
    kind = _begun(STREAMS, names)
    if kind and not {"workbook", "book"} & set(names):
        raise Refused("no_table", kind=kind)
