"""What is too large, or changes while it is read, is refused in words and with bounded memory."""

import io
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from conftest import HEADER, ROOT, sidecar, workbook

from etl.problem import Refused
from etl.read import csv, parquet, reader
from etl.read import workbook as books
from etl.read.files import stamp_of
from etl.read.reader import read_file, read_rows
from ui.kit.text import text

GB = 2**30
ROW = "3271,KOTA BOGOR,2019,1,100\n"
MEMORY = """
import resource, sys
from pathlib import Path
from etl.problem import Refused
from etl.read.reader import read_file
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
try:
    read_file(Path(sys.argv[1]), {})
except Refused as refusal:
    print(refusal.code, (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024)
"""


def refusal(path, read=None):
    """(code, sentence in English, in Indonesian) of the refusal of a file."""
    with pytest.raises(Refused) as refused:
        read_file(path, read or {})
    told = {"file": path.name, **refused.value.params}
    code = refused.value.code
    return code, text("en").refusal(code, told), text("id").refusal(code, told)


def memory(path):
    """(code, MB) of the refusal of a file, in a process of its own."""
    command = [sys.executable, "-c", MEMORY, str(path)]
    out = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    code, used = out.split()
    return code, int(used)


def bomb(path, size):
    """Writes a workbook whose sheet unpacks to so many bytes of blanks."""
    old = zipfile.ZipFile(io.BytesIO(workbook(["place"], [1])))
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as new:
        for name in old.namelist():
            if "sheet1" not in name:
                new.writestr(name, old.read(name))
        with new.open("xl/worksheets/sheet1.xml", "w", force_zip64=size > GB) as sheet:
            for _ in range(0, size, 2**24):
                sheet.write(bytes(2**24))
    return path


def lie(path, size):
    """Makes every size that an archive states for its largest member this one."""
    with zipfile.ZipFile(path) as archive:
        true = max(info.file_size for info in archive.infolist())
    content = path.read_bytes()
    path.write_bytes(content.replace(true.to_bytes(4, "little"), size.to_bytes(4, "little")))


def test_a_workbook_that_unpacks_to_2_gb_is_refused_within_little_memory(tmp_path):
    code, used = memory(bomb(tmp_path / "x.xlsx", 2 * GB))
    assert code == "unpacks_too_large" and used < 100


def test_a_workbook_that_states_2_gb_is_refused(tmp_path):
    path = bomb(tmp_path / "x.xlsx", 2**24)
    lie(path, 2 * GB - 1)
    assert refusal(path) == (
        "unpacks_too_large",
        "The workbook x.xlsx unpacks to more than 500 MB; split it into several files, "
        "or save it as CSV.",
        "Buku kerja x.xlsx berisi lebih dari 500 MB bila dibuka; bagi menjadi beberapa berkas, "
        "atau simpan sebagai CSV.",
    )


def test_a_workbook_that_states_less_than_it_holds_is_refused(tmp_path, monkeypatch):
    path = bomb(tmp_path / "x.xlsx", 2**26)
    lie(path, 1000)
    monkeypatch.setattr(books, "MOST_UNPACKED", 2**25)
    assert refusal(path)[0] == "unpacks_too_large"


@pytest.mark.parametrize("begin, most", [(books.OLE, 100), (books.ZIP, 500)])
def test_a_workbook_file_that_is_too_large_is_not_read(tmp_path, begin, most):
    path = tmp_path / "x.xls"
    path.write_bytes(begin)
    os.truncate(path, (most + 1) * 10**6)
    code, en, id_ = refusal(path)
    assert code == "file_too_large"
    assert en == f"File x.xls is larger than {most} MB; split it into several files."
    assert id_ == f"Berkas x.xls lebih besar daripada {most} MB; bagi menjadi beberapa berkas."


def test_a_forgotten_cell_in_the_last_row_is_refused_and_ends_no_process(city):
    book = openpyxl.Workbook()
    book.active["A1"], book.active["XFD1048576"] = "place", "x"
    out = io.BytesIO()
    book.save(out)
    city.build({"visits.xlsx": out.getvalue(), "visits.toml": sidecar()})
    (en,), (id_,) = city.refusals("en"), city.refusals("id")
    assert "sheet Sheet: its content reaches row 1048576, column XFD, and at most 20 000 000" in en
    assert "lembar Sheet: isinya sampai baris 1048576 kolom XFD" in id_


