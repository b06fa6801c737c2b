"""Compare: ratios of like with like only; a guest's file is checked like any and never kept."""

import csv
import gc
import io
import json
import re
import tempfile
import zipfile
from dataclasses import replace
from datetime import date
from pathlib import Path

import duckdb
import openpyxl
import pytest
import vl_convert
from conftest import HEADER, ROOT, City, sidecar, workbook
from streamlit.runtime.caching import cache_resource_api
from test_pages import html, run, title, visit

import kpi
from etl.recipe import guest as etl_guest
from kpi import beside, guest
from kpi.beside import Base, Count, Place
from kpi.once import _caches
from ui.compare import chart as compare_chart
from ui.compare import guest_words
from ui.compare import words as compare
from ui.export import guest_file
from ui.kit import charts
from ui.kit.text import languages, text

PAGE = "pages/present/compare.py"
ID, EN = text("id"), text("en")
OURS = ("etl", "kpi", "ui")  # packages whose caches all sessions share
HEADS = "daerah;tahun;yang dihitung;angka;sumber\n"


def count(value=100, year=2019, **changes):
    """A Count of attractions, whole and published, with some fields changed."""
    given = {
        "definition": "attractions",
        "measures": ("attraction_visits",),
        "series": "office",
        "source": "Office",
        "year": year,
        "value": value,
        "obs_status": "final",
        "is_complete": True,
        "origins": ("wisman", "wisnus"),
        "covered_to": None,
    }
    return Count(**given | changes)


def place(*counts, name="Kota A", people=(), km2=()):
    """A Place with counts; people and km2 as (year, value)."""
    bases = {
        "population": tuple(Base(*base, "BPS") for base in people),
        "land_area": tuple(Base(*base, "BPS") for base in km2),
    }
    return Place(name, name, "city", counts, bases)


def pair(ours, theirs, **about):
    """The Pair of two counts of Kota A and Kota B, of the kind and year of ours."""
    sides = place(*filter(None, [ours])), place(*filter(None, [theirs]), name="Kota B")
    first = ours or theirs
    return beside.pair(*sides, first.kind, first.year)


# like with like


def test_the_same_definition_and_year_have_a_ratio():
    made = pair(count(300), count(100))
    assert (made.ratio, made.reasons, made.remarks) == (3, (), ())


@pytest.mark.parametrize(
    "theirs, reason",
    [
        ({"measures": (), "definition": "not_stated"}, "not_stated"),
        ({"measures": ("trips",), "definition": "trips"}, "definition"),
        ({"year": 2018}, "year"),
        ({"obs_status": "simulated"}, "simulated"),
        ({"series": "simulated:office"}, "simulated"),
        ({"is_complete": False}, "incomplete"),
        ({"origins": ("wisman",)}, "origins"),
        ({"value": 0}, "zero"),
    ],
)
def test_everything_else_stands_side_by_side_with_the_reason(theirs, reason):
    made = pair(count(), count(**theirs))
    assert made.ratio is None and made.reasons == (reason,)
    assert made.other.count.value == theirs.get("value", 100)


def test_a_definition_is_what_adds_up_and_not_its_name():
    assert pair(count(), count(definition="daya_tarik")).ratio == 1
    assert pair(count(), count(measures=("trips",))).reasons == ("definition",)


def test_a_total_of_both_origins_is_like_its_parts():
    assert pair(count(), count(origins=("total",))).ratio == 1


def test_another_publisher_is_compared_and_said_aloud():
    made = pair(count(), count(series="other", source="Other"))
    assert made.ratio == 1 and made.remarks == ("series",)
    assert pair(count(), count(series="other", source="OFFICE")).remarks == ()


def test_of_several_publishers_those_that_are_alike_stand_beside_each_other():
    own = place(count(5, series="z", source="Z"), count(6), count(7, obs_status="simulated"))
    assert beside.pair(own, place(count(3), name="B"), "attraction_visits", 2019).ratio == 2


def test_what_a_place_lacks_its_nearest_figure_fills():
    own, other = place(count()), place(count(1, 2010), count(2, 2017), count(3, 2023), name="B")
    made = beside.pair(own, other, "attraction_visits", 2019)
    assert made.other.count.year == 2017 and made.reasons == ("year",)


