"""Bad files and bad sidecars: each is refused by name in both languages, and the others load."""

import duckdb
import pytest
from conftest import HEADER, MAP, REFERENCES, sidecar, workbook

from etl.build import build
from etl.problem import Refused

pytestmark = pytest.mark.usefixtures("unchecked")
ROW = "3271,KOTA BOGOR,2019,1,100\n"
GOOD = HEADER + ROW
FILES = {
    "empty file": (
        b"",
        "File visits.csv is empty.",
        "Berkas visits.csv kosong.",
    ),
    "blank file": (
        b"\xef\xbb\xbf\r\n \r\n",
        "File visits.csv is empty.",
        "Berkas visits.csv kosong.",
    ),
    "header only": (
        HEADER.encode(),
        "File visits.csv has a header only and no rows of data.",
        "Berkas visits.csv hanya berisi judul kolom, tanpa baris data.",
    ),
    "missing column": (
        b"place,name,year,month\n3271,KOTA BOGOR,2019,1\n",
        "File visits.csv has no column visits. It has: place, name, year, month.",
        "Berkas visits.csv tidak punya kolom visits. Yang ada: place, name, year, month.",
    ),
    "renamed column": (
        GOOD.replace("visits", "jumlah").encode(),
        "File visits.csv has no column visits. It has: place, name, year, month, jumlah.",
        "Berkas visits.csv tidak punya kolom visits. Yang ada: place, name, year, month, jumlah.",
    ),
    "doubled column": (
        GOOD.replace("name", "visits").encode(),
        "File visits.csv has the column visits more than once. "
        "Its columns: place, visits, year, month, visits_2.",
        "Berkas visits.csv punya kolom visits lebih dari sekali. "
        "Kolomnya: place, visits, year, month, visits_2.",
    ),
    "cp1252 without a word": (
        HEADER.encode() + "3271,KOTA BÖGOR,2019,1,100\n".encode("cp1252"),
        "File visits.csv, row 2: not utf-8. "
        'State [read] encoding, for example "cp1252".',
        "Berkas visits.csv, baris 2: bukan utf-8. "
        'Nyatakan [read] encoding, misalnya "cp1252".',
    ),
    "a quote that never ends": (
        (HEADER + '3271,"KOTA BOGOR,2019,1,100\n').encode(),
        "File visits.csv, row 2: broken CSV (unexpected end of data).",
        "Berkas visits.csv, baris 2: CSV rusak (unexpected end of data).",
    ),
    "a national identity number by name": (
        b"place,name,year,month,visits,NIK\n3271,KOTA BOGOR,2019,1,100,1\n",
        "File visits.csv: the column NIK looks like personal data. "
        "List it in [read] drop to discard it, remove it from the file, "
        "or say in [personal] why it holds none.",
        "Berkas visits.csv: kolom NIK tampak berisi data pribadi. "
        "Sebutkan dalam [read] drop agar dibuang, hapus dari berkas, "
        "atau nyatakan dalam [personal] mengapa bukan.",
    ),
    "a national identity number by value": (
        b"place,name,year,month,visits,remark\n3271,KOTA BOGOR,2019,1,100,3271010101900001\n",
        "File visits.csv: the column remark looks like personal data. "
        "List it in [read] drop to discard it, remove it from the file, "
        "or say in [personal] why it holds none.",
        "Berkas visits.csv: kolom remark tampak berisi data pribadi. "
        "Sebutkan dalam [read] drop agar dibuang, hapus dari berkas, "
        "atau nyatakan dalam [personal] mengapa bukan.",
    ),
}  # fmt: skip


@pytest.mark.parametrize("content, en, id_", FILES.values(), ids=FILES)
def test_a_bad_file_is_refused_by_name_and_the_good_one_loads(city, content, en, id_):
    recipe = MAP.replace('place_name = "name"\n', "") if b",visits,year" in content else MAP
    city.build({"visits.csv": content, "visits.toml": sidecar(recipe=recipe)})
    city.build({"visits.2.csv": GOOD})
    assert (city.refusals("en"), city.refusals("id")) == ([en], [id_])
    assert city.loaded == [100]


@pytest.mark.parametrize("end", ["\r\n", "\r\r\n", "\r", "\n"])
def test_every_line_end_reads_the_same(city, end):
    city.visits(GOOD.replace("\n", end).encode())
    assert city.loaded == [100]
    assert city.sql("select line from source_rows where file = 'visits.csv'") == [2]


