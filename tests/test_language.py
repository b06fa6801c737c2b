"""A language is one folder: complete where it is there, and nothing to change for another one."""

import re
import shutil
import tomllib
from datetime import date

import pytest
from babel.messages.pofile import read_po
from conftest import ROOT
from streamlit.testing.v1 import AppTest

from ui.kit import glossary
from ui.kit import text as words_of
from ui.kit.text import LOCALES, languages, text

MENU = re.findall(r'st\.Page\("([^"]+)"', (ROOT / "dashboard.py").read_text(encoding="utf-8"))


# complete


def entries(lang):
    """The entries of a catalogue as they stand in the file."""
    with (LOCALES / lang / "LC_MESSAGES" / "messages.po").open("rb") as file:
        return [m for m in read_po(file) if m.id]


@pytest.mark.parametrize("lang", languages())
def test_no_entry_is_empty_doubtful_or_twice_there(lang):
    path = LOCALES / lang / "LC_MESSAGES" / "messages.po"
    stated = re.findall(r'^msgid "(.+)"$', path.read_text(encoding="utf-8"), re.M)
    assert len(stated) == len(set(stated)) == len(entries(lang)) > 1000
    said = [
        (m, words)
        for m in entries(lang)
        for words in ([m.string] if isinstance(m.string, str) else m.string)
    ]
    broken = [m.id for m, words in said if not words.strip() or "  " in words or m.fuzzy]
    assert broken == []


def keys(table, prefix=""):
    """The dotted keys of a TOML table."""
    for key, value in table.items():
        if isinstance(value, dict):
            yield from keys(value, f"{prefix}{key}.")
        else:
            yield prefix + key


@pytest.mark.parametrize("city", [p.name for p in (ROOT / "data").iterdir() if p.is_dir()])
def test_the_sentences_of_a_city_have_the_same_keys_in_every_language(city):
    def read(lang):
        path = ROOT / "data" / city / f"text.{lang}.toml"
        return set(keys(tomllib.loads(path.read_text(encoding="utf-8"))))

    assert {lang: read(lang) for lang in languages()} == dict.fromkeys(languages(), read("id"))


@pytest.mark.parametrize("figures, said", [(1, "1 figure is"), (2, "2 figures are")])
def test_one_is_told_as_one(figures, said):
    params = {
        "measure": "trips",
        "origin": "total",
        "figures": figures,
        "expected": 9,
        "direction": "up",
    }
    days = {"period_start": "2019-01-01", "period_end": "2019-12-31"}
    assert said in text("en").finding("wrong_unit", params | days)
    assert f"{figures} angka" in text("id").finding("wrong_unit", params | days)


# one folder


@pytest.fixture
def add(tmp_path, monkeypatch):
    """add(language, {code: sentence}) adds one: English in a folder of its own, some words new."""
    folder = tmp_path / "locales"
    shutil.copytree(LOCALES, folder)
    monkeypatch.setattr(words_of, "LOCALES", folder)
    text.cache_clear()

    def add_language(lang, changed):
        shutil.copytree(folder / "en", folder / lang)
        path = folder / lang / "LC_MESSAGES" / "messages.po"
        catalogue = path.read_text(encoding="utf-8")
        for code, sentence in changed.items():
            entry = re.compile(f'(msgid "{re.escape(code)}"\nmsgstr ).*')
            catalogue, count = entry.subn(f'\\1"{sentence}"', catalogue)
            assert count == 1
        path.write_text(catalogue, encoding="utf-8")

    yield add_language
    text.cache_clear()


@pytest.mark.usefixtures("served")
@pytest.mark.parametrize("lang, page", [("xx", MENU[0]), *(("su", page) for page in MENU)])
def test_one_more_folder_is_one_more_language_on_every_page(add, lang, page):
    add(lang, {"frame.snapshot": "Potrét {id}"})
    at = AppTest.from_file(str(ROOT / "dashboard.py"), default_timeout=60).run()
    at.switch_page(page)
    at.run()
    assert at.segmented_control(key="switch_lang").options == ["ID", "EN", lang.upper()]
    at.segmented_control(key="switch_lang").set_value(lang)
    at.run()
    assert [e.value for e in at.exception] == [] and not at.warning
    assert at.query_params["lang"] == lang and at.caption[-1].value.startswith("Potrét ")


def test_its_numbers_and_dates_are_babels(add):
    add("nl", {})
    say = text("nl")
    assert (say.language_name, say.lang) == ("Nederlands", "nl")
    assert say.number(1_234_567.8, 1) == "1.234.567,8"
    assert say.date(date(2019, 8, 17)) == "17 augustus 2019"
    assert (say.weekday(1), say.clock(8)) == ("maandag", "08:00")
    assert say.vega_numbers["decimal"] == "," and say.vega_times["months"][7] == "augustus"


def test_a_language_that_babel_does_not_know_writes_numbers_as_indonesian_does(add):
    add("ban", {})  # Balinese
    say, indonesian = text("ban"), text("id")
    assert say.language_name == "BAN"
    assert say.number(1234.5, 1) == indonesian.number(1234.5, 1) == "1.234,5"
    assert say.percent(0.9125) == indonesian.percent(0.9125)
    assert say.clock(8) == "08.00" and say.date(date(2019, 8, 17)) == "17 Agustus 2019"


def test_a_kpi_that_it_does_not_word_is_told_as_its_header_says(add):
    add("su", {})
    header = {"concept": "How many came"}
    assert glossary.field_of(text("su"), "anything", header, "concept") == "How many came"


def test_a_city_without_sentences_in_it_speaks_another_of_its_languages(city):
    city.build(
        {
            "text.id.toml": 'title = "Judul"\n[series]\na = "Dinas"',
            "text.en.toml": 'title = "Title"',
        }
    )
    query = (ROOT / "kpi" / "queries" / "city_text.sql").read_text(encoding="utf-8")

    def said(lang):
        return dict(city.sql(query.replace("$lang", f"'{lang}'")))

    assert said("id") == {"title": "Judul", "series.a": "Dinas"} == said("su")
    assert said("en") == {"title": "Title", "series.a": "Dinas"}
