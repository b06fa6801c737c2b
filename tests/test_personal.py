"""Personal data: what an identity number looks like, what only looks so, and what is excused."""

import re

import duckdb
import pytest
from conftest import sidecar, workbook
from hypothesis import example, given
from hypothesis import strategies as st

from etl.read.workbook import float_text
from etl.recipe.personal import SIXTEEN

pytestmark = pytest.mark.usefixtures("unchecked")
GROUPS = [(16,), (4, 4, 4, 4), (6, 6, 4), (2, 2, 2, 6, 4)]
NUMBERS = st.integers(10**15, 10**16 - 1).map(str)
PLAIN = st.floats(allow_nan=False, allow_infinity=False).map(lambda x: f"{x:.12f}")
HEADINGS = "place,name,year,month,visits"


def looks_personal(text):
    """Whether a cell is taken for an identity number."""
    query = f"select regexp_matches(?, '{SIXTEEN}')"
    return duckdb.execute(query, [text]).fetchall()[0][0]


@given(NUMBERS, st.sampled_from(GROUPS), st.sampled_from(" .-\xa0"), st.sampled_from(["", "x "]))
def test_sixteen_digits_in_the_groups_of_a_nik_are_an_identity_number(digits, groups, mark, before):
    ends = [sum(groups[: i + 1]) for i in range(len(groups))]
    parts = [digits[end - size : end] for end, size in zip(ends, groups, strict=True)]
    assert looks_personal(before + mark.join(parts))


@given(PLAIN.filter(lambda text: not re.search(r"^-?\d{16}[.]0*$", text)))
@example("2838.533347123456")
@example("-6.9174639012345678")
def test_a_plain_decimal_is_no_identity_number_with_either_mark(text):
    assert not looks_personal(text) and not looks_personal(text.replace(".", ","))


@given(st.floats(-1e15, 1e15, exclude_min=True, exclude_max=True))
@example(2838.533347123456)
def test_a_number_cell_of_fewer_digits_is_no_identity_number(number):
    assert not looks_personal(float_text(number))


@given(NUMBERS.map(float).filter(lambda number: number < 1e16))
def test_a_number_cell_of_sixteen_digits_is_one(number):
    assert looks_personal(float_text(number)) and looks_personal(f"{number:.15e}")


def test_a_column_of_floats_loads_from_a_file_of_any_kind(city):
    rows = [[*HEADINGS.split(","), "mean"], ["3271", "KOTA BOGOR", 2019, 1, 5, 2838.533347123456]]
    csv = "\n".join(",".join(map(str, row)) for row in rows)
    other = [rows[0], ["3271", "KOTA BOGOR", 2019, 2, 6, 0.1234567890123456]]
    city.build({"visits.csv": csv, "visits.xlsx": workbook(*other), "visits.toml": sidecar()})
    assert city.refusals() == [] and city.loaded == [5, 6]


def test_a_nik_in_a_number_cell_is_refused(city):
    rows = [[*HEADINGS.split(","), "x"], ["3271", "KOTA BOGOR", 2019, 1, 5, 3271010101900001]]
    city.build({"visits.xlsx": workbook(*rows), "visits.toml": sidecar()})
    assert "the column x looks like personal data" in city.refusals()[0]


def excused(city, says, content="3271,KOTA BOGOR,2019,1,5,1000000000000001\n"):
    """The city with a column No HP that says[...] in [personal]."""
    head = f"{HEADINGS},No HP\n"
    return city.build({"visits.csv": head + content, "visits.toml": sidecar(says)})


def test_a_column_that_the_sidecar_excuses_is_loaded_and_its_reason_is_kept(city):
    excused(city, '[personal]\n"no hp" = "number of the device"')
    assert city.loaded == [5]
    kept = city.sql("select not_personal from datasets where dataset = 'visits'")
    assert kept == [["no hp: number of the device"]]


def test_an_excuse_holds_under_the_name_that_the_sidecar_gives_the_column(city):
    excused(city, '[personal]\n"No HP" = "number of the device"\n[columns]\ndevice = ["No HP"]')
    assert city.loaded == [5]


@pytest.mark.parametrize("says", ['[personal]\n"x" = "device"', '[personal]\n"No HP" = " "'])
def test_an_excuse_of_another_column_or_without_a_reason_excuses_nothing(city, says):
    excused(city, says)
    assert len(city.refusals()) == 1 and not city.sql("from visits")
