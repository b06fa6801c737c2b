"""The shapes that files come in, each loaded with a sidecar and, where needed, a reshape."""

import pytest
from conftest import HEADER, MAP, SITES, sidecar, workbook

pytestmark = pytest.mark.usefixtures("unchecked")
SERVICE = """
loads = "service"
files = ["service.csv"]
[set]
agency = "Disdukcapil"
service_code = "ktp"
status = "closed"
precision = "second"
time_zone = "Asia/Jakarta"
series = "x"
"""
SITE = 'place_kind = "site", measure = "attraction_visits", origin = "total", obs_status = "final"'


def visits(city, files, sql=None, extra="", **fixed):
    """What is loaded into visits, (place, first day, visits), from files and a reshape."""
    fixed = "".join(f', {key} = "{value}"' for key, value in {"frequency": "M", **fixed}.items())
    names = ", ".join(f'"{name}"' for name in files)
    text = f'loads = "visits"\nfiles = [{names}]\nset = {{ {SITE}{fixed} }}\n{extra}'
    city.build(files | {"visits.toml": text} | ({"visits.sql": sql} if sql else {}))
    return city.sql("select place, period_start::varchar, visits from visits order by all")


def requests(city, content, recipe):
    """What is loaded into service: (number, requested, completed, rows)."""
    sql = {"service.sql": recipe} if recipe.lstrip().startswith(("select", "with")) else {}
    text = SERVICE + ("" if sql else recipe)
    city.build({"service.csv": content, "service.toml": text} | sql)
    return city.sql(
        "select service_request_id, requested_at::varchar, completed_at::varchar, source_rows "
        "from service order by 1"
    )


def test_events_become_cases(city):
    content = """id,peristiwa,waktu
7,masuk,2019-01-02 08:00:00
8,masuk,2019-01-02 09:00:00
7,selesai,2019-01-04 10:30:00
"""
    sql = """
        select
            id as service_request_id, list(_row) as _row,
            max(case when peristiwa = 'masuk' then waktu end) as requested_at,
            max(case when peristiwa = 'selesai' then waktu end) as completed_at
        from raw group by id
    """
    assert requests(city, content, sql) == [
        ("7", "2019-01-02 08:00:00", "2019-01-04 10:30:00", [1, 3]),
        ("8", "2019-01-02 09:00:00", None, [2]),
    ]


def test_an_event_that_no_case_takes_is_rejected(city):
    content = "id,peristiwa,waktu\n7,masuk,2019-01-02 08:00:00\n,selesai,2019-01-04 10:30:00\n"
    sql = """
        select id as service_request_id, min(waktu) as requested_at, list(_row) as _row
        from raw where id <> '' group by id
    """
    assert len(requests(city, content, sql)) == 1
    assert city.rejects()[0].startswith("service.csv, row 3: the row was rejected.")


def test_codes_are_looked_up_in_a_second_file_of_the_dataset(city):
    files = {
        "data.csv": "kode,bulan,n\nA,2019-01,5\nB,2019-01,6\nC,2019-01,7\n",
        "kode.csv": "kode,arti\nA,Taman\nB,Museum\n",
    }
    sql = """
        select coalesce(k.arti, d.kode) as place, period(bulan) as period_start, n as visits, _row
        from raw as d
        left join (select kode, arti from rows_ where _aside = 'codes') as k using (kode)
    """
    extra = '[read]\nunit = "dataset"\n[aside]\ncodes = "_file = \'kode.csv\'"'
    found = visits(city, files, sql, extra)
    assert [(place, n) for place, _, n in found] == [("C", 7), ("Museum", 6), ("Taman", 5)]
    assert city.rejects() == []


def test_codes_are_looked_up_in_a_reference_table(city):
    city.write(SITES)
    sql = """
        select site as place, period(bulan) as period_start, num(n) as visits, _row
        from raw left join sites on comparable(name) = comparable(objek)
    """
    files = {"data.csv": "objek,bulan,n\nTAMAN  KOTA,2019-01,5\nmuseum kota,2019-01,6\n"}
    assert [v[::2] for v in visits(city, files, sql)] == [("museum", 6), ("park", 5)]


def test_merged_cells_are_filled_down(city):
    rows = [
        ["Objek", "Bulan", "Jumlah"],
        ["Taman", "Jan", 5],
        [None, "Feb", 6],
        ["Museum", "Jan", 7],
    ]
    sql = """
        select
            last_value(nullif(Objek, '') ignore nulls) over (order by _row) as place,
            ymd('2019', Bulan, '1') as period_start, num(Jumlah) as visits, _row
        from raw
    """
    assert visits(city, {"data.xlsx": workbook(*rows)}, sql) == [
        ("Museum", "2019-01-01", 7),
        ("Taman", "2019-01-01", 5),
        ("Taman", "2019-02-01", 6),
    ]