def test_a_place_without_figures_is_nothing_to_compare_with():
    made = pair(count(), None)
    assert made.reasons == ("nothing",) and made.other.count is None
    assert made.other.per("population") is None


def test_per_head_and_per_km2_take_the_nearest_year_and_keep_it():
    own = place(count(300), people=[(2010, 1), (2018, 2000), (2020, 3000)], km2=[(2024, 10)])
    other = place(count(100), name="B", people=[(2019, 4000)])
    made = beside.pair(own, other, "attraction_visits", 2019)
    assert made.own.bases["population"].year == 2020  # the later of two that are as near
    assert (made.own.per("population"), made.other.per("population")) == (100, 25)
    assert made.ratio_per("population") == 4 and made.years_differ("population")
    assert made.own.per("land_area") == 30 and made.ratio_per("land_area") is None


def test_without_a_ratio_there_is_none_per_head():
    people = [(2019, 1000)]
    own, other = place(count(), people=people), place(count(is_complete=False), people=people)
    made = beside.pair(own, other, "attraction_visits", 2019)
    assert made.ratio_per("population") is None and made.other.per("population") == 100


def test_what_can_be_compared_comes_first_and_the_newest_of_it():
    total = {"measures": ("attraction_visits", "accommodation_guests")}
    own = place(count(), count(year=2020), count(year=2022, **total))
    other = place(count(), count(year=2020, is_complete=False), name="B")
    kinds = beside.kinds(own, other)
    assert list(kinds) == ["attraction_visits", "accommodation_guests.attraction_visits"]
    assert kinds["attraction_visits"][1] == [2020, 2019]
    assert beside.newest(own, other, "attraction_visits", [2020, 2019]) == 2019


def test_the_guest_comes_first_then_who_has_the_most_ratios():
    own = place(count())
    others = [
        place(count(year=2018), name="B"),
        place(count(), name="C"),
        replace(place(name="D"), kind="guest"),
    ]
    assert [o.name for o in beside.ordered(own, others)] == ["D", "C", "B"]


# places in warehouses

AREAS = {
    "areas.csv": "area,name,level,bps_code\n32.71,KOTA BOGOR,regency,3271\n"
    "32.71.01,BOGOR SELATAN,district,3271010\n32.77,KOTA CIMAHI,regency,3277\n",
}
PEOPLE = {
    "people.csv": "area,indicator,period_start,period_end,value,unit,series,obs_status,breakdown\n"
    "32.71,population,2019-01-01,2019-12-31,1000,people,bps,final,\n"
    "32.71,population,2019-01-01,2019-12-31,400,people,bps,final,laki-laki\n"
    "32.71,land_area,2019-01-01,2019-12-31,5000,ha,bps,final,\n"
    "32.71,population,2019-01-01,2019-12-31,77,people,simulated:bps,simulated,\n"
    "32.77,population,2019-01-01,2019-12-31,500,people,bps,final,\n",
    "people.toml": 'loads = "indicators"\nfiles = ["people.csv"]\npublished_at = 2020-01-01',
}


def months(code, name, visits):
    """Twelve months of a place as rows of HEADER."""
    return "".join(f"{code},{name},2019,{month},{visits}\n" for month in range(1, 13))


@pytest.fixture
def town(city, monkeypatch):
    """A city with a year of its own, of a neighbour and of a district, served by the pages."""
    monkeypatch.setenv("DUAJUTA_WAREHOUSE", str(city.target.parent))
    rows = months("32.71", "KOTA BOGOR", 10) + months("32.77", "KOTA CIMAHI", 5)
    rows += months("32.71.01", "BOGOR SELATAN", 1)
    told = 'published_at = 2020-02-01\nset = { series = "x" }'
    city.build(AREAS | PEOPLE | {"visits.csv": HEADER + rows, "visits.toml": sidecar(told)})
    return city


def test_places_are_the_city_and_others_but_no_parts_of_it(town):
    own, *others = kpi.snapshot("city").places("id")
    assert [(own.name, own.key)] == [("Kota Bogor", "city")]
    assert [(o.name, o.key, o.kind) for o in others] == [("KOTA CIMAHI", "32.77", "area")]
    made = beside.pair(own, others[0], "attraction_visits", 2019)
    assert (made.ratio, made.own.per("population"), made.ratio_per("population")) == (2, 120, 1)
    assert own.bases["land_area"] == ()  # hectares are no km2
    assert {base.value for base in own.bases["population"]} == {1000}  # none that is simulated


