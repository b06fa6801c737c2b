"""Real files as they were published; each claim has a made-up twin that needs no real file.

The folder is named by DUAJUTA_REAL; without it the real half is skipped.
"""

import os
from pathlib import Path

import pytest
from conftest import ROOT, workbook

import kpi
from kpi import condition

REAL = os.environ.get("DUAJUTA_REAL")
real = pytest.mark.skipif(not REAL, reason="DUAJUTA_REAL names no folder of real files")

MONTHS = """
loads = "visits"
files = ["*.csv"]
[columns]
site = ["tempat_wisata", "destinasi_wisata"]
[map]
place = "site"
place_kind = "'site'"
period_start = "ymd(tahun, bulan, '1')"
frequency = "'M'"
measure = "'attraction_visits'"
origin = "'total'"
visits = "num(jumlah)"
obs_status = "if(absent(jumlah), 'missing', 'final')"
"""
PROVINCE = """
loads = "visits"
files = ["od_*.csv"]
published_at_basis = "known_by"
[per_file]
"*2021*" = 2021-06-30
"*_v2*" = "2025-01-31"
[source]
producer = "province"
[map]
place = "kode_kabupaten_kota"
place_kind = "'area'"
period_start = "ymd(tahun, '1', '1')"
frequency = "'A'"
measure = "'{measure}'"
origin = "case jenis_wisatawan when 'MANCANEGARA' then 'wisman' when 'NUSANTARA' then 'wisnus' end"
visits = "num(jumlah_pengunjung)"
obs_status = "'final'"
"""
ATTRACTIONS = PROVINCE.format(measure="attraction_visits")
GUESTS = PROVINCE.format(measure="accommodation_guests").replace("od_*", "akomodasi*")
SHEET = """
loads = "visits"
files = ["data_import.xlsx"]
[map]
place = "WISATA"
place_kind = "'site'"
period_start = "ymd(TAHUN, BULAN, '1')"
frequency = "'M'"
measure = "'attraction_visits'"
origin = "'total'"
visits = "PENGUNJUNG"
obs_status = "'final'"
"""
WIDE = 'loads = "visits"\nfiles = ["bps*.csv"]\n[columns]\narea = ["c1"]'
WIDE_SQL = """
select
    area as place, 'area' as place_kind, period(_col) as period_start, 'M' as frequency,
    'trips' as measure, 'wisnus' as origin, num(n) as visits,
    if(absent(n), 'missing', 'final') as obs_status, _row, _col
from raw unpivot include nulls (n for _col in (columns('^[A-Z][a-z]{2}-\\d\\d$')))
"""

CLOCK = "'%m/%d/%Y %I:%M:%S %p', 'America/Los_Angeles'"
REQUESTS = f"""
loads = "service"
files = ["la311*.csv"]
set = {{ precision = "second", time_zone = "America/Los_Angeles" }}
[map]
service_request_id = "SRNumber"
service_code = "RequestType"
agency = "Owner"
area = "nullif(NC, '')"
channel = "RequestSource"
requested_at = "utc(CreatedDate, {CLOCK})"
expected_at = "utc(ServiceDate, {CLOCK})"
completed_at = "utc(ClosedDate, {CLOCK})"
status = '''case Status
    when 'Closed' then 'closed' when 'Cancelled' then 'cancelled'
    when 'Referred Out' then 'referred' else Status end'''
"""
BEFORE = "\"check\" = 'completion_before_request'"
HOURS = "date_diff('second', requested_at, completed_at) / 3600"
SCORECARD = 'loads = "condition"\nfiles = ["nyc*.csv"]'
SCORECARD_SQL = """
select
    "Cleaning Section" as area, period("Month") as period_start, 'M' as frequency,
    'kebersihan' as domain, lower(split_part(_col, ' ', 2)) as indicator, num(rating, '.') as value,
    '%' as unit, 'up' as direction, _row, _col
from raw unpivot include nulls (
    rating for _col in ("Acceptable Streets %", "Acceptable Sidewalks %")
)
"""
WASTE = 'loads = "condition"\nfiles = ["kukar*.csv"]'
WASTE_SQL = """
select
    strip(Kecamatan) as area, period(_col[-4:]) as period_start, 'A' as frequency,
    'kebersihan' as domain, 'waste_generated' as indicator, num(amount, '.') as value,
    'not_stated' as unit, 'down' as direction, 'people times a rate' as method,
    if(absent(amount), 'missing', 'estimated') as obs_status, _row, _col
from raw unpivot include nulls (amount for _col in (columns('^Timbulan_')))
"""


