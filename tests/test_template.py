"""Templates: each contract's workbook and CSV load as they are once they are filled in."""

import csv

import openpyxl
import pytest
from conftest import City

from etl.__main__ import main
from etl.cli.template import choices, example, heading, kind, write_templates
from etl.contract import contracts
from ui.kit.text import languages, text

pytestmark = pytest.mark.usefixtures("unchecked")
COLUMNS = [(c, column) for c in contracts().values() for column in c.columns]


def rows(contract):
    """Three rows of the examples of a contract; a column of its key tells them apart."""
    differs = next(
        c.name
        for c in contract.columns
        if c.name in contract.key and kind(c) in ("text", "whole") and not choices(contract, c.name)
    )
    for i in range(3):
        row = {c.name: example(contract, c) for c in contract.columns}
        row[differs] = row[differs] + (i if kind_of(contract, differs) == "whole" else str(i))
        yield list(row.values())


def kind_of(contract, name):
    """What the column of a name holds."""
    return kind(next(c for c in contract.columns if c.name == name))


def filled(folder, contract, lang="id"):
    """The template of a contract in a folder, its workbook filled in with three rows."""
    book_path, _, csv_path = write_templates(contract.name, folder, text(lang), {})
    book = openpyxl.load_workbook(book_path)
    for row in rows(contract):
        book[contract.name].append([None if v == "" else v for v in row])
    book.save(book_path)
    csv_path.unlink()  # the sidecar reads one of the two


def count(city, contract):
    """How many rows of a contract a city has; of events only the mart knows."""
    events = "select sum(tickets)::int from visits_by_day"
    return city.sql(
        events if contract.kind == "event" else f"select count(*)::int from {contract.name}"
    )


@pytest.mark.build
@pytest.mark.parametrize("lang", languages())
@pytest.mark.parametrize("contract", contracts().values(), ids=list(contracts()))
def test_a_workbook_filled_in_loads_as_it_is(contract, lang, tmp_path):
    city = City(tmp_path)
    filled(city.folder, contract, lang)
    city.build()
    assert city.rejects() == [] and city.refusals() == []
    assert count(city, contract) == [3]


@pytest.mark.build
@pytest.mark.parametrize("lang", languages())
@pytest.mark.parametrize("contract", contracts().values(), ids=list(contracts()))
def test_a_csv_filled_in_loads_with_the_line_that_the_sidecar_holds_ready(contract, lang, tmp_path):
    city = City(tmp_path)
    paths = write_templates(contract.name, city.folder, text(lang), {})
    book, sidecar, path = paths
    mark = ";" if lang == "id" else ","
    with path.open("a", encoding="utf-8", newline="") as file:
        csv.writer(file, delimiter=mark).writerows(rows(contract))
    book.unlink()
    sidecar.write_text(sidecar.read_text().replace("*.xlsx", "*.csv"))
    city.build()
    assert city.rejects() == [] and city.refusals() == []
    assert count(city, contract) == [3]


@pytest.mark.build
def test_optional_columns_may_be_left_out(tmp_path):
    city = City(tmp_path)
    _, sidecar, path = write_templates("stock", city.folder, text("en"), {})
    path.write_text("agency,item,day,on_hand,series\nDukcapil,ktp_el_blank,2019-01-01,,office\n")
    sidecar.write_text(sidecar.read_text().replace("*.xlsx", "*.csv"))
    city.build()
    assert city.sql("select on_hand, obs_status from stock") == [(None, "missing")]


@pytest.mark.build
def test_a_moment_is_filled_in_on_the_local_clock(tmp_path):
    city = City(tmp_path)
    filled(city.folder, contracts()["service"])
    city.build()
    assert city.sql(
        "select distinct requested_at::varchar, requested_on::varchar from service"
    ) == [("2019-01-01 01:30:00", "2019-01-01")]


@pytest.mark.parametrize("lang", languages())
@pytest.mark.parametrize("contract, column", COLUMNS, ids=lambda x: x.name)
def test_every_column_has_words(lang, contract, column):
    words = text(lang)(f"column.{contract.name}.{column.name}")
    assert words != f"column.{contract.name}.{column.name}"
    assert lang != "en" or words.startswith(column.comment or "")


def validations(folder, name, known):
    """{heading: (type, operator, formula, error style)} of a template's validations."""
    book_path, *_ = write_templates(name, folder, text("en"), known)
    sheet = openpyxl.load_workbook(book_path)[name]
    heads = {c.column_letter: c.value for c in sheet[1]}
    return {heads[str(v.sqref)[0]]: v for v in sheet.data_validations.dataValidation}


def test_lists_and_limits_are_read_from_the_contract(tmp_path):
    found = validations(tmp_path, "survey", {})
    assert found["element"].type == "list" and found["element"].errorStyle != "warning"
    assert (found["score"].type, found["score"].formula1, found["score"].formula2) == (
        "whole", "1", "4",
    )  # fmt: skip
    assert found["answered_on"].type == "date"
    book = openpyxl.load_workbook(tmp_path / "survey.xlsx")
    values = [row[4] for row in book["lists"].iter_rows(values_only=True)]
    assert values == ["element", *(f"U{i}" for i in range(1, 10))]


def test_a_small_reference_table_makes_a_list_that_only_warns(tmp_path):
    assert "site" not in validations(tmp_path / "none", "tickets", {})
    known = {"sites": ["park", "museum"]}
    assert validations(tmp_path / "few", "tickets", known)["site"].errorStyle == "warning"
    known = {"sites": [f"site{i}" for i in range(1000)]}
    assert "site" not in validations(tmp_path / "many", "tickets", known)


def test_a_heading_carries_its_meaning_as_a_note_in_the_readers_language(tmp_path):
    book_path, *_ = write_templates("stock", tmp_path, text("id"), {})
    sheet = openpyxl.load_workbook(book_path)["stock"]
    assert [c.value for c in sheet[1]] == [heading(n) for n in contracts()["stock"].names]
    assert "lembar pada akhir hari" in sheet["D1"].comment.text
    assert sheet.max_row == 1


def test_a_template_overwrites_nothing(tmp_path, capsys):
    assert main(["template", "stock", "--out", str(tmp_path)]) == 0
    (tmp_path / "stock.xlsx").unlink()
    assert main(["template", "stock", "--out", str(tmp_path), "--lang", "en"]) == 2
    assert "stock.toml is there already" in capsys.readouterr().err


def test_a_template_of_no_contract_is_refused_with_the_contracts(capsys):
    assert main(["template", "visit"]) == 2
    assert "visits" in capsys.readouterr().err


def test_the_lists_of_a_template_are_those_of_the_city(city, tmp_path):
    city.build()
    folders = ["--data", str(city.folder.parent), "--warehouse", str(city.target.parent)]
    assert (
        main(
            ["template", "stock", "indicators", "--out", str(tmp_path), "--city", "city", *folders]
        )
        == 0
    )
    lists = openpyxl.load_workbook(tmp_path / "indicators.xlsx")["daftar"]
    assert [row[0] for row in lists.iter_rows(values_only=True)][:3] == ["area", "32.71", "32.77"]
