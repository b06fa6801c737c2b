"""The checks on the data: what each finds on a few rows, on real files, and what accepting does.

A made-up series is 36 months of five sites that keep their distances, with a season; one figure is
put wrong. Real files: see tests/test_real.py.
"""

import json
from datetime import date, timedelta
from random import Random

import pytest
from test_etl_build import run
from test_real import (
    ATTRACTIONS,
    MONTHS,
    REQUESTS,
    SHEET,
    WIDE,
    WIDE_SQL,
    bare,  # noqa: F401  a fixture
    real,
    received,
)

import kpi
from etl import findings, warehouse
from etl.contract import contracts, statement
from ui.kit import sentences
from ui.kit.text import languages, text

SITES = {"Taman": 3000, "Museum": 800, "Goa": 12000, "Pantai": 5000, "Makam": 20000}
SIDECAR = """
loads = "visits"
files = ["visits.csv"]
[map]
place = "place"
place_kind = "'site'"
period_start = "period(period)"
frequency = "period_frequency(period)"
measure = "'attraction_visits'"
origin = "coalesce(nullif(origin, ''), 'total')"
series = "'s'"
visits = "num(visits)"
obs_status = "if(absent(visits), 'missing', 'final')"
"""
MONTHS_OF = [f"{year}-{month:02}" for year in (2017, 2018, 2019) for month in range(1, 13)]
HOLIDAYS = (
    "day,name_id,name_en,kind\n2018-06-15,Hari Raya Idul Fitri,Eid al-Fitr,national_holiday\n"
)


def series(**changes):
    """visits.csv of three years of five sites; changes: {"Goa_2018_05": text, or None for no row}.

    Sites and months that are not there yet are added.
    """
    rows = {}
    for n, month in enumerate(MONTHS_OF):
        for site, level in SITES.items():
            wave = 1 + 0.2 * (month[-2:] in ("06", "12")) + 0.01 * ((n * 7 + level) % 5)
            rows[site, month] = str(round(level * wave) + n)
    for key, value in changes.items():
        site, year, month = key.rsplit("_", 2)
        rows[site.replace("_", " "), f"{year}-{month}"] = value
    lines = (f"{site},{month},,{v}\n" for (site, month), v in rows.items() if v is not None)
    return "place,period,origin,visits\n" + "".join(lines)


@pytest.fixture
def found(bare):  # noqa: F811
    """{check: [params]} that a build with these files finds."""

    def build(content=None, **files):
        csv = {"visits.csv": content, "visits.toml": SIDECAR} if content else {}
        bare.build(csv | files)
        said = {}
        for f in bare.report["findings"]:
            said.setdefault(f["check"], []).append(json.loads(f["params"]))
        return said

    return build


def at(params):
    """(place, month) of findings."""
    return [(p["place"], p["period_start"][:7]) for p in params]


def test_a_sound_series_has_no_findings(found):
    assert found(series()) == {}


@pytest.mark.parametrize(
    "check, wrong",
    [
        ("thousands_dot", "13"),
        ("dropped_digit", "1231"),
        ("zero_or_missing", "0"),
        ("spike", "36500"),
    ],
)
def test_one_wrong_figure_is_found_where_it_stands_and_nothing_else(check, wrong, found):
    said = found(series(Goa_2018_05=wrong))
    assert set(said) == {check} and at(said[check]) == [("Goa", "2018-05")]


@pytest.mark.parametrize("contract", [*contracts(), "measured", "units"])
def test_a_check_may_read_any_contract(warehouses, contract):
    whose = "" if contract in contracts() else ", 'visits' as contract"
    with warehouse.connect(warehouse.current(warehouses / "cirebon")) as con:
        ids = "[1]::bigint[] as value_ids, []::bigint[] as marked_ids"
        con.execute(statement("raised"))
        meta = {"contract": contract, "severity": "note", "marks": None}
        findings._raise(con, "made_up", f"select {ids}, {{year: 2019}} as params{whose}", meta)
        found = con.execute(findings._named(con)).df()
    assert found["contract"].tolist() == [contract if contract in contracts() else "visits"]