@pytest.mark.parametrize("mark", [";", "\t", "|", ","])
def test_the_delimiter_is_taken_from_the_header(city, mark):
    city.visits(GOOD.replace(",", mark).encode())
    assert city.loaded == [100]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-8"])
def test_unicode_needs_no_declaration(city, encoding):
    city.visits((HEADER + "3271,KOTA BOGOR,2019,1,5\n").encode(encoding))
    assert city.loaded == [5]


def test_a_declared_encoding_is_used(city):
    content = (HEADER + "3271,KOTA BOGOR\xa0,2019,1,5\n").encode("cp1252")
    city.visits(content, '[read]\nencoding = "cp1252"')
    assert city.sql("select cells[2] from source_rows where file = 'visits.csv'") == [
        "KOTA BOGOR\xa0"
    ]


def test_an_unknown_encoding_is_refused(city):
    city.visits(ROW, '[read]\nencoding = "klingon"')
    assert city.refusals("en") == ['The encoding "klingon" is not known.']


@pytest.mark.parametrize("share", [0.3, 0.9])
def test_a_truncated_workbook_is_refused(city, share):
    whole = workbook(["place", "visits"], *[[3271, n] for n in range(500)])
    city.build({"visits.xlsx": whole[: int(len(whole) * share)], "visits.toml": sidecar()})
    assert "visits.xlsx is damaged or cut short" in city.refusals("en")[0]
    assert "visits.xlsx rusak atau terpotong" in city.refusals("id")[0]


@pytest.mark.parametrize("column, value", [("NIK", "1"), ("remark", "3271010101900001")])
def test_a_dropped_personal_column_leaves_no_trace(city, column, value):
    name = "Siti Rahasia" if column == "NIK" else value
    content = f"place,name,year,month,visits,{column}\n3271,KOTA BOGOR,2019,1,100,{name}\n"
    city.visits(content.encode(), f'[read]\ndrop = ["{column}"]')
    assert city.loaded == [100] and city.refusals() == []
    kept = [p.read_bytes() for p in city.target.rglob("*") if p.is_file()]
    assert not any(name.encode() in content for content in kept)
    parquet = f"read_parquet('{city.target}/lake/*/rows.parquet')"
    cells = duckdb.sql(f"select unnest(cells) from {parquet}").fetchall()
    assert (name,) not in cells and ("100",) in cells


@pytest.mark.parametrize(
    "column",
    [
        "No KK",
        "nomor_ktp",
        "Nama Lengkap",
        "TanggalLahir",
        "No. HP",
        "Alamat",
        "e-mail",
        "nik_wali",
    ],
)
def test_columns_of_personal_data_are_known_by_their_names(city, column):
    city.visits(f"place,name,year,month,visits,{column}\n3271,KOTA BOGOR,2019,1,100,x\n".encode())
    assert column in city.refusals()[0] and "personal data" in city.refusals()[0]


@pytest.mark.parametrize("column", ["nama_kabupaten_kota", "teknik", "nama_obyek_wisata", "unik"])
def test_columns_of_places_are_not_personal(city, column):
    city.visits(f"place,name,year,month,visits,{column}\n3271,KOTA BOGOR,2019,1,100,x\n".encode())
    assert city.loaded == [100]


def test_a_refused_file_leaves_no_value_behind(city):
    city.visits(f"{HEADER.strip()},NIK\n{ROW.strip()},3271010101900001\n".encode())
    kept = [p.read_bytes() for p in city.target.rglob("*") if p.is_file()]
    assert not any(b"3271010101900001" in content for content in kept)


