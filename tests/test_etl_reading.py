"""How a sidecar says to read a file: [read], [columns], dates, and what nothing reads."""

from datetime import date, datetime
from pathlib import Path

import pytest
from conftest import HEADER, MAP, sidecar, workbook
from hypothesis import example, given
from hypothesis import strategies as st

from etl.problem import Refused
from etl.read import csv, reader, rows
from etl.read.workbook import cell_text

pytestmark = pytest.mark.usefixtures("unchecked")
HEAD = ["place", "name", "year", "month", "visits"]
ROW = [3271, "KOTA BOGOR", 2019, 1, 100]
GOOD = HEADER + "3271,KOTA BOGOR,2019,1,100\n"


def test_header_rows_are_filled_to_the_right_and_joined(city):
    content = "place,year,Month 1,,Month 2,\n,,wisnus,wisman,wisnus,wisman\n3271,2019,1,2,3,4\n"
    sql = """
        select
            place, 'area' as place_kind, ymd(year, split_part(_col, ' ', 2), '1') as period_start,
            'M' as frequency, 'trips' as measure, split_part(_col, ' ', 3) as origin,
            num(n) as visits, 'final' as obs_status, _row, _col
        from raw unpivot include nulls (n for _col in (columns('^Month')))
    """
    text = sidecar("[read]\nheader = [1, 2]", recipe="")
    city.build({"visits.csv": content, "visits.sql": sql, "visits.toml": text})
    query = "select extract(month from period_start), origin, visits from visits order by visits"
    assert city.sql(query) == [
        (1, "wisnus", 1),
        (1, "wisman", 2),
        (2, "wisnus", 3),
        (2, "wisman", 4),
    ]
    assert city.unit.headings == 2


def test_names_stand_in_for_a_header(city):
    content = b"3271,KOTA BOGOR,2019,1,100\n"
    city.visits(content, '[read]\nnames = ["place", "name", "year", "month", "visits"]')
    assert city.loaded == [100] and city.unit.headings == 0


def test_first_skips_what_stands_above_the_data(city):
    content = "Laporan Kunjungan\n" + HEADER + "(1),(2),(3),(4),(5)\n3271,KOTA BOGOR,2019,1,9\n"
    city.visits(content.encode(), "[read]\nheader = [2]\nfirst = 4")
    assert city.loaded == [9]
    assert (city.unit.headings, city.unit.rows_read) == (3, 1)


def test_sheets_names_the_sheets_by_pattern(city):
    book = workbook(**{"2019": [HEAD, ROW], "catatan": [["apa saja"]], "2020": [HEAD, ROW]})
    text = sidecar('[read]\nsheets = ["20*"]')
    city.build({"visits.xlsx": book, "visits.toml": text})
    assert city.sql("select sheet, fate from source_rows where file = 'visits.xlsx'") == [
        ("2019", "accepted"),
        ("2020", "accepted"),
    ]


def test_a_workbook_without_the_sheet_is_refused_with_those_it_has(city):
    text = sidecar('[read]\nsheets = ["Data"]')
    city.build({"visits.xlsx": workbook(HEAD, ROW), "visits.toml": text})
    assert city.refusals() == ["File visits.xlsx has no sheet Data. It has: Sheet1."]


def test_an_empty_sheet_is_passed_over(city):
    book = workbook(Kosong=[], Data=[HEAD, ROW])
    city.build({"visits.xlsx": book, "visits.toml": sidecar()})
    assert city.loaded == [100]


def test_a_workbook_of_empty_sheets_is_an_empty_file(city):
    city.build({"visits.xlsx": workbook(Kosong=[]), "visits.toml": sidecar()})
    assert city.refusals() == ["File visits.xlsx is empty."]


def test_a_sheet_that_lacks_a_column_is_refused_and_named(city):
    renamed = [*HEAD[:-1], "pengunjung"]
    book = workbook(Jan=[HEAD, ROW], Feb=[renamed, ROW])
    city.build({"visits.xlsx": book, "visits.toml": sidecar()})
    assert city.refusals()[0].startswith("File visits.xlsx [Feb] has no column visits.")