@pytest.mark.parametrize(
    "feast, month, check, severity",
    [
        ("2018-06-15", "03", "added_digit", "error"),
        ("2018-06-15", "06", "holiday_spike", "note"),
        ("2016-07-06", "03", "added_digit", "question"),  # nobody knows when the feast was
    ],
)
def test_ten_times_as_many_is_a_slip_unless_a_feast_may_explain_it(
    feast,
    month,
    check,
    severity,
    found,
    bare,  # noqa: F811
):
    days = {"days.csv": HOLIDAYS.replace("2018-06-15", feast)}
    days["days.toml"] = 'loads = "calendar"\nfiles = ["days.csv"]'
    said = found(series(**{f"Goa_2018_{month}": "123000"}), **days)
    assert set(said) == {check}
    assert bare.sql("select severity from findings") == [severity]


def test_a_month_with_the_sum_since_january_is_told_with_what_the_month_would_be(found):
    before = [int(r.split(",")[3]) for r in series().split("\n") if r.startswith("Goa,2018-0")][:4]
    (params,) = found(series(Goa_2018_05=str(sum(before) + 12345)))["year_to_date"]
    assert (params["place"], params["own"]) == ("Goa", 12345)


def test_a_place_in_thousands_for_a_quarter_is_one_finding(found):
    said = found(series(Goa_2018_03="12", Goa_2018_04="12", Goa_2018_05="13"))
    (params,) = said.pop("wrong_unit")
    assert (params["place"], params["figures"], params["direction"]) == ("Goa", 3, "thousandth")


def test_a_month_that_repeats_the_one_before_was_copied(found):
    assert at(found(series(Goa_2018_05="12777", Goa_2018_06="12777"))["copied"]) == [
        ("Goa", "2018-06")
    ]


def test_a_place_without_a_row_is_missing_and_one_with_a_dash_is_not(found):
    assert at(found(series(Goa_2018_05=None))["category_missing"]) == [("Goa", "2018-05")]
    assert found(series(Goa_2018_05="-")) == {}


def test_a_place_that_is_not_in_the_last_period_is_missing(found):
    assert at(found(series(Goa_2019_12=None))["category_missing"]) == [("Goa", "2019-12")]


def test_a_row_that_is_the_sum_of_the_others_is_told_whatever_its_name(found):
    lines = [line.split(",") for line in series().split("\n")[1:-1]]
    sums = {m: sum(int(v) for _, month, _, v in lines if month == m) for m in MONTHS_OF}
    extra = {f"Semua_{m.replace('-', '_')}": str(n) for m, n in sums.items()}
    (params,) = found(series(**extra))["totals_mixed"]
    assert (params["place"], params["figures"]) == ("Semua", 36)


def test_a_total_that_is_twice_its_parts_was_added_up_with_them(found):
    rows = "place,period,origin,visits\n" + "".join(
        f"Goa,{y},{o},{n}\n" for y in (2018, 2019) for o, n in (("wisnus", 500), ("wisman", 70 + y))
    )
    said = found(rows + f"Goa,2018,total,{570 + 2018}\nGoa,2019,total,{2 * (570 + 2019)}\n")
    assert at(said["total_twice"]) == [("Goa", "2019-01")]


def moved(name, factor):
    """A series whose Goa bears another name from 2019 on, with another level."""
    changes = {}
    for n, month in enumerate(MONTHS_OF):
        if month >= "2019":
            key = month.replace("-", "_")
            changes[f"Goa_{key}"] = None
            changes[f"{name}_{key}"] = str(round(12000 * factor * (1 + 0.01 * (n % 5))))
    return series(**changes)


def test_a_like_name_that_begins_where_one_ends_is_one_place(found):
    (params,) = found(moved("Goa_Alam", 1))["renamed_site"]
    assert (params["place"], params["new_place"]) == ("Goa", "Goa Alam")


def test_a_like_name_at_another_level_hides_another_scope(found):
    said = found(moved("Goa_(kawasan)", 4))
    (params,) = said["scope_change"]
    assert params["factor"] == pytest.approx(4, rel=0.1) and "renamed_site" not in said