SIDECARS = {
    "not TOML": (
        'loads = "visits',
        "visits.toml is not valid TOML: ",
        "visits.toml bukan TOML yang sah: ",
    ),
    "unknown key": (
        sidecar('published = "2020"'),
        'visits.toml: the key "published" is not known.',
        'visits.toml: kunci "published" tidak dikenal.',
    ),
    "unknown [read] key": (
        sidecar("[read]\nskip = 1"),
        'visits.toml [read]: the key "skip" is not known.',
        'visits.toml [read]: kunci "skip" tidak dikenal.',
    ),
    "wrong kind": (
        sidecar('[read]\nheader = "1"'),
        'visits.toml [read]: the value "1" of header is not of the kind expected.',
        'visits.toml [read]: nilai "1" untuk header bukan jenis yang diharapkan.',
    ),
    "unknown contract": (
        sidecar(loads="visitz"),
        'There is no contract "visitz". There are: ',
        'Kontrak "visitz" tidak ada. Yang ada: ',
    ),
    "unknown contract column": (
        sidecar(recipe=MAP + 'vistis = "visits"'),
        "visits.toml [map]: the contract has no column vistis. It has: ",
        "visits.toml [map]: kontrak tidak punya kolom vistis. Yang ada: ",
    ),
    "bad date": (
        sidecar('published_at = "2020-13-01"'),
        'published_at = "2020-13-01" is not a day (yyyy-mm-dd).',
        'published_at = "2020-13-01" bukan tanggal (tttt-bb-hh).',
    ),
    "a date that is an hour too": (
        sidecar("published_at = 2020-01-01T10:00:00"),
        'published_at = "2020-01-01 10:00:00" is not a day (yyyy-mm-dd).',
        'published_at = "2020-01-01 10:00:00" bukan tanggal (tttt-bb-hh).',
    ),
    "unknown basis": (
        sidecar('published_at_basis = "guess"'),
        'published_at_basis "guess" is not known. Known are: stated, known_by.',
        'published_at_basis "guess" tidak dikenal. Yang dikenal: stated, known_by.',
    ),
    "no files key": (
        'loads = "visits"',
        "visits.toml: the key files must be given.",
        "visits.toml: kunci files wajib ada.",
    ),
    "no file": (
        sidecar(files="nothing*.csv"),
        "No file fits nothing*.csv.",
        "Tidak ada berkas yang cocok dengan nothing*.csv.",
    ),
    "pattern without a date": (
        sidecar('published_at = { pattern = "(?P<year>[0-9]{4})" }'),
        "The file name visits.csv does not fit the pattern of dates (?P<year>[0-9]{4}).",
        "Nama berkas visits.csv tidak cocok dengan pola tanggal (?P<year>[0-9]{4}).",
    ),
    "pattern that is none": (
        sidecar('published_at = { pattern = "(" }'),
        "The file name visits.csv does not fit the pattern of dates (.",
        "Nama berkas visits.csv tidak cocok dengan pola tanggal (.",
    ),
    "no pattern key": (
        sidecar('published_at = { patern = "x" }'),
        'visits.toml [published_at]: the key "patern" is not known.',
        'visits.toml [published_at]: kunci "patern" tidak dikenal.',
    ),
    "broken SQL": (
        sidecar(recipe=MAP.replace("num(visits)", "num(visits")),
        "visits.csv: the SQL expression cannot be read: num(visits ",
        "visits.csv: ungkapan SQL tidak terbaca: num(visits ",
    ),
    "two statements": (
        sidecar(recipe=MAP.replace("num(visits)", "1; drop table areas")),
        "visits.csv: the SQL expression cannot be read: 1; drop table areas ",
        "visits.csv: ungkapan SQL tidak terbaca: 1; drop table areas ",
    ),
    "an unknown function": (
        sidecar(recipe=MAP.replace("num(visits)", "nmu(visits)")),
        "The recipe of visits.csv fails: Catalog Error",
        "Resep visits.csv gagal: Catalog Error",
    ),
    "a contract column not given": (
        sidecar(recipe=MAP.replace("measure = \"'attraction_visits'\"\n", "")),
        "visits.csv: columns of the contract visits are not given: measure.",
        "visits.csv: kolom kontrak visits belum diberi: measure.",
    ),
    "a column asked for by [columns]": (
        sidecar('[columns]\nvisits = ["jumlah"]\nplace = ["kode", "code"]').replace(
            "[columns]", "[columns]\n"
        ),
        "",
        "",
    ),
}  # fmt: skip
del SIDECARS["a column asked for by [columns]"]


@pytest.mark.parametrize("text, en, id_", SIDECARS.values(), ids=SIDECARS)
def test_a_bad_sidecar_refuses_that_dataset_only(city, text, en, id_):
    other = {"other.csv": GOOD, "other.toml": sidecar(files="other.csv")}
    city.build({"visits.csv": GOOD, "visits.toml": text} | other)
    assert len(city.refusals()) == 1
    assert city.refusals("en")[0].startswith(en) and city.refusals("id")[0].startswith(id_)
    assert city.sql("select distinct series from visits") == ["other"]


def test_a_sidecar_with_map_and_reshape_is_refused(city):
    city.write({"visits.sql": "select 1"}).visits(ROW)
    assert city.refusals() == ["visits.toml: use [map] or a .sql file, not both."]


RESHAPE = """
select
    place, 'area' as place_kind, ymd(year, _col, '1') as period_start, 'M' as frequency, _row, _col,
    'trips' as measure, 'total' as origin, num(n) as visits, 'final' as obs_status
from raw unpivot include nulls (n for _col in (jan, feb))
"""
WIDE = "place,year,jan,feb\n3271,2019,1,x\n3277,2018,3,4\n"


