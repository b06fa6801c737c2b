"""README's "where a new thing goes" is true: a KPI, a check, a page and a dataset, in a copy."""

import json
import re

import pytest
from conftest import REFERENCES, ROOT

KPI = """/*
concept = "Length of stay: how many nights a guest stays"
definition = "Mean nights of one stay, as the agency publishes it"
classification = "series, year"
measure = "mean"
unit = "days"
producer = "the publisher of the series"
period = "year"
values = "indicators"
direction = "up"
method = "as published"
*/
select
    'all_guests' as definition, series, period_start, period_end, value, obs_status,
    [value_id] as value_ids
from indicators where indicator = 'length_of_stay'
"""
CHECK = """/*
contract = "condition"
severity = "question"
marks = "suspect"
concept = "more bins than anybody could count"
method = "own rule"
*/
select
    [value_id] as value_ids, [value_id] as marked_ids, {place: area, number: value} as params
from condition where indicator = 'bins' and value > 1000
"""
PAGE = '''"""A new page."""

import streamlit as st

from ui.kit import plain

plain.title(f"Bins: {st.session_state['snapshot'].city}")
'''
MENU = '    st.Page("pages/explore/bins.py", title="Bins", url_path="bins"),\n'
DATA = {
    "stay.csv": "area,indicator,period_start,period_end,value,unit,series,obs_status,published_at\n"
    "32.71,length_of_stay,2019-01-01,2019-12-31,1.37e0,nights,office,final,2020-01-15\n",
    "stay.toml": 'loads = "indicators"\nfiles = ["stay.csv"]\n',
    "bins.csv": "area,period_start,period_end,frequency,domain,indicator,value,unit,direction,"
    "method,series,obs_status,published_at\n"
    "32.71,2019-01-01,2019-01-31,M,kebersihan,bins,5000,count,up,counted,office,final,2019-02-15\n",
    "bins.toml": 'loads = "condition"\nfiles = ["bins.csv"]\n',
}
WORDS = {
    "kpi.length_of_stay": "Lama menginap",
    "check.too_many_bins": "{number} tempat sampah: benarkah?",
    "counted.all_guests": "semua tamu",
}
ASK = """
import json, kpi
from streamlit.testing.v1 import AppTest
from kpi.lineage import of_figure
from kpi.trace import trace

def shown(page):
    at = AppTest.from_file("dashboard.py", default_timeout=120).run()
    at.switch_page(page).run()
    assert not at.exception, at.exception
    return " ".join(e.value for kind in ("title", "markdown") for e in getattr(at, kind))

snapshot = kpi.snapshot("kota")
(figure,) = snapshot.figures("length_of_stay")
(row,) = snapshot.rows(trace(snapshot, of_figure(figure)).values)
print(json.dumps({
    "value": figure.value, "file": row["file"], "line": row["line"],
    "findings": [f["check"] for f in snapshot.table("findings")],
    "scorecard": shown("pages/review/scorecard.py"), "page": shown("pages/explore/bins.py"),
}))
"""


@pytest.fixture
def asked(project, tmp_path):
    """What a copy of the project with the new things says of them."""
    added = {
        "kpi/length_of_stay.sql": KPI,
        "etl/checks/too_many_bins.sql": CHECK,
        "pages/explore/bins.py": PAGE,
        "ask.py": ASK,
    }
    added |= {f"data/kota/{name}": text for name, text in (REFERENCES | DATA).items()}
    for name, text in added.items():
        path = project.path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    for catalogue in project.path.glob("locales/*/LC_MESSAGES/messages.po"):
        words = "".join(f'\nmsgid "{code}"\nmsgstr "{text}"\n' for code, text in WORDS.items())
        catalogue.write_text(catalogue.read_text("utf-8") + words, encoding="utf-8")
    dashboard = project.path / "dashboard.py"
    menu = re.sub(r"(menu = \[\n)", rf"\1{MENU}", dashboard.read_text("utf-8"))
    dashboard.write_text(menu, encoding="utf-8")
    build = project.start("-m", "etl", "--lang", "en")
    said = build.stdout.read()
    assert build.wait() in (0, 1), said
    told = project.start("ask.py").stdout.read()
    assert told.strip().endswith("}"), f"{said}{told}"
    return json.loads(told.splitlines()[-1])


def test_a_kpi_a_check_a_page_and_a_dataset_need_only_the_files_that_readme_names(asked):
    assert (asked["value"], asked["file"], asked["line"]) == (1.37, "stay.csv", 2)
    assert "too_many_bins" in asked["findings"]
    assert "Lama menginap" in asked["scorecard"] and "1,4 hari" in asked["scorecard"]
    assert "Bins: kota" in asked["page"]


def test_the_table_names_the_files_that_were_added():
    table = (ROOT / "README.md").read_text("utf-8").split("## Where a new thing goes")[1]
    for file in ("kpi/<kpi>.sql", "etl/checks/<check>.sql", "pages/<section>/<name>.py"):
        assert file in table
    assert "one line of the menu in `dashboard.py`" in table
