"""What must not pass without a word, and whose words must not be passed on."""

import json

import duckdb
import pytest
from conftest import HEADER, MAP, sidecar

from etl import warehouse
from etl.contract import macros
from etl.load.city import read_city
from etl.problem import Refused
from ui.kit.text import text

ROW = "3271,KOTA BOGOR,2019,1,5\n"


def everything(city):
    """All bytes below the city's warehouse folder."""
    return b"".join(p.read_bytes() for p in city.target.rglob("*") if p.is_file())


@pytest.mark.parametrize("number", ["3274010101010001", "3274 0101 0101 0001", "081234567890"])
def test_a_file_without_header_row_is_refused_without_telling_what_it_holds(city, number):
    first = f"BUDI SANTOSO,{number},2019,1,5\n"
    city.build({"visits.csv": first * 2, "visits.toml": sidecar()})
    (told,) = city.refusals()
    assert "seems to have no header row" in told and "BUDI" not in told and number not in told
    assert b"BUDI" not in everything(city) and number.encode() not in everything(city)


def test_an_identity_number_in_groups_of_four_is_one_too(city):
    header = HEADER.strip() + ",id\n"
    text = header + ROW.strip() + ",3274 0101 0101 0001\n"
    city.build({"visits.csv": text, "visits.toml": sidecar()})
    assert ["column id looks like personal data" in r for r in city.refusals()] == [True]


@pytest.mark.parametrize("heading", ["2019-01-01 00:00:00", "2019-01-01", "20190101"])
def test_a_day_or_moment_as_heading_is_a_heading(city, heading):
    text = HEADER.strip() + f",{heading}\n" + ROW.strip() + ",1\n"
    city.build({"visits.csv": text, "visits.toml": sidecar()})
    assert city.loaded == [5]


def test_a_stated_utf8_may_have_its_mark(city):
    city.build(
        {
            "visits.csv": b"\xef\xbb\xbf" + (HEADER + ROW).encode(),
            "visits.toml": sidecar(recipe='[read]\nencoding = "utf-8"\n' + MAP),
        }
    )
    assert city.loaded == [5]


@pytest.mark.parametrize("line", ["first = -3", "first = 0", "header = [0]"])
def test_a_line_is_counted_from_one(city, line):
    city.visits(ROW, recipe=f"[read]\n{line}\n" + MAP)
    assert ["[read]" in told for told in city.refusals()] == [True]


def test_a_sidecar_may_be_called_city_in_a_folder_below(city):
    city.build({"in/city.csv": HEADER + ROW, "in/city.toml": sidecar(files="city.csv")})
    assert city.loaded == [5]


def test_a_file_that_no_dataset_reads_is_told(city):
    city.visits(ROW)
    city.build({"deep/left.xlsx": b"x", "notes.md": "x"})
    assert ["No dataset reads the file deep/left.xlsx" in r for r in city.refusals()] == [True]
    assert city.loaded == [5]


def test_dates_that_fit_no_file_are_told(city):
    city.visits(ROW, recipe='[per_file]\n"*_v9.csv" = 2019-02-01\n' + MAP)
    assert ['"*_v9.csv" fits no file' in r for r in city.refusals()] == [True]


def test_a_name_without_its_date_refuses_that_file_only(city):
    pattern = r"published_at = { pattern = '(?P<year>\d{4})-(?P<month>\d\d)-(?P<day>\d\d)' }"
    files = {"visits-2019-03-01.csv": HEADER + ROW, "visits-new.csv": HEADER + ROW}
    city.build({**files, "visits.toml": sidecar(pattern, files="visits-*.csv")})
    assert city.loaded == [5]
    assert ["visits-new.csv does not fit" in r for r in city.refusals()] == [True]


def test_a_slip_in_the_citys_sentences_leaves_the_city_built(city):
    city.visits(ROW)
    city.build({"text.en.toml": "title = "})
    assert city.loaded == [5]
    assert ["text.en.toml is not valid TOML" in r for r in city.refusals()] == [True]


@pytest.mark.parametrize(
    "toml",
    [
        'time_zone = "Asia/Cirebon"',
        "[ruling_target]\nkpi = 1\nyear = 2019\ndocument = 'x'\ndefinition = 'x'\nseries = 'x'",
        "[ruling_target]\nkpi = 'v'\nyear = 'x'\ndocument = 'x'\ndefinition = 'x'\nseries = 'x'",
    ],
)
def test_city_toml_is_checked_before_anything_is_built(city, toml):
    city.write({"city.toml": toml})
    with pytest.raises(Refused):
        read_city(city.folder)