def received(folder, pattern="*"):
    """{name: bytes} of the real files of a folder."""
    found = {p.name: p.read_bytes() for p in sorted((Path(REAL) / folder).glob(pattern))}
    assert found, f"{folder} is empty"
    return found


@pytest.fixture
def bare(city):
    """The city without reference tables: places are whatever the file calls them."""
    for path in city.folder.glob("*s.*"):
        path.unlink()
    return city


def loaded(city, where="true"):
    """(sum of visits, number of figures) of the visits that fit."""
    return city.sql(f"select sum(visits)::bigint, count(visits) from visits where {where}")[0]


@real
@pytest.mark.parametrize("year, total, figures", [(2018, 32_678_527, 228), (2019, 38_156_249, 235)])
def test_jakartas_months_load_whole(bare, year, total, figures):
    bare.build(received(f"visitors/jakarta/{year}") | {"sites.toml": MONTHS})
    assert loaded(bare) == (total, figures)
    assert bare.refusals() == []


@real
def test_both_years_of_jakarta_load_with_one_sidecar(bare):
    files = received("visitors/jakarta/2018") | received("visitors/jakarta/2019")
    bare.build(files | {"sites.toml": MONTHS})
    assert loaded(bare, "year(period_start) = 2018") == (32_678_527, 228)
    assert loaded(bare, "year(period_start) = 2019") == (38_156_249, 235)


def test_a_site_column_renamed_between_years_loads_with_one_sidecar(bare):
    files = {
        "jan 18.csv": "tahun,bulan,tempat_wisata,jumlah\r\r\n2018,01,Ancol,10\r\r\n2018,01,Monas,-",
        "jan 19.csv": "tahun,bulan,destinasi_wisata,jumlah\n2019,01,Ancol,20\n",
    }
    bare.build(files | {"sites.toml": MONTHS})
    assert loaded(bare) == (30, 2)
    assert bare.sql("select obs_status from visits where visits is null") == ["missing"]


@real
def test_the_province_is_read_with_both_vintages(bare):
    files = received("visitors/jabar", "od_15367*") | received("visitors/jabar", "akomodasi*")
    bare.build(files | {"visits.toml": ATTRACTIONS, "guests.toml": GUESTS})
    one_year = "place = '3274' and year(period_start) = 2019"
    query = f"select measure, sum(visits)::bigint from visits_known where {one_year} group by all"
    assert dict(bare.sql(query)) == {"attraction_visits": 997_370, "accommodation_guests": 827_825}
    dates = "select distinct published_at::varchar, published_at_basis from visits"
    assert set(bare.sql(dates + " where measure = 'attraction_visits'")) == {
        ("2021-06-30", "known_by"),
        ("2025-01-31", "known_by"),
    }


def test_of_two_vintages_the_later_serves_and_the_earlier_stays(bare):
    head = "kode_kabupaten_kota,jenis_wisatawan,jumlah_pengunjung,tahun\n"
    files = {
        "od_2021snap.csv": head + "3274,MANCANEGARA,5,2019\n",
        "od_v2.csv": head + "3274,MANCANEGARA,7,2019\n3274,NUSANTARA,100,2019\n",
    }
    bare.build(files | {"visits.toml": ATTRACTIONS})
    assert bare.sql("select sum(visits)::bigint from visits_known") == [107]
    assert bare.sql("select visits from visits_known", as_of="2022-01-01") == [5]


