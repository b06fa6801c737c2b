"""Whether a file can bring down the reading of files: every format, mutated, beside a good file.

    python -m bench.fuzz [--minutes 5] [--seed 1] [--finds FOLDER]

One tiny city is built over and over: a good file of one figure, and beside it a file of one format,
a sidecar, a recipe or a file of the city's own with bytes flipped, cut, repeated, spliced; a member
of a zip is changed inside it. CSV and XLSX are also read as a guest's. Real files below 1 MB come
along from the folder that DUAJUTA_REAL names. An input is found where anything but Refused is
raised, where it takes more than 10 s twice, where the good figure is not loaded or a build is
refused (but by city.toml or findings.toml), and where something unfinished stays. Finds are kept in
a folder under the seed and the number of the input. Exit code 1: something was found.
"""

import argparse
import io
import os
import random
import re
import shutil
import tempfile
import time
import traceback
import zipfile
from collections import Counter, defaultdict
from pathlib import Path

import psutil
import pyarrow as pa
import pyarrow.parquet as pq

from etl.problem import Refused
from etl.recipe import guest
from tests.conftest import MAP, REFERENCES, City, sidecar, workbook

FILES = Path(__file__).parents[1] / "tests" / "files"
MB = 2**20
SLOW = 10  # seconds
FIGURE = 987_654
HEADER = ("place", "name", "year", "month", "visits")
ROWS = [("3277", "KOTA CIMAHI", "2019", str(month), str(100 + month)) for month in range(1, 13)]
RESHAPE = """
select place, name as place_name, 'area' as place_kind, ymd(year, month, '1') as period_start,
    'M' as frequency, 'attraction_visits' as measure, 'total' as origin, num(visits) as visits,
    'final' as obs_status, _row
from raw
"""
MONTHS = """loads = "visits"
files = ["wild.*"]
set = { place_kind = "site", frequency = "D", measure = "attraction_visits", series = "x" }
[read]
sheets = ["Jan", "Feb"]
header = [2, 3]
"""
MONTHS_SQL = """
select
    Objek as place, Tanggal[:10] as period_start, lower(split_part(_col, ' ', 2)) as origin,
    num(n) as visits, if(absent(n), 'missing', 'final') as obs_status, _row, _col
from raw unpivot include nulls (n for _col in ("Kunjungan Wisnus", "Kunjungan Wisman"))
"""
FINDINGS = """[[accepted]]
id = "x"
fingerprint = "x"
reason = "x"
office = "x"
until = 2030-01-01
"""
SHAPES = (
    '{"licence": "x", "features": [{"properties": {"code": "3271"}, "geometry": {"type": '
    '"Polygon", "coordinates": [[[106.7, -6.5], [106.8, -6.5], [106.8, -6.6], [106.7, -6.5]]]}}]}'
)
OWN = {"city.toml": REFERENCES["city.toml"], "findings.toml": FINDINGS, "areas.geojson": SHAPES}
MAY_REFUSE = ("city.toml", "findings.toml")  # a city without them is another city
TOKENS = (
    *(b"\0", b'"', b"'", b"\r", b"\n\n", b"\xff\xfe", b"\xef\xbb\xbf", b";", b",", b"\t" * 99),
    *(b"9" * 400, b"1e999", b"-1", b"NaN", b"inf", b"\xf0\x9f\x92\xa9", b"[" * 3000, b"{" * 50),
    *(b"'''", b'"""', b"--", b"/*", b"$$", b"\\", b"%s", b"{}", b"</row>", b"<!DOCTYPE a>"),
    *(b"repeat('x', 1000000000)", b"(select 1)", b"range(10000000000)", b"9999-12-31", b"* from"),
    *("\u202e".encode(), "\u0000a".encode("utf-16"), b"=", b"]", b"[[a]]", b"null", b"x" * 70_000),
)


