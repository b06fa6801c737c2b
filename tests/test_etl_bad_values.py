"""Bad values in good files: each is rejected by name in both languages, and no other is lost."""

import duckdb
import pytest
from conftest import MAP, SITES, sidecar, workbook

from etl.recipe.sql import guarded_cast

pytestmark = pytest.mark.usefixtures("unchecked")
GOOD = "3271,KOTA BOGOR,2019,1,100\n3271,KOTA BOGOR,2019,2,200\n"
BOGOR = "3271,KOTA BOGOR,2019"
# what is wrong: (the row, column as told, text as told, rule in English, rule in Indonesian)
BAD = {
    "negative count": (
        f"{BOGOR},3,-5", "visits", "-5",
        "A number of visits cannot be negative.",
        "Jumlah kunjungan tidak boleh negatif.",
    ),
    "text in a number": (
        f"{BOGOR},3,banyak", "visits", "banyak",
        "visits must be a whole number.",
        "visits harus bilangan bulat.",
    ),
    "half a visit": (
        f"{BOGOR},3,12.5", "visits", "12.5",
        "visits must be a whole number.",
        "visits harus bilangan bulat.",
    ),
    "thousands or decimals": (
        f"{BOGOR},3,24.325", "visits", "24.325",
        "This can be thousands or decimals; state the decimal mark "
        "with num(x, ',') or num(x, '.').",
        "Angka ini bisa berarti ribuan atau desimal; nyatakan tanda desimalnya "
        "dengan num(x, ',') atau num(x, '.').",
    ),
    "month 13": (
        f"{BOGOR},13,5", "year, month", "2019-13-01",
        "period_start must be a day that exists, yyyy-mm-dd.",
        "period_start harus tanggal yang ada, tttt-bb-hh.",
    ),
    "unknown area code": (
        "3299,KOTA BOGOR,2019,3,5", "place", "3299",
        "Not listed in areas.",
        "Tidak terdaftar dalam areas.",
    ),
    "misspelt area code": (
        "KOTA BOGR,KOTA BOGOR,2019,3,5", "place", "KOTA BOGR",
        "Not listed in areas.",
        "Tidak terdaftar dalam areas.",
    ),
    "code against name": (
        "3271,KOTA CIMAHI,2019,3,5", "name", "KOTA CIMAHI",
        "Code 3271 is KOTA BOGOR, not this name.",
        "Kode 3271 adalah KOTA BOGOR, bukan nama ini.",
    ),
    "an undeclared total": (
        "JUMLAH,KOTA BOGOR,2019,12,300", "place", "JUMLAH",
        "Not listed in areas.",
        "Tidak terdaftar dalam areas.",
    ),
}  # fmt: skip


@pytest.mark.parametrize("row, column, text, en, id_", BAD.values(), ids=BAD)
def test_a_bad_value_is_rejected_with_file_row_column_text_and_rule(
    city, row, column, text, en, id_
):
    city.visits(GOOD + row)
    assert city.rejects("en") == [
        f'visits.csv, row 4, column {column}: "{text}" was rejected. {en}'
    ]
    assert city.rejects("id") == [f'visits.csv, baris 4, kolom {column}: "{text}" ditolak. {id_}']
    assert city.loaded == [100, 200]
    assert (city.unit.rows_read, city.unit.rows_accepted, city.unit.rows_rejected) == (3, 2, 1)


def test_a_missing_key_is_told_as_an_empty_cell(city):
    city.visits(GOOD + ",KOTA BOGOR,2019,3,5")
    assert city.rejects("en") == [
        "visits.csv, row 4, column place: an empty cell was rejected. place must be given."
    ]
    assert city.rejects("id") == [
        "visits.csv, baris 4, kolom place: sel kosong ditolak. place wajib diisi."
    ]


@pytest.mark.parametrize("row, rule", [(f"{BOGOR},3", "shorter"), (f"{BOGOR},3,5,6", "beyond")])
def test_a_short_and_a_long_row_are_rejected_and_the_file_loads(city, row, rule):
    city.visits(GOOD + row)
    assert rule in city.rejects("en")[0] and "visits.csv, baris 4: baris" in city.rejects("id")[0]
    assert city.loaded == [100, 200]
    assert city.unit.rows_rejected == 1