def test_notes_and_totals_at_the_end_are_set_aside_with_their_reason(city):
    content = """Objek,Jumlah
Taman,5
JUMLAH,5

Sumber: Dinas
*) angka sementara
"""
    extra = """
        [aside]
        total = "Objek ilike 'jumlah%'"
        note = "Objek like 'Sumber:%' or Objek like '*)%'"
        [map]
        place = "Objek"
        period_start = "'2019-01-01'"
        visits = "num(Jumlah)"
    """
    assert visits(city, {"data.csv": content}, extra=extra) == [("Taman", "2019-01-01", 5)]
    fates = "select reason, fate, line from source_rows where file = 'data.csv' order by line"
    assert city.sql(fates) == [
        (None, "accepted", 2),
        ("total", "aside", 3),
        ("blank", "aside", 4),
        ("note", "aside", 5),
        ("note", "aside", 6),
    ]


BOTH = [["Objek", "Jumlah"], ["Taman", 5], ["JUMLAH", 5]]
ASIDE = "[aside]\ntotal = \"Objek = 'JUMLAH'\"\n"


def test_sheets_are_periods(city):
    book = workbook(**{"Jan 2019": BOTH, "Peb 2019": BOTH, "Mei": BOTH})
    recipe = "[map]\nplace = 'Objek'\nperiod_start = 'period(_sheet)'\nvisits = 'num(Jumlah)'"
    assert visits(city, {"data.xlsx": book}, extra=ASIDE + recipe) == [
        ("Taman", "2019-01-01", 5),
        ("Taman", "2019-02-01", 5),
    ]
    assert city.rejects()[0].startswith('data.xlsx, sheet Mei, row 2, column _sheet: "Mei"')


def test_sheets_are_sites(city):
    month = [["Bulan", "Jumlah"], ["Januari", 5], ["Pebruari", "1.200"]]
    sql = """
        select
            _sheet as place, ymd('2019', Bulan, '1') as period_start, num(Jumlah, ',') as visits,
            _row
        from raw
    """
    assert visits(city, {"data.xlsx": workbook(Taman=month, Museum=month[:2])}, sql) == [
        ("Museum", "2019-01-01", 5),
        ("Taman", "2019-01-01", 5),
        ("Taman", "2019-02-01", 1200),
    ]


def test_months_stand_side_by_side_beside_their_total(city):
    content = "No;Objek;Jan;Feb;Mrt;JUMLAH\n1;Taman;5;-;7;12\n;JUMLAH;5;0;7;12\n"
    sql = """
        select
            Objek as place, ymd('2019', _col, '1') as period_start, num(n) as visits,
            if(absent(n), 'missing', 'final') as obs_status, _row, _col
        from raw unpivot include nulls (n for _col in (Jan, Feb, Mrt))
    """
    assert visits(city, {"data.csv": content}, sql, ASIDE) == [
        ("Taman", "2019-01-01", 5),
        ("Taman", "2019-02-01", None),
        ("Taman", "2019-03-01", 7),
    ]


CLOCKS = [
    ("'%d/%m/%Y %I:%M %p', 'Asia/Jakarta'", "02/01/2019 12:05 AM", "2019-01-01 17:05:00"),
    ("'%d/%m/%Y %I:%M %p', 'Asia/Jakarta'", "02/01/2019 12:05 PM", "2019-01-02 05:05:00"),
    ("'%d/%m/%Y %H.%M', 'Asia/Makassar'", "02/01/2019 07.30", "2019-01-01 23:30:00"),
    ("'%Y-%m-%d %H:%M:%S', 'Asia/Jayapura'", "2019-01-02 08:00:00", "2019-01-01 23:00:00"),
    ("'%m/%d/%Y %I:%M:%S %p', 'America/Los_Angeles'", "07/26/2018 01:05:09 PM",
     "2018-07-26 20:05:09"),
    ("'%d-%b-%y %I:%M:%S %p', 'UTC'", "02-Jan-19 01:00:00 PM", "2019-01-02 13:00:00"),
]  # fmt: skip


@pytest.mark.parametrize("how, written, moment", CLOCKS)
def test_clocks_of_12_hours_and_of_any_zone_become_moments_in_utc(city, how, written, moment):
    recipe = f'[map]\nservice_request_id = "id"\nrequested_at = "utc(waktu, {how})"'
    found = requests(city, f"id,waktu\n7,{written}\n", recipe)
    assert [row[1] for row in found] == [moment]