def test_the_figures_of_the_city_are_those_of_the_kpi(town):
    figures = {
        (f.definition, f.series, f.year, f.value) for f in kpi.snapshot("city").figures("visits")
    }
    own = kpi.snapshot("city").places("id")[0]
    assert {(c.definition, c.series, c.year, c.value) for c in own.counts} == figures != set()


def test_as_of_a_day_only_what_was_published_then_is_compared(town):
    own = kpi.snapshot("city", date(2020, 1, 15)).places("id")[0]
    assert own.counts == () and own.bases["population"][0].value == 1000
    own = kpi.snapshot("city", date(2019, 12, 31)).places("id")[0]
    assert own.bases["population"] == ()


def test_another_city_folder_stands_beside_with_its_own_words(town, tmp_path):
    other = City(tmp_path)
    other.folder, other.target = tmp_path / "data" / "next", town.target.parent / "next"
    other.write({p.name: p.read_bytes() for p in town.folder.glob("*.*")})
    other.build(
        {"city.toml": 'name = "Kota Lain"\narea = "32.77"', "text.id.toml": '[series]\nx = "Dinas"'}
    )
    own, *others = kpi.snapshot("city").places("id")
    assert [(o.name, o.key) for o in others] == [("Kota Lain", "next"), ("KOTA CIMAHI", "32.77")]
    made = beside.pair(own, others[0], "attraction_visits", 2019)
    assert made.ratio == 2 and made.other.count.source == "Dinas"


def test_a_broken_warehouse_of_another_city_is_not_ours(town):
    broken = town.target.parent / "broken"
    broken.mkdir()
    (broken / "x.duckdb").write_bytes(b"rubbish")
    (broken / "current").write_text("x")
    assert len(kpi.snapshot("city").places("id")) == 2


def test_a_warehouse_that_an_older_version_made_for_another_city_is_not_ours(town, tmp_path):
    other = City(tmp_path)
    other.folder, other.target = tmp_path / "data" / "next", town.target.parent / "next"
    path = other.write({p.name: p.read_bytes() for p in town.folder.glob("*.*")}).build()
    with duckdb.connect(path) as con:
        con.execute("alter table city drop first_service")
    assert len(kpi.snapshot("city").places("id")) == 2


# the sentences

SITUATIONS = {
    "more": (count(300), count(100)),
    "less": (count(100), count(250)),
    "alike": (count(1000), count(1010)),
    "publisher": (count(300), count(100, series="o", source="Other")),
    "estimated": (count(300), count(100, obs_status="estimated")),
    "checked": (count(300, obs_status="suspect"), count(100)),
    "not stated": (count(), count(measures=())),
    "definition": (count(), count(measures=("trips",))),
    "year": (count(), count(year=2018)),
    "simulated": (count(obs_status="simulated"), count()),
    "incomplete": (count(), count(is_complete=False)),
    "origins": (count(), count(origins=("wisnus",))),
    "zero": (count(), count(0)),
    "nothing": (count(), None),
    "several": (count(measures=()), count(year=2018, is_complete=False, series="o", source="O")),
}
GOLDEN = ROOT / "tests" / "golden_compare.csv"


def told(say, situation):
    """The title and the notes of a situation as a reader has them."""
    made = pair(*SITUATIONS[situation])
    notes = " | ".join(f"{mark}: {sentence}" for mark, sentence in compare.notes(say, made))
    return [
        part.replace("\u00a0", " ")
        for part in (compare.title(say, made), notes, compare.short(say, made))
    ]


@pytest.mark.parametrize("lang", languages())
@pytest.mark.parametrize("situation", SITUATIONS)
def test_the_words_are_the_golden_ones(situation, lang):
    with GOLDEN.open(encoding="utf-8", newline="") as file:
        golden = {(r["situation"], r["lang"]): r for r in csv.DictReader(file)}
    row = golden[situation, lang]
    assert told(text(lang), situation) == [row["title"], row["notes"], row["short"]]


