"""The links to a page: to what will be newest, and to exactly what is seen now."""

from urllib.parse import parse_qs

import pytest
from conftest import HEADER, sidecar
from test_pages import EN, made, title, visit

assert made  # a fixture
YEAR = "".join(f"3271,KOTA BOGOR,2019,{month},{{}}\n" for month in range(1, 13))


@pytest.fixture
def twice(made):
    """A city whose figures were published anew: 1,200 visits, then 2,400; the first version."""
    first = made.build({"visits.csv": HEADER + YEAR.format(*[100] * 12), "visits.toml": sidecar()})
    made.build({"visits.csv": HEADER + YEAR.format(*[200] * 12)})
    return first.stem


def links(at):
    """The parameters of the two links that a page offers."""
    return [parse_qs(code.value.split("?")[1]) for code in at.code[:2]]


def test_a_pinned_link_shows_the_old_figures_and_says_so(twice):
    at = visit(f"lang=en&version={twice}")
    assert "1,200" in title(at) and twice in at.info[0].value


def test_one_click_leads_from_a_pinned_page_to_the_newest(twice):
    at = visit(f"lang=en&version={twice}")
    at.button(key="newest").click().run()
    assert "2,400" in title(at) and "version" not in at.query_params


@pytest.mark.parametrize("version", ["0123456789abcdef", "../../etc/passwd", "", "%00", "²"])
def test_a_version_that_is_gone_is_told_and_the_newest_shown(twice, version):
    at = visit(f"lang=en&version={version}")
    assert "2,400" in title(at)
    assert [w.value for w in at.warning] == ([EN("error.gone")] if version else [])


def test_a_link_to_what_is_seen_now_names_the_version_and_shows_it(twice):
    newest, pinned = links(visit("lang=en"))
    assert "version" not in newest and newest["as_of"] == pinned["as_of"] == ["today"]
    shown = visit("&".join(f"{name}={value}" for name, (value,) in pinned.items()))
    assert "2,400" in title(shown) and pinned["version"][0] in shown.info[0].value


@pytest.mark.usefixtures("served")
def test_a_link_carries_the_demonstration_day_and_every_choice():
    page = "pages/explore/condition.py"
    for given in links(visit("lang=en&domain=ketertiban&months=3", page)):
        assert given["as_of"] == ["2019-09-30"] and given["city"] == ["cirebon"]
        assert given["domain"] == ["ketertiban"] and given["months"] == ["3"]
