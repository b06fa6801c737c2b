"""Nothing that is read can end the build or the dashboard: files and recipes made to do so."""

import io
import pickle
import struct
import subprocess
import sys
import time
import zipfile
from contextlib import closing
from unittest.mock import Mock

import duckdb
import psutil
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from conftest import HEADER, MAP, ROOT, sidecar, workbook

from etl.build import build
from etl.problem import Refused
from etl.read import fence
from kpi import guest
from ui.compare import guest_words

MAIN = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
ROW = "3271,KOTA BOGOR,2019,1,100\n"
GOOD = {"good.csv": HEADER + ROW, "good.toml": sidecar(files="good.csv")}
LITTLE = fence.Limits(memory=300 * 2**20, seconds=1)


@pytest.fixture
def little(monkeypatch):
    """A child is stopped sooner, so that these tests take less."""
    monkeypatch.setattr(fence, "SECONDS", 2)
    monkeypatch.setattr(fence, "MOST_MEMORY", LITTLE.memory)


# the child


@pytest.mark.parametrize(
    "job, params", [("memory", {"size": 2**40}), ("computing", {}), ("dies", {})]
)
def test_a_job_that_takes_too_much_or_dies_is_refused_and_the_next_is_done(job, params):
    with pytest.raises(Refused) as refused:
        fence.call(f"tests.greedy:{job}", LITTLE, **params)
    assert refused.value.code == "file_too_heavy"
    assert refused.value.params == {"memory": "0.293 GB", "seconds": 1}
    assert fence.call("tests.greedy:memory", LITTLE, size=7) == (7, [])


def test_a_child_that_the_system_killed_is_not_held_against_the_file(tmp_path):
    assert fence.call("tests.greedy:killed_once", LITTLE, mark=str(tmp_path / "a")) == (True, [])
    assert fence.once("tests.greedy:killed_once", LITTLE, mark=str(tmp_path / "b")) == (True, [])


def test_no_room_for_a_child_is_told_and_no_error(monkeypatch):
    monkeypatch.setattr(fence.subprocess, "Popen", Mock(side_effect=BlockingIOError))
    with pytest.raises(Refused, match="reader_busy"):
        fence.once("tests.greedy:memory", LITTLE, size=1)


def test_verify_makes_again_what_a_busy_computer_could_not(city, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(fence, "limits", lambda size: fence.Limits(memory=2**30, seconds=-1))
        city.build(GOOD)
    assert "GB" in city.refusals()[0] and city.loaded == []
    city.built = build(city.folder, city.target, verify=True)
    assert city.refusals() == [] and city.loaded == [100]


def test_a_child_that_took_too_much_takes_no_other_job():
    child = fence.Child()
    with pytest.raises(Refused):
        child.call("tests.greedy:memory", LITTLE, size=2**40)
    assert not child.lives


def test_a_child_that_no_limit_of_the_system_holds_is_watched(monkeypatch):
    most = fence.Limits(memory=2**40, seconds=2**20)  # what it asks the system for
    monkeypatch.setattr(fence, "_memory", lambda _: 2**41)
    with pytest.raises(Refused):
        fence.call("tests.greedy:waits", most, seconds=60)


def test_a_job_that_waits_for_ever_is_ended_by_the_clock(monkeypatch):
    monkeypatch.setattr(fence, "SLOWER", 0.2)
    began = time.monotonic()
    with pytest.raises(Refused):
        fence.call("tests.greedy:waits", LITTLE, seconds=60)
    assert time.monotonic() - began < 10


def test_a_child_inherits_no_secret_and_hands_back_tables(monkeypatch):
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "x")
    names, (table,) = fence.once("tests.greedy:environment", LITTLE)
    assert "AWS_SECRET_ACCESS_KEY" not in names and "PATH" in names
    assert table.to_pylist() == [{"a": 1}, {"a": 2}]


def test_a_build_with_nothing_new_loads_nothing_of_the_fence(city):
    name = 'published_at = { pattern = "(?P<year>....)-(?P<month>..)-(?P<day>..)" }'
    file = "2019-03-05.csv"
    city.build({file: HEADER + ROW, "good.toml": sidecar(name, files=file)})
    places = [f"--data={city.folder.parent}", f"--warehouse={city.target.parent}"]
    code = f"import sys; from etl.__main__ import main; main({places!r}); print(*sys.modules)"
    told = subprocess.check_output([sys.executable, "-c", code], cwd=ROOT, text=True)
    heavy = {
        "etl.read.fence",
        "psutil",
        "pyarrow",
        "pandas",
        "numpy",
        "python_calamine",
        "xlsxwriter",
    }
    assert city.loaded == [100] and not heavy & set(told.split())