@pytest.mark.parametrize("situation", SITUATIONS)
def test_the_finding_has_ten_words_beside_the_names(situation):
    for lang in languages():
        assert len(told(text(lang), situation)[0].split()) <= 10 + 2


def test_the_years_of_population_and_area_are_named():
    own = place(count(300), people=[(2020, 1000)], km2=[(2024, 39.4)])
    other = place(count(100), name="Kota B", people=[(2025, 500)])
    made = beside.pair(own, other, "attraction_visits", 2019)
    assert "penduduknya dari tahun berbeda (2020 dan 2025)." in [
        s for _, s in compare.notes(ID, made)
    ]
    said = " ".join(compare.caption(ID, made, None))
    assert "Penduduk Kota A: 1.000 (2020, BPS). Penduduk Kota B: 500 (2025, BPS)." in said
    assert "Luas Kota A: 39,40 km² (2024, BPS)." in said


# the chart


def specs(made, say=ID, is_dark=False):
    """The Vega-Lite specifications of the panels of a Pair."""
    return [compare_chart.panel(*p, say, is_dark).to_dict() for p in compare.panels(say, made)]


def rows(spec, name):
    """The rows of a specification that have a field."""
    return [r for data in spec["datasets"].values() for r in data if name in r]


def test_every_bar_has_its_number_and_the_longest_is_the_greatest():
    visits, people, area = specs(pair(count(300), count(100)))
    assert [(r["name"], r["label"]) for r in rows(visits, "known")] == [
        ("Kota A, 2019", "300"),
        ("Kota B, 2019", "100"),
    ]
    assert [r["to"] for r in rows(visits, "to")] == [1, pytest.approx(1 / 3)]
    assert [r["label"] for r in rows(people, "known")] == ["penduduk tidak diketahui"] * 2
    assert visits["description"] == "Kunjungan. Kota A, 2019: 300; Kota B, 2019: 100"
    assert rows(area, "to") == []


def test_a_long_name_leaves_room_for_the_number_beside_it():
    own, other = place(count(3_486_784_401), name="Kabupaten " * 7), place(count(7), name="B")
    (spec, *_) = specs(beside.pair(own, other, "attraction_visits", 2019))
    wide = {"width": 300, "autosize": {"type": "fit", "contains": "padding"}}
    shown = re.findall(r">([^<>]+)</text>", vl_convert.vegalite_to_svg(spec | wide))
    names = [one for one in shown if one.startswith("Kabupaten")]
    assert names and all(name.endswith("…") and len(name) < 50 for name in names)
    assert "3.486.784.401" in shown and "B, 2019" in shown


def test_what_is_simulated_is_hatched_and_says_so():
    visits, *_ = specs(pair(count(obs_status="simulated"), count()))
    first = [r for r in rows(visits, "to") if r["name"].startswith("Kota A")]
    assert len(first) == compare_chart.DASHES and first[0]["look"] == "hatched"
    assert rows(visits, "known")[0]["label"] == "100 · data simulasi"


def test_an_incomplete_year_is_drawn_softer():
    visits, *_ = specs(pair(count(), count(is_complete=False)))
    assert [r["look"] for r in rows(visits, "to")] == ["solid", "soft"]


@pytest.mark.parametrize("is_dark", [False, True])
def test_the_chart_has_the_colours_of_its_theme(is_dark):
    spec = json.dumps(specs(pair(count(), count()), EN, is_dark)[0])
    lines = (charts.DARK if is_dark else charts.LIGHT)["lines"]
    assert lines[0] in spec and lines[1] in spec


# the guest's file


def read(content, name="kudus.csv"):
    """The Guest of a file: bytes, or the rows below HEADS."""
    content = content if isinstance(content, bytes) else (HEADS + content).encode()
    return guest.read(name, content, guest_words.headings(), guest_words.meanings(guest.COUNTED))


def faults(found, say=EN):
    """The sentences on rejected rows, or the one on the refused file."""
    if found.refusal:
        return [guest_words.refusal(say, *found.refusal)]
    return [guest_words.reject(say, row) for row in found.rejects]


KUDUS = (
    "Kabupaten Kudus;2019;objek wisata;2.056.124;Dinas\n"
    "Kabupaten Kudus;2019;Penduduk (jiwa);871311;BPS\n"
    "Kabupaten Kudus;2019;luas wilayah (km2);425,15;BPS\n"
)


