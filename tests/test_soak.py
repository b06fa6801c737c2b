"""A short form of bench/soak.py: random addresses and hostile files bring no page down."""

import math
import random
import re
from types import SimpleNamespace

import pytest
from conftest import ROOT

from bench import soak

pytestmark = pytest.mark.deep


@pytest.fixture(scope="module")
def soaked(warehouses, tmp_path_factory):
    """A server under way for this module."""
    log = tmp_path_factory.mktemp("soak") / "log.txt"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DUAJUTA_WAREHOUSE", str(warehouses))
        with soak.soaked(log, minutes=2) as one:
            yield one


@pytest.fixture(scope="module")
def known(warehouses):
    """The parameters of all pages with their real values."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DUAJUTA_WAREHOUSE", str(warehouses))
        return soak.parameters()


def test_real_parameters_are_noted_with_their_values(known):
    assert set(known) == {"", *re.findall(r'url_path="(\w+)"', (ROOT / "dashboard.py").read_text())}
    assert {"2018", "2019"} <= set(known["visits"]["year"]) and "letters" in known["data"]["view"]


def test_no_address_brings_a_page_down(soaked, known):
    assert soaked.all(soak.addresses(random.Random(5), known, 4)) == 4 * len(known)
    assert soaked.found() == []


def test_no_file_brings_the_page_for_guests_down(soaked):
    number = len(soak.made_files())
    assert soaked.all(soak.files(random.Random(5), number)) == number
    assert soaked.found() == []


def test_what_breaks_is_found(tmp_path):
    log = tmp_path / "log.txt"
    log.write_text("Traceback (most recent call last):")
    gone = soak.Soak(SimpleNamespace(address="http://127.0.0.1:1"), log, math.inf)
    gone.all([soak.Asked("", "")])
    assert len(gone.found()) == 2