def seeds():
    """{format: [bytes]} of what is mutated."""
    table = [HEADER, *ROWS]
    plain = "\n".join(",".join(row) for row in table).encode()
    columns, sink = dict(zip(HEADER, zip(*ROWS, strict=True), strict=True)), io.BytesIO()
    pq.write_table(pa.table(columns), sink)
    found = {
        "csv": [plain],
        "xlsx": [workbook(*table)],
        "parquet": [sink.getvalue()],
        "sidecar": [sidecar(files="wild.csv").encode()],
        "recipe": [MAP.encode()],
        "reshape": [RESHAPE.encode()],
        **{name: [text.encode()] for name, text in OWN.items()},
    }
    for suffix in ("xlsx", "ods", "xls"):
        found.setdefault(suffix, []).append((FILES / f"months.{suffix}").read_bytes())
    real = os.environ.get("DUAJUTA_REAL")
    for path in sorted(Path(real).rglob("*")) if real else ():
        kind = path.suffix.lower()[1:]
        if kind in ("csv", "xlsx", "ods", "xls", "parquet") and path.stat().st_size < MB:
            found[kind].append(path.read_bytes())
    return found


def mutated(draw, kind, content):
    """The bytes of a file of a kind, damaged in one to four ways."""
    if kind in ("xlsx", "ods") and draw.random() < 0.7:
        return _inside(draw, content)
    for _ in range(draw.randint(1, 4)):
        at = _place(draw, kind, content)
        size = draw.randint(1, 200)
        content = draw.choice(
            [
                lambda c, at: c[:at] + bytes([draw.randrange(256)]) + c[at + 1 :],
                lambda c, at: c[:at],
                lambda c, at, n=size: c[:at] + c[at : at + n] * draw.randint(2, 50) + c[at + n :],
                lambda c, at: c[:at] + draw.choice(TOKENS) + c[at:],
                lambda c, at: c[:at] + (t := draw.choice(TOKENS)) + c[at + len(t) :],
            ]
        )(content, at)
    return content


def _place(draw, kind, content):
    """Where to damage: often the footer of Parquet, the header and the tables of sectors of OLE."""
    most = max(len(content), 1)
    if kind == "parquet" and draw.random() < 0.7:
        return max(0, most - 1 - draw.randrange(600))
    if kind == "xls" and draw.random() < 0.5:
        return min(most - 1, draw.randrange(1024))
    return draw.randrange(most)


def _inside(draw, content):
    """A workbook with one member changed."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w") as new:
        chosen = draw.choice(old.namelist())
        for name in old.namelist():
            member = old.read(name)
            if name == chosen:
                member = _other_xml(draw, member)
            new.writestr(name, member, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _other_xml(draw, member):
    change = draw.randrange(5)
    if change == 0:  # one number is huge
        return _one(draw, rb"\d+", member, lambda n: b"9" * draw.choice([5, 9, 12, 20, 400]))
    if change == 1:  # an attribute stands twice
        return _one(draw, rb' [\w:]+="[^"]*"', member, lambda a: a * draw.choice([2, 3000]))
    if change == 2:
        return member.replace(b'"', b"'")
    if change == 3:  # an element is lost, or repeated
        return _one(draw, rb"<[^>]*>", member, lambda e: e * draw.choice([0, 2, 3000]))
    return mutated(draw, "xml", member)


def _one(draw, pattern, content, other):
    found = list(re.finditer(pattern, content))
    if not found:
        return content
    at = draw.choice(found)
    return content[: at.start()] + other(at[0]) + content[at.end() :]


def written(city, kind, content, months):
    """The city's folder anew, with the good file and one input; the lake stays."""
    shutil.rmtree(city.folder, ignore_errors=True)
    wild, table = sidecar(files="wild.*"), "\n".join(",".join(row) for row in [HEADER, *ROWS])
    good = f"3271,KOTA BOGOR,2018,1,{FIGURE}"
    files = REFERENCES | {"good.csv": ",".join(HEADER) + "\n" + good}
    files |= {"good.toml": sidecar(files="good.csv")}
    if kind in OWN:
        files[kind] = content
    elif kind == "sidecar":
        files |= {"wild.csv": table, "wild.toml": content}
    elif kind == "recipe":
        files |= {"wild.csv": table, "wild.toml": sidecar("", "", "wild.*").encode() + content}
    elif kind == "reshape":
        files |= {"wild.csv": table, "wild.toml": sidecar("", "", "wild.*"), "wild.sql": content}
    elif months:
        files |= {f"wild.{kind}": content, "wild.toml": MONTHS, "wild.sql": MONTHS_SQL}
    else:
        files |= {f"wild.{kind}": content, "wild.toml": wild}
    city.write(files)