def test_pad_makes_a_short_row_a_row_with_blanks(city):
    city.visits(GOOD + f"{BOGOR},3", "[read]\npad = true")
    assert city.loaded == [100, 200, None]


def test_the_decimal_mark_once_stated_makes_thousands_of_a_point(city):
    city.visits(f"{BOGOR},1,24.325", recipe=MAP.replace("num(visits)", "num(visits, ',')"))
    assert city.loaded == [24325]


def test_a_workbooks_number_with_three_decimals_is_no_thousands(city):
    rows = ["place", "name", "year", "month", "visits"], [3271, "KOTA BOGOR", 2019, 1, 24.325]
    recipe = MAP.replace("num(visits)", "num(visits, ',')")
    city.build({"visits.xlsx": workbook(*rows), "visits.toml": sidecar(recipe=recipe)})
    assert city.rejects() == [
        'visits.xlsx, sheet Sheet1, row 2, column visits: "24.325" was rejected. '
        "visits must be a whole number."
    ]


def test_a_workbooks_text_with_a_point_is_ambiguous_until_the_mark_is_stated(city):
    rows = ["place", "name", "year", "month", "visits"], [3271, "KOTA BOGOR", 2019, 1, "24.325"]
    city.build({"visits.xlsx": workbook(*rows), "visits.toml": sidecar()})
    assert "lembar Sheet1, baris 2, kolom visits" in city.rejects("id")[0]
    assert "thousands or decimals" in city.rejects("en")[0]
    recipe = MAP.replace("num(visits)", "num(visits, ',')")
    city.build({"visits.toml": sidecar(recipe=recipe)})
    assert city.loaded == [24325]


def test_an_error_cell_of_a_workbook_is_rejected_with_its_text(city):
    head = ["place", "name", "year", "month", "visits"]
    book = workbook(head, [3271, "KOTA BOGOR", 2019, 1, "#REF!"], [3271, "KOTA BOGOR", 2019, 2, 9])
    city.build({"visits.xlsx": book, "visits.toml": sidecar()})
    assert city.rejects() == [
        'visits.xlsx, sheet Sheet1, row 2, column visits: "#REF!" was rejected. '
        "visits must be a whole number."
    ]
    assert city.loaded == [9]


@pytest.mark.parametrize("mark", ["-", "–", "...", "", "n/a", "nan", "tidak ada data"])
def test_a_dash_is_no_figure_and_never_zero(city, mark):
    city.visits(f"{BOGOR},1,{mark}\n{BOGOR},2,0")
    assert city.sql("select visits, obs_status from visits order by value_id") == [
        (None, "missing"),
        (0, "final"),
    ]


def test_declared_totals_are_set_aside_with_their_reason(city):
    city.visits(GOOD + "JUMLAH,,2019,,300\n", "[aside]\ntotal = \"place = 'JUMLAH'\"")
    assert city.loaded == [100, 200] and city.rejects() == []
    query = "select line, cells[5] from source_rows where fate = 'aside' and reason = 'total'"
    assert city.sql(query) == [(4, "300")]


def test_blank_rows_are_set_aside_and_counted(city):
    city.visits(GOOD + "\n,,,,\n")
    assert city.unit.rows_aside == 2 and city.loaded == [100, 200]


def test_the_same_key_with_the_same_value_is_the_same_again(city):
    city.visits(GOOD + f"{BOGOR},2,200")
    assert city.loaded == [100, 200] and city.rejects() == []
    assert (city.unit.values_made, city.unit.values_same_again) == (3, 1)


def test_the_same_key_with_another_value_rejects_both(city):
    city.visits(GOOD + f"{BOGOR},2,201")
    assert city.loaded == [100]
    assert [r["line"] for r in city.report["rejects"]] == [3, 4]
    assert 'column visits: "200" was rejected. The same key' in city.rejects("en")[0]
    assert "period_start = 2019-02-01" in city.rejects("id")[1]


def test_equal_values_of_two_files_are_the_same_again(city):
    head = "place,name,year,month,visits\n"
    city.build({"visits.1.csv": head + GOOD, "visits.2.csv": head + GOOD, "visits.toml": sidecar()})
    assert city.loaded == [100, 200] and city.rejects() == []
    assert [u["values_same_again"] for u in city.report["units"][-2:]] == [0, 2]


