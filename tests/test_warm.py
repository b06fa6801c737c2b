"""A new version of a warehouse serves when its page has been run, not before."""

import gc
import re
import shutil
import time
import weakref

import pytest

import kpi
from bench.visitor import OURS, at_once, server
from etl import warehouse
from kpi import condition, serving


@pytest.fixture
def folder(warehouses, tmp_path, monkeypatch):
    """A warehouse folder of our own with two versions of a city, the first of which serves."""
    root = tmp_path / "warehouse"
    shutil.copytree(warehouses / "demak", root / "demak")
    monkeypatch.setenv("DUAJUTA_WAREHOUSE", str(root))
    shutil.copy(warehouse.current(root / "demak"), root / "demak" / "second.duckdb")
    yield root / "demak"
    serving._held.clear()


def test_what_is_held_serves_until_another_is_held(folder):
    serving.hold(serving.newer())
    first = kpi.snapshot("demak").id
    warehouse.point(folder, "second")
    assert kpi.snapshot("demak").id == first
    serving.hold(serving.newer())
    assert kpi.snapshot("demak").id == "demak-second" and serving.newer() == {}


def test_nothing_is_kept_of_a_version_that_serves_no_more(folder):
    serving.hold(serving.newer())
    first = kpi.snapshot("demak")
    condition.review(first, "kebersihan", 6)
    known = weakref.ref(first)
    del first
    assert known() is not None
    warehouse.point(folder, "second")
    serving.hold(serving.newer())
    gc.collect()
    assert known() is None


def test_who_looks_ahead_reads_the_newest(folder):
    serving.hold(serving.newer())
    warehouse.point(folder, "second")
    token = serving.ahead.set(True)
    assert kpi.snapshot("demak").id == "demak-second"
    serving.ahead.reset(token)


def test_a_warehouse_that_is_gone_is_held_no_more(folder):
    serving.hold(serving.newer())
    shutil.rmtree(folder)
    serving.hold(serving.newer())
    with pytest.raises(kpi.NoWarehouse):
        kpi.snapshot("demak")


def test_a_server_goes_from_one_version_to_the_next_without_an_error(folder):
    def shown():
        (visit,) = at_once(running.address, [("", "city=demak")])
        assert visit.errors == []
        return re.search(r"demak-(\w+)", visit.text)[1]

    with server(OURS, DUAJUTA_WAREHOUSE=str(folder.parent)) as running:
        first = shown()
        warehouse.point(folder, "second")
        seen = [shown()]
        while seen[-1] == first and len(seen) < 100:
            time.sleep(0.1)
            seen.append(shown())
    assert seen[0] == first and seen[-1] == "second"