@real
def test_a_workbook_of_five_sites_loads_every_month(bare):
    bare.build(received("visitors/sumenep") | {"visits.toml": SHEET})
    query = "select count(distinct place), count(distinct period_start), count(*) from visits"
    assert bare.sql(query) == [(5, 62, 310)]
    assert bare.rejects() == []


def test_a_workbooks_numbers_and_texts_load_alike(bare):
    rows = ["WISATA", "TAHUN", "BULAN", "PENGUNJUNG"], ["A", 2019, 1, 5.0], ["A", "2019", "2", "6"]
    bare.build({"data_import.xlsx": workbook(*rows), "visits.toml": SHEET})
    assert loaded(bare) == (11, 2)


@real
def test_the_statistics_offices_wide_table_gives_36_months_a_province(bare):
    files = received("visitors", "bps*.csv")
    bare.build(files | {"wide.toml": WIDE, "wide.sql": WIDE_SQL})
    query = "select count(distinct place), min(period_start)::varchar, max(period_end)::varchar"
    places, first, last = bare.sql(query + " from visits")[0]
    assert (first, last) == ("2022-01-01", "2024-12-31")
    assert (places, loaded(bare)[1]) == (38, 38 * 36 - 96) and bare.rejects() == []
    missing = "select count(*), count(distinct place) from visits where obs_status = 'missing'"
    assert bare.sql(missing) == [(96, 4)]  # four new provinces have no figures for two years


def test_a_wide_table_with_semicolons_and_a_nameless_column_loads_by_month(bare):
    content = "\ufeff;Jan-22;May-22\nACEH;5;-\nRIAU;7;8\n"
    bare.build({"bps.csv": content, "wide.toml": WIDE, "wide.sql": WIDE_SQL})
    assert bare.sql("select place, period_end::varchar, visits from visits order by 1, 2") == [
        ("ACEH", "2022-01-31", 5),
        ("ACEH", "2022-05-31", None),
        ("RIAU", "2022-01-31", 7),
        ("RIAU", "2022-05-31", 8),
    ]


def hours(city):
    """(median, 90th percentile, share within 72 h) of what was closed, not before the request."""
    return city.sql(
        f"select median({HOURS}), quantile_cont({HOURS}, 0.9), avg(({HOURS} <= 72)::int) "
        "from service where status = 'closed' and completed_at >= requested_at"
    )[0]


def bins(city):
    """(bin of the median, of the 90th percentile, share below 72 h), all out of the histogram."""
    return city.sql("""
        with summed as (
            select if(bin_unit = 'hour', bin, bin / 60) as hour, sum(requests) as requests
            from service_histogram where status = 'closed' and bin is not null group by all
        ),
        running as (
            select hour, sum(requests) over (order by hour) / sum(requests) over () as share
            from summed
        )
        select
            min(floor(hour)) filter (share >= 0.5), min(floor(hour)) filter (share >= 0.9),
            max(share) filter (hour < 72)
        from running
    """)[0]


@real
def test_ten_thousand_requests_load_with_their_moments_in_utc(bare):
    bare.build(received("service", "la311*") | {"service.toml": REQUESTS})
    statuses = dict(bare.sql("select status, count(*) from service group by status"))
    assert statuses == {"closed": 9711, "cancelled": 280, "referred": 9}
    median, p90, within = hours(bare)
    assert (round(median, 2), round(p90, 2)) == (46.65, 142.60)
    assert round(100 * within, 2) == 69.19
    assert bins(bare)[:2] == (46, 142) and round(100 * bins(bare)[2], 1) == 69.2
    finding = bare.sql(f"select params ->> 'requests' from findings where {BEFORE}")
    assert finding and sum(map(int, finding)) == 13
    odd = f"select count(*) filter ({HOURS} < 0), count(*) filter ({HOURS} = 0) from service"
    assert bare.sql(odd) == [(13, 924)]
    assert bare.rejects() == bare.refusals() == []