def test_different_values_of_two_undated_files_are_both_rejected(city):
    head = "place,name,year,month,visits\n"
    one, two = head + f"{BOGOR},1,1\n{BOGOR},2,7", head + f"{BOGOR},1,2"
    city.build({"visits.1.csv": one, "visits.2.csv": two, "visits.toml": sidecar()})
    assert city.loaded == [7]
    assert [(r["file"], r["text"]) for r in city.report["rejects"]] == [
        ("visits.1.csv", "1"),
        ("visits.2.csv", "2"),
    ]


def test_a_value_loads_under_the_code_that_the_reference_table_identifies_it_by(city):
    city.visits(GOOD)
    assert city.sql("select distinct place from visits") == ["32.71"]


def test_a_definition_that_the_city_does_not_list_is_rejected(city):
    city.visits(GOOD, recipe=MAP + "definition = \"if(month = '1', 'both', 'bth')\"")
    assert city.loaded == [100]
    assert city.rejects()[0].startswith('visits.csv, row 3, column month: "bth" was rejected.')


def test_a_known_name_is_suggested_for_an_unknown_one(city):
    city.write(SITES)
    recipe = MAP.replace("'area'", "'site'").replace('place_name = "name"\n', "")
    city.visits("Taman Kotta,,2019,1,5", recipe=recipe)
    assert "Is park meant?" in city.rejects("en")[0]
    assert "Maksudnya park?" in city.rejects("id")[0]


SILENT = {
    "visits": [
        "24.325", "12.5", "99999999999999999999", "1e17", "inf", "1_000", "0x10", "yes", "5 orang",
    ],
    "period_start": ["2019-01-01 10:00:00", "01/02/2019", "2019-02-29", "20190101", "2019-1-1"],
    "value": ["1.239", "1,239", "yes", "infinity", "12 345", "1.2.3"],
}  # fmt: skip


@pytest.mark.parametrize("column", ["visits", "period_start"])
def test_what_a_cast_would_change_without_a_word_is_rejected(city, column):
    texts = {"visits": "'1'", "period_start": "'2019-01-01'", column: "a"}
    recipe = f"""[map]
        place = "'3271'"
        place_kind = "'area'"
        frequency = "'M'"
        measure = "'trips'"
        origin = "'total'"
        obs_status = "'final'"
        period_start = "{texts["period_start"]}"
        visits = "{texts["visits"]}"
    """
    content = "a,b\n" + "".join(f'"{text}",x\n' for text in SILENT[column])
    city.build({"visits.csv": content, "visits.toml": sidecar(recipe=recipe)})
    assert city.loaded == []
    assert [r["text"] for r in city.report["rejects"]] == SILENT[column]


def test_a_decimal_that_can_be_read_in_two_ways_or_none_is_rejected(city):
    recipe = """[map]
        area = "'32.71'"
        kpi = "'visits'"
        period_start = "'2019-01-01'"
        period_end = "'2019-12-31'"
        document = "'plan'"
        unit = "'visits'"
        value = "a"
    """
    content = "a,b\n" + "".join(f'"{text}",x\n' for text in SILENT["value"])
    city.build({"t.csv": content, "t.toml": sidecar("", recipe, "t.csv", "targets")})
    assert city.sql("from targets") == []
    assert [r["text"] for r in city.report["rejects"]] == SILENT["value"]


def test_a_boolean_cast_takes_true_and_false_only():
    cast, _ = guarded_cast("BOOLEAN", "t")
    values = "(values ('true'), ('FALSE'), ('yes'), ('1'), ('t')) as x(t)"
    assert [r[0] for r in duckdb.sql(f"select {cast} from {values}").fetchall()] == [
        True,
        False,
        None,
        None,
        None,
    ]


def test_a_rule_over_two_columns_names_both(city):
    recipe = MAP.replace("if(absent(visits), 'missing', 'final')", "'final'")
    city.visits(GOOD + f"{BOGOR},3,-", recipe=recipe)
    assert city.rejects("en") == [
        "visits.csv, row 4, column visits: an empty cell was rejected. "
        "An empty figure must have the status missing or not_due, and only an empty one may."
    ]