def reshape(city, sql, content=WIDE):
    """The city, built with a wide file and a reshape."""
    city.build({"visits.csv": content, "visits.sql": sql, "visits.toml": sidecar(recipe="")})
    return city


def test_a_reshape_carries_every_value_back_to_its_row_and_column(city):
    reshape(city, RESHAPE)
    assert city.loaded == [1, 4, 3]
    assert city.rejects() == [
        'visits.csv, row 2, column feb: "x" was rejected. visits must be a whole number.'
    ]


def test_rows_that_a_reshape_drops_are_rejected_as_nothing_made(city):
    reshape(city, RESHAPE.replace("from raw", "from (from raw where year = '2018')"))
    assert city.loaded == [4, 3]
    assert city.rejects("en") == [
        "visits.csv, row 2: the row was rejected. The reshape (.sql) made nothing of this row; "
        "set it aside with [aside] if it is not data."
    ]
    assert "visits.csv, baris 2: baris ditolak." in city.rejects("id")[0]


def test_a_reshape_without_row_is_refused(city):
    reshape(city, RESHAPE.replace("_row, ", ""))
    assert city.refusals() == ["visits.sql: the reshape must carry the column _row."]


def test_a_reshape_of_two_statements_is_refused(city):
    reshape(city, RESHAPE + "; drop table areas")
    assert "must be one SELECT" in city.refusals()[0]
    assert city.sql("select count(*) from areas") == [2]


def test_a_reshape_may_end_with_a_semicolon_and_a_comment(city):
    reshape(city, RESHAPE + "; -- done\n")
    assert city.loaded == [1, 4, 3]


def test_names_with_quotes_reach_no_sql(city):
    odd = "vi\"s'its); drop table areas; --"
    files = {f"{odd}.csv": GOOD.replace("place", f'"{odd.replace(chr(34), chr(34) * 2)}"')}
    recipe = MAP.replace(
        '"place"', "'" + '"' + odd.replace('"', '""').replace("'", "''") + '"' + "'"
    )
    recipe = MAP.replace('place = "place"', "place = \"'3271'\"")
    city.build(files | {"visits.toml": sidecar(recipe=recipe, files="vi*.csv")})
    assert city.loaded == [100]
    assert odd in city.report["units"][-1]["unread_columns"]
    assert city.report["units"][-1]["file"] == f"{odd}.csv"


def test_sheet_names_with_quotes_reach_no_sql(city):
    rows = ["place", "name", "year", "month", "visits"], [3271, "KOTA BOGOR", 2019, 1, "x"]
    city.build({"visits.xlsx": workbook(**{"it's; --": rows}), "visits.toml": sidecar()})
    assert "visits.xlsx, sheet it's; --, row 2, column visits" in city.rejects()[0]


CITY_TOML = {
    "unknown key": ('nam = "x"', "unknown_key"),
    "wrong kind": ("name = 1", "wrong_kind"),
    "a moment for a day": ("demo_as_of = 2019-09-30T08:00:00", "wrong_kind"),
    "a text for a day": ('demo_as_of = "2019-09-30"', "wrong_kind"),
    "half a ruling target": ('[ruling_target]\nkpi = "visits"', "key_lacks"),
    "a year that is none": (
        'ruling_target = {kpi = "", year = 9999999, document = "", definition = "", series = ""}',
        "wrong_kind",
    ),
    "not TOML": ("name =", "bad_toml"),
}


@pytest.mark.parametrize("text, code", CITY_TOML.values(), ids=CITY_TOML)
def test_a_bad_city_toml_builds_nothing(city, text, code):
    city.write({"city.toml": text})
    with pytest.raises(Refused) as refused:
        build(city.folder, city.target)
    assert refused.value.code == code


def test_a_folder_without_city_toml_is_a_city_of_its_name(city):
    city.build({"city.toml": None})
    assert city.sql('select name, area, "default" from city') == [("city", "city", False)]


def test_the_citys_sentences_are_loaded_flat(city):
    city.build({"text.id.toml": 'a = "Halo"\n[b]\nc = "Kota"'})
    assert city.sql("from city_text order by key") == [("id", "a", "Halo"), ("id", "b.c", "Kota")]


def test_reference_files_are_needed_by_no_city(city):
    city.write({name: None for name in REFERENCES if name != "city.toml"})
    city.visits(ROW)
    assert city.sql("select place from visits") == ["3271"]