def test_requests_are_timed_over_what_was_closed_and_not_before_the_request(bare):
    head = "SRNumber,RequestType,Owner,NC,RequestSource,CreatedDate,ServiceDate,ClosedDate,Status\n"
    ends = {
        "01/01/2018 02:00:00 AM": "Closed",  # 2 h
        "01/02/2018 12:00:00 AM": "Closed",  # 24 h
        "01/05/2018 12:00:00 AM": "Closed",  # 96 h
        "12/31/2017 11:59:59 PM": "Closed",  # before the request: loaded, and not counted
        "01/01/2018 12:00:00 AM": "Cancelled",
        "": "Referred Out",
    }
    rows = "".join(
        f"1-{n},Bulky Items,BOS,55,Call,01/01/2018 12:00:00 AM,,{end},{status}\n"
        for n, (end, status) in enumerate(ends.items())
    )
    bare.build({"la311.csv": head + rows, "service.toml": REQUESTS})
    median, p90, within = hours(bare)
    assert (median, round(p90, 2), round(within, 4)) == (24, 81.6, 0.6667)
    assert bins(bare) == (24, 96, 2 / 3)
    assert bare.sql(f"select len(value_ids) from findings where {BEFORE}") == [1]
    assert bare.sql("select status, count(*) from service group by status order by all") == [
        ("cancelled", 1),
        ("closed", 4),
        ("referred", 1),
    ]
    first = "select requested_at::varchar, requested_on::varchar, completed_at from service"
    assert bare.sql(first + " where status = 'referred'") == [
        ("2018-01-01 08:00:00", "2018-01-01", None)
    ]


@real
def test_a_scorecards_blank_ratings_stay_blank(bare):
    files = received("condition", "nyc*")
    bare.build(files | {"scorecard.toml": SCORECARD, "scorecard.sql": SCORECARD_SQL})
    query = "select indicator, count(*), count(value), avg(value) from condition group by all"
    found = {name: (rows, rated, round(mean, 4)) for name, rows, rated, mean in bare.sql(query)}
    assert found == {"streets": (8424, 8052, 92.7988), "sidewalks": (8424, 8052, 95.8458)}
    assert bare.rejects() == bare.refusals() == []


def test_a_blank_rating_is_missing_and_no_zero(bare):
    content = """Month,Cleaning Section,Acceptable Streets %,Acceptable Sidewalks %
2014 / 01,MN011,96.1,97.37
2014 / 02,MN011,,100
"""
    bare.build({"nyc.csv": content, "scorecard.toml": SCORECARD, "scorecard.sql": SCORECARD_SQL})
    query = "select period_start::varchar, indicator, value, obs_status from condition order by all"
    assert bare.sql(query) == [
        ("2014-01-01", "sidewalks", 97.37, "final"),
        ("2014-01-01", "streets", 96.1, "final"),
        ("2014-02-01", "sidewalks", 100, "final"),
        ("2014-02-01", "streets", None, "missing"),
    ]


STREETS = """
loads = "condition"
files = ["nyc*.csv"]
"""
STREETS_SQL = """
select
    "Cleaning Section" as area, lower(split_part(_col, ' ', 2)) as section,
    period("Month") as period_start, 'M' as frequency, 'kebersihan' as domain,
    'clean_share' as indicator, num(rating, '.') as value, 'percent' as unit, 'up' as direction,
    _row, _col
from raw unpivot include nulls (
    rating for _col in ("Acceptable Streets %", "Acceptable Sidewalks %")
)
"""


def scorecard(city, monkeypatch, files):
    """The Review of three months of a scorecard."""
    city.build(files | {"streets.toml": STREETS, "streets.sql": STREETS_SQL})
    monkeypatch.setenv("DUAJUTA_WAREHOUSE", str(city.target.parent))
    return condition.review(kpi.snapshot("city"), "kebersihan", 3)