def verdict(city, kind):
    """What is wrong with a build of the files that lie there: lost, leftovers, or nothing."""
    try:
        city.build()
    except Refused as refusal:
        allowed = kind in MAY_REFUSE and refusal.code != "account_does_not_add_up"
        return "" if allowed else f"lost: {refusal}"
    if FIGURE not in city.loaded:
        return "lost: the good file's figure"
    found = city.target.rglob("*")
    left = [p.name for p in found if ".building" in p.name or ".making" in p.name]
    return f"leftovers: {left}" if left else ""


def judged(city, kind, content, months):
    """(what is wrong with an input, or nothing; seconds that its slowest reading took)."""
    told, took = "", 0
    headings = {column: [column] for column in guest.contract().names}
    ways = [lambda: verdict(city, kind)]
    if kind in ("csv", "xlsx"):
        ways.append(lambda: guest.read(f"wild.{kind}", content, headings, {}) and "")
    written(city, kind, content, months)
    for way in ways:
        began = time.monotonic()
        try:
            told = told or way()
        except Refused:
            pass
        except Exception:  # whatever it is: that is what is looked for
            told = told or f"crash: {traceback.format_exc()}"
        took = max(took, time.monotonic() - began)
    return told or ("hang" if took > SLOW else ""), took


def main():
    """Judges inputs of every format in turn until the minutes are over, and prints the table."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--minutes", type=float, default=5)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--finds", type=Path)
    asked = parser.parse_args()
    finds = asked.finds or Path(tempfile.mkdtemp(prefix="fuzz-"))
    sources, until = seeds(), time.monotonic() + 60 * asked.minutes
    inputs, found, longest, number, peak = Counter(), Counter(), defaultdict(float), 0, 0
    with tempfile.TemporaryDirectory() as root:
        city = City(Path(root))
        while time.monotonic() < until:
            draw = random.Random(f"{asked.seed}-{number}")
            kind = list(sources)[number % len(sources)]
            source = draw.choice(sources[kind])
            content = mutated(draw, kind, source)
            months = kind in ("ods", "xls") or (kind == "xlsx" and source != sources[kind][0])
            told, took = judged(city, kind, content, months)
            if told == "hang":  # or the computer was busy: then not a second time
                told, took = judged(city, kind, content, months)
            inputs[kind] += 1
            longest[kind] = max(longest[kind], took)
            peak = max(peak, psutil.Process().memory_info().rss)
            if told:
                found[kind, told.split(":")[0]] += 1
                finds.mkdir(parents=True, exist_ok=True)
                name = f"{asked.seed}-{number}"
                (finds / f"{name}.{kind.rpartition('.')[2]}").write_bytes(content)
                (finds / f"{name}.txt").write_text(f"{kind}, {took:.1f} s\n{told}\n")
                print(f"{name} {kind} {took:.1f} s {told.strip().splitlines()[-1]}", flush=True)
            number += 1
    verdicts = ("crash", "hang", "lost", "leftovers")
    print(f"\n{'format':<14}{'inputs':>8}", *(f"{v:>10}" for v in verdicts), f"{'longest':>10}")
    for kind in sources:
        row = (f"{found[kind, verdict]:>10}" for verdict in verdicts)
        print(f"{kind:<14}{inputs[kind]:>8}", *row, f"{longest[kind]:>8.1f} s")
    print(f"{number} inputs, seed {asked.seed}; peak {peak / MB:.0f} MB; finds: {finds}")
    return 1 if found else 0


if __name__ == "__main__":
    raise SystemExit(main())