def test_a_guests_file_becomes_a_place_that_is_compared_like_any():
    (made,) = read(KUDUS).places
    assert (made.name, made.kind, made.key) == ("Kabupaten Kudus", "guest", "guest-1")
    own = place(count(1_028_062), people=[(2019, 871311)], km2=[(2019, 42.515)])
    compared = beside.pair(own, made, "attraction_visits", 2019)
    assert compared.ratio == 0.5 and compared.remarks == ("series",)
    assert compared.ratio_per("population") == 0.5
    assert compared.ratio_per("land_area") == pytest.approx(5)


def test_a_year_that_is_not_over_is_not_compared_as_a_whole():
    this_year = date.today().year
    (made,) = read(KUDUS.replace(";2019;objek", f";{this_year};objek")).places
    compared = beside.pair(place(count(year=this_year)), made, "attraction_visits", this_year)
    assert compared.ratio is None and "incomplete" in compared.reasons


def test_each_language_is_read_whatever_the_page_speaks():
    english = (
        b"place,year,counted,number,source\nA,2019,attractions,5,x\nA,2019,land area (km2),5.5,x\n"
    )
    (made,) = read(english).places
    assert made.counts[0].value == 5 and made.bases["land_area"][0].value == 5.5


@pytest.mark.parametrize(
    "row, fault",
    [
        ("A;2019;objek wisata;abc;x", 'column number: "abc" was rejected. It must be a number'),
        ("A;2019;luas wilayah (km2);24.325;x", "can mean thousands or decimals"),
        ("A;2019;objek wisata;5,5;x", "must be whole numbers"),
        ("A;2019;objek wisata;-5;x", "between 0 and 10,000,000,000"),
        ("A;2019;objek wisata;1e300;x", "between 0 and 10,000,000,000"),
        ("A;2019;objek wisata;;x", "empty cell"),
        ("A;2019;penduduk (jiwa);0;x", "must be above zero"),
        ("A;19;objek wisata;5;x", "between 1950 and 2100"),
        ("A;dua ribu;objek wisata;5;x", "column year"),
        ("A;2019;tamu;5;x", "one of the list"),
        ("<b>A</b>;2019;objek wisata;5;x", "begins with a letter"),
        ("=HYPERLINK(1);2019;objek wisata;5;x", "begins with a letter"),
        ("[a](http://b);2019;objek wisata;5;x", "begins with a letter"),
        ("www.evil.test;2019;objek wisata;5;x", "no web address"),
        (f"{'A' * 81};2019;objek wisata;5;x", "at most 80"),
        ("A;2019;objek wisata;5;=cmd|' /C calc'!A0", "The source begins with"),
        ("A;2019;objek wisata;5", "row 2"),
    ],
)
def test_a_bad_row_is_told_with_file_row_value_and_rule(row, fault):
    found = read(f"{row}\nB;2019;objek wisata;7;x\n")
    (told_,) = faults(found)
    assert told_.startswith("kudus.csv, row 2") and fault in told_
    assert [p.name for p in found.places] == ["B"]  # the good rows are used


def test_groups_of_three_are_thousands_where_only_whole_numbers_are_counted():
    found = read("A;2019;objek wisata;24.325;x\nA;2019;penduduk;24,325;x\nA;2018;trips;0.325;x\n")
    assert [c.value for p in found.places for c in p.counts] == [24325]
    assert [b.value for p in found.places for b in p.bases["population"]] == [24325]
    assert [row["text"] for row in found.rejects] == ["0.325"]
    cells = workbook(HEADS.strip().split(";"), ["A", 2019, "objek wisata", 24.325, "x"])
    assert faults(read(cells, "a.xlsx")) and not read(cells, "a.xlsx").places  # a decimal stays one


@pytest.mark.parametrize(
    "said",
    ["penduduk", "Population", "Objek  Wisata+akomodasi", "luas wilayah", "perjalanan wisnus"],
)
def test_what_is_counted_is_understood_without_its_unit_and_however_spaced(said):
    assert read(f"A;2019;{said};5;x\n").rows == 1


