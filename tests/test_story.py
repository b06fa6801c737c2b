"""The story: what it says of a snapshot, that its file is safe and whole, and how it is used."""

import errno
import re
from dataclasses import replace
from datetime import date
from html import unescape
from io import BytesIO
from pathlib import Path

import pytest
from conftest import MAP, ROOT, City
from playwright.sync_api import sync_playwright
from pypdf import PdfReader
from test_browser import FLAGS
from test_pages import EN, ID, title, visit

import kpi
import run
from etl.cli.new_city import new_city
from ui.export import story
from ui.export.__main__ import main
from ui.export.contents import contents
from ui.kit.text import languages, text

DEMO = date(2019, 9, 30)
FIRST = ["goal", "outlook", "condition", "service", "places"]
SIZES = [(1920, 1080), (1366, 768), (390, 844)]


def told(day=DEMO, city="cirebon", lang="id"):
    """The Contents of a bundled city."""
    snapshot = kpi.snapshot(city, day)
    return contents(text(lang), snapshot, snapshot.words(lang))


def codes(said):
    return [part.code for part in said.parts]


@pytest.fixture
def file(served, tmp_path):
    """The story's file of the demonstration day, made by the command line."""
    path = tmp_path / "story.html"
    assert main(["story", "--out", str(path)]) == 0
    return path


@pytest.mark.usefixtures("served")
def test_every_part_is_told_on_the_demonstration_day():
    assert codes(told()) == [*FIRST, "honest", "home"]
    assert codes(told(None, "demak")) == ["goal", "honest", "home"]


@pytest.mark.usefixtures("served")
def test_before_all_data_the_story_says_kindly_that_nothing_is_there():
    said = told(date(2000, 1, 1), "demak")
    assert said.parts[0].title == ID("story.goal.nothing") and said.parts[0].chart is None


def small(city, monkeypatch, lang="en"):
    """The Contents of a city made here."""
    monkeypatch.setenv("DUAJUTA_WAREHOUSE", str(city.target.parent))
    return told(None, city.folder.name, lang)


@pytest.mark.build
@pytest.mark.parametrize("lang", languages())
def test_a_new_city_has_a_story_that_says_what_there_is_none_of(tmp_path, monkeypatch, lang):
    city = City(tmp_path)
    tongues = {one: text(one) for one in languages()}
    new_city(city.folder.parent, "city", "Kabupaten Kudus", "33.19", text(lang), tongues)
    city.build()
    said = small(city, monkeypatch, lang)
    assert codes(said) == ["goal", "honest", "home"] and "Kabupaten Kudus" in said.title
    assert said.parts[0].title == text(lang)("story.goal.nothing") and not said.is_simulated
    assert 'class="chip"' not in story.page({lang: said}, lang)


@pytest.mark.parametrize("years", [1, 10])
def test_years_that_are_published_are_told_from_the_latest_on(city, monkeypatch, years):
    rows = [f"32.71,Kota Bogor,{2010 + n},,{1000 + n}\n" for n in range(years)]
    recipe = MAP.replace("ymd(year, month, '1')", "ymd(year, '1', '1')").replace("'M'", "'A'")
    city.visits("".join(rows), recipe=recipe)
    said = small(city, monkeypatch)
    goal = said.parts[0]
    assert codes(said) == ["goal", "honest", "home"] and len(goal.rows) == years
    assert [(n.code, n.value, n.flag) for n in goal.numbers] == [("goal.visits", 999 + years, "")]
    assert EN.number(999 + years) in story.page({"en": said}, "en") and goal.chart is not None


@pytest.mark.usefixtures("served")
def test_no_simulated_number_is_shown_without_its_chip():
    html = story.page({"id": told()}, "id")
    shown = re.findall(r'data-flag="s">[^<]*</data>(.*?)</(?:small|p)></div>', html)
    assert len(shown) > 10 and all('class="chip"' in rest for rest in shown)
    published = re.findall(r'data-flag="[^s]?">[^<]*</data>(.*?)</(?:small|p)></div>', html)
    assert published and not any('class="chip"' in rest for rest in published)


