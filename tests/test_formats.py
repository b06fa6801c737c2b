"""Workbooks saved by LibreOffice, Parquet, and files that are not what their name says."""

import io
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from conftest import HEADER, sidecar, workbook

from etl.problem import Refused
from etl.read.reader import read_rows
from etl.read.workbook import grids

pytestmark = pytest.mark.usefixtures("unchecked")
FILES = Path(__file__).parent / "files"
BOOKS = ("xlsx", "xls", "ods")
JAN = [
    ["Kunjungan objek wisata", "", "", "2019", "", "", "", ""],
    ["Objek", "Tanggal", "Kunjungan", "", "Hunian", "Nilai", "Buka", "Catatan"],
    ["", "", "Wisnus", "Wisman", "", "", "", ""],
    ["Taman Kota", "2019-01-05", "1200", "35", "0.525e0", "1320", "true", "24.325"],
    ["Museum Kota", "2019-01-06 08:30:00", "#DIV/0!", "#REF!", "1", "24.325e0", "false",
     "  menjorok"],
    ["Kolam", "2019-01-07", "#N/A", "#NAME?", "", "#VALUE!", "", "dua\nbaris"],
    ["Pasar", "", "", "0", "08:30:00", "30:00:00", "true", "#VALUE!"],
    ["", "", "", "", "", "", "", ""],
    ["JUMLAH", "", "1200", "35", "", "", "", '"Sumber": <dinas> & lain'],
]  # fmt: skip
FEB = [*JAN[:3], ["Taman Kota", "2019-02-28", "900", "1e+21", "0.4e0", "", "", ""]]


def saved(suffix):
    """The bytes of the workbook that LibreOffice saved."""
    return (FILES / f"months.{suffix}").read_bytes()


@pytest.mark.parametrize("suffix", BOOKS)
def test_the_three_formats_give_the_same_texts_row_by_row(suffix):
    found = grids(saved(suffix), ["*"])
    rows = {name: [cells for _, cells in grid] for name, grid in found.items()}
    own = {"Err:502": "#VALUE!"}  # an error of LibreOffice's own, told by name in its own format
    assert [[own.get(c, c) for c in cells] for cells in rows["Jan"]] == JAN
    assert rows["Feb"] == FEB
    assert rows["Catatan"] == [["", "", ""], ["", "angka sementara", ""], ["", "", "#DIV/0!"]]
    assert "Kosong" not in rows
    assert [line for line, _ in found["Jan"]] == list(range(1, 10))


MONTHS = """
loads = "visits"
files = ["months.*"]
set = { place_kind = "site", frequency = "D", measure = "attraction_visits", series = "x" }
[read]
sheets = ["Jan", "Feb"]
header = [2, 3]
[aside]
"total" = "Objek = 'JUMLAH'"
"no day" = "Objek = 'Pasar'"
"""
MONTHS_SQL = """
select
    Objek as place, Tanggal[:10] as period_start, lower(split_part(_col, ' ', 2)) as origin,
    num(n) as visits, if(absent(n), 'missing', 'final') as obs_status, _row, _col
from raw unpivot include nulls (n for _col in ("Kunjungan Wisnus", "Kunjungan Wisman"))
"""


@pytest.mark.parametrize("suffix", BOOKS)
def test_a_workbook_of_any_format_loads_and_its_errors_are_rejected_by_their_text(city, suffix):
    files = {f"months.{suffix}": saved(suffix), "visits.toml": MONTHS, "visits.sql": MONTHS_SQL}
    city.build(files)
    query = "select place, period_start::varchar, origin, visits from visits order by all"
    assert city.sql(query) == [
        ("Kolam", "2019-01-07", "wisnus", None),  # #N/A says that there is none
        ("Taman Kota", "2019-01-05", "wisman", 35),
        ("Taman Kota", "2019-01-05", "wisnus", 1200),
        ("Taman Kota", "2019-02-28", "wisnus", 900),
    ]
    assert [told.split(" was")[0] for told in sorted(city.rejects())] == [
        f'months.{suffix}, sheet Feb, row 4, column Kunjungan Wisman: "1e+21"',
        f'months.{suffix}, sheet Jan, row 5, column Kunjungan Wisman: "#REF!"',
        f'months.{suffix}, sheet Jan, row 5, column Kunjungan Wisnus: "#DIV/0!"',
        f'months.{suffix}, sheet Jan, row 6, column Kunjungan Wisman: "#NAME?"',
    ]


@pytest.mark.parametrize("suffix", BOOKS)
@pytest.mark.parametrize("share", [0.3, 0.9])
def test_a_truncated_workbook_of_any_format_is_refused(city, suffix, share):
    content = saved(suffix)
    cut = content[: int(len(content) * share)]
    city.build({f"visits.{suffix}": cut, "visits.toml": sidecar()})
    assert f"visits.{suffix} is damaged or cut short" in city.refusals()[0]


@pytest.mark.parametrize("suffix", BOOKS)
@pytest.mark.parametrize("at", range(0, 9000, 700))
def test_a_workbook_with_one_wrong_byte_is_read_or_refused(suffix, at):
    content = bytearray(saved(suffix))
    content[at] ^= 0xFF
    try:
        grids(bytes(content), ["*"])
    except Refused as refusal:
        assert refusal.code in ("unreadable_workbook", "no_such_sheet")