@pytest.mark.parametrize("feast, variant", [("2018-06-15", None), ("2016-07-06", "unknown")])
def test_a_high_month_is_told_of_whether_the_calendar_knows_the_feast(found, feast, variant):
    days = {"days.csv": HOLIDAYS.replace("2018-06-15", feast)}
    days["days.toml"] = 'loads = "calendar"\nfiles = ["days.csv"]'
    (params,) = found(series(Goa_2018_11="61500"), **days)["spike"]
    assert params["variant"] == variant
    assert ("cannot be known" in text("en").finding("spike", params)) == bool(variant)


def test_a_month_with_the_feast_is_explained_and_not_suspect(found, bare):  # noqa: F811
    calendar = 'loads = "calendar"\nfiles = ["days.csv"]'
    said = found(series(Goa_2018_06="55000"), **{"days.csv": HOLIDAYS, "days.toml": calendar})
    assert set(said) == {"holiday_spike"} and said["holiday_spike"][0]["feast"] == "2018-06-15"
    assert bare.sql("select distinct obs_status from visits_known") == ["final"]


def test_a_closure_is_no_error(found, bare):  # noqa: F811
    names = "".join(f"{site},{site}\n" for site in SITES)
    closed = {
        "sites.csv": "site,name\n" + names,
        "sites.toml": 'loads = "sites"\nfiles = ["sites.csv"]',
        "status.csv": "site,from_date,to_date,state\nGoa,2018-05-01,2018-05-31,closed\n",
        "status.toml": 'loads = "site_status"\nfiles = ["status.csv"]',
    }
    assert found(series(Goa_2018_05="0", Goa_2018_08="0"), **closed).keys() == {"zero_or_missing"}
    assert bare.sql("select params ->> 'period_start' from findings") == ["2018-08-01"]


def test_a_level_that_stays_at_another_height_is_a_break(found):
    later = [m for m in MONTHS_OF if m >= "2018-07"]
    changes = {f"Goa_{m.replace('-', '_')}": str(36000 + 90 * n) for n, m in enumerate(later)}
    (params,) = found(series(**changes))["level_shift"]
    assert params["place"] == "Goa" and params["period_start"] == "2018-07-01"
    assert params["factor"] == pytest.approx(3, rel=0.1)


def test_a_last_month_that_is_low_everywhere_is_not_full(found):
    low = {f"{site}_2020_01": str(round(level * 0.3)) for site, level in SITES.items()}
    (params,) = found(series(**low))["partial_period"]
    assert params["variant"] == "low" and params["period_start"] == "2020-01-01"


def test_a_month_published_before_its_end_is_not_full(found):
    early = SIDECAR.replace(
        "[map]", 'published_at = 2019-12-15\npublished_at_basis = "stated"\n[map]'
    )
    (params,) = found(series(), **{"visits.toml": early})["partial_period"]
    assert (params["variant"], params["period_start"]) == ("early", "2019-12-01")


def test_a_code_beside_another_places_name_is_told(found):
    head = "kode_kabupaten_kota,nama_kabupaten_kota,jenis_wisatawan,jumlah_pengunjung,tahun\n"
    rows = [
        f"{c},{n},NUSANTARA,{y}00,{y}\n"
        for c, n in ((3274, "KOTA CIREBON"), (3209, "KABUPATEN CIREBON"))
        for y in range(2015, 2019)
    ]
    rows += ["3274,KABUPATEN CIREBON,NUSANTARA,77,2019\n"]
    sidecar = ATTRACTIONS.replace("[map]", "[map]\nplace_name = 'nama_kabupaten_kota'")
    said = found(**{"od_v2.csv": head + "".join(rows), "od.toml": sidecar})
    (params,) = said["code_and_name"]
    assert (params["place"], params["name"]) == ("3274", "KABUPATEN CIREBON")


def test_a_header_that_comes_again_and_a_note_below_are_told_with_their_lines(found):
    content = series().split("\n")
    content = "\n".join([*content[:40], content[0], *content[40:-1], "Sumber: Disbudpar,,,", ""])
    (params,) = found(content)["broken_header"]
    assert (params["headers"], params["notes"], params["lines"]) == (1, 1, [41, 183])


