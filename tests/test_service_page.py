"""The page on services: every state of the address, every sentence, empty cities, real data."""

import csv
import io
from types import SimpleNamespace

import numpy as np
import pytest
from conftest import ROOT, sidecar
from test_pages import html, read, title, visit
from test_service import HEAD, LATER, SERVICE

from kpi import spc
from ui.kit.text import languages, text
from ui.service import charts as service_charts
from ui.service import words as words_of

SERVICES = "pages/explore/service.py"
ID, EN = text("id"), text("en")


@pytest.mark.usefixtures("served")
@pytest.mark.parametrize("lang, sentence", [
    ("id", "Cetak KTP-el, Agustus 2019: separuh dari 775 permohonan selesai dalam 71 jam; "
     "304 masih menunggu (data simulasi)"),
    ("en", "Printing of the KTP-el, August 2019: half of 775 requests are done within 71 hours; "
     "304 are still waiting (simulated data)"),
])  # fmt: skip
def test_the_title_is_the_finding(lang, sentence):
    at = visit(f"lang={lang}", SERVICES)
    assert title(at) == sentence and not at.warning
    shown = html(at)
    assert text(lang)("simulated.banner") in shown.replace("&#34;", '"')
    assert text(lang)("service.unverified") in shown
    assert ("41,5 %" if lang == "id" else "41.5 %") in shown


@pytest.mark.usefixtures("served")
@pytest.mark.parametrize("address, told", [
    ("unit=week", "pekan 26 Agustus 2019"), ("period=2019-03-01", "Maret 2019"),
    ("unit=week&period=2018-06-04&office=Disdukcapil&service=ktp_el_print", "pekan 4 Juni 2018"),
    ("as_of=2018-02-10", "Januari 2018"), ("as_of=today&unit=week", "belum separuh dari 75"),
])  # fmt: skip
def test_every_view_has_an_address(address, told):
    at = visit(address, SERVICES)
    assert told in title(at) and not at.warning


@pytest.mark.usefixtures("served")
def test_the_charts_of_signals_and_of_what_is_done_have_their_tables():
    at = visit("lang=en", SERVICES)
    periods, stock, done = map(read, at.dataframe[:3])
    assert list(periods["Period"])[-1] == "August 2019"
    assert periods["Median with those waiting"].iloc[-1] == "71 hours (2.9 days)"
    assert set(periods["Status"]) == {EN("simulated.mark")} == set(done["Status"])
    assert periods["Lower limit"].str.contains("hour|minute").all()
    assert len(stock) > 200 and set(stock["Status"]) == {EN("obs_status.simulated")}
    after = done.set_index(EN("service.curve.x"))
    assert after.loc["24 hours", EN("service.curve.expected")] == "40.4\u00a0%"


@pytest.mark.usefixtures("served")
@pytest.mark.parametrize("name", ["service", "office", "unit", "period"])
def test_what_is_no_option_is_told_and_left_out(name):
    at = visit(f"{name}=nothing", SERVICES)
    assert "nothing" in at.warning[0].value and name not in at.query_params


@pytest.mark.usefixtures("served")
def test_another_unit_of_time_drops_the_period():
    at = visit("period=2019-03-01", SERVICES)
    at.selectbox(key="unit").set_value("week").run()
    assert at.query_params["unit"] == "week" and "period" not in at.query_params
    assert not at.warning and "26 Agustus 2019" in title(at)


@pytest.mark.usefixtures("served")
@pytest.mark.parametrize("address", ["city=demak", "as_of=2018-01-01"])
def test_without_requests_the_page_says_so(address):
    at = visit(address, SERVICES)
    assert title(at) == ID("service.title")
    assert ID("service.nothing") in [i.value for i in at.info]


def test_requests_of_a_real_series_carry_no_banner(city, monkeypatch):
    monkeypatch.setenv("DUAJUTA_WAREHOUSE", str(city.target.parent))
    city.build({"requests.csv": HEAD + LATER,
                "requests.toml": sidecar("", SERVICE, "requests.csv", "service")})  # fmt: skip
    at = visit("city=city&lang=en", SERVICES)
    assert "simulated" not in html(at) and EN("service.no_standard") in html(at)
    assert EN("service.signal.none") in at.header[0].value  # one month has no limits
    assert EN("survey.nothing") in [c.value for c in at.caption]


# sentences, by golden rows


GOLDEN = list(csv.DictReader(io.StringIO(
    (ROOT / "tests" / "golden_service.csv").read_text(encoding="utf-8")
)))  # fmt: skip


def told(row):
    """The sentence that a golden row asks for."""
    say, given = text(row["lang"]), {k: float(v) for k, v in (
        pair.split("=") for pair in row["given"].split() if pair)}  # fmt: skip
    hours = given.get("hours")
    if row["what"] == "duration":
        return say.duration(hours)
    times = SimpleNamespace(
        name="2019-08-01", requests=90, withdrawn=2, done=int(given.get("done", 60)),
        open=int(given.get("open", 0)), expected_median=hours, median=given.get("simple"),
        left_out={"zero": 3} if "zero" in given else {},
    )  # fmt: skip
    values = np.where(np.arange(16) % 2, 10.0, 12.0)[: int(given.get("points", 16))]
    chart = spc.xmr(np.append(values, given["last"])) if "last" in given else None
    count = len(values) + 1 if chart else 1
    service = SimpleNamespace(
        code="ktp", unit="month", agency=None, sources=(), period=times,
        chart=chart, periods=[times] * count,
        variation=chart and spc.variation(chart), standard={"hours": given.get("standard", 24)},
        assurance=chart and spc.assurance(chart, given.get("standard", 24)),
    )  # fmt: skip
    times.expected_median = hours if hours or not chart else 1.0
    functions = {
        "verdict": lambda: words_of.verdict(say, service, {}),
        "why": lambda: words_of.why(say, service),
        "account": lambda: words_of.account(say, service),
        "signal": lambda: " ".join(words_of.signal(say, service)),
        "limits": lambda: words_of.limits(say, service),
    }
    return functions[row["what"]]()


@pytest.mark.parametrize("row", GOLDEN, ids=lambda r: f"{r['lang']}-{r['what']}-{r['given']}")
def test_a_sentence_is_the_golden_one(row):
    assert told(row).replace("\u00a0", " ") == row["sentence"]


@pytest.mark.parametrize("lang", languages())
def test_weekdays_and_months_are_those_of_the_language(lang):
    say = text(lang)
    times = say.vega_times
    assert say.weekday(1) == {"id": "Senin", "en": "Monday"}[lang]
    assert times["days"][0] == {"id": "Minggu", "en": "Sunday"}[lang]
    assert times["months"][7] == {"id": "Agustus", "en": "August"}[lang]
    assert say.clock(8) == {"id": "08.00", "en": "08:00"}[lang]


@pytest.mark.parametrize("is_dark, paper", [(False, "#ffffff"), (True, "#171614")])
def test_the_colours_of_signals_can_be_seen(is_dark, paper):
    def light(colour):
        parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
        parts = [p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
        return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]

    for colour in service_charts.SIGNALS[is_dark].values():
        pair = sorted((light(colour), light(paper)))
        assert (pair[1] + 0.05) / (pair[0] + 0.05) >= 3
