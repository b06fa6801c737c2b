"""Every table: numbers and days in page, XLSX and CSV, no formula, and its sums are the page's."""

import io
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path

import duckdb
import openpyxl
import pandas as pd
import pytest
from conftest import HEADER, SITES, sidecar
from test_pages import visit

import kpi
from etl import contract
from etl.read.reader import read_rows
from etl.recipe.sql import guarded_cast
from ui.export import deck
from ui.kit import table
from ui.kit.table import Col, Table
from ui.kit.text import LOCALES, languages, text

PAGES = [path.as_posix() for path in sorted(Path("pages").glob("*/*.py"))]
VIEWS = {  # addresses of a page beside its first one
    "pages/review/target.py": ["as_of=today"],
    "pages/explore/condition.py": ["domain=ketertiban&area=32.74.01.1003", "domain=penghijauan"],
    "pages/explore/outlook.py": ["view=plausible"],
    "pages/explore/data.py": [
        *("view=vintages", "view=calendar", "view=completeness", "dataset=simulated/attractions"),
    ],
    "pages/explore/figure.py": [
        "kind=figure&kpi=visits&definition=attractions&series=disparbud_jabar&year=2019&as_of=today"
    ],
}
ELSEWHERE = {  # tables of which the city in data/ has no rows, or that take long: checked there
    *("said", "calibration"),  # test_outlook_page.py
    *("rejects", "calendar-D", "calendar-Q", "calendar-A"),  # test_data_page.py
}
ID = text("id")


@contextmanager
def offered():
    """The list that every Table goes to which a page offers meanwhile."""
    found, offer = [], table.offer
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(table, "offer", lambda given: (found.append(given), offer(given)))
        yield found


def values(given, col):
    """The values of a column that are there."""
    return [v for row in given.rows if (v := col.of(row)) is not None]


def kinds(given, col):
    """The kinds of a column's values: number, day, text, whether."""
    names = {bool: "whether", int: "number", float: "number", date: "day", datetime: "day"}
    return {names.get(type(v), "text") for v in values(given, col)}


def check(given):
    """How many columns of numbers and days a table has, which are the same on the page, for pandas
    and for our loader."""
    cols = given.columns("files")
    names, headings = [c.machine_name for c in cols], [given.heading(c) for c in cols]
    assert len(set(names)) == len(names) and len(set(headings)) == len(headings), given.name
    assert len(given.columns("page")) == given.frame().shape[1] and given.title[:5] != "file."
    by_pandas = pd.read_csv(io.BytesIO(given.csv()))
    assert {"is_simulated", "as_of", "snapshot"} <= set(by_pandas) and len(by_pandas) == len(
        given.rows
    )
    (by_loader,) = read_rows(Path("table.csv"), given.csv(), {})
    with duckdb.connect() as con:
        con.execute(contract.macros())
        con.register("cells", by_loader.table)
        for col, name in zip(cols, names, strict=True):
            (kind,) = kinds(given, col) or {"none"}  # one column is of one kind
            known = values(given, col)
            if kind == "number":
                assert by_pandas[name].sum() == pytest.approx(sum(known)), (given.name, name)
                assert loaded(con, name, "DOUBLE", "num(x, '.')") == pytest.approx(known)
                assert given.is_text(col) is False
            if kind == "day":
                assert loaded(con, name, "DATE") == known
            if kind == "text":
                assert loaded(con, name, "VARCHAR") == [v.strip(" \t\r\n\xa0") for v in known]
    check_workbook(given, dict(zip(headings, cols, strict=True)))
    return sum(kinds(given, col) in ({"number"}, {"day"}) for col in cols)


def loaded(con, name, kind, text="x"):
    """The values that our loader makes of a column of texts."""
    cast, _ = guarded_cast(kind, "t")
    cells = f"select nullif(strip(\"{name}\"), '') as x from cells where strip(\"{name}\") <> ''"
    return [
        v for (v,) in con.sql(f"select {cast} from (select {text} as t from ({cells}))").fetchall()
    ]


def check_workbook(given, cols):
    """That the XLSX has a cover and the same numbers and days."""
    cover, sheet = openpyxl.load_workbook(io.BytesIO(given.xlsx()))
    assert given.snapshot.id in [row[1].value for row in cover.iter_rows(min_row=3)]
    head, *rows = sheet.iter_rows(min_row=3, values_only=True)
    for column, name in enumerate(head):
        found = [row[column] for row in rows if row[column] is not None]
        if name in cols and kinds(given, cols[name]) == {"number"}:
            assert found == pytest.approx(values(given, cols[name])), (given.name, name)
        if name in cols and kinds(given, cols[name]) == {"day"}:
            assert [v.date() for v in found] == values(given, cols[name])