def test_a_dash_among_other_signs_for_no_figure_is_told(found):
    (params,) = found(series(Goa_2018_05="-", Goa_2018_08="n/a"))["absent_signs"]
    assert (params["dashes"], params["others"]) == (1, ["n/a"])


def test_signs_before_the_first_figure_are_no_missing_reports(found):
    before = {f"Baru_{m.replace('-', '_')}": "-" for m in MONTHS_OF[:6]}
    after = {f"Baru_{m.replace('-', '_')}": str(900 + n) for n, m in enumerate(MONTHS_OF[6:])}
    (params,) = found(series(**before, **after))["not_yet_or_missing"]
    assert (params["place"], params["figures"]) == ("Baru", 6)


DAYS = [str(date(2019, 1, 1) + timedelta(days=n)) for n in range(150)]


def days(**changes):
    """visits.csv of 150 days of four sites; changes: {"Goa": a function of its list of counts}."""
    lines, chance = [], Random(1)
    for site, level in {"Taman": 300, "Museum": 80, "Goa": 1200, "Pantai": 500}.items():
        counts = [
            round(level * (2 if n % 7 > 4 else 1) * chance.uniform(0.8, 1.2))
            for n in range(len(DAYS))
        ]
        counts = changes.get(site, list)(counts)
        lines += [f"{site},{day},,{count}\n" for day, count in zip(DAYS, counts, strict=True)]
    return "place,period,origin,visits\n" + "".join(lines)


def at_day(n, make):
    """A function that puts make(counts) at day n."""
    return lambda counts: [*counts[:n], *(new := make(counts)), *counts[n + len(new) :]]


@pytest.mark.parametrize(
    "check, wrong",
    [
        ("thousands_dot", at_day(70, lambda c: [2])),
        ("wrong_unit", at_day(70, lambda c: [c[70] * 100])),
        ("copied", at_day(70, lambda c: c[49:56])),
        ("zero_or_missing", at_day(70, lambda c: [0] * 14)),
        ("level_shift", at_day(70, lambda c: [4 * n for n in c[70:]])),
    ],
)
def test_days_are_read_as_months_are(check, wrong, found):
    assert found(days()) == {}
    said = found(days(Goa=wrong))
    assert set(said) == {check} and [p["place"] for p in said[check]] == ["Goa"]
    assert abs((date.fromisoformat(said[check][0]["period_start"]) - date(2019, 3, 12)).days) <= 2


CLOSED = ("2018_04", "2018_05", "2018_06")  # most places have next to nothing