def test_arrow_looks_for_no_pandas_in_a_child():
    assert fence.once("tests.greedy:loads_pandas", LITTLE) == (False, [])


def test_a_child_of_one_job_is_gone_after_it():
    children = psutil.Process().children()
    fence.once("tests.greedy:memory", LITTLE, size=1)
    assert psutil.Process().children() == children


def test_a_child_ends_in_the_midst_of_a_job_when_its_build_is_gone():
    with closing(fence.Child()) as child:
        job = ("tests.greedy:waits", fence.Limits(memory=2**30, seconds=60), {"seconds": 60})
        fence._send(child.process.stdin, pickle.dumps(job))
        time.sleep(0.5)
        child.process.stdin.close()
        assert child.process.wait(timeout=20) == 0


# files


def rezipped(book, more=(), **members):
    """The bytes of a workbook with some members' text replaced, and more of them."""
    old, out = zipfile.ZipFile(io.BytesIO(book)), io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            change = members.get(name.split("/")[-1].split(".")[0], lambda text: text)
            new.writestr(old.getinfo(name), change(old.read(name)))
        for name, text in more:
            new.writestr(name, text)
    return out.getvalue()


def far_cell():
    """A workbook of one cell whose place, written with blanks, no scan of ours sees."""
    return rezipped(
        workbook(["x"]), sheet1=lambda xml: xml.replace(b'r="A1"', b'r\n = "XFD1048576"')
    )


def long_string():
    """A workbook whose one shared text of 15 MB stands in 49,000 cells."""
    cells = b'<c t="s"><v>0</v></c>' * 49
    rows = b"".join(b'<row r="%d">%s</row>' % (i + 1, cells) for i in range(1000))
    texts = b'<sst xmlns="%s"><si><t>%s</t></si></sst>' % (MAIN, b"a" * 15_000_000)
    return rezipped(
        workbook(["x"]),
        [("xl/sharedStrings.xml", texts)],
        sheet1=lambda _: (
            b'<worksheet xmlns="%s"><sheetData>%s</sheetData></worksheet>' % (MAIN, rows)
        ),
    )


def repeated_cell():
    """An ODS workbook whose one cell of 899 bytes stands for 100,000 x 100."""
    names = "".join(
        f' xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for name in ("office", "table", "text")
    )
    xml = (
        f"<office:document-content{names}><office:body><office:spreadsheet>"
        '<table:table table:name="A"><table:table-row table:number-rows-repeated="100000">'
        '<table:table-cell office:value-type="string" table:number-columns-repeated="100">'
        f"<text:p>{'a' * 899}</text:p></table:table-cell></table:table-row></table:table>"
        "</office:spreadsheet></office:body></office:document-content>"
    )
    return rezipped((ROOT / "tests/files/months.ods").read_bytes(), content=lambda _: xml)


def long_dictionary():
    """A Parquet file of a few KB whose one text of 1 MB stands in 50,000 rows."""
    out = io.BytesIO()
    text = pa.DictionaryArray.from_arrays(pa.array([0] * 50_000, pa.int8()), ["a" * 2**20])
    pq.write_table(pa.table({"place": text}), out, compression="zstd")
    return out.getvalue()


def looping_xls():
    """An XLS file whose chain of sectors points at itself."""
    head = bytearray(512)
    head[:8] = bytes.fromhex("d0cf11e0a1b11ae1")
    struct.pack_into("<HHHHH", head, 24, 0x3E, 3, 0xFFFE, 9, 6)
    struct.pack_into("<IIIIIIIII", head, 44, 1, 1, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0, 0)
    struct.pack_into("<109I", head, 76, 0, *[0xFFFFFFFF] * 108)
    fat = struct.pack("<128I", 0xFFFFFFFD, 1, 2, *[0xFFFFFFFF] * 125)  # 1 and 2 point at themselves
    entry = bytearray(128)
    name = "Workbook\0".encode("utf-16-le")
    entry[: len(name)], entry[64], entry[66] = name, len(name), 2
    struct.pack_into("<II", entry, 116, 2, 2**31 - 1)
    return bytes(head) + fat + bytes(entry) * 4 + bytes(512)


