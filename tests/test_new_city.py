"""A new city: one command makes its folder; empty, it builds and each page says what to fill in."""

import re
import tomllib

import pytest
from conftest import ROOT, City, sidecar
from streamlit.testing.v1 import AppTest

from etl.__main__ import main
from etl.cli.new_city import DEFINITIONS, new_city, time_zone
from etl.load.city import read_city
from ui.kit.text import languages, text

pytestmark = pytest.mark.build
TEXTS = {lang: text(lang) for lang in languages()}
MENU = re.findall(r'st\.Page\("([^"]+)"', (ROOT / "dashboard.py").read_text(encoding="utf-8"))
GLOSSARY = "pages/explore/glossary.py"  # explains the KPIs, whatever is known of a city


def make(folder, name="Kabupaten Kudus", code="33.19", lang="id"):
    """The new city as a City, not yet built."""
    city = City(folder)
    new_city(city.folder.parent, city.folder.name, name, code, text(lang), TEXTS)
    return city


@pytest.fixture(scope="module")
def empty(tmp_path_factory):
    """A new city, built, in which nothing has been filled in."""
    city = make(tmp_path_factory.mktemp("new"))
    city.build()
    return city


# the command


def command(tmp_path, *words):
    """The exit code of `python -m etl` with folders of its own."""
    folders = ["--data", str(tmp_path / "data"), "--warehouse", str(tmp_path / "warehouse")]
    return main([*words, *folders])


KUDUS = ("new-city", "kudus", "--name", "Kabupaten Kudus", "--code", "33.19")


def test_one_command_makes_a_folder_that_builds_without_a_finding(tmp_path, capsys):
    assert command(tmp_path, *KUDUS) == 0
    assert "python3 run.py --city kudus" in capsys.readouterr().out
    assert command(tmp_path) == 0
    assert "belum diisi" in capsys.readouterr().out
    assert command(tmp_path, "status", "--city", "kudus") == 0


def test_it_knows_one_idul_fitri_a_year_and_says_from_whom(empty):
    feasts = "kind = 'national_holiday' and name_id like 'Hari Raya Idul Fitri%'"
    days = empty.sql(f"select day::varchar from calendar where {feasts} order by day")
    assert [day[:4] for day in days] == [str(year) for year in range(2014, 2031)]
    assert {"2019-06-05", "2023-04-22", "2026-03-21"} <= set(days)  # official, a day after the moon
    assert empty.sql("select count(*) from rejects") == [0]
    source = "select producer, licence from datasets where dataset = 'reference/holidays'"
    assert "holidays 0.109" in empty.sql(source)[0][0]


@pytest.mark.parametrize("lang", languages())
@pytest.mark.parametrize(
    "folder, name, code, refusal",
    [
        ("Kudus", "Kabupaten Kudus", "33.19", "bad_city_folder"),
        ("../kudus", "Kabupaten Kudus", "33.19", "bad_city_folder"),
        ("33kudus", "Kabupaten Kudus", "33.19", "bad_city_folder"),
        ("kudus", "", "33.19", "bad_city_name"),
        ("kudus", "Kabupaten\nKudus", "33.19", "bad_city_name"),
        ("kudus", "Kabupaten Kudus", "3319", "bad_city_code"),
        ("kudus", "Kabupaten Kudus", "33.19.01", "bad_city_code"),
        ("kudus", "Kabupaten Kudus", "", "bad_city_code"),
    ],
)
def test_a_name_or_code_that_cannot_be_one_is_refused(
    tmp_path, capsys, lang, folder, name, code, refusal
):
    words = ("new-city", folder, "--name", name, "--code", code, "--lang", lang)
    assert command(tmp_path, *words) == 2
    value = {"bad_city_folder": folder, "bad_city_name": name, "bad_city_code": code}[refusal]
    assert capsys.readouterr().err == text(lang).refusal(refusal, {"value": value}) + "\n"
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_there_stays_as_it_is(tmp_path, capsys):
    (tmp_path / "data" / "kudus").mkdir(parents=True)
    assert command(tmp_path, *KUDUS, "--lang", "en") == 2
    assert "is there already and stays as it is" in capsys.readouterr().err
    assert list((tmp_path / "data" / "kudus").iterdir()) == []


def test_a_folder_that_cannot_be_written_leaves_nothing_behind(tmp_path, monkeypatch):
    def full(*args, **kwargs):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("etl.cli.new_city._text", full)
    assert command(tmp_path, *KUDUS) == 2
    assert list((tmp_path / "data").iterdir()) == []


# its files


@pytest.mark.parametrize("lang", languages())
def test_a_new_city_is_what_it_was_said_to_be(tmp_path, lang):
    name = 'Kabupaten "Kudus" \\ Menara'
    city = make(tmp_path, name, "51.71", lang)
    told = read_city(city.folder)
    assert (told["name"], told["area"], told["time_zone"]) == (name, "51.71", "Asia/Makassar")
    assert told["default"] is False and "ruling_target" not in told