def test_a_title_cell_becomes_a_column(city):
    rows = ["Tahun", None, 2019], ["place", "name", "month", "visits"], [3271, "KOTA BOGOR", 1, 5]
    text = sidecar('[read]\nheader = [2]\ncells = { year = "C1" }')
    city.build({"visits.xlsx": workbook(*rows), "visits.toml": text})
    assert city.sql("select period_start::varchar, visits from visits") == [("2019-01-01", 5)]


GATES = {
    "visits.csv": "gate,day,n\nG1,2019-05-17,5\n",
    "gates.csv": "Gate,place\nG1,3271\n,\n",
    "visits.sql": "select g.place, 'area' as place_kind, day as period_start, 'D' as frequency, "
    "'trips' as measure, 'total' as origin, n as visits, 'final' as obs_status, _row "
    "from raw left join gates as g using (gate)",
}


def lookups(name="gates"):
    """The sidecar of GATES, with a name for its lookup file."""
    read = f'read = {{ lookups = {{ {name} = "gates.csv" }} }}'
    return {"visits.toml": sidecar(read, "").replace('["visits.*"]', '["visits.csv", "gates.csv"]')}


def test_a_lookup_file_is_joined_and_its_rows_are_set_aside(city):
    city.build(GATES | lookups())
    assert city.rejects() == city.refusals() == [] and city.loaded == [5]
    city.build({"gates.csv": "Gate,place\nG1,nowhere\n"})
    assert "Not listed in areas" in city.rejects()[0]


@pytest.mark.parametrize("name", ["areas", "raw", "Gates", "a b"])
def test_a_lookup_has_a_name_of_its_own(city, name):
    city.build(GATES | lookups(f'"{name}"'))
    assert f"a lookup cannot be called {name}" in city.refusals()[0]


def test_a_lookup_of_one_dataset_is_none_of_another(city):
    other = {"zz.csv": GATES["visits.csv"], "zz.sql": GATES["visits.sql"]}
    city.build(GATES | lookups() | other | {"zz.toml": sidecar("", "", files="zz.csv")})
    assert city.loaded == [5] and "gates" in city.refusals()[0]


def test_a_blank_row_stays_blank_beside_a_title_cell(city):
    content = "Tahun,2019\nplace,name,month,visits\n3271,KOTA BOGOR,1,5\n,,,\n"
    city.visits(content.encode(), '[read]\nheader = [2]\ncells = { year = "B1" }')
    assert city.rejects() == [] and city.unit.rows_aside == 1 and city.loaded == [5]


@pytest.mark.parametrize("cell", ["2D", "", "D0"])
def test_a_cell_that_is_none_refuses_the_file(city, cell):
    city.visits(GOOD.encode(), f'[read]\ncells = {{ x = "{cell}" }}')
    assert city.refusals() == [f'"{cell}" is no name of a cell, for example D2.']


def test_a_cell_column_does_not_hide_a_column_of_the_file(city):
    city.visits(GOOD.encode(), '[read]\ncells = { Year = "A1" }')
    assert "has the column Year more than once" in city.refusals()[0]


def test_columns_may_have_other_names_and_one_may_be_absent(city):
    content = GOOD.replace("visits", "Jumlah").replace(",name", "").replace(",KOTA BOGOR", "")
    city.visits(content.encode(), '[columns]\nvisits = ["jml", "jumlah"]\nname = ["?"]')
    assert city.loaded == [100]


def test_a_column_that_two_names_fit_is_refused(city):
    content = b"place,name,year,month,visits,jumlah\n3271,KOTA BOGOR,2019,1,1,2\n"
    city.visits(content, '[columns]\nvisits = ["jumlah"]')
    assert "has the column visits more than once" in city.refusals()[0]


def test_a_doubled_column_under_another_name_is_refused(city):
    content = b"place,name,year,month,jumlah,jumlah\n3271,KOTA BOGOR,2019,1,1,2\n"
    city.visits(content, '[columns]\nvisits = ["jumlah"]')
    assert "more than once" in city.refusals()[0]