def without_target():
    """A workbook whose sheet has a relationship that leads nowhere."""
    content = workbook(["x"])
    return rezipped(content, workbook=lambda xml: xml.replace(b"Target=", b"Nothing="))


HOSTILE = {
    "far.xlsx": far_cell, "string.xlsx": long_string, "repeated.ods": repeated_cell,
    "dictionary.parquet": long_dictionary, "loop.xls": looping_xls, "target.xlsx": without_target,
    "columns.csv": lambda: ",".join(f"c{i}" for i in range(20_005)).encode() + b"\n1\n",
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_a_file_made_to_stop_the_build_is_refused_and_all_others_load(city, little, name):
    content = HOSTILE[name]()
    city.build(GOOD | {name: content, "bad.toml": sidecar(files=name)})
    (told,) = city.refusals()
    assert name in told and len(content) < 300_000
    assert city.loaded == [100]
    assert not [p for p in city.target.rglob("*") if "building" in p.name or "making" in p.name]


@pytest.mark.parametrize("name", ["far.xlsx", "string.xlsx"])
def test_a_guests_file_made_to_end_the_dashboard_is_refused(name):
    content = HOSTILE[name]()
    found = guest.read(name, content, guest_words.headings(), guest_words.meanings(guest.COUNTED))
    assert found.refusal[0] in ("file_too_heavy", "too_many_cells", "unpacks_too_large")


def test_of_many_small_files_only_the_bad_one_is_refused(city, little):
    files = {f"good{i}.xlsx": workbook(HEADER.strip().split(","), ROW.strip().split(","))
             for i in range(2)}  # fmt: skip
    city.build(files | {"good9.xlsx": far_cell(), "good.toml": sidecar(files="good*.xlsx")})
    (told,) = city.refusals()
    assert "good9.xlsx" in told and city.sql("select count(*) from visits") == [1]


# recipes


RESHAPE = "select '32.71' as place, 'area' as place_kind, _row from raw"
OTHERS = (
    "'2019-01-01' as period_start, 'M' as frequency, 'attraction_visits' as measure, "
    "'total' as origin, '1' as visits, 'final' as obs_status"
)
READING = [
    "from read_text('/etc/passwd')", "from '/etc/passwd'", "from glob('/etc/*')",
    "from read_csv('http://127.0.0.1:9/x.csv')", "from read_blob('visits.csv')",
]  # fmt: skip
OTHER = [
    "copy (select 1) to 'x.csv'", "install httpfs", "load httpfs", "attach 'x.duckdb'",
    "set enable_external_access = true", "pragma database_list", "call pragma_version()",
    "create table t as select 1", "insert into raw select 1", "export database 'x'",
    "select getenv('HOME') as place, _row from raw", "from query('copy (select 1) to ''x''')",
]  # fmt: skip


def test_a_reshape_reaches_nothing_outside(city):
    union = RESHAPE + " union all select 'x', 'area', 1 "
    queries = [*READING, *(union + query for query in READING), *OTHER]
    for number, sql in enumerate(queries):
        files = {
            "csv": HEADER + ROW,
            "sql": sql,
            "toml": sidecar(files=f"bad{number}.csv", recipe=""),
        }
        city.write({f"bad{number}.{suffix}": content for suffix, content in files.items()})
    city.build(GOOD)
    told = city.refusals()
    assert len(told) == len(queries) and not any("root:" in t for t in told)
    assert city.loaded == [100] and not list(city.folder.rglob("x*"))


SCALAR = [
    "(select content from read_text('/etc/passwd'))", "place in (select 'x')",
    "exists (from read_text('/etc/passwd'))", "unnest(range(20000000000))", "columns('place')",
    "place) from read_text('/etc/passwd') --", "place, name", "place; drop table rows_",
    "place from read_text('/etc/passwd')",
]  # fmt: skip


def test_an_expression_sees_its_own_row_and_nothing_else(city):
    recipes = [MAP.replace('"name"', f'"{expression}"') for expression in SCALAR]
    recipes += [f'{MAP}[aside]\nx = "{expression}"' for expression in SCALAR]
    for number, recipe in enumerate(recipes):
        city.write({f"bad{number}.csv": HEADER + ROW})
        city.write({f"bad{number}.toml": sidecar(files=f"bad{number}.csv", recipe=recipe)})
    city.build(GOOD)
    told = city.refusals()
    assert len(told) == len(recipes) and not any("root:" in t for t in told)
    assert all("bad" in t for t in told) and city.loaded == [100]


def test_a_comment_in_one_expression_hides_nothing_of_the_next(city):
    recipe = MAP.replace('place = "place"', 'place = "place --"')
    recipe = recipe.replace('"name"', '"""\'\n\'"""') + "breakdown = \"' || (select 1) --'\""
    city.visits(ROW, recipe=recipe)
    assert city.sql("select breakdown from visits") == ["|| (select 1) --"]


@pytest.mark.parametrize(
    "place", ["(select sum(sqrt(n)) from range(20000000000) as r(n))",
              "(select count(*) from range(20000000000) as a, range(20000000000) as b)",
              "repeat('x', 2000000000) || _row"],
)  # fmt: skip
def test_a_recipe_that_never_ends_is_stopped_by_a_limit(city, little, place):
    sql = RESHAPE.replace("'32.71'", place).replace(", _row", f", {OTHERS}, _row")
    files = {"bad.csv": HEADER + ROW * 9, "bad.sql": sql}
    city.build(GOOD | files | {"bad.toml": sidecar(files="bad.csv", recipe="")})
    (told,) = city.refusals()
    assert "bad.csv could not be read within 0.293 GB" in told and city.loaded == [100]


def test_a_recipe_without_memory_left_is_told_as_a_file_without(city):
    city.visits(ROW, recipe=MAP.replace("num(visits)", "len(range(1500000000 + _row))"))
    assert "visits.csv could not be read within" in city.refusals()[0]


def test_a_reshape_reads_the_reference_tables_that_it_names(city):
    sql = (
        "select a.area as place, 'area' as place_kind, ymd(year, month, '1') as period_start, "
        "'M' as frequency, 'attraction_visits' as measure, 'total' as origin, visits, "
        "'final' as obs_status, _row from raw join areas as a on a.bps_code = raw.place"
    )
    city.build({"v.csv": HEADER + ROW, "v.sql": sql, "v.toml": sidecar(files="v.csv", recipe="")})
    assert city.refusals() == [] and city.sql("select place from visits") == ["32.71"]  # fmt: skip


# links


def test_a_link_out_of_the_citys_folder_is_refused(city, tmp_path):
    (tmp_path / "secret.csv").write_text(HEADER + ROW)
    city.write(GOOD)
    (city.folder / "link.csv").symlink_to(tmp_path / "secret.csv")
    (city.folder / "inner.csv").symlink_to(city.folder / "good.csv")
    for files in ("link.csv", "../../secret.csv"):
        city.build(
            {"bad.toml": sidecar(files=files), "inner.toml": None or sidecar(files="inner.csv")}
        )
        (told,) = [t for t in city.refusals() if "outside" in t]
        assert "secret.csv" in told or "link.csv" in told
        assert len(city.loaded) == 2  # of the good file, and of the link to it


# what is sound by itself


def test_a_file_that_the_build_breaks_with_is_left_out(city, monkeypatch):
    def measured(con, accepted):
        if con.sql("select count(*) from visits where visits > 9e18").fetchall()[0][0]:
            raise duckdb.OutOfRangeException("Overflow in multiplication")

    monkeypatch.setattr("etl.build.findings.run", measured)
    bad = HEADER + ROW.replace("100", str(2**63 - 1))
    city.build(GOOD | {"bad.csv": bad, "bad.toml": sidecar(files="bad.csv")})
    (told,) = city.refusals()
    assert "bad.csv" in told and "OutOfRangeException" in told and city.loaded == [100]


def test_a_broken_list_of_accepted_findings_is_told_and_stops_nothing(city):
    city.build(GOOD | {"findings.toml": "[[accepted"})
    assert "findings.toml" in city.refusals()[0] and city.loaded == [100]


@pytest.mark.parametrize("name", ["deep.toml", "areas.geojson", "text.id.toml"])
def test_brackets_within_brackets_are_told_and_stop_nothing(city, name):
    city.build(GOOD | {name: "a = " + "[" * 100_000 if "toml" in name else "[" * 100_000})
    assert len(city.refusals()) == 1 and city.loaded == [100]


def test_a_pattern_that_would_never_end_is_answered_at_once(city):
    names = 'published_at = { pattern = "(?P<year>(a+)+)(?P<month>a)(?P<day>x)" }'
    name = f"{'a' * 60}.csv"
    city.build(GOOD | {name: HEADER + ROW, "bad.toml": sidecar(names, files=name)})
    assert len(city.refusals()) == 1 and city.loaded == [100]