@pytest.mark.usefixtures("served")
@pytest.mark.parametrize("day", [DEMO, None])
def test_a_simulated_number_carries_flag_and_mark(day):
    for part in told(day).parts:
        made = [n for n in part.numbers if n.is_simulated]
        assert part.is_simulated == bool(made)
        assert all(n.flag == ("x" if n.value is None else "s") for n in made)
        # rows are counted, and what is drawn of the goal is published
        assert part.is_marked == (part.is_simulated and part.code not in ("goal", "honest"))
        assert part.caption.startswith("Data simulasi") == part.is_marked
        titles = filter(None, [part.title, part.chart_title])
        assert part.is_marked == all(re.search(r"[(;] ?data simulasi\)$", one) for one in titles)


def test_the_file_holds_every_number_in_every_language_and_is_small(file):
    html = file.read_text(encoding="utf-8")
    assert len(html.encode()) < 3e6 and f'<html lang="{languages()[0]}">' in html
    for lang in languages():
        deck = html.split(f'<main lang="{lang}"')[1].split("</main>")[0]
        read = {
            code: (value, unescape(shown))
            for value, code, shown in re.findall(
                r'<data value="([^"]*)" data-code="([^"]+)" data-flag="[^"]*">([^<]*)<', deck
            )
        }
        for part in told(lang=lang).parts:
            hidden = part.numbers[1:] if part.code == "places" else ()  # they stand in the chart
            for n in (n for n in part.numbers if n not in hidden):
                assert read[n.code] == ("" if n.value is None else str(n.value), n.text)


@pytest.mark.usefixtures("served")
def test_what_a_city_calls_itself_cannot_break_out():
    said = told()
    bad = replace(said, city="</script><script>alert(1)</script>", title="<img src=x onerror=1>")
    html = story.page({"id": bad}, "id")
    assert "<script>alert" not in html and "<img" not in html.split("<script>")[0]


@pytest.mark.parametrize(
    "wrong",
    [
        ["--city", "nowhere"],
        ["--out", "/nowhere/story.html"],
        ["--as-of", "soon"],
        ["--as-of", "9999-12-31"],
    ],
)
@pytest.mark.usefixtures("served")
def test_the_command_line_says_what_is_wrong(wrong, capsys):
    try:
        code = main(["story", *wrong])
    except SystemExit as stop:
        code = stop.code
    assert code == 2 and wrong[1] in capsys.readouterr().err


def test_without_a_warehouse_the_command_line_says_which_command_helps(
    tmp_path, capsys, monkeypatch
):
    monkeypatch.setenv("DUAJUTA_WAREHOUSE", str(tmp_path))
    assert main(["briefing"]) == 2
    assert capsys.readouterr().err.endswith(":\n    python3 run.py etl\n")


@pytest.mark.usefixtures("served")
def test_a_disk_that_is_full_leaves_the_file_from_before(tmp_path, capsys, monkeypatch):
    path = tmp_path / "story.html"
    path.write_text("before")

    def full(self, content):
        self.touch()
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    assert main(["story", "--city", "demak", "--out", str(path)]) == 2
    assert "No space left" in capsys.readouterr().err
    assert [p.read_text() for p in tmp_path.iterdir()] == ["before"]


@pytest.mark.usefixtures("served")
@pytest.mark.parametrize(("lang", "say"), [("id", ID), ("en", EN)])
def test_the_page_shows_the_story(lang, say):
    at = visit(f"lang={lang}", "pages/present/story.py")
    assert title(at) == say("story.title") and not at.exception


@pytest.mark.usefixtures("served")
def test_a_second_run_of_the_page_counts_nothing_again(monkeypatch):
    at = visit("city=demak", "pages/present/story.py")
    monkeypatch.setattr("ui.export.contents.contents", None)
    assert title(at.run()) == ID("story.title") and not at.exception