def test_a_doubled_column_that_nothing_reads_does_no_harm(city):
    city.visits(b"place,name,year,month,visits,x,x\n3271,KOTA BOGOR,2019,1,1,2,3\n")
    assert city.loaded == [1]
    assert city.unit.unread_columns == ["x", "x_2"]


def test_columns_that_nothing_reads_are_listed(city):
    city.visits(b"no,place,name,year,month,visits,ket\n1,3271,KOTA BOGOR,2019,1,1,baik\n")
    assert city.unit.unread_columns == ["no", "ket"]


def test_a_column_of_the_contracts_name_is_not_read_by_chance(city):
    recipe = MAP.replace('visits = "num(visits)"', 'visits = "num(jumlah)"')
    city.visits(GOOD.replace("visits", "jumlah").encode(), recipe=recipe)
    assert city.refusals() == [
        "File visits.csv has no column visits. It has: place, name, year, month, jumlah."
    ]


def test_columns_called_like_our_own_are_kept_apart(city):
    city.visits(b"place,name,year,month,visits,_row,_id\n3271,KOTA BOGOR,2019,1,1,2,3\n")
    assert city.loaded == [1]
    cells = "select cells from source_rows where file = 'visits.csv'"
    assert city.sql(cells) == [["3271", "KOTA BOGOR", "2019", "1", "1", "2", "3"]]


def test_names_that_differ_in_case_only_are_one_column_across_files(city):
    upper = GOOD.replace("visits", "Visits").replace("2019", "2020")
    text = sidecar('[read]\nunit = "dataset"')
    city.build({"visits.1.csv": GOOD, "visits.2.csv": upper, "visits.toml": text})
    assert city.loaded == [100, 100]


def test_a_reshape_may_see_all_files_of_a_dataset_at_once(city):
    events = {
        "events.1.csv": "id,day,what\na,2019-01-01,in\nb,2019-01-01,in\n",
        "events.2.csv": "id,day,what\na,2019-01-02,out\n",
    }
    sql = """
        select
            '3271' as place, 'area' as place_kind, min(day) as period_start, 'C' as frequency,
            max(day) as period_end, 'trips' as measure, 'total' as origin, id as breakdown,
            count(*) as visits, 'final' as obs_status, list(_row) as _row
        from raw group by id
    """
    text = sidecar('[read]\nunit = "dataset"', recipe="", files="events.*.csv")
    city.build(events | {"visits.sql": sql, "visits.toml": text})
    query = "select breakdown, visits, period_end::varchar, len(source_rows) from visits order by 1"
    assert city.sql(query) == [("a", 2, "2019-01-02", 2), ("b", 1, "2019-01-01", 1)]
    assert city.unit.file == "events.1.csv, events.2.csv"


def test_per_file_dates_go_before_those_of_the_dataset(city):
    extra = """
        published_at = 2020-01-01
        received_at = 2020-02-02
        [per_file]
        "*.2.csv" = { published_at = 2021-01-01, published_at_basis = "known_by" }
    """
    city.build({"visits.1.csv": GOOD, "visits.2.csv": GOOD, "visits.toml": sidecar(extra)})
    query = """
        select published_at::varchar, published_at_basis, received_at::varchar
        from visits order by 1
    """
    assert city.sql(query) == [
        ("2020-01-01", "stated", "2020-02-02"),
        ("2021-01-01", "known_by", "2020-02-02"),
    ]


def test_the_day_of_publication_may_stand_in_the_files_name(city):
    pattern = r"_(?P<year>\d{4})(?P<month>\d{2})(?P<day>\d{2})"
    text = sidecar(f"published_at = {{ pattern = '{pattern}' }}", files="visits_*.csv")
    city.build({"visits_20210630.csv": GOOD, "visits.toml": text})
    assert city.sql("select published_at::varchar from visits") == ["2021-06-30"]


def test_a_row_may_state_its_own_day_of_publication(city):
    recipe = MAP + 'published_at = "known_by(year)"\npublished_at_basis = "known_basis(year)"'
    city.visits("3271,KOTA BOGOR,2019,1,100\n", "published_at = 2018-01-01", recipe)
    assert city.sql("select published_at::varchar, published_at_basis from visits") == [
        ("2019-12-31", "known_by")
    ]