@pytest.mark.parametrize("written", ["31/02/2019 07:00", "kemarin", "13:00"])
def test_a_moment_that_is_none_is_rejected_with_its_text(city, written):
    how = "'%d/%m/%Y %H:%M', 'Asia/Jakarta'"
    recipe = f'[map]\nservice_request_id = "id"\nrequested_at = "utc(waktu, {how})"'
    assert requests(city, f"id,waktu\n7,{written}\n", recipe) == []
    assert city.rejects()[0].startswith(f'service.csv, row 2, column waktu: "{written}"')


@pytest.mark.parametrize("written", ["2019-01-02", "2019-01-02 08:00:00"])
def test_a_local_clock_of_another_format_is_never_taken_for_utc(city, written):
    how = "'%d/%m/%Y %H:%M', 'Asia/Jakarta'"
    recipe = f'[map]\nservice_request_id = "id"\nrequested_at = "utc(waktu, {how})"'
    assert requests(city, f"id,waktu\n7,{written}\n", recipe) == []


OTHER_ROWS = {
    "a row that is set aside": "select *, _row from rows_",
    "no row": "select place, year, visits, null::bigint as _row from raw",
    "a row that is not there": "select place, year, visits, 99 as _row from raw",
}


@pytest.mark.parametrize("rows", OTHER_ROWS.values(), ids=OTHER_ROWS)
def test_a_value_of_another_row_refuses_the_recipe(city, rows):
    content = "place,year,visits\nTaman,2019,5\nJUMLAH,2019,5\n"
    sql = f"select place, year || '-01-01' as period_start, visits, _row from ({rows})"
    extra = "[aside]\ntotal = \"place = 'JUMLAH'\"\n"
    found = visits(city, {"x.csv": content}, sql.replace("*, _row", "*"), extra, frequency="A")
    assert found == [] and city.refusals()[0].startswith("visits.sql made a value")


def test_a_clock_that_is_not_understood_is_no_moment(city):
    call = "utc('17/05/19 08:00', '%d/%m/%Y %H:%M', 'Asia/Jakarta')"
    recipe = f'[map]\nservice_request_id = "id"\nrequested_at = """{call}"""'
    assert requests(city, "id,x\n7,1\n", recipe) == []


DAYS = {
    "17/08/2019": "2019-08-17", "7/8/2019": "2019-08-07", "17-08-2019": "2019-08-17",
    "17.8.2019": "2019-08-17", "17 Agustus 2019": "2019-08-17", "5 Mrt. 2019": "2019-03-05",
    "1-Nop-2019": "2019-11-01", "2019-08-17": "2019-08-17",
}  # fmt: skip


def daily(city, days):
    """The first days that are loaded from a file of days, through dmy."""
    recipe = MAP.replace("ymd(year, month, '1')", "dmy(day)").replace("'M'", "'D'")
    rows = "".join(f"3271,KOTA BOGOR,{day},{n}\n" for n, day in enumerate(days))
    city.build(
        {"visits.csv": f"place,name,day,visits\n{rows}", "visits.toml": sidecar(recipe=recipe)}
    )
    return city.sql("select period_start::varchar from visits order by visits")


@pytest.mark.parametrize("written, day", DAYS.items())
def test_days_are_written_with_the_day_first(city, written, day):
    assert daily(city, [written]) == [day]


def test_a_day_that_does_not_exist_is_rejected(city):
    assert daily(city, ["31/02/2019", "08/17/2019", "17/08/19"]) == []
    assert [told.split('"')[1] for told in city.rejects()] == [
        "2019-02-31",
        "2019-17-08",
        "17/08/19",
    ]


NAMES = [
    "Januari January Jan JANUARI jan. 01 1", "Februari Pebruari February Feb Peb 02",
    "Maret March Mar Mrt 3", "April Apr 4", "Mei May 05", "Juni June Jun", "Juli July Jul",
    "Agustus August Agu Agt Ags Aug Agus", "September Sep Sept SEPT.", "Oktober October Okt Oct",
    "November Nopember Nov Nop", "Desember December Des Dec 12",
]  # fmt: skip


def test_months_have_names_in_every_usual_form(city):
    written = [(n, name) for n, names in enumerate(NAMES, start=1) for name in names.split()]
    rows = "".join(f"3271,KOTA BOGOR,{2000 + i},{w[1]},{w[0]}\n" for i, w in enumerate(written))
    city.build({"visits.csv": HEADER + rows, "visits.toml": sidecar()})
    assert city.rejects() == []
    assert city.sql(
        "select count(*), bool_and(extract(month from period_start) = visits) from visits"
    ) == [(len(written), True)]
