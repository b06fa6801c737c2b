"""What is damaged or lost in a warehouse's folder: the newest whole one serves, and is told."""

import os
import shutil
import time
from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest
from conftest import REFERENCES, City
from test_etl_build import BAD, ONE, run
from test_pages import EN, visit
from test_pages import run as run_page

import kpi
from etl import warehouse
from kpi import reading, serving

pytestmark = pytest.mark.build
FAR = 4_000_000_000  # seconds: the year 2096
DAMAGES = {
    "garbage": lambda content: b"garbage",
    "empty": lambda content: b"",
    "cut": lambda content: content[: len(content) * 9 // 10],
    "zeros": lambda content: content[:20_000] + bytes(300_000) + content[320_000:],
    "one bit": lambda content: (
        content[:300_000] + bytes([content[300_000] ^ 1]) + content[300_001:]
    ),
    "removed": None,
}
damaged = pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
POINTERS = {"garbage": b"../x", "empty": b"", "not text": b"\xff\xfe", "1 MB": b"a" * 10**6}
POINTERS |= {"none": None, "gone": b"abc"}
broken_pointers = pytest.mark.parametrize("content", POINTERS.values(), ids=POINTERS)


def spoil(path, damage):
    """Damages a file, or removes it."""
    content = path.read_bytes()
    path.unlink() if damage is None else path.write_bytes(damage(content))


@pytest.fixture(scope="module")
def pair(tmp_path_factory):
    """A city that was built twice, and its warehouses, the newer one first; do not change it."""
    city = City(tmp_path_factory.mktemp("pair")).write(REFERENCES)
    older = city.visits(ONE)
    return city, city.visits(ONE + "3271,KOTA BOGOR,2019,2,7\n"), older


@pytest.fixture
def two(pair, tmp_path):
    """A copy of it: (city, newer, older)."""
    made, newer, older = pair
    copy = City(tmp_path)
    for there, here in ((made.folder, copy.folder), (made.target, copy.target)):
        shutil.copytree(there, here)
    return copy, copy.target / newer.name, copy.target / older.name


@broken_pointers
def test_a_broken_pointer_lets_the_newest_whole_warehouse_serve(two, content):
    city, newer, older = two
    os.utime(older, (FAR, FAR))  # the clock was wrong, or a copy has other times
    pointer = city.target / "current"
    pointer.unlink() if content is None else pointer.write_bytes(content)
    assert warehouse.serving(city.target) == (newer, "damaged" if content == b"abc" else "pointer")


def test_a_broken_pointer_is_written_again(two):
    city, newer, _ = two
    (city.target / "current").write_bytes(b"")
    assert city.build() == newer and warehouse.serving(city.target) == (newer, None)


@damaged
def test_a_damaged_warehouse_lets_the_one_before_serve_and_the_status_says_so(two, damage, capsys):
    city, newer, older = two
    spoil(newer, damage)
    assert run(city, "status", "--lang", "en") == 1
    assert f"what serves is the newest whole one, {older.stem} of" in capsys.readouterr().out
    assert warehouse.serving(city.target) == (older, "damaged")


@damaged
def test_without_a_whole_warehouse_the_status_says_so(two, damage, capsys):
    city, newer, older = two
    spoil(newer, damage)
    spoil(older, damage)
    assert run(city, "status", "--lang", "en") == 2
    said = "no warehouse yet" if damage is None else "The warehouse city is damaged."
    assert said in capsys.readouterr().out


@pytest.mark.parametrize("damage", [DAMAGES["one bit"], None], ids=["damaged", "removed"])
def test_a_damaged_or_removed_warehouse_is_built_anew(two, damage):
    city, newer, _ = two
    spoil(newer, damage)
    built = city.build()
    assert (built == newer) == (damage is None) and built == city.build()
    assert warehouse.serving(city.target) == (built, None) and city.loaded == [100, 7]


def test_a_folder_in_the_place_of_a_warehouse_is_a_damaged_one(two):
    city, newer, older = two
    newer.unlink()
    newer.mkdir()
    assert warehouse.serving(city.target) == (older, "damaged")
    city.build()
    assert warehouse.serving(city.target)[1] is None and city.loaded == [100, 7]


def test_a_file_that_could_not_be_read_for_once_is_tried_again(two, monkeypatch):
    city, newer, older = two
    warehouse._damaged(newer)
    assert warehouse.serving(city.target) == (older, "damaged")
    monkeypatch.setattr(warehouse, "AGAIN_AFTER", 0)
    assert warehouse.serving(city.target) == (newer, None)


def test_the_last_five_versions_are_kept_whatever_the_clock_said_and_what_they_were_made_of(city):
    paths = [city.visits(f"3271,KOTA BOGOR,2019,1,{n}\n") for n in range(3)]
    for path in paths:
        os.utime(path, (FAR, FAR))
    paths += [city.visits(f"3271,KOTA BOGOR,2019,1,{n}\n") for n in range(3, 7)]
    assert [path for _, path, _ in warehouse.versions(city.target)] == paths[:1:-1]
    references = len({u["lake_key"] for u in city.report["units"]}) - 1
    assert len(list(city.target.glob("lake/*"))) == references + warehouse.VERSIONS_KEPT


def test_what_is_published_lies_on_the_disk_before_it_is_named(city, monkeypatch):
    steps, sync, replace = [], os.fsync, os.replace
    city.visits(ONE)
    folder = city.target.stat().st_ino

    def synced(number):
        steps.append("folder" if os.fstat(number).st_ino == folder else "file")
        sync(number)

    monkeypatch.setattr(warehouse.os, "fsync", synced)
    monkeypatch.setattr(
        warehouse.os, "replace", lambda a, b: steps.append(b.suffix or b.name) or replace(a, b)
    )
    city.visits(ONE + BAD)
    assert steps == ["file", ".duckdb", "file", "folder", "current", "folder"]


# the lake


@pytest.mark.parametrize("name", ["account.json", "values.parquet", "rows.parquet"])
def test_a_damaged_lake_file_is_made_again(two, name):
    city, newer, _ = two
    for path in city.target.glob(f"lake/*/{name}"):
        spoil(path, lambda content: content[:-3] + b"xxx")
    newer.unlink()
    assert city.build() == newer and city.loaded == [100, 7]


def test_an_account_that_was_changed_is_made_again(two):
    city, newer, _ = two
    paths = list(city.target.glob("lake/*/account.json"))
    before = [path.read_text() for path in paths]
    for path, text in zip(paths, before, strict=True):
        path.write_text(text.replace('rows_read\\": 2', 'rows_read\\": 3'))
    assert [path.read_text() for path in paths] != before
    newer.unlink()
    city.build()
    assert city.loaded == [100, 7] and {p.read_text() for p in paths} <= set(before)


def test_a_file_in_the_place_of_a_lake_folder_gives_way(two):
    city, newer, _ = two
    for folder in city.target.glob("lake/*"):
        shutil.rmtree(folder)
        folder.write_text("x")
    newer.unlink()
    assert city.build() == newer and city.loaded == [100, 7]


@pytest.mark.parametrize("content", ["", "[]", '{"x": 1}', "{", "[" * 10**5, "\0"])
def test_a_damaged_memory_of_hashes_is_forgotten(two, content):
    city, *_ = two
    (city.target / "digests.json").write_text(content)
    city.build()
    assert city.steps == ["unchanged"]


# what is served


@pytest.fixture
def opened(two, monkeypatch):
    """The same copy, served by kpi and the pages."""
    monkeypatch.setenv("DUAJUTA_WAREHOUSE", str(two[0].target.parent))
    return two


@pytest.mark.parametrize("damage", [DAMAGES[name] for name in ("garbage", "zeros", "removed")])
@pytest.mark.parametrize("page", ["", "pages/explore/data.py"])
def test_a_page_breaks_by_no_damage_and_says_what_is_shown_instead(opened, damage, page):
    city, newer, older = opened
    at = visit("lang=en", page)
    spoil(newer, damage)
    run_page(at)  # from what is in memory still, or from the one before
    reading.database.cache_clear()  # as at a start
    (warning,) = run_page(at).warning
    assert "newest warehouse is damaged or gone" in warning.value and older.stem in warning.value
    assert "python3 run.py etl" in [code.value for code in at.code]
    spoil(older, damage)
    reading.database.cache_clear()
    (error,) = run_page(at).error
    assert error.value == EN("error.none" if damage is None else "error.damaged")


def test_what_is_found_damaged_in_the_middle_of_a_page_gives_way_to_the_one_before(opened):
    city, newer, older = opened
    snapshot = kpi.snapshot("city")
    content = newer.read_bytes()
    newer.write_bytes(content[:12_288] + bytes(len(content) - 12_288))
    with pytest.raises(kpi.NoWarehouse) as told:
        for name in kpi.KPIS:
            snapshot.figures(name)
    assert told.value.code == "damaged" and kpi.is_replaced("city", newer)
    assert kpi.snapshot("city").path == older and kpi.cities() == [("city", "Kota Bogor")]


def test_a_version_held_until_the_next_is_warm_is_let_go_where_it_is_damaged(opened, monkeypatch):
    _, newer, older = opened
    monkeypatch.setattr(serving, "_held", {"city": newer})
    assert kpi.snapshot("city").path == newer
    warehouse._damaged(newer)
    assert kpi.snapshot("city").path == older and kpi.snapshot("city").instead == "damaged"


def seen(is_over):
    """The pairs (version, number of values) that a reader sees who asks anew what serves."""
    pairs = set()
    while not pairs or not is_over():
        snapshot = kpi.snapshot("city")
        pairs.add((snapshot.table("version")[0]["version"], len(snapshot.table("every_value"))))
    return pairs


def test_readers_lose_nothing_and_tear_nothing_while_versions_are_swapped(opened):
    city, newer, older = opened
    swapped = Event()
    with ThreadPoolExecutor(4) as pool:
        readers = [pool.submit(seen, swapped.is_set) for _ in range(4)]
        for n in range(40):
            warehouse.point(city.target, (older, newer)[n % 2].stem)
            time.sleep(0.02)  # so that readers come in between
        swapped.set()
        pairs = set.union(*(reader.result() for reader in readers))
    assert pairs == {(newer.stem, 2), (older.stem, 1)}
