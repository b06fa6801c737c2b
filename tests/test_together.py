"""Many visitors at once: threads of one process get what one thread gets, sessions get no error."""

import dataclasses
import inspect
import re
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from itertools import cycle, islice, product
from random import Random
from threading import Barrier

import altair as alt
import numpy as np
import pandas as pd
import plotly.graph_objects as go
import pytest
from streamlit.elements.vega_charts import _convert_altair_to_vega_lite_spec

import kpi
from bench.visitor import OURS, at_once, server
from kpi import beside, condition, service
from kpi.lineage import of_figure
from kpi.trace import trace
from ui.compare import chart as compare_chart
from ui.compare import words as compare
from ui.condition import words as shown
from ui.home import overview
from ui.kit import charts, maps
from ui.kit.text import text
from ui.outlook import chart as path_chart
from ui.outlook import words as outlook
from ui.scorecard import words as scorecard
from ui.service import charts as drawn
from ui.service import words as told

THREADS, CALLS, SESSIONS = 8, 200, 20
PAGES = ("", "outlook", "visits", "condition", "service", "scorecard", "compare", "data")
DAY = date(2019, 7, 25)
EVERY = {"agency": None, "unit": "month", "period": None}
COUNTS = {"definition": "attractions_accommodation", "series": "simulated:disparbud_jabar"}


def say():
    return text("id")


def at(day=DAY):
    return kpi.snapshot("cirebon", day)


def year_end():
    return at().outlook()


def measured():
    return service.newest(at())


def reviewed():
    return condition.review(at(), "kebersihan", 6)


def pair():
    own, *others = at().places("id")
    kinds = beside.kinds(own, others[0])
    kind = next(iter(kinds))
    return beside.pair(own, others[0], kind, kinds[kind][1][0])


def history():
    figures, findings = at().figures("visits"), at().table("findings")
    choice = next(f for f in at().figures("attainment") if f.is_choice)
    return list(charts.histories(say(), figures, findings, choice, False))


def traced():
    """Where a figure of visits comes from."""
    return trace(at(), of_figure(at().figures("visits")[0]))


ASKED = {  # of kpi: all that pages ask
    "cities": kpi.cities,
    "demo_day": lambda: kpi.demo_day("cirebon"),
    "snapshot": lambda: at().id,
    "is_replaced": lambda: kpi.is_replaced("cirebon", at().path),
    "instead": lambda: at().instead,
    "metadata": kpi.metadata,
    "catalogue": kpi.catalogue,
    "calibration": kpi.calibration,
    "id": lambda: at(None).id,
    "day": lambda: at().day,
    "figures": lambda: [str(figure) for name in kpi.KPIS for figure in at().figures(name)],
    "rows": lambda: at().rows(traced().values, 50, 50),
    "rows_file": lambda: at().rows_file(traced().values),
    "counted": lambda: at().counted(traced().values),
    "table": lambda: [at().table(name) for name in ("findings", "datasets", "targets", "city")],
    "frame": lambda: at().frame("visits_cells", **COUNTS),
    "columns": lambda: at().columns(
        "service_durations",
        service=measured().code,
        series=measured().sources[0]["series"],
        names=("2019-06-01",),
        **EVERY,
    ),
    "nowcast": lambda: at().nowcast(**COUNTS).rows,
    "outlook": lambda: year_end().path,
    "month_ends": lambda: [(day, o.total) for day, o in at(date(2019, 2, 20)).month_ends(2019)],
    "comparisons": lambda: at().comparisons(year_end()),
    "years": lambda: at().years(),
    "scorecard": lambda: at().scorecard(2019),
    "latest": lambda: at().latest(),
    "scale": lambda: at().scale(),
    "places": lambda: at().places("en"),
    "words": lambda: at().words("en"),
    "service": measured,
    "condition": reviewed,
    "beside": pair,
}
MADE = {  # of ui: charts, cards and the figures of tables
    "history": history,
    "path": lambda: path_chart.path(say(), year_end(), True),
    "headline": lambda: outlook.headline(say(), year_end()),
    "remarks": lambda: outlook.remarks(say(), year_end()),
    "cards": lambda: overview.row(say(), [overview.visits(say(), year_end(), at().words("id"))]),
    "process": lambda: drawn.process(
        say(),
        measured(),
        at().table("service_stock", service=measured().code, agency=None),
        at().words("id"),
        False,
    ),
    "done_by": lambda: drawn.done_by(say(), measured(), False),
    "verdict": lambda: told.verdict(say(), measured(), at().words("id")),
    "ranking": lambda: shown.ranking(say(), reviewed(), False),
    "map": lambda: maps.area_map(shown.area_rows(say(), reviewed()), {}, None, False),
    "panels": lambda: [
        compare_chart.panel(*one, say(), False) for one in compare.panels(say(), pair())
    ],
    "scorecard_cards": lambda: scorecard.cards_of(
        say(), at().scorecard(2019), 2019, at().table("findings"), at().words("id")
    ),
}


