"""A build that is killed or finds the disk full leaves the old warehouse, and the next is clean.

Here 12 kills; bench/faults.py has 200, swaps beside readers and a broken lake.
"""

import os
import random
import resource
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest
from conftest import HEADER, REFERENCES, ROOT, City, sidecar

from etl import warehouse

pytestmark = pytest.mark.build
KILLS, LANES = 12, 4
MONTHS = [f"3271,KOTA BOGOR,{y},{m},{y + m}\n" for y in range(2000, 2010) for m in range(1, 13)]


def command(city, *arguments):
    """The command that builds this city."""
    folders = ["--data", str(city.folder.parent), "--warehouse", str(city.target.parent)]
    return [sys.executable, "-u", "-m", "etl", "--lang", "en", *folders, *arguments]


def started(city):
    """A build in a process of its own, which has read its code and begins."""
    process = subprocess.Popen(
        command(city), cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    process.stdout.readline()  # the name of the city
    return process


def with_months(city, number):
    """The city with so many months in its file."""
    city.write({"visits.csv": HEADER + "".join(MONTHS[:number]), "visits.toml": sidecar()})


def figures(city):
    """How many figures the warehouse that serves holds; None where there is none."""
    return None if warehouse.current(city.target) is None else len(city.loaded)


def litter(city):
    """What a build that died has left behind."""
    return [p for p in city.target.rglob("*") if "building" in p.name or "making" in p.name]


def kill_and_build(city, chance, seconds, kills):
    """Kills builds of one month more each, at random moments, and builds after each kill."""
    done = []
    for number in range(1, kills + 1):
        before = figures(city)
        with_months(city, number)
        process = started(city)
        time.sleep(chance.uniform(0, seconds))
        process.kill()
        process.communicate()
        after = figures(city)
        assert after in (before, number), "the old warehouse serves, or the new one"
        city.build()
        assert city.loaded == [
            2000 + (n - 1) // 12 + (n - 1) % 12 + 1 for n in range(1, number + 1)
        ]
        assert city.rejects() == city.refusals() == [] and litter(city) == []
        done.append(after == before)
    return done


def test_a_build_killed_at_any_of_12_moments_leaves_the_old_and_the_next_is_clean(tmp_path):
    cities = [City(tmp_path / str(lane)).write(REFERENCES) for lane in range(LANES)]
    with_months(cities[0], 1)
    began = time.monotonic()
    process = started(cities[0])
    process.communicate()
    seconds = time.monotonic() - began
    assert process.returncode == 0
    shares = [KILLS // LANES + (lane < KILLS % LANES) for lane in range(LANES)]
    chances = [random.Random(lane) for lane in range(LANES)]
    with ThreadPoolExecutor(LANES) as pool:
        done = pool.map(kill_and_build, cities, chances, [seconds] * LANES, shares)
        died = [death for lane in done for death in lane]
    assert len(died) == KILLS and sum(died) > KILLS // 4  # most were killed before they were done


@contextmanager
def small_disk(path, size):
    """A disk of so many bytes at `path`; skips where this user may not mount one."""
    path.mkdir(parents=True)
    mount = ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(path)]
    if os.geteuid() != 0 or subprocess.run(mount, capture_output=True).returncode != 0:
        pytest.skip("no disk can be mounted here; the limit of a file's size is tested instead")
    try:
        yield
    finally:
        subprocess.run(["umount", str(path)], check=True)


def told_of_full_disk(city, **options):
    """What a build prints that finds the disk full; it ends with 2 and leaves the old."""
    before = figures(city)
    with_months(city, 120)
    ended = subprocess.run(command(city), cwd=ROOT, capture_output=True, text=True, **options)
    assert ended.returncode == 2
    assert figures(city) == before
    return ended.stderr


WORDS = "the disk may be full. The old warehouse goes on serving."


def test_a_full_disk_is_told_in_words_and_the_old_warehouse_serves(tmp_path):
    city = City(tmp_path).write(REFERENCES)
    with small_disk(city.target, 6_000_000):
        with_months(city, 1)
        city.build()
        (city.target / "filler").write_bytes(bytes(2_500_000))
        told = told_of_full_disk(city)
        assert WORDS in told and "Traceback" not in told
        (city.target / "filler").unlink()
        city.build()
        assert len(city.loaded) == 120 and litter(city) == []


@pytest.mark.parametrize("most", [0, 1_000, 400_000])
def test_a_file_that_may_not_grow_is_told_in_words_and_the_old_warehouse_serves(city, most):
    with_months(city, 1)
    city.build()

    def limit():
        resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))

    told = told_of_full_disk(city, preexec_fn=limit)
    assert WORDS in told and "Traceback" not in told
    city.build()
    assert len(city.loaded) == 120 and litter(city) == []