@pytest.mark.usefixtures("served")
def test_files_are_taken_away_one_after_the_other_without_a_run_anew():
    buttons = visit("city=demak", "pages/present/story.py").get("download_button")
    assert len(buttons) == 4 and all(button.proto.ignore_rerun for button in buttons)


def test_the_file_is_told_by_keyboard_in_both_languages_and_asks_for_nothing(file):
    asked, errors = [], []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=run.find_chromium(), args=FLAGS)
        page = browser.new_page(reduced_motion="reduce")
        page.on("request", lambda r: asked.append(r.url))
        page.on("console", lambda m: errors.append(m.text) if m.type == "error" else None)
        page.on("pageerror", lambda e: errors.append(str(e)))
        page.goto(file.as_uri())
        for width, height in SIZES:
            page.set_viewport_size({"width": width, "height": height})
            page.locator("main:not([hidden]) svg.marks").nth(4).wait_for()
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        for key, at in [("End", 7), ("PageUp", 6), ("Home", 0), (" ", 1), ("ArrowRight", 2)]:
            page.keyboard.press(key)
            assert page.evaluate("at") == at
        page.keyboard.press("l")
        assert page.evaluate("document.documentElement.lang") == "en"
        printed = PdfReader(BytesIO(page.pdf(prefer_css_page_size=True)))
        assert len(printed.pages) == page.locator("main[lang=en] .slide").count()
        notes = page.locator("main:not([hidden]) .current aside.notes")
        assert not notes.is_visible()
        page.keyboard.press("n")
        assert notes.is_visible()
        page.keyboard.press("?")
        assert page.locator("dialog[lang=en]").is_visible()
        browser.close()
    assert asked == [file.as_uri()] and errors == []


def test_each_press_of_a_clicker_counts_while_the_page_still_moves(file):
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=run.find_chromium(), args=FLAGS)
        page = browser.new_page(reduced_motion="no-preference")
        page.goto(file.as_uri())
        for keys, at in [("ArrowRight " * 3, 3), ("End PageUp", 6), ("Home", 0), ("PageDown l", 1)]:
            for key in keys.split():
                page.keyboard.press(key)
                page.wait_for_timeout(60)
            page.wait_for_timeout(1200)
            assert page.evaluate("at") == at
            assert page.evaluate("Math.round(scrollY - slides()[at].offsetTop)") == 0
        page.mouse.wheel(0, 800)
        page.wait_for_timeout(1200)
        assert page.evaluate("at") == 2
        browser.close()


@pytest.mark.usefixtures("served")
def test_a_long_title_stays_on_the_cover_which_has_no_number():
    said = replace(told(), title="Kunjungan wisata Kabupaten Administrasi Kepulauan Seribu")
    html = story.page({"id": said}, "id")
    assert '<h1 class="long">' in html and "<h1>" in story.page({"id": told()}, "id")
    assert re.findall(r"<span>(\d / \d)?</span></footer>", html)[:2] == ["", "1 / 7"]


@pytest.mark.usefixtures("served")
def test_a_number_of_green_space_says_what_it_is_a_share_of():
    part = next(part for part in told().parts if part.code == "condition")
    labels = [n.label for n in part.numbers if "green" in n.code]
    assert labels and all(label.startswith("Ruang terbuka hijau ") for label in labels)


@pytest.mark.usefixtures("served")
def test_the_account_of_rows_says_that_it_holds_what_came_after_the_day():
    for day, is_said in ((DEMO, True), (None, False)):
        part = next(part for part in told(day).parts if part.code == "honest")
        assert ("juga yang terbit setelah 30 September 2019" in part.caption) == is_said


def test_the_word_of_no_city_stands_in_script_or_style():
    for kind in ("css", "js"):
        assert "irebon" not in (ROOT / "ui" / "export" / f"story.{kind}").read_text()