def test_a_workbook_is_known_by_its_content(city):
    rows = ["place", "name", "year", "month", "visits"], [3271, "KOTA BOGOR", 2019, 1, 100]
    city.build({"visits.xls": workbook(*rows), "visits.toml": sidecar()})
    assert city.loaded == [100]


def test_an_error_cell_without_a_value_beyond_the_others_is_found(city):
    grid = grids(workbook(["a"], [], [None, None, "#REF!"]), ["*"])["Sheet1"]
    assert grid == [(1, ["a", "", ""]), (2, ["", "", ""]), (3, ["", "", "#REF!"])]


OTHERS = {
    "visits.xls": (b"<html><table><tr><td>1</td></tr></table>", "HTML"),
    "visits.xlsx": (HEADER.encode(), "CSV"),
    "visits.csv": (saved("xls"), "Excel 97 (.xls)"),
    "visits.txt": (saved("xlsx"), "ZIP (.xlsx, .ods)"),
    "visits.page.csv": (b"\n<!doctype html><html>", "HTML"),
    "visits.parquet": (saved("ods"), "ZIP (.xlsx, .ods)"),
}


@pytest.mark.parametrize("name", OTHERS)
def test_a_file_that_is_not_what_its_name_says_is_refused_by_what_it_is(city, name):
    content, kind = OTHERS[name]
    city.build({name: content, "visits.toml": sidecar()})
    assert city.refusals("en")[0].startswith(f"The content of file {name} ({kind}) is not")
    assert city.refusals("id")[0].startswith(f"Isi berkas {name} ({kind}) tidak")


# Parquet


def parquet(**columns):
    """The bytes of a Parquet file of these columns."""
    out = io.BytesIO()
    pq.write_table(pa.table(columns), out)
    return out.getvalue()


def texts(array):
    """The texts that a column of Parquet gives."""
    (rows,) = read_rows(Path("x.parquet"), parquet(x=array), {})
    return rows.table["x"].to_pylist()


NOON = datetime(2019, 1, 5, 12)
DAY = datetime(2019, 1, 5)
AWARE = [DAY.replace(tzinfo=UTC), NOON.replace(tzinfo=UTC)]
TYPED = {
    "whole": (pa.array([5, None]), ["5", None]),
    "unsigned": (pa.array([2**64 - 1], pa.uint64()), ["18446744073709551615"]),
    "double": (pa.array([5.0, 24.325, -0.0, 1e21]), ["5", "24.325e0", "0", "1e+21"]),
    "not a number": (pa.array([float("nan"), float("inf")]), ["nan", "inf"]),
    "float": (pa.array([0.1, 3], pa.float32()), ["0.1e0", "3"]),
    "half": (pa.array([0.5, 3], pa.float16()), ["0.5e0", "3"]),
    "decimal": (pa.array([Decimal("1200.00"), Decimal("24.50")]), ["1200", "24.5e0"]),
    "small decimal": (pa.array([Decimal("1E-10"), Decimal("0E-10")]), ["1E-10", "0"]),
    "whole decimal": (pa.array([Decimal("1200")]), ["1200"]),
    "text": (pa.array(["24.325", "  a", ""]), ["24.325", "  a", ""]),
    "codes": (pa.array(["a", "b", "a"]).dictionary_encode(), ["a", "b", "a"]),
    "bytes of text": (pa.array([b"Kota"]), ["Kota"]),
    "true and false": (pa.array([True, False, None]), ["true", "false", None]),
    "day": (pa.array([date(2019, 1, 5)]), ["2019-01-05"]),
    "moment": (pa.array([DAY, NOON]), ["2019-01-05", "2019-01-05 12:00:00"]),
    "old moment": (pa.array([datetime(1969, 12, 31, 23)]), ["1969-12-31 23:00:00"]),
    "part of a second": (
        pa.array([DAY, NOON.replace(microsecond=500_000)], pa.timestamp("ns")),
        ["2019-01-05", "2019-01-05 12:00:00.5"],
    ),
    "moment with a zone, in UTC": (
        pa.array(AWARE, pa.timestamp("us", "Asia/Jakarta")),
        ["2019-01-05 00:00:00Z", "2019-01-05 12:00:00Z"],
    ),
    "clock": (pa.array([time(8, 30)]), ["08:30:00"]),
    "span": (pa.array([timedelta(hours=30), None]), ["30:00:00", None]),
    "nothing": (pa.nulls(2), [None, None]),
}  # fmt: skip


@pytest.mark.parametrize("array, expected", TYPED.values(), ids=TYPED)
def test_a_typed_column_of_parquet_becomes_the_texts_of_a_workbook(array, expected):
    assert texts(array) == expected


GOOD = {
    "place": ["3271", "3271"], "name": ["KOTA BOGOR"] * 2, "year": [2019, 2019],
    "month": pa.array([1.0, 2.0]), "visits": pa.array([100, -5]),
}  # fmt: skip