@pytest.mark.parametrize("lang", languages())
def test_city_toml_is_still_right_once_its_marks_are_taken_away(tmp_path, lang):
    path = make(tmp_path, lang=lang).folder / "city.toml"
    path.write_text(re.sub(r"(?m)^# (?=\[|\w+ += )", "", path.read_text(encoding="utf-8")))
    told = read_city(path.parent)
    assert told["ruling_target"]["definition"] in DEFINITIONS and told["demo_as_of"]


@pytest.mark.parametrize("lang", languages())
def test_a_city_has_sentences_of_its_own_in_every_language(tmp_path, lang):
    folder = make(tmp_path).folder
    path = folder / f"text.{lang}.toml"
    assert tomllib.loads(path.read_text(encoding="utf-8"))["title"].endswith("Kabupaten Kudus")


@pytest.mark.parametrize(
    "code, zone", [("33.19", "Jakarta"), ("61.71", "Jakarta"), ("64.72", "Makassar"),
                   ("73.71", "Makassar"), ("81.71", "Jayapura"), ("91.71", "Jayapura")],
)  # fmt: skip
def test_the_time_zone_follows_from_the_province(code, zone):
    assert time_zone(code) == f"Asia/{zone}"


def test_definitions_are_the_same_in_every_city(empty):
    name = "reference/definitions.csv"
    lists = [p.read_text(encoding="utf-8") for p in (ROOT / "data").glob(f"*/{name}")]
    assert {*lists} == {(empty.folder / name).read_text(encoding="utf-8")}


# an empty template is not filled in yet


def test_nothing_of_an_empty_city_is_refused_or_rejected(empty):
    assert {u["refusal"] for u in empty.report["units"]} == {None, "not_filled"}
    assert empty.report["refused"] == empty.report["rejects"] == empty.report["findings"] == []


def test_a_workbook_and_a_csv_may_lie_side_by_side(tmp_path):
    city = make(tmp_path)
    row = "33.19,area,2024-01-01,A,attraction_visits,total,Disbudpar,1200,final\n"
    heads = "place,place_kind,period_start,frequency,measure,origin,series,visits,obs_status\n"
    city.build({"visits/visits.csv": heads + row})
    assert city.loaded == [1200]
    query = (ROOT / "kpi" / "queries" / "waiting.sql").read_text(encoding="utf-8")
    assert "visits" not in dict(city.sql(query)) and "targets" in dict(city.sql(query))


def test_a_received_file_without_rows_is_still_refused(tmp_path):
    city = make(tmp_path)
    city.build({"visits.csv": "place,name,year,month,visits\n", "visits.toml": sidecar()})
    assert "no_rows" in {u["refusal"] for u in city.report["units"]}


# the pages


@pytest.mark.parametrize("lang", languages())
@pytest.mark.parametrize("page", MENU)
def test_every_page_of_an_empty_city_says_what_to_fill_in(empty, page, lang, monkeypatch):
    monkeypatch.setenv("DUAJUTA_WAREHOUSE", str(empty.target.parent))
    at = AppTest.from_file(str(ROOT / "dashboard.py"), default_timeout=60).run()
    at.switch_page(page)
    at.query_params["lang"] = lang
    at.run()
    assert [e.value for e in at.exception] == [] and not at.error and at.title
    told = " ".join(i.value for i in at.info)
    files = re.findall(r"data/\S+\.\w+", told)
    assert all((empty.folder.parents[1] / file).is_file() for file in files)
    assert page == GLOSSARY or (files and "python3 run.py etl --city city" in told)


def test_a_city_that_is_filled_in_says_so_no_more(served, monkeypatch):
    at = AppTest.from_file(str(ROOT / "dashboard.py"), default_timeout=60).run()
    at.query_params["city"] = "demak"
    assert not [i for i in at.run().info if "data/demak" in i.value]


# which city opens


def test_the_city_that_says_default_opens_and_two_of_them_are_told(tmp_path, capsys):
    for name in ("jepara", "kudus"):
        assert command(tmp_path, "new-city", name, "--name", name, "--code", "33.19") == 0
    folder = tmp_path / "data"
    for name, code in (("kudus", 0), ("jepara", 1)):
        path = folder / name / "city.toml"
        path.write_text(path.read_text().replace("default = false", "default = true"))
        assert command(tmp_path) == code
    assert "jepara dan kudus" in capsys.readouterr().err


def test_a_new_city_says_which_one_still_opens_first(tmp_path, capsys):
    (tmp_path / "data" / "jepara").mkdir(parents=True)
    (tmp_path / "data" / "jepara" / "city.toml").write_text("default = true\n")
    assert command(tmp_path, *KUDUS) == 0
    assert "jepara" in capsys.readouterr().out