def test_a_column_too_many_is_told_with_the_readers_headings():
    refused = read(b"daerah;tahun;yang dihitung;angka;sumber;nilai\nA;2019;trips;5;x;y\n")
    assert "place, year, counted, number, source, nilai" in guest_words.refusal(
        EN, *refused.refusal
    )


def test_faults_are_told_in_the_readers_language():
    assert faults(read("A;2019;objek wisata;abc;x\n"), ID) == [
        'kudus.csv, baris 2, kolom angka: "abc" ditolak. Harus bilangan, seperti 812345 atau 970,1.'
    ]


def test_the_same_key_twice_is_once_if_equal_and_never_if_not():
    twice = "A;2019;objek wisata;5;x\n"
    assert len(read(twice + twice).places[0].counts) == 1
    found = read(twice + twice.replace(";5;", ";6;"))
    assert found.places == () and len(faults(found)) == 2
    assert [row["line"] for row in found.rejects] == [2, 3]
    assert all(EN("rule.guest_twice") in fault for fault in faults(found))
    assert [row["text"] for row in found.rejects] == ["5", "6"]


def test_a_place_is_one_however_it_is_spaced_and_capitalised():
    found = read(KUDUS.replace("Kabupaten Kudus;2019;objek", " KABUPATEN  kudus ;2019;objek"))
    (made,) = found.places
    assert made.name == "KABUPATEN kudus" and made.counts and all(made.bases.values())
    twice = read("A;2019;objek wisata;5;x\na;2019;objek wisata;6;x\n")
    assert twice.places == () and len(faults(twice)) == 2


@pytest.mark.parametrize("lang", languages())
def test_what_is_wrong_is_told_with_the_readers_headings_and_the_guests_number(lang):
    say = text(lang)
    (fault,) = faults(read("A;2019;objek wisata;1,5;x\n"), say)
    assert f"{say('guest.column.value')}, {say('guest.column.counted')}" in fault
    assert '"1.5"' in fault and "attractions" not in fault
    for content, column in (
        (b"a;b\n1;2\n", "place"),
        ("A;2019;trips;5;3274012345678901\n", "source"),
    ):
        code, params = read(content).refusal
        own = params | {"column": say(f"guest.column.{column}")}
        assert guest_words.refusal(say, code, params) == say.refusal(code, own)


def bomb():
    """A workbook of a few kB that would unpack to 30 MB."""
    book = workbook(["daerah", "tahun", "yang dihitung", "angka", "sumber"])
    out = io.BytesIO(book)
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/media/zeros.bin", b"\0" * 30_000_000)
    return out.getvalue()


def far():
    """A workbook whose sheet spans more cells than a guest's table can."""
    book = openpyxl.Workbook()
    book.active["A1"], book.active["ZZ90000"] = "daerah", 1
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@pytest.mark.parametrize(
    "content, name, code",
    [
        (b"", "a.csv", "empty_file"),
        (b"\xff\xfe\x00\xd8\x00\xd8", "a.csv", "guest_encoding"),
        (HEADS.encode() + b"A;2019;objek wisata;5;\xe9t\xe9\n", "a.csv", "guest_encoding"),
        (b"MZ\x90", "a.exe", "guest_kind"),
        (b"PK\x03\x04rubbish", "a.xlsx", "unreadable_workbook"),
        (b"a,b\n1,2\n", "a.xlsx", "other_kind"),
        (b"x" * 1_000_001, "a.csv", "file_too_large"),
        (b"a;b\n" + b"a;" * 450_000, "a.csv", "long_line"),
        (bomb(), "a.xlsx", "unpacks_too_large"),
        (far(), "a.xlsx", "too_many_cells"),
        (b"a;b\n1;2\n", "a.csv", "missing_column"),
        (
            HEADS.replace("\n", ";lain\n").encode() + b"A;2019;objek wisata;5;x;y\n",
            "a.csv",
            "guest_columns",
        ),
        (
            HEADS.replace("\n", ";NIK\n").encode() + b"A;2019;objek wisata;5;x;y\n",
            "a.csv",
            "guest_personal",
        ),
        (HEADS.encode() + b"A;2019;objek wisata;5;3274012345678901\n", "a.csv", "guest_personal"),
        (HEADS.encode() + b"A;2019;objek wisata;5;x\n" * 1001, "a.csv", "guest_too_long"),
        (HEADS.encode(), "a.csv", "no_rows"),
    ],
    ids=lambda v: v if isinstance(v, str) else "",
)
def test_a_file_that_cannot_be_used_is_refused_in_words(content, name, code):
    found = read(content, name)
    assert found.refusal[0] == code and found.places == ()
    for lang in languages():
        assert name in faults(found, text(lang))[0]