def test_a_basis_that_is_none_is_rejected(city):
    city.visits("3271,KOTA BOGOR,2019,1,100\n", recipe=MAP + "published_at_basis = \"'guess'\"")
    assert "published_at_basis must be stated or known_by." in city.rejects()[0]


def test_constants_and_the_publisher_fill_what_the_file_does_not_say(city):
    recipe = MAP.replace("measure = \"'attraction_visits'\"\n", "") + '[set]\nmeasure = "trips"'
    city.visits("3271,KOTA BOGOR,2019,1,1\n", '[source]\nproducer = "Dinas"\n', recipe)
    assert city.sql("select measure, series, definition, breakdown from visits") == [
        ("trips", "Dinas", "not_stated", "")
    ]


@pytest.mark.parametrize(
    "cell, text",
    [
        (5, "5"),
        (5.0, "5"),
        (24.325, "24.325e0"),
        (1e21, "1e+21"),
        (True, "true"),
        ("24.325", "24.325"),
        ("  indented", "  indented"),
    ],
)
def test_a_workbooks_cell_becomes_text_in_one_way(cell, text):
    assert cell_text(cell) == text


def test_a_workbooks_day_is_a_day_and_its_time_is_kept():
    assert cell_text(date(2019, 1, 2)) == "2019-01-02"
    assert cell_text(datetime(2019, 1, 2)) == "2019-01-02"
    assert cell_text(datetime(2019, 1, 2, 10, 30)) == "2019-01-02 10:30:00"


CELLS = st.text(st.sampled_from("aé1.- ;\t\x0b\x85\u2028\r"), max_size=3)
GRIDS = st.lists(st.lists(CELLS, min_size=1, max_size=3), min_size=1, max_size=5)
READS = st.sampled_from(
    [{}, {"header": [1, 2]}, {"names": ["a", "b"]}, {"first": 3}, {"delimiter": ";"},
     {"header": [2], "first": 4}, {"encoding": "utf-8-sig"}, {"pad": True}]
)  # fmt: skip


@given(GRIDS, READS, st.sampled_from(["\n", "\r\n"]), st.booleans(), st.booleans())
@example([["a", "b"], ["1", "2"]], {}, "\n", True, True)
@example([[""], ["", ""]], {"names": ["a", "b"]}, "\n", False, False)
@example([[""], [""]], {"names": ["a", "b"]}, "\n", False, False)
def test_a_large_plain_file_is_read_as_any_other(grid, read, end, ends, marked):
    content = end.join(",".join(cells) for cells in grid) + end * ends
    content = content.encode("utf-8-sig" if marked else "utf-8")
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(csv, "LARGE", 0)
        plain = csv.plain_rows(Path("x.csv"), content, read)
    if plain is not None:
        usual = rows.grid_rows(Path("x.csv"), csv.grid(content, read), read)
        assert plain.table.cast(usual.table.schema).equals(usual.table)
        assert (plain.columns, plain.doubled, plain.headings, plain.parts) == (
            usual.columns, usual.doubled, usual.headings, usual.parts,
        )  # fmt: skip


def test_a_large_plain_file_goes_the_fast_way(monkeypatch):
    monkeypatch.setattr(csv, "LARGE", 0)
    plain = csv.plain_rows(Path("x.csv"), b"a,b\n1,2\n,x\n", {})
    assert plain.table.select(["_line", "a", "b"]).to_pylist() == [
        {"_line": 2, "a": "1", "b": "2"}, {"_line": 3, "a": "", "b": "x"},
    ]  # fmt: skip
    assert csv.plain_rows(Path("x.csv"), b'a,b\n1,"2"\n', {}) is None
    assert csv.plain_rows(Path("x.csv"), b"a,b\n1\n", {}) is None


def test_a_large_file_with_quotes_is_refused_by_a_stated_limit(monkeypatch):
    monkeypatch.setattr(csv, "MOST_RAGGED", 10)
    with pytest.raises(Refused) as refused:
        reader.read_rows(Path("x.csv"), b'a,b\n1,"22222"\n', {})
    assert refused.value.code == "file_too_large"
