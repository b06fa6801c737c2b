"""The page on order, cleanliness and greening in every state of the address and the warehouse."""

import pytest
from conftest import ROOT, SITES
from test_condition import AREAS, HEAD, NOW, ONE, clean
from test_pages import EN, ID, html, read, title, visit

from kpi import condition
from ui.kit.text import languages, text

PAGE = "pages/explore/condition.py"


def headers(at):
    """The headings of the page."""
    return [header.value for header in at.header]


@pytest.mark.usefixtures("served")
@pytest.mark.parametrize("lang", languages())
@pytest.mark.parametrize("domain", condition.KPIS)
def test_every_domain_opens_in_every_language_with_the_mark_of_simulated_data(domain, lang):
    at = visit(f"lang={lang}&domain={domain}", PAGE)
    assert title(at).startswith(text(lang)(f"condition.{domain}") + ": ")
    assert text(lang)("simulated.banner").split(":")[0] in html(at) and not at.warning
    assert at.query_params["domain"] == domain


@pytest.mark.usefixtures("served")
def test_an_area_in_the_address_shows_its_inspections():
    at = visit("area=32.74.01.1003&domain=ketertiban&months=12", PAGE)
    assert ID("condition.inspections", name="Kesenden") in headers(at)
    shown = next(read(t) for t in at.dataframe if ID("indicator.patrol_hours") in t.value)
    assert len(shown) == 44 and shown.iloc[0, 0] == "Agustus 2019"
    # the line of the file that says so: month, kelurahan, ...
    file, line = shown[ID("table.place")].iloc[0].split(", baris ")
    rows = (ROOT / "data/cirebon/simulated" / file).read_text(encoding="utf-8").splitlines()
    assert rows[int(line) - 1].startswith("2019-08,32.74.01.1003,")


@pytest.mark.usefixtures("served")
@pytest.mark.parametrize("wrong", ["area=99.99", "domain=air", "months=1"])
def test_what_is_no_option_is_told_and_left_out(wrong):
    at = visit(wrong, PAGE)
    (warning,) = at.warning
    assert wrong.split("=")[0] not in at.query_params and title(at).startswith("Kebersihan: 16,0 %")


@pytest.mark.usefixtures("served")
def test_before_the_first_report_the_page_says_that_there_is_none():
    at = visit("as_of=2012-01-01&lang=en&domain=ketertiban", PAGE)
    assert title(at) == EN("condition.nothing", domain="Order")


@pytest.mark.usefixtures("served")
def test_green_space_stands_against_its_duty_and_by_function_apart():
    found = html(visit("domain=penghijauan&as_of=today", PAGE))
    assert "9,4 %" in found and "20,0 %" in found and "Capaian 47,2 % dari kewajiban" in found
    assert ID("condition.green_by_function") in found and ID("condition.green_none") in found


@pytest.mark.usefixtures("served")
def test_counts_without_hours_are_labelled_as_effort():
    at = visit("domain=ketertiban&as_of=today", PAGE)
    assert any(ID("condition.published_ketertiban") == c.value for c in at.caption)
    assert any("1.055" in str(read(t).values) for t in at.dataframe)


@pytest.mark.usefixtures("served")
def test_a_city_without_such_data_says_so_in_every_domain():
    for domain in condition.KPIS:
        at = visit(f"city=demak&domain={domain}", PAGE)
        assert title(at) == ID("condition.nothing", domain=ID(f"condition.{domain}"))


@pytest.mark.parametrize("months", [NOW, NOW[:1]])
def test_a_city_with_few_months_opens(city, monkeypatch, months):
    toml = 'loads = "condition"\nfiles = ["rounds.csv"]\n'
    city.build(
        AREAS | SITES | {"rounds.csv": HEAD + clean(ONE, months, 90, 50), "rounds.toml": toml}
    )
    monkeypatch.setenv("DUAJUTA_WAREHOUSE", str(city.target.parent))
    at = visit("lang=en", PAGE)
    assert title(at).startswith("Cleanliness: " + ("10.0 %" if len(months) > 1 else "no record"))
    assert not at.markdown or "simulated" not in html(at)


def test_without_the_positions_of_areas_the_page_says_why_there_is_no_map(city, monkeypatch):
    areas = {"areas.csv": AREAS["areas.csv"].replace("-6.1e0,106.1e0", ",")}
    toml = 'loads = "condition"\nfiles = ["rounds.csv"]\n'
    city.build(areas | {"rounds.csv": HEAD + clean(ONE, NOW, 90, 50), "rounds.toml": toml})
    monkeypatch.setenv("DUAJUTA_WAREHOUSE", str(city.target.parent))
    assert EN("condition.no_map") in [i.value for i in visit("lang=en", PAGE).info]


@pytest.mark.usefixtures("served")
def test_where_every_sample_is_too_small_the_headings_say_so():
    found = headers(visit("domain=penghijauan", PAGE))
    assert {ID("condition.map_few"), ID("condition.ranking_few")} <= set(found)