@pytest.fixture(scope="module")
def every(warehouses):
    """{language: [Table]} of all that the pages of the city offer."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DUAJUTA_WAREHOUSE", str(warehouses))
        found = {}
        for lang in languages():
            with offered() as tables:
                for page in PAGES:
                    for address in ("", *VIEWS.get(page, ())):
                        visit(f"lang={lang}&{address}", page)
            found[lang] = list({(t.name, t.snapshot.id, len(t.rows)): t for t in tables}.values())
        return found


@pytest.mark.parametrize("lang", languages())
def test_every_table_is_numbers_and_days_for_pandas_for_excel_and_for_our_loader(every, lang):
    checked = [check(given) for given in every[lang]]
    assert len(checked) > 20 and sum(checked) > 50  # tables, and their columns of numbers and days


def test_no_table_that_has_a_title_is_left_out(every):
    catalogue = (LOCALES / "id" / "LC_MESSAGES" / "messages.po").read_text(encoding="utf-8")
    titled = {line[12:-1] for line in catalogue.splitlines() if line.startswith('msgid "file.')}
    seen = {given.name.removesuffix("-2019") for given in every["id"]}
    assert titled - seen - ELSEWHERE == {"sheet", "simulated", "unit"}  # words of the cover


def test_sums_of_a_table_are_the_figures_of_the_page(every):
    (ladder,) = {t.name: t for t in every["id"] if t.name == "ladder"}.values()
    (figure,) = [row["visits"] for row in ladder.rows if len(row["terms"]) == 2]
    (course,) = [t for t in every["id"] if t.name == "visits"]
    read = pd.read_csv(io.BytesIO(course.csv()), parse_dates=["period_start"])
    assert read[read.period_start.dt.year == 2019].visits.sum() == figure == 1_321_051


def test_a_file_is_named_by_city_table_and_day(every):
    names = {t.file("xlsx") for t in every["en"]}
    assert "cirebon-visits-2019-09-30.xlsx" in names and all(n.isascii() for n in names)


# a table of one row


def made(row, *cols):
    """A Table of one row in a city without anything."""
    snapshot = kpi.Snapshot.__new__(kpi.Snapshot)
    snapshot.__dict__ |= {"city": "bogor", "as_of": date(2019, 1, 1), "path": Path("v.duckdb")}
    return Table(ID, "visits", [row], cols, snapshot)


@pytest.mark.parametrize("mark", ["=", "+", "-", "@", "\t", "\r", "'=", "''@"])
def test_a_text_is_no_formula_in_a_csv_and_our_loader_takes_the_guard_off(mark):
    cell = table.machine_cell(f"{mark}1+1")
    assert cell == f"'{mark}1+1"
    cast, _ = guarded_cast("VARCHAR", "?")
    assert duckdb.execute(f"select {cast}", [cell]).fetchall() == [(f"{mark}1+1",)]


def test_a_negative_number_stays_one_and_so_does_an_apostrophe_before_a_word():
    given = made(
        {"visits": -5, "what": "'t Gooi"}, Col("table.visits", "visits"), Col("table.what", "what")
    )
    assert given.csv().decode().splitlines()[1].startswith("-5,'t Gooi,")


def test_a_guarded_text_of_a_file_is_loaded_without_the_guard_a_number_is_rejected(city):
    rows = "park,Taman,2018,1,'5\n"
    names = SITES["sites.csv"].replace("Taman Kota", "'=1+1")
    city.build(SITES | {"sites.csv": names, "visits.csv": HEADER + rows, "visits.toml": sidecar()})
    assert city.sql("select name from sites where site = 'park'") == ["=1+1"]
    assert city.sql("select text from rejects") == ["'5"]


def test_a_page_shows_numbers_in_the_readers_language_and_sorts_them_as_numbers():
    rows = [{"visits": 94038, "share": 0.256}, {"visits": 205729, "share": None}]
    given = made(
        rows[0],
        Col("table.visits", "visits", unit="visits"),
        Col("pairs.growth", "share", unit="share"),
    )
    shown = given.styled()
    assert list(shown.data.dtypes.astype(str)) == ["Int64", "Float64"]
    assert "94.038" in shown.to_html() and "25,6" in shown.to_html()


def test_a_column_for_machines_tells_its_unit():
    assert [
        Col("a.visits", "x", unit="visits").machine_name,
        Col("a.b", "x", unit="hours").machine_name,
    ] == ["visits", "b_hours"]


@pytest.mark.parametrize(
    "lang, said", [("id", ["1,4 hari", "1 hari"]), ("en", ["1.4 days", "1 day"])]
)
def test_days_are_told_with_one_decimal_and_their_word(lang, said):
    say = text(lang)
    assert [say.quantity(1.37, "days"), say.quantity(1, "days")] == said


def test_the_workbook_behind_a_chart_of_the_deck_keeps_names_texts():
    book = openpyxl.load_workbook(io.BytesIO(deck._book(["=1+1", "a"], {"@x": [1, -2]})))
    cells = {c.value: c for row in book.active.iter_rows() for c in row}
    assert cells["=1+1"].data_type == cells["@x"].data_type == "s" and cells[-2].data_type == "n"
    assert cells["=1+1"].quotePrefix and cells["@x"].quotePrefix and not cells["a"].quotePrefix