def test_a_repeated_cell_of_an_ods_is_counted_before_it_is_unfolded():
    repeated = (
        '<t:table-row t:number-rows-repeated="1048576"><t:table-cell o:value-type="string" '
        't:number-columns-repeated="1024"/></t:table-row>'
    )
    content = (
        '<o:document-content xmlns:o="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
        'xmlns:t="urn:oasis:names:tc:opendocument:xmlns:table:1.0">'
        f'<t:table t:name="Data">{repeated}</t:table></o:document-content>'
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("content.xml", content)
    with pytest.raises(Refused) as refused:
        books.grids(out.getvalue(), ["*"])
    assert refused.value.code == "too_many_cells" and refused.value.params["column"] == "AMJ"


def test_a_cell_far_away_on_a_sheet_that_is_not_read_does_no_harm(city):
    book = openpyxl.load_workbook(io.BytesIO(workbook(HEADER.strip().split(","))))
    book.active.append(ROW.strip().split(","))
    book.create_sheet("lain")["XFD1048576"] = "x"
    out = io.BytesIO()
    book.save(out)
    text_ = sidecar('[read]\nsheets = ["Sheet1"]')
    city.build({"visits.xlsx": out.getvalue(), "visits.toml": text_})
    assert city.loaded == [100]


def test_a_parquet_of_too_many_values_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(parquet, "MOST_VALUES", 10)
    path = tmp_path / "x.parquet"
    pq.write_table(pa.table({"a": range(6), "b": range(6)}), path)
    assert refusal(path)[1] == (
        "File x.parquet has 6 rows and 2 columns, and at most 10 values are read; "
        "split it into several files."
    )


# CSV


def test_a_line_of_1_gb_is_refused_within_little_memory(tmp_path):
    path = tmp_path / "x.csv"
    path.write_text(HEADER)
    os.truncate(path, GB)  # sparse: zero bytes, and no line end
    code, used = memory(path)
    assert code == "long_line" and used < 50


def test_a_line_that_is_too_long_is_refused_with_its_row(tmp_path):
    path = tmp_path / "x.csv"
    path.write_text(HEADER + ROW + "x" * (csv.MOST_LINE + 1) + "\n" + ROW)
    assert refusal(path) == (
        "long_line",
        "File x.csv, row 3: the line is longer than 4 MB, so this is no CSV table.",
        "Berkas x.csv, baris 3: barisnya lebih panjang daripada 4 MB, jadi ini bukan tabel CSV.",
    )


@pytest.mark.parametrize("end", ["\n", "\r", "\r\n"])
def test_only_a_long_line_among_many_short_ones_is_refused(tmp_path, end):
    path = tmp_path / "x.csv"
    path.write_bytes(f"a,b{end}".encode() + f"1,2{end}".encode() * 1_100_000)
    assert csv.refuse_long_lines(path) is None
    path.write_bytes(path.read_bytes() + b"x" * (csv.MOST_LINE + 2**20))
    with pytest.raises(Refused) as refused:
        csv.refuse_long_lines(path)
    assert refused.value.code == "long_line"


def test_a_quotation_mark_left_open_is_refused_with_its_row(tmp_path):
    path = tmp_path / "x.csv"
    path.write_text(HEADER + '3271,"KOTA BOGOR,2019,1,100\n' + ROW * 20_000)
    code, en, id_ = refusal(path)
    assert code == "long_cell"
    assert en.startswith("File x.csv, row 2: a cell is longer than 131072 characters;")
    assert id_.startswith("Berkas x.csv, baris 2: sebuah sel lebih panjang daripada 131072 huruf;")


def test_the_longest_cell_of_a_workbook_is_no_long_cell():
    (rows,) = read_rows(Path("x.csv"), f"a\n{'x' * 32_767}\n".encode(), {})
    assert len(rows.table["a"].to_pylist()[0]) == 32_767


# files that change


def written(path, content=HEADER + ROW):
    """The path, with this content."""
    path.write_text(content)
    return path


def test_a_file_that_grows_while_it_is_read_is_refused(tmp_path, monkeypatch):
    path = written(tmp_path / "x.csv")
    real = Path.read_bytes

    def grow(self):
        content = real(self)
        with self.open("a") as file:
            file.write(ROW)
        return content

    monkeypatch.setattr(Path, "read_bytes", grow)
    assert refusal(path) == (
        "file_changed",
        "File x.csv changed while it was read; the next build will read it.",
        "Berkas x.csv berubah saat dibaca; pembangunan berikutnya akan membacanya.",
    )
    monkeypatch.undo()
    assert read_file(path, {})[0].table.num_rows == 2


def test_a_file_replaced_by_one_of_the_same_size_is_refused(tmp_path, monkeypatch):
    path = written(tmp_path / "x.csv")
    real = reader._refuse_too_large

    def replace(path, size):
        real(path, size)
        other = written(path.with_name("new"), HEADER + ROW.replace("100", "200"))
        os.utime(other, ns=(0, 0))
        os.replace(other, path)

    monkeypatch.setattr(reader, "_refuse_too_large", replace)
    assert refusal(path)[0] == "file_changed"


def test_a_file_that_changed_since_it_was_hashed_is_refused(tmp_path):
    path = written(tmp_path / "x.csv")
    stamp = stamp_of(path)
    assert read_file(path, {}, list(stamp))
    written(path, HEADER + ROW + ROW)
    with pytest.raises(Refused) as refused:
        read_file(path, {}, stamp)
    assert refused.value.code == "file_changed"


def test_a_file_that_is_gone_when_it_is_read_has_changed(tmp_path):
    assert refusal(tmp_path / "x.csv")[0] == "file_changed"


@pytest.mark.parametrize("later", [ROW + ROW.replace(",1,", ",2,"), ROW], ids=["other", "the same"])
def test_a_file_that_changes_during_a_build_is_refused_and_read_by_the_next(
    city, monkeypatch, unfenced, later
):
    real = reader._refuse_too_large

    def touched(path, size):
        real(path, size)
        if path.name == "visits.csv":
            path.write_text(HEADER + later)
            os.utime(path, ns=(1, 1))

    with monkeypatch.context() as patched:
        patched.setattr(reader, "_refuse_too_large", touched)
        city.visits(ROW)
    assert [told.split(";")[0] for told in city.refusals()] == [
        "File visits.csv changed while it was read"
    ]
    city.build()
    assert city.refusals() == [] and len(city.loaded) == later.count("\n")