def plain(value):
    """A value as one can compare it: charts as their specs, tables as their values."""
    match value:
        case alt.TopLevelMixin():
            return plain(value.to_dict(validate=False))
        case go.Figure():
            return value.to_json()
        case pd.DataFrame() | pd.Series():
            return value.to_json(date_format="iso")
        case np.ndarray():
            return str(value.tolist())
        case dict():
            return {str(k): plain(v) for k, v in value.items()}
        case list() | tuple():
            return [plain(v) for v in value]
        case _ if dataclasses.is_dataclass(value):
            return {f.name: plain(getattr(value, f.name)) for f in dataclasses.fields(value)}
    return str(value)


def forget():
    """Drops all that kpi keeps, so that it is computed anew."""
    for function in vars(kpi).values():
        getattr(function, "cache_clear", lambda: None)()


@pytest.mark.usefixtures("served")
def test_what_8_threads_ask_200_times_is_what_one_thread_gets():
    asked = ASKED | MADE
    forget()
    alone = {name: plain(ask()) for name, ask in asked.items()}
    forget()
    together = Barrier(THREADS)

    def work(number):
        mine = [*MADE, *islice(cycle(ASKED), CALLS - len(MADE))]  # to make takes the longest
        Random(number).shuffle(mine)
        together.wait()
        return [name for name in mine if plain(asked[name]()) != alone[name]]

    with ThreadPoolExecutor(THREADS) as pool:
        assert list(pool.map(work, range(THREADS))) == [[]] * THREADS


def test_every_public_function_of_kpi_is_asked_together():
    functions = {n for n, f in vars(kpi).items() if inspect.isfunction(f) and f.__module__ == "kpi"}
    known = functions | set(vars(kpi.Snapshot))
    assert {name for name in known if not name.startswith("_")} - set(ASKED) == set()


def test_a_file_to_take_away_has_its_charts_rows_while_a_page_draws_a_chart():
    rows = pd.DataFrame({"year": [2018, 2019], "visits": [1, 2]})
    chart = alt.Chart(rows).mark_line().encode(x="year:Q", y="visits:Q")
    with ThreadPoolExecutor(2) as pool:
        page = pool.submit(lambda: [_convert_altair_to_vega_lite_spec(chart) for _ in range(200)])
        specs = [charts.spec(chart) for _ in range(200)]
        page.result()
    assert [len(list(spec["datasets"].values())[0]) for spec in specs] == [2] * 200


@pytest.fixture(scope="module")
def address(warehouses, tmp_path_factory):
    """A server of its own that nobody has visited yet."""
    log_file = tmp_path_factory.mktemp("log") / "server.txt"
    with server(OURS, log_file, DUAJUTA_WAREHOUSE=str(warehouses)) as started:
        yield started.address


def city_shown(visit):
    """The name that stands above a page."""
    return re.search(r"kicker.{1,3}>([^<·]+?) *[<·]", visit.text)[1]


@pytest.mark.parametrize("is_warm", [False, True])
def test_20_sessions_at_once_see_no_error_and_each_its_own_city(address, is_warm):
    cities = {"cirebon": "Kota Cirebon", "demak": "Kabupaten Demak"}
    asked = list(islice(cycle(product(PAGES, cities)), SESSIONS))
    visits = at_once(address, [(page, f"city={city}&lang=en") for page, city in asked])
    assert [visit.errors for visit in visits] == [[]] * SESSIONS
    assert [city_shown(visit) for visit in visits] == [cities[city] for _, city in asked]