def test_a_formula_is_read_as_its_result_and_never_worked_out():
    heads = ["daerah", "tahun", "yang dihitung", "angka", "sumber"]
    found = read(workbook(heads, ["A", 2019, "objek wisata", "=1+1", "x"]), "a.xlsx")
    assert "empty cell" in faults(found)[0]  # openpyxl keeps no result beside the formula


@pytest.fixture(autouse=True)
def in_this_process(request):
    """A child for each of the many files here would take minutes; tests/test_fence.py has them."""
    request.getfixturevalue("unfenced")


def test_nothing_that_breaks_while_a_file_is_read_quotes_it(monkeypatch, capfd):
    def breaks(*_):
        raise ValueError("Kabupaten Rahasia")

    monkeypatch.setattr(etl_guest, "make", breaks)
    found = read(KUDUS)
    assert found.refusal[0] == "guest_unreadable"
    assert found.refusal[1]["error"].startswith("ValueError, guest.py:")
    assert capfd.readouterr() == ("", "")


# the template


@pytest.mark.parametrize("lang", languages())
def test_the_template_filled_in_is_read_as_it_is(lang):
    say = text(lang)
    book = openpyxl.load_workbook(io.BytesIO(guest_file.workbook(say)))
    sheet, guide = book.worksheets
    assert [c.value for c in sheet[1]] == [h for h, _ in guest_words.columns(say)]
    assert sheet.max_column == 5 and sheet.max_row == 1
    (rule,) = sheet.data_validations.dataValidation
    first, last = map(int, re.findall(r"\$A\$(\d+)", rule.formula1))
    words = [guide.cell(row, 1).value for row in range(first, last + 1)]
    assert words == [guest_words.word(say, code) for code in guest.COUNTED]
    for i, word in enumerate(words):
        sheet.append([f"Daerah {i}", 2019, word, 5, "BPS"])
    out = io.BytesIO()
    book.save(out)
    found = read(out.getvalue(), "a.xlsx")
    assert (found.refusal, found.rejects, found.rows) == (None, (), len(guest.COUNTED))


@pytest.mark.parametrize("lang", languages())
def test_the_csv_template_has_the_five_headings(lang):
    content = guest_file.plain(text(lang)).decode("utf-8-sig")
    mark = {"id": ";", "en": ","}[lang]
    assert content == mark.join(h for h, _ in guest_words.columns(text(lang))) + "\r\n"


def test_what_a_guest_can_count_is_what_the_contract_takes():
    rule = next(c.expression for c in etl_guest.contract().checks if c.columns == ("counted",))
    assert tuple(re.findall(r"'(\w+)'", rule)) == guest.COUNTED
    assert tuple(etl_guest.contract().names) == guest_words.COLUMNS


# the page


@pytest.mark.usefixtures("served")
@pytest.mark.parametrize("lang", languages())
@pytest.mark.parametrize("address", ["", "&as_of=today", "&city=demak", "&as_of=2001-01-01"])
def test_the_page_opens_in_every_state(address, lang):
    at = visit(f"lang={lang}{address}", PAGE)
    assert title(at) and not at.warning
    assert text(lang)("guest.title") in [h.value for h in at.header]


@pytest.mark.usefixtures("served")
def test_the_choice_stands_in_the_address():
    at = visit("as_of=today&with=32.08&definition=attraction_visits&year=2019", PAGE)
    assert title(at) == "Kunjungan Kota Cirebon 2,8 kali Kabupaten Kuningan, 2019"
    at.selectbox(key="year").select("2020").run()
    assert at.query_params["year"] == ["2020"] or at.query_params["year"] == "2020"
    at.selectbox(key="with").select("demak").run()
    assert "year" not in at.query_params and "cakupan tidak dinyatakan" in html(at)


@pytest.mark.usefixtures("served")
def test_what_the_address_names_wrongly_is_told():
    at = visit("as_of=today&with=nowhere&year=1800", PAGE)
    assert len(at.warning) == 2 and title(at)