@real
def test_a_scorecard_without_sample_sizes_gets_means_and_no_rank(bare, monkeypatch):
    review = scorecard(bare, monkeypatch, received("condition", "nyc*"))
    (rated, last, mean) = bare.sql("""
        with newest as (select max(period_end) as last from condition where value is not null)
        select count(distinct area), any_value(last)::varchar, 1 - avg(value) / 100
        from condition cross join newest
        where period_start > last - interval 3 months
    """)[0]
    assert (len(review.areas), review.window_end.isoformat()) == (rated, last)
    assert review.city.now.value == pytest.approx(mean) and review.city.now.low is None
    assert review.form == "unsampled" and not any(part.rank for part in review.areas)


def test_ratings_of_streets_and_sidewalks_are_pooled_by_area(bare, monkeypatch):
    content = "Month,Cleaning Section,Acceptable Streets %,Acceptable Sidewalks %\n"
    content += "2014 / 01,MN011,90,100\n2014 / 02,MN011,80,\n2014 / 02,MN013,70,70\n"
    content += "2014 / 03,MN011,90,90\n"
    review = scorecard(bare, monkeypatch, {"nyc.csv": content})
    assert {part.code: round(part.now.value, 6) for part in review.areas} == {
        "MN011": 0.1,
        "MN013": 0.3,
    }
    assert all(part.now.low is None and part.rank is None for part in review.areas)


@real
def test_the_outlines_of_all_kelurahan_are_found_by_their_codes(city):
    for name in ("kelurahan.csv", "kelurahan.sql", "kelurahan.toml", "regencies.csv"):
        path = ROOT / "data" / "cirebon" / "reference" / name
        city.write({f"reference/{name}": path.read_bytes()})
    path = ROOT / "data" / "cirebon" / "reference" / "regencies.toml"
    city.write({"reference/regencies.toml": path.read_bytes()})
    (shapes,) = received("geometry", "*.geojson").values()
    city.build({"areas.geojson": shapes})
    assert city.refusals() == []
    found = city.sql("""
        with points as (
            select area, unnest(flatten(rings)) as point from area_shapes
        ),
        boxes as (
            select
                area, min(point[1]) as west, max(point[1]) as east,
                min(point[2]) as south, max(point[2]) as north
            from points group by area
        )
        select
            count(*), count(b.area),
            count_if(longitude between west and east and latitude between south and north)
        from areas as a left join boxes as b using (area) where level = 'village'
    """)
    assert found == [(22, 22, 22)]


@real
def test_modelled_waste_is_marked_as_estimated(bare):
    files = received("condition", "kukar*")
    bare.build(files | {"waste.toml": WASTE, "waste.sql": WASTE_SQL})
    query = "select year(period_start), count(*), any_value(obs_status) from condition group by 1"
    assert {y: (n, s) for y, n, s in bare.sql(query)} == {
        2023: (20, "estimated"),
        2024: (20, "estimated"),
    }
    assert bare.rejects() == bare.refusals() == []


def test_waste_of_two_years_side_by_side_is_estimated_where_there_is_a_figure(bare):
    content = "Kecamatan,Penduduk_2023,Timbulan_2023,Penduduk_2024,Timbulan_2024\n"
    content += " UTARA,100.0,41.5,110.0,79.0\nSELATAN,200.0,82.0,,\n"
    bare.build({"kukar.csv": content, "waste.toml": WASTE, "waste.sql": WASTE_SQL})
    query = "select area, period_end::varchar, value, obs_status from condition order by all"
    assert bare.sql(query) == [
        ("SELATAN", "2023-12-31", 82, "estimated"),
        ("SELATAN", "2024-12-31", None, "missing"),
        ("UTARA", "2023-12-31", 41.5, "estimated"),
        ("UTARA", "2024-12-31", 79, "estimated"),
    ]
