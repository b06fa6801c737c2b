"""Files that are no table, or not the one that their name says: a sentence that says what to do."""

import io
import struct
from zipfile import ZipFile

import pytest
from conftest import HEADER, sidecar, workbook
from test_etl_files import ROW

from etl.problem import Refused
from etl.read.kinds import OLE
from etl.read.reader import read_file
from etl.read.xls import BOF, FILEPASS

pytestmark = pytest.mark.usefixtures("unchecked")
ODS = "application/vnd.oasis.opendocument.spreadsheet"
LOCKED = b'<manifest:file-entry manifest:full-path="content.xml"><manifest:encryption-data/>'


def archive(**members):
    """The bytes of a ZIP file; _ in a name is /, and __ a dot."""
    out = io.BytesIO()
    with ZipFile(out, "w") as made:
        for name, content in members.items():
            made.writestr(name.replace("__", ".").replace("_", "/"), content)
    return out.getvalue()


def flagged(content):
    """An archive whose members say that they are encrypted."""
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        start = content.index(mark) + at
        content = content[:start] + b"\x01" + content[start + 1 :]
    return content


def ole(name, content=b""):
    """An OLE file of one stream: a table of sectors, the folder, the content."""
    head = struct.pack("<8s16x5H6x", OLE, 62, 3, 0xFFFE, 9, 6)
    head += struct.pack("<9I", 0, 1, 1, 0, 0, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0)
    head = head[:76].ljust(76, b"\0") + struct.pack("<I", 0) + b"\xff" * 432
    fat = struct.pack("<3I", 0xFFFFFFFD, 0xFFFFFFFE, 0xFFFFFFFE).ljust(512, b"\xff")
    entry = name.encode("utf-16-le").ljust(64, b"\0") + struct.pack("<HBB", 2 * len(name) + 2, 2, 1)
    entry = entry.ljust(116, b"\0") + struct.pack("<IQ", 2, len(content))
    return head + fat + entry.ljust(512, b"\0") + content.ljust(512, b"\0")


FILES = {
    "a PDF": ("a.csv", b"%PDF-1.7\n%\xe2\xe3", "no_table", "PDF"),
    "a PDF named as a workbook": ("a.xlsx", b"%PDF-1.7\n", "no_table", "PDF"),
    "a photo": ("a.csv", b"\xff\xd8\xff\xe0\0\x10JFIF", "no_table", "JPEG"),
    "a screenshot": ("a.xls", b"\x89PNG\r\n\x1a\n", "no_table", "PNG"),
    "a Word document": ("a.xlsx", archive(word_document__xml="x"), "no_table", "Word"),
    "slides": ("a.csv", archive(ppt_slides="x"), "no_table", "PowerPoint"),
    "a text of LibreOffice": (
        "a.ods", archive(mimetype=ODS.replace("spreadsheet", "text"), content__xml="<x/>"),
        "no_table", "OpenDocument (text)",
    ),
    "a binary workbook": ("a.xlsx", archive(xl_workbook__bin="x"), "other_kind", "Excel (.xlsb)"),
    "two packed files": ("a.csv", archive(a__csv="a", b__csv="b"), "packed_file", "a.csv, b.csv"),
    "a packed CSV named as a workbook": ("a.xlsx", archive(jan__csv="a"), "packed_file", "jan.csv"),
    "gzip": ("a.csv", b"\x1f\x8b\x08\0\0", "packed_file", "gzip"),
    "a web page named as a workbook": ("a.xls", b"\n<HTML><table>", "other_kind", "HTML"),
    "a web page that begins with a comment": ("a.csv", b"<!-- x --><table>", "other_kind", "HTML"),
    "a workbook named as CSV": ("a.csv", workbook(["a"]), "other_kind", "ZIP (.xlsx, .ods)"),
    "an ODS with a password": (
        "a.ods", archive(mimetype=ODS, content__xml=b"\x9a", **{"META-INF_manifest__xml": LOCKED}),
        "locked_workbook", "",
    ),
    "an archive with a password": (
        "a.xlsx", flagged(archive(xl_workbook__xml="x")), "locked_workbook", ""
    ),
    "an XLSX with a password": ("a.xlsx", ole("EncryptedPackage"), "locked_workbook", ""),
    "an XLS with a password": (
        "a.xls", ole("Workbook", struct.pack("<HHHH", BOF, 0, FILEPASS, 0)), "locked_workbook", ""
    ),
    "an old Word document": ("a.xls", ole("WordDocument"), "no_table", "Word"),
}  # fmt: skip


@pytest.mark.parametrize("name, content, code, told", FILES.values(), ids=FILES)
def test_what_is_no_table_is_refused_with_what_it_is(tmp_path, name, content, code, told):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(Refused) as refused:
        read_file(tmp_path / name, {})
    assert refused.value.code == code and told in " ".join(refused.value.params.values())


def test_two_sheets_of_one_name_are_told(city):
    whole = workbook(Satu=[["a"], [1]], Duaa=[["a"], [2]])
    out = io.BytesIO()
    with ZipFile(io.BytesIO(whole)) as old, ZipFile(out, "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name).replace(b'name="Duaa"', b'name="Satu"'))
    city.build({"visits.xlsx": out.getvalue(), "visits.toml": sidecar()})
    assert city.refusals()[0].startswith("The workbook visits.xlsx has two sheets of the name Satu")


@pytest.mark.parametrize(
    "recipe, column", [("visits::int", "visits"), ("left(name, 3)::int", "name")]
)
def test_a_cell_that_a_recipe_cannot_convert_is_named(city, recipe, column):
    rows = ROW.replace("KOTA BOGOR", "1234") + ROW.replace("100", "belum ada")
    map_ = f'[map]\nvisits = "{recipe}"\n' + "".join(
        f"{c} = \"'x'\"\n" for c in ("place", "place_kind", "period_start", "frequency", "measure")
    )
    city.visits(rows, recipe=map_ + "origin = \"'total'\"\nobs_status = \"'final'\"\n")
    assert city.refusals()[0].startswith(f"File visits.csv, row 3, column {column}: the recipe")
    assert "belum" not in city.refusals()[0] and "KOTA" not in city.refusals()[0]


def test_a_file_beside_a_broken_sidecar_is_told_unless_that_seems_to_mean_it(city):
    broken = 'files = ["2019*.csv"]\nloads = visits\n'
    names = ("2019-1.csv", "broken.csv", "other.csv")
    city.build(dict.fromkeys(names, HEADER + ROW) | {"broken.toml": broken})
    told = " ".join(city.refusals())
    assert "broken.toml, row 2" in told and "other.csv" in told
    assert "2019-1.csv" not in told and "broken.csv" not in told


def test_a_sidecar_that_fits_nothing_names_the_files_beside_it(city):
    city.build({"visits.csv": HEADER + ROW, "b.xlsx": b"x", "visits.toml": sidecar(files="v*.xls")})
    assert "read by no dataset: b.xlsx, visits.csv." in city.refusals()[0]
