"""What an unknown file seems to be: headings, header rows, periods, totals, marks, dates."""

import io
import random
from zipfile import ZipFile

import pytest
from conftest import workbook
from test_check import folders

from etl.__main__ import main
from etl.cli.propose import inside


def proposed(tmp_path, content, name="berkas.csv", contract=None):
    """The proposal of the first sheet of a file."""
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return inside(path, contract)[0]["sheets"][0]


def codes(sheet):
    """What is uncertain about a sheet."""
    return {code for code, _ in sheet["uncertain"]}


TITLED = """Kunjungan wisatawan Kota Contoh;;;
;;;
Objek wisata;Januari;Februari;Jumlah
Museum Kota;1.200;1.300;2.500
Taman Kota;7;-;7
JUMLAH;1.207;1.300;2.507
Sumber: Dinas Pariwisata;;;
"""


def test_a_table_below_a_title_with_months_totals_and_a_note(tmp_path):
    sheet = proposed(tmp_path, TITLED)
    assert (sheet["header"], sheet["first"]) == ([3], 4)
    assert sheet["headings"] == ["Objek wisata", "Januari", "Februari", "Jumlah"]
    assert sheet["wide"] == ["Januari", "Februari"] and sheet["total_columns"] == ["Jumlah"]
    assert sheet["totals"] == [[6, "JUMLAH"]] and sheet["notes"][0][0] == 7
    assert sheet["contracts"][0][0] == "visits" and "place" in sheet["lacking"]
    assert codes(sheet) == {"decimals"}  # 1.200 can be read in two ways


def test_two_header_rows_are_joined(tmp_path):
    rows = [["Hotel", 2018, None, 2019, None], [None, "Wisnus", "Wisman", "Wisnus", "Wisman"]]
    book = workbook(["Tamu hotel"], *rows, ["Hotel Satu", 100, 5, 110, 7])
    sheet = proposed(tmp_path, book, "tamu.xlsx")
    assert sheet["header"] == [2, 3] and sheet["headings"][1:3] == ["2018 Wisnus", "2018 Wisman"]


def test_ten_rows_are_shown_as_they_are_read(tmp_path):
    sheet = proposed(tmp_path, "nama;jumlah\n" + "".join(f" x{i};0{i}\n" for i in range(30)))
    assert sheet["sample"][:2] == [[1, ["nama", "jumlah"]], [2, ["x0", "00"]]]
    assert len(sheet["sample"]) == 10 and sheet["rows"] == 31


@pytest.mark.parametrize(
    "cells, mark",
    [
        (["1.200,5"], ","), (["12.5"], "."), (["24.325"], "?"), (["24.325", "1,5"], ","),
        (["1.200.000"], ","), (["1,200,000"], "."), (["1200"], None), (["24.325", "3"], "?"),
    ],
)  # fmt: skip
def test_the_decimal_mark_is_told_where_it_can_be(tmp_path, cells, mark):
    sheet = proposed(tmp_path, "nama;nilai\n" + "".join(f"x;{cell}\n" for cell in cells))
    assert sheet["decimals"].get("nilai") == mark and ("decimals" in codes(sheet)) == (mark == "?")


@pytest.mark.parametrize(
    "cells, order",
    [
        (["17/05/2019", "01/02/2019"], "dmy"), (["05/17/2019"], "mdy"), (["01/02/2019"], "?"),
        (["2019-05-17"], "iso"), (["5 Maret 2019"], "words"),
        (["2011-10-11 13:42:22.688+02:00"], "offset"),
    ],
)  # fmt: skip
def test_the_order_of_days_is_told_where_it_can_be(tmp_path, cells, order):
    sheet = proposed(tmp_path, "hari;jumlah\n" + "".join(f"{cell};1\n" for cell in cells))
    assert sheet["dates"] == {"hari": order} and ("dates" in codes(sheet)) == (order == "?")


def test_personal_data_are_named_and_not_shown(tmp_path):
    sheet = proposed(tmp_path, "NIK,catatan,n\n1,3274012345678901,5\n")
    assert "personal" in codes(sheet) and "3274012345678901" not in str(sheet["sample"])


def test_a_file_that_is_no_unicode_is_shown_and_told(tmp_path):
    sheet = proposed(tmp_path, "nama;jumlah\nKafé;5\n".encode("cp1252"))
    assert "encoding" in codes(sheet) and sheet["sample"][1][1] == ["Kafé", "5"]


def test_check_proposes_where_no_dataset_expects_a_file(city, tmp_path, capsys):
    city.write({})
    (tmp_path / "kunjungan.csv").write_text(TITLED)
    for lang in ("en", "id"):
        assert main(["check", str(tmp_path / "kunjungan.csv"), "--lang", lang, *folders(city)]) == 1
        told = capsys.readouterr().out
        assert "visits" in told and "Januari, Februari" in told and "Museum Kota | 1.200" in told


def test_a_contract_can_be_named_for_an_unknown_file(city, tmp_path, capsys):
    (tmp_path / "x.csv").write_text("a,b\n1,2\n")
    options = ["--as", "stock", "--lang", "en", *folders(city)]
    assert main(["check", str(tmp_path / "x.csv"), *options]) == 1
    assert "Most like the contract stock" in capsys.readouterr().out


def test_an_unknown_file_that_is_no_table_is_told(city, tmp_path, capsys):
    (tmp_path / "surat.pdf").write_bytes(b"%PDF-1.4\n")
    assert main(["check", str(tmp_path / "surat.pdf"), "--lang", "en", *folders(city)]) == 2
    assert "surat.pdf holds no table that can be read (PDF)" in capsys.readouterr().out


def test_a_workbook_that_ends_its_reader_is_told(city, tmp_path, capsys):
    out = io.BytesIO()
    with ZipFile(io.BytesIO(workbook(["a", "b"], [1, 2]))) as old, ZipFile(out, "w") as new:
        for name in old.namelist():  # blanks that a scan of bytes passes over
            new.writestr(name, old.read(name).replace(b'r="B2"', b'r = "XFD1048576"'))
    (tmp_path / "far.xlsx").write_bytes(out.getvalue())
    assert main(["check", str(tmp_path / "far.xlsx"), "--lang", "en", *folders(city)]) == 2
    assert "far.xlsx" in capsys.readouterr().out.splitlines()[-1]


@pytest.mark.parametrize("name", ["x.csv", "x.xlsx", "x.xls", "x.ods", "x.parquet", "x"])
def test_check_has_an_answer_to_any_bytes(city, tmp_path, capsys, name):
    chance = random.Random(name)
    whole = workbook(["a", "b"], [1, 2])
    for i in range(3):
        noise = bytes(chance.randrange(256) for _ in range(chance.randrange(300)))
        cut = chance.randrange(len(whole))
        content = [noise, whole[:cut] + noise + whole[cut:], TITLED.encode()[:cut] + noise][i % 3]
        (tmp_path / name).write_bytes(content)
        assert main(["check", str(tmp_path / name), "--lang", "en", *folders(city)]) in (1, 2)
        assert len(capsys.readouterr().out.splitlines()) >= 3