def shocked(**changes):
    """The series with three months in which all sites have a hundredth."""
    rows = dict(line.rsplit(",", 1) for line in series().split("\n")[1:-1])
    low = {
        f"{site}_{key}": str(int(rows[f"{site},{key.replace('_', '-')},"]) // 100 + len(site))
        for site in SITES
        for key in CLOSED
    }
    return series(**low | changes)


def test_what_happens_to_most_places_is_one_note_and_nothing_of_it_is_asked(found, bare):  # noqa: F811
    said = found(shocked())
    (params,) = said.pop("shock")
    assert said == {} and (params["places"], params["variant"]) == (5, "down")
    assert params["period_start"] == "2018-04-01" and params["period_end"] >= "2018-06-30"
    assert bare.sql("select distinct obs_status from visits_known") == ["final"]


def test_a_proven_error_inside_of_a_shock_is_told_by_itself(found, bare):  # noqa: F811
    before = [int(r.split(",")[3]) for r in series().split("\n") if r.startswith("Goa,2018-0")][:3]
    content = shocked(Goa_2018_04=str(sum(before))) + "Pantai,2018,,99999\n"
    said = found(content)
    assert at(said["year_to_date"]) == [("Goa", "2018-04")]
    assert [p["place"] for p in said["total_differs"]] == ["Pantai"]
    assert len(said["shock"]) == 1 and len(said) == 3
    assert bare.sql("select distinct severity from findings where severity <> 'note'") == ["error"]


def test_a_year_that_repeats_another_was_copied_though_some_months_differ(found):
    year = [r.split(",") for r in series().split("\n") if r.startswith("Goa,2017")]
    copy = {f"Goa_2019_{n:02}": row[3] for n, row in enumerate(year, 1) if n not in (2, 5, 6, 11)}
    (params,) = found(series(**copy))["copied"]
    assert (params["place"], params["year"], params["equal"]) == ("Goa", 2019, 8)
    assert params["variant"] == "run"


def test_figures_that_stand_still_are_no_copies(found):
    still = {f"Goa_{m.replace('-', '_')}": "12000" for m in MONTHS_OF}
    assert [p["variant"] for p in found(series(**still)).get("copied", [])] != ["run"]


ROW_OF_YEAR = "Goa,{},,{}\n"


def year_of_goa():
    """[(month, count)] of 2018."""
    rows = [r.split(",") for r in series().split("\n") if r.startswith("Goa,2018")]
    return [(month, int(count)) for _, month, _, count in rows]


def test_a_total_that_is_not_the_sum_of_its_months_is_told_with_both(found):
    total = sum(count for _, count in year_of_goa())
    assert found(series() + ROW_OF_YEAR.format(2018, total)) == {}
    (params,) = found(series() + ROW_OF_YEAR.format(2018, total + 777))["total_differs"]
    assert (params["value"], params["parts"], params["differs"]) == (total + 777, total, 777)


def test_a_row_that_is_called_a_total_and_never_is_one_is_asked_about_once(found, bare):  # noqa: F811
    (params,) = found(series(**{f"Jumlah_2018_{n:02}": str(70001 + n) for n in range(1, 13)}))[
        "total_differs"
    ]
    assert (params["place"], params["variant"]) == ("Jumlah", "other")
    assert bare.sql("select severity from findings where \"check\" = 'total_differs'") == [
        "question"
    ]


def test_a_digit_that_the_total_proves_is_told_of_the_part(found):
    months = year_of_goa()
    may = str(months[4][1])
    content = series(Goa_2018_05=may[:2] + may[3:])
    said = found(content + ROW_OF_YEAR.format(2018, sum(count for _, count in months)))
    (params,) = said.pop("dropped_digit")
    assert (params["variant"], params["expected"], said) == ("total", int(may), {})


WIDE_YEAR = """
loads = "visits"
files = ["wide.csv"]
"""
WIDE_YEAR_SQL = """
select
    place, 'site' as place_kind, ymd('2019', _col[2:], '1') as period_start, 'M' as frequency,
    'attraction_visits' as measure, 'total' as origin, 's' as series, num(n) as visits,
    'final' as obs_status, _row, _col
from raw unpivot (n for _col in (columns('^m\\d')))
"""


def test_a_total_that_is_not_even_loaded_proves_what_is_wrong_with_its_row(found, bare):  # noqa: F811
    rows = [("Taman", 3101, 2907, 3350), ("Goa", 12011, 11007, 12400), ("Makam", 907, 885, 990)]
    lines = [f"{name},{a},{b},{c},{a + b + c}" for name, a, b, c in rows]
    files = {"wide.toml": WIDE_YEAR, "wide.sql": WIDE_YEAR_SQL}
    content = "\n".join(["place,m1,m2,m3,Triwulan I", *lines])
    assert found(**files, **{"wide.csv": content}) == {} and bare.sql("from visits limit 1")
    (params,) = found(**files, **{"wide.csv": content.replace("11007", "11070")})["control_total"]
    assert (params["name"], params["line"], params["differs"]) == ("Goa", 3, -63)


REQUEST_HEAD = (
    "SRNumber,RequestType,Owner,NC,RequestSource,CreatedDate,ServiceDate,ClosedDate,Status\n"
)
REQUEST_ROWS = """1,Bulky Items,BOS,55,Call,01/01/2018 08:00:01 AM,,01/01/2018 08:00:01 AM,Closed
2,Bulky Items,BOS,55,Call,01/01/2018 12:00:00 AM,,01/03/2018 12:00:00 AM,Closed
3,Bulky Items,BOS,55,Call,01/01/2018 08:00:01 AM,,,Closed
4,Bulky Items,BOS,55,Call,01/01/2018 08:00:01 AM,,01/01/2018 10:00:00 AM,Closed
"""


def test_requests_without_a_duration_are_told_by_kind(found):
    said = found(**{"la311.csv": REQUEST_HEAD + REQUEST_ROWS, "service.toml": REQUESTS})
    (none,), (open_,) = said["no_duration"], said["closed_without_completion"]
    assert (none["zero"], none["days_only"], none["requests_all"]) == (1, 1, 4)
    assert open_["requests"] == 1


# real files and figures


@real
def test_jakartas_months_have_lost_digits_and_two_sites_under_two_names(found):
    files = received("visitors/jakarta/2018") | received("visitors/jakarta/2019")
    said = found(**files, **{"sites.toml": MONTHS})
    lost = set(at(said["dropped_digit"]))
    assert lost >= {
        ("Taman Mini Indonesia Indah", "2018-04"),  # 49912 between 502883 and 500013
        ("Museum Sejarah Jakarta", "2018-04"),  # 6021 between 60626 and 30978
        ("Museum Satria Mandala", "2018-04"),
        ("Museum Wayang", "2018-05"),
        ("Museum Nasional", "2019-07"),
    }
    assert len(lost) <= 12
    assert [(p["place"], p["new_place"]) for p in said["scope_change"]] == [
        ("Monumen Nasional", "Monumen Nasional (kawasan)")
    ]
    renamed = [(p["place"], p["new_place"]) for p in said["renamed_site"]]
    assert renamed == [("Kawasan Kotatua", "Kawasan Kota Tua")]


@real
def test_two_months_of_jakarta_pasted_below_each_other_have_a_header_among_the_data(found):
    files = received("visitors/jakarta/2019", "*e[bi] 19.csv")
    pasted = b"".join(files.values()).replace(b"\r\r\n", b"\n")
    (params,) = found(**{"a.csv": pasted, "sites.toml": MONTHS})["broken_header"]
    assert (params["headers"], len(params["lines"])) == (1, 1)


@real
def test_the_provinces_table_was_copied_lacks_a_kind_and_is_in_thousands_twice(found):
    files = received("visitors/jabar", "od_15367*v2*")
    said = found(**files, **{"visits.toml": ATTRACTIONS})
    copies = {(p["origin"], p["year"]): p["equal"] for p in said["copied"] if not p["place"]}
    assert copies == {("wisman", 2015): 8, ("wisnus", 2015): 11, ("wisnus", 2016): 10}
    assert set(at(said["thousands_dot"])) >= {("3218", "2018-01"), ("3271", "2018-01")}
    lacking = [(p["origin"], p["period_start"][:4]) for p in said["category_missing"]]
    assert ("wisman", "2018") in lacking
    assert ("3272", "2019-01") in at(said["zero_or_missing"])  # 116,039, then 0, then 107,386


@real
def test_the_statistics_offices_dashes_are_provinces_that_were_not_there_yet(found):
    files = received("visitors", "bps*.csv")
    said = found(**files, **{"wide.toml": WIDE, "wide.sql": WIDE_SQL})
    assert {p["place"] for p in said["not_yet_or_missing"]} == {
        "PAPUA BARAT DAYA",
        "PAPUA SELATAN",
        "PAPUA TENGAH",
        "PAPUA PEGUNUNGAN",
    }
    assert ("", "2024-01") in at(said["level_shift"])  # all provinces at once


@real
def test_the_beaches_of_sumenep_rise_with_the_feast(found, bare):  # noqa: F811
    days = "".join(
        f"{d},Hari Raya Idul Fitri,,national_holiday\n" for d in ("2015-07-17", "2018-06-15")
    )
    calendar = {
        "days.csv": "day,name_id,name_en,kind\n" + days,
        "days.toml": 'loads = "calendar"\nfiles = ["days.csv"]',
    }
    said = found(**received("visitors/sumenep"), **{"visits.toml": SHEET}, **calendar)
    months = {p["period_start"][:7]: p["places"] for p in said["holiday_spike"]}
    assert "Pantai Lombang" in months["2015-07"] and "Pantai Lombang" in months["2018-06"]


@real
def test_ten_thousand_requests_have_924_without_a_duration(found):
    said = found(**received("service", "la311*"), **{"service.toml": REQUESTS})
    assert sum(p["zero"] for p in said["no_duration"]) == 924


@pytest.mark.usefixtures("served")
def test_the_percentages_of_the_citys_office_are_not_what_its_figures_give():
    said = {
        f["params"]["year"]: (f["params"]["published"], f["params"]["computed"])
        for f in kpi.snapshot("cirebon").table("findings")
        if f["check"] == "percentage_contradicted"
    }
    assert said == {2016: (15, 21.14), 2020: (40.5, 46.57), 2021: (173.72, 174.72)}


@pytest.mark.usefixtures("served")
def test_every_finding_has_an_id_of_its_own_and_a_sentence_in_each_language():
    for city, _ in kpi.cities():
        rows = kpi.snapshot(city).table("findings")
        assert len({r["id"] for r in rows}) == len(rows)
        for lang in languages():
            assert all("{" not in sentences.finding(text(lang), r) for r in rows)


# accepting

WRONG = series(Goa_2018_05="1231")
NEXT_YEAR = str(date.today() + timedelta(days=365))
ABOUT = ("--reason", "tutup separuh bulan", "--office", "Disbudpar", "--until", NEXT_YEAR)


def standing(city):
    """[(id, fingerprint holds)] of the findings that are accepted."""
    query = "select f.id, a.fingerprint = f.fingerprint from findings f join accepted a using (id)"
    return city.sql(query)


def accepted(city):
    """The id of the one finding of a city, which is accepted; the city is built again."""
    (finding,) = city.report["findings"]
    assert run(city, "accept", finding["id"], *ABOUT) == 0
    city.build()
    return finding["id"]


def test_an_accepted_finding_stays_is_said_to_be_accepted_and_marks_no_figure_suspect(
    found,
    bare,  # noqa: F811
):
    found(WRONG)
    status = "select obs_status from visits_known where visits = 1231"
    assert bare.sql(status) == ["suspect"]
    number = accepted(bare)
    assert [f["id"] for f in bare.report["findings"]] == [number]
    assert standing(bare) == [(number, True)] and bare.sql(status) == ["final"]
    later = date.today() + timedelta(days=400)
    assert bare.sql("select 1 from visits_known where obs_status = 'suspect'", as_of=later) == []
    assert (bare.folder / "findings.toml").read_text(encoding="utf-8").count("[[accepted]]") == 1


def test_an_acceptance_lapses_when_the_value_changes(found, bare):  # noqa: F811
    found(WRONG)
    number = accepted(bare)
    found(series(Goa_2018_05="1232"))
    assert standing(bare) == [(number, False)]
    assert bare.sql("select obs_status from visits_known where visits = 1232") == ["suspect"]


def test_the_id_of_a_finding_survives_other_files_and_later_figures(found, bare):  # noqa: F811
    found(WRONG)
    before = {f["id"] for f in bare.report["findings"]}
    more = {f"{site}_2020_01": str(level) for site, level in SITES.items()}
    found(series(Goa_2018_05="1231", **more))
    assert {f["id"] for f in bare.report["findings"]} == before


@pytest.mark.parametrize("arguments", [("0000000000", *ABOUT), ("x", *ABOUT[:-1], "2019-01-01")])
def test_what_is_not_found_or_over_cannot_be_accepted(arguments, found, bare):  # noqa: F811
    found(WRONG)
    assert run(bare, "accept", *arguments) == 2
    assert not (bare.folder / "findings.toml").exists()


@pytest.mark.parametrize(
    "entry",
    ['id = "a"', 'id = "a"\nfingerprint = "b"\nreason = 1\noffice = "c"\nuntil = 2030-01-01'],
)
def test_a_findings_toml_that_says_too_little_is_told_and_accepts_nothing(entry, city):
    city.build({"findings.toml": f"[[accepted]]\n{entry}\n"})
    assert "findings.toml" in city.refusals()[0] and city.sql("from accepted") == []