@pytest.mark.usefixtures("served")
def test_a_simulated_figure_brings_the_banner():
    shown = html(visit("as_of=2019-09-30&definition=attraction_visits&year=2018", PAGE))
    assert "simulasi: angka bertanda" in shown
    assert "data simulasi (Kota Cirebon) tidak dibandingkan dengan angka terbitan" in shown


def test_an_empty_city_is_told_kindly_and_takes_a_guests_file(city, monkeypatch):
    monkeypatch.setenv("DUAJUTA_WAREHOUSE", str(city.target.parent))
    city.build()
    at = visit("city=city", PAGE)
    assert at.info[0].value == ID("compare.no_other")
    upload(at, KUDUS)
    assert at.info[0].value == ID("compare.no_own", place="Kota Bogor")


def upload(at, rows_, name="kudus.csv"):
    """Uploads a file of these rows below HEADS."""
    at.file_uploader[0].set_value((name, (HEADS + rows_).encode(), "text/csv"))
    return run(at)


def test_an_uploaded_file_is_compared_at_once_and_forgotten_by_a_button(town):
    at = visit("city=city", PAGE)
    upload(at, KUDUS + "Kota Y;2019;objek wisata;x;y\n")
    assert title(at).startswith("Kunjungan Kabupaten Kudus 17.134 kali Kota Bogor")
    assert "kudus.csv, baris 5, kolom angka: &#34;x&#34; ditolak" in html(at)
    forget = next(b for b in at.button if b.label == ID("guest.forget"))
    forget.click()
    run(at)
    assert "Kudus" not in html(at) + title(at) and "guest" not in at.session_state


def test_another_session_does_not_see_a_guests_file(town):
    mine, theirs = visit("city=city", PAGE), visit("city=city", PAGE)
    upload(mine, KUDUS)
    run(theirs)
    assert "Kudus" in title(mine) and "Kudus" not in title(theirs) + html(theirs)
    assert "guest" not in theirs.session_state
    again = visit("city=city&with=guest-1", PAGE)
    assert "Kudus" not in title(again) + html(again) and again.warning


def files(*folders):
    """{path: (size, time of change)} of every file below folders."""
    return {
        p: (p.stat().st_size, p.stat().st_mtime_ns)
        for folder in folders
        for p in Path(folder).rglob("*")
        if p.is_file() and "__pycache__" not in p.parts
    }


def test_a_guests_file_leaves_no_file_and_no_trace_in_shared_caches(town, tmp_path, monkeypatch):
    temp = tmp_path / "temp"
    temp.mkdir()
    monkeypatch.setenv("TMPDIR", str(temp))
    monkeypatch.setattr(tempfile, "tempdir", None)
    at = visit("city=city", PAGE)
    where = (town.folder, town.target.parent, temp, ROOT / "data")
    before = files(*where), set(ROOT.iterdir())
    upload(at, KUDUS.replace("Kudus", "Unik Sekali"))
    assert "Unik Sekali" in title(at)
    assert (files(*where), set(ROOT.iterdir())) == before
    shared = str(list(all_kept()))
    assert "KOTA CIMAHI" in shared and "Unik Sekali" not in shared


def all_kept():
    """What is kept for all sessions: by kpi, by functools, and drawings by Streamlit."""
    for kept, _ in _caches:
        yield from ((key, future.result()) for key, future in kept.items())
    functions = [one for one in gc.get_objects() if type(one).__name__ == "_lru_cache_wrapper"]
    ours = [one for one in functions if one.__module__.split(".")[0] in ("etl", "kpi", "ui")]
    yield gc.get_referents(*ours)
    for functions in cache_resource_api._resource_caches._function_caches.values():
        yield from (vars(one) for one in functions.values())


def test_a_guests_texts_are_shown_as_they_are(town):
    at = visit("city=city", PAGE)
    upload(
        at, "<img src=x onerror=alert(1)>;2019;objek wisata;5;x\nB;2019;objek wisata;9;a <b>$x$\n"
    )
    shown = html(at)
    assert "&lt;img src=x" in shown and "<img" not in shown
    assert "a &lt;b&gt;$x$" in shown and "a <b>" not in shown