def test_parquet_loads_with_the_recipe_of_a_csv_and_rows_count_from_1(city):
    city.build({"visits.parquet": parquet(**GOOD), "visits.toml": sidecar()})
    assert city.loaded == [100] and city.unit.headings == 0
    assert city.rejects()[0].startswith('visits.parquet, row 2, column visits: "-5"')


@pytest.mark.parametrize("share", [0, 0.3, 0.97])
def test_an_empty_or_truncated_parquet_is_refused_by_name(city, share):
    content = parquet(**GOOD)
    cut = content[: int(len(content) * share)]
    city.build({"visits.parquet": cut, "visits.toml": sidecar()})
    (told,) = city.refusals()
    assert "visits.parquet" in told
    assert ("is empty" if share == 0 else "is damaged or cut short") in told


@pytest.mark.parametrize("nested", [[[1], [2]], [{"a": 1}, {"a": 2}], [b"\xff", b"\xfe"]])
def test_a_nested_or_binary_column_of_parquet_is_refused_by_name(city, nested):
    city.build({"visits.parquet": parquet(**GOOD, extra=nested), "visits.toml": sidecar()})
    assert "visits.parquet: the column extra holds nested or binary values" in city.refusals()[0]


def test_a_parquet_without_rows_is_refused(city):
    empty = pa.table(GOOD).slice(0, 0).to_pydict()
    city.build({"visits.parquet": parquet(**empty), "visits.toml": sidecar()})
    assert "no rows of data" in city.refusals()[0]


def test_a_personal_column_of_parquet_is_refused_or_dropped(city):
    content = parquet(**GOOD, NIK=["1", "2"])
    city.build({"visits.parquet": content, "visits.toml": sidecar()})
    assert "the column NIK looks like personal data" in city.refusals()[0]
    city.build({"visits.toml": sidecar('[read]\ndrop = ["NIK"]')})
    assert city.loaded == [100]


# encodings

ROW = "3271,KOTA BÖGOR,2019,1,100\n"
TEXT = HEADER + ROW
UTF8, CP1252 = TEXT.encode(), TEXT.encode("cp1252")
LE, BE = TEXT.encode("utf-16-le"), TEXT.encode("utf-16-be")
READABLE = [
    ("utf-8", b"\xef\xbb\xbf" + UTF8),
    ("utf-8", UTF8),
    ("cp1252", CP1252),
    ("latin-1", CP1252),
    ("utf-16", b"\xff\xfe" + LE),
    ("utf-16", b"\xfe\xff" + BE),
    ("utf-16", LE),
    ("utf-16", BE),
    ("utf-16-le", LE),
    ("utf-16-le", b"\xff\xfe" + LE),
    ("utf-16-be", BE),
    (None, b"\xfe\xff" + BE),
    (None, TEXT.encode("utf-32")),
]


@pytest.mark.parametrize("stated, content", READABLE)
def test_a_right_encoding_is_read_with_or_without_its_mark(stated, content):
    (rows,) = read_rows(Path("x.csv"), content, {"encoding": stated} if stated else {})
    assert rows.columns == HEADER.strip().split(",")
    assert rows.table["name"].to_pylist() == ["KOTA BÖGOR"]


WRONG = [
    (None, CP1252, "wrong_encoding"),
    (None, LE, "wrong_encoding"),
    (None, LE.replace("Ö".encode("utf-16-le"), b"O\0"), "nul_bytes"),
    ("utf-8", CP1252, "wrong_encoding"),
    ("utf-8", b"\xff\xfe" + LE, "wrong_encoding"),
    ("cp1252", UTF8, "is_utf8"),
    ("latin-1", UTF8, "is_utf8"),
    ("cp1252", b"\xef\xbb\xbf" + UTF8, "wrong_encoding"),
    ("cp1252", b"\xff\xfe" + LE, "wrong_encoding"),
    ("cp1252", LE, "nul_bytes"),
    ("latin-1", "place,name\n1,“Kota”\n".encode("cp1252"), "wrong_encoding"),
    ("utf-16", UTF8, "wrong_encoding"),
    ("utf-16", UTF8 + b"\n" * (len(UTF8) % 2), "wrong_encoding"),
    ("utf-16", CP1252, "wrong_encoding"),
    ("utf-16-le", BE, "wrong_encoding"),
    ("utf-16-be", LE, "wrong_encoding"),
    ("utf-16-be", b"\xff\xfe" + LE, "wrong_encoding"),
    ("rot13", UTF8, "unknown_encoding"),
]


@pytest.mark.parametrize("stated, content, code", WRONG)
def test_a_wrong_encoding_is_refused_and_never_read_as_other_letters(stated, content, code):
    with pytest.raises(Refused) as refused:
        read_rows(Path("x.csv"), content, {"encoding": stated} if stated else {})
    assert refused.value.code == code


def test_zero_bytes_are_refused_with_their_row(city):
    city.visits((HEADER + "3271,KOTA\0,2019,1,100\n").encode())
    assert city.refusals("en")[0].startswith("File visits.csv, row 2: holds zero bytes")
    assert city.refusals("id")[0].startswith("Berkas visits.csv, baris 2: berisi bita nol")