def test_a_ruling_target_that_no_document_states_is_found(city):
    ruling = '\n[ruling_target]\nkpi = "visits"\nyear = 2019\ndocument = "Nowhere"\n'
    ruling += 'definition = "both"\nseries = "visits"\n'
    city.build({"city.toml": 'area = "32.71"' + ruling})
    assert [f["check"] for f in city.report["findings"]] == ["ruling_target_unknown"]


def test_months_that_a_newer_file_lacks_are_findings_of_their_own(city):
    dates = '[per_file]\n"visits1.csv" = 2019-05-01\n"visits2.csv" = 2019-06-01\n'
    more = "3271,KOTA BOGOR,2019,2,7\n3271,KOTA BOGOR,2019,3,8\n"
    city.build(
        {
            "visits1.csv": HEADER + ROW + more,
            "visits2.csv": HEADER + ROW,
            "visits.toml": sidecar(recipe=dates + MAP, files="visits?.csv"),
        }
    )
    assert len({f["id"] for f in city.report["findings"]}) == 2


def test_a_file_of_the_year_after_has_lost_nothing(city):
    dates = '[per_file]\n"visits1.csv" = 2020-01-20\n"visits2.csv" = 2021-01-20\n'
    city.build(
        {
            "visits1.csv": HEADER + ROW,
            "visits2.csv": HEADER + ROW.replace("2019", "2020"),
            "visits.toml": sidecar(recipe=dates + MAP, files="visits?.csv"),
        }
    )
    assert city.report["findings"] == []


def test_a_key_that_a_newer_file_no_longer_has_is_found_and_goes_on_counting(city):
    dates = '[per_file]\n"visits1.csv" = 2019-03-01\n"visits2.csv" = 2019-04-01\n'
    second = "3271,KOTA BOGOR,2019,2,7\n"
    city.build(
        {
            "visits1.csv": HEADER + ROW + second,
            "visits2.csv": HEADER + ROW,
            "visits.toml": sidecar(recipe=dates + MAP, files="visits?.csv"),
        }
    )
    (finding,) = city.report["findings"]
    assert finding["check"] == "vanished_key" and '"visits":7' in finding["params"]
    said = text("id").finding("vanished_key", json.loads(finding["params"]))
    assert "Februari 2019" in said
    assert sorted(city.sql("select visits from visits_known")) == [5, 7]


def test_a_damaged_block_is_seen_and_built_anew(city):
    path = city.visits("".join(f"3271,KOTA BOGOR,{y},1,{y}\n" for y in range(1800, 2200)))
    whole, hurt = path.read_bytes(), 0
    for start in range(3 * 4096, len(whole), 2**18):
        damaged = bytes(byte ^ 255 for byte in whole[start : start + 4096])
        path.write_bytes(whole[:start] + damaged + whole[start + 4096 :])
        try:
            warehouse.verify(path)
        except Refused:
            hurt += 1
            assert city.build() != path
            warehouse.verify(warehouse.current(city.target))
            assert len(city.loaded) == 400
            break
    assert hurt


def test_a_damaged_lake_file_is_made_again(city):
    city.visits(ROW)
    for path in city.target.rglob("values.parquet"):
        content = path.read_bytes()
        path.write_bytes(content[:40] + b"\xff" * 20 + content[60:])
    city.visits(ROW + "3271,KOTA BOGOR,2019,2,6\n")
    assert city.loaded == [5, 6]


def test_another_clock_than_the_stated_one_never_passes_for_utc(city):
    with duckdb.connect() as con:
        con.execute(macros())
        zone = "'America/Los_Angeles'"
        moments = {
            "2018-07-26 13:05:09": "%m/%d/%Y %I:%M:%S %p",
            "2018-07-26": "%m/%d/%Y %I:%M:%S %p",
            "2018-03-11 02:30:00": "%Y-%m-%d %H:%M:%S",  # the hour that the clock skipped
        }
        for text, pattern in moments.items():
            (made,) = con.sql(f"select utc('{text}', '{pattern}', {zone})").fetchall()[0]
            assert made == f"{text} (America/Los_Angeles)"
