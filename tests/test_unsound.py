"""What lies in a city's folder and is no file, no TOML or no name: told, and the rest is built."""

import os
import sys
import time

import pytest
from conftest import HEADER, sidecar

from etl import __main__ as command
from etl.build import known_of
from etl.problem import MOST_LISTED, MOST_SAID, Refused
from etl.read.reader import read_rows

ROW = "3271,KOTA BOGOR,2019,1,100\n"
GOOD = {"good.csv": HEADER + ROW, "good.toml": sidecar(files="good.csv")}
LINKS = pytest.mark.skipif(
    sys.platform == "win32",
    reason="few accounts may make links on Windows, which has no pipes by name",
)
TEXTS = {
    "a number of 5,000 digits": ("x = " + "1" * 5000, "bad_toml"),
    "a key of 3,000 parts": ("x" + ".a" * 3000 + " = 1", "toml_too_deep"),
    "a quoted key of parts": ('[x]\n"a"' + ' . "a"' * 21 + " = 1", "toml_too_deep"),
    "lists in lists": ("x = " + "[" * 5000 + "]" * 5000, "toml_too_deep"),
    "tables in tables": ("x = " + "{a = " * 30 + "1" + "}" * 30, "toml_too_deep"),
    "100 KB": ("#" * 100_000, "file_too_large"),
}
PATTERNS = [
    "../x.csv", "a/../../x.csv", "/etc/*", "C:/x.csv", "", "a" * 256, "*/" * 20 + "x", "**/**/x",
    "a**/x.csv", "x\\u0000.csv",
]  # fmt: skip
THINGS = {  # what lies there instead of a file
    "a folder": lambda path: path.mkdir(),
    "a link to nothing": lambda path: path.symlink_to("nothing"),
    "a link to itself": lambda path: path.symlink_to(path.name),
    "a pipe": lambda path: os.mkfifo(path),
}


def told(city):
    """{name: code} of all refusals of the city's folder."""
    return {name: refusal.code for name, refusal in known_of(city.folder)[1].items()}


@pytest.mark.parametrize("name", ["x", "text.id"])
@pytest.mark.parametrize("text, code", TEXTS.values(), ids=TEXTS)
def test_toml_that_costs_too_much_to_read_is_refused_at_once(city, name, text, code):
    city.write({f"{name}.toml": text})
    before = time.process_time()
    assert told(city) == {name: code} and time.process_time() - before < 5


@pytest.mark.parametrize("pattern", PATTERNS)
def test_a_pattern_that_asks_for_more_than_files_of_its_folder_is_refused(city, pattern):
    city.write({"x.toml": sidecar(files=pattern)})
    assert told(city) == {"x": "bad_pattern"}


@pytest.mark.parametrize("text", ["accepted = 1", "accepted = [1]", "[accepted]\nid = 'x'"])
def test_what_is_accepted_is_a_list_of_tables(city, text):
    city.write({"findings.toml": text})
    assert told(city) == {"findings.toml": "wrong_kind"}


@LINKS
@pytest.mark.parametrize("make", THINGS.values(), ids=THINGS)
def test_what_is_no_file_is_refused_by_itself_and_the_rest_is_built(city, unchecked, make):
    city.write(GOOD)
    for name in ("x.toml", "good.sql", "text.id.toml", "findings.toml", "areas.geojson"):
        make(city.folder / name)
    (city.folder / "other.csv").write_text(HEADER + ROW)
    city.build({"other.toml": sidecar(files="other.csv")})
    said = " ".join(city.refusals())
    assert city.loaded == [100] and said.count("is no file that can be read") == 5


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere a file name is always Unicode")
def test_a_name_that_is_no_utf_8_is_told_and_the_rest_is_built(city, unchecked):
    city.write({**GOOD, "b.toml": sidecar(files="b*.csv")})
    for name in (b"b\xff.csv", b"c\xff.csv", b"d\xff.toml", b"text.\xff.toml"):
        with open(os.fsencode(city.folder) + b"/" + name, "w") as file:
            file.write(HEADER + ROW)
    city.build()
    said = " ".join(city.refusals("id"))
    assert city.loaded == [100] and said.count("\\udcff") == 4


SHAPE = '{"type": "Polygon", "coordinates": [[[1, 1]]]}'
OUTLINES = {
    "properties": f'{{"features": [{{"properties": [1], "geometry": {SHAPE}}}]}}',
    "half a letter": '{"features": [], "title": "\\ud800"}',
    "a huge number": f'{{"features": [{{"properties": {{}}, "geometry": {SHAPE}}}]}}'.replace(
        "[1, 1]", f"[{'1' * 400}, 1]"
    ),
}


@pytest.mark.parametrize("text", OUTLINES.values(), ids=OUTLINES)
def test_outlines_of_another_shape_are_refused(city, unchecked, text):
    city.build({"areas.geojson": text})
    assert "is not valid GeoJSON" in city.refusals()[0]


def test_a_mistake_in_one_city_ends_no_other_and_tells_nothing_of_the_data(
    city, monkeypatch, capsys
):
    def build(folder, *others):
        if folder.name == "aaa":
            raise KeyError("BUDI SANTOSO")
        raise Refused("no_file", patterns="\x1b[31m")

    city.write({"../aaa/city.toml": "", "../bbb/city.toml": ""})
    monkeypatch.setattr(command, "build", build)
    folders = ["--data", str(city.folder.parent), "--warehouse", str(city.target.parent)]
    assert command.main(["--lang", "en", *folders]) == 2
    said = capsys.readouterr().err
    assert "aaa: This is a mistake of the program, not yours: KeyError at __main__.py:" in said
    assert said.count("No file fits �[31m") == 2 and "BUDI" not in said


def test_a_mistake_in_a_check_is_one_sentence(city, monkeypatch, capsys):
    monkeypatch.setattr(command, "datasets", lambda folder: 1 / 0)
    folders = ["--data", str(city.folder.parent), "--warehouse", str(city.target.parent)]
    assert command.main(["check", "areas.csv", "--lang", "en", *folders]) == 2
    assert capsys.readouterr().err.count("\n") == 1


def test_what_is_said_of_a_refusal_is_cut():
    refusal = Refused("no_file", patterns="a" * 10**6, files=["\udcff"] * 10**6)
    assert len(refusal.params["patterns"]) == MOST_SAID
    assert refusal.params["files"] == ["\\udcff"] * MOST_LISTED + ["…"]


def test_line_ends_of_every_kind_are_read_and_300_000_of_them_take_no_minutes(tmp_path):
    content = b'a,b\r\r\n"1",2\r3,4\r\n5,6\n' + b"\r" * 300_000
    before = time.process_time()
    table = read_rows(tmp_path / "a.csv", content, {})[0].table
    assert table.slice(0, 4).column("a").to_pylist() == ["1", "3", "5", None]
    assert time.process_time() - before < 20
