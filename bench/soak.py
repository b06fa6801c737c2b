"""Whether strangers can bring a page down: random addresses, hostile files, and what stays of it.

    python -m bench.soak [--minutes 5] [--combinations 500] [--files 200] [--seed 1]

A real server is asked as a browser asks it (bench/visitor.py): every page with random parameters,
its real ones with real and hostile values; files that should be refused, on the page that takes a
guest's. No page may show an exception, no answer be a 5xx, nothing of a traceback be logged, and
the memory be back to within 50 MB of what it was after the warm-up. What does not fit into the
minutes is left out, and the number says so. Exit code 1: something was found; it is printed.
"""

import argparse
import asyncio
import io
import random
import sys
import tempfile
import time
import zipfile
from collections.abc import Awaitable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from unittest import mock
from urllib.parse import urlencode

import openpyxl
from streamlit.testing.v1 import AppTest
from websockets.exceptions import WebSocketException

from bench.visitor import OURS, ROOT, Server, Visit, offer, server, visit
from ui.kit import frame
from ui.kit.text import languages, text

MOST_MB = 50  # that the server may have grown by
WARM = 5  # visits of each page before the memory is looked at; then the same, ten times over
AT_ONCE = 4
TTL = 5  # seconds that a session without a browser is kept here; 120 where people are
FRAME = {
    "city": ["cirebon", "demak"],
    "lang": ["id", "en"],
    "as_of": ["today", "2019-03-25", "2019-09-30", "2001-01-01", "2024-02-29"],
    "definition": ["attractions", "attractions_accommodation", "not_stated"],
    "series": ["disparbud_jabar"],
}
HOSTILE = [
    *("", " ", "\x00", "%00", "\u200b", "\ufeff", "é" * 300, "x" * 20_000, "²", "𝟚𝟘𝟙𝟡", "٢٠١٩"),
    *("../../etc/passwd", "'; drop table visits; --", "{0.__class__}", "%s%n", "$x$", "${7*7}"),
    *("<img src=x onerror=alert(1)>", "![p](http://192.0.2.1/p.png)", ":material/x:", "=1+1"),
    *("NaN", "nan", "-1", "0", "1e309", "9" * 40, "0x10", "1_0", "None", "null", "true", "[]"),
    *("2019-02-30", "9999-12-31", "0001-01-01", "2019-3-5", "20190325", "today ", "2019-W12"),
]


@dataclass(frozen=True)
class Asked:
    """A visit to a page, or a file offered there."""

    page: str
    query: str
    file: tuple[str, bytes] | None = None

    def __str__(self) -> str:
        file = f" and {self.file[0][:60]}, {len(self.file[1])} bytes" if self.file else ""
        return f"/{self.page}?{self.query[:300]}{file}"

    def of(self, address: str) -> Awaitable[Visit]:
        """The Visit of a server."""
        if self.file:
            return offer(address, self.page, self.query, *self.file)
        return visit(address, self.page, self.query)


@dataclass
class Soak:
    """A server under way, what has been asked of it, and what went wrong, as sentences."""

    server: Server
    log: Path
    until: float
    sessions: int = 0
    broken: list[str] = field(default_factory=list)

    def all(self, asked: Iterable[Asked]) -> int:
        """Asks a few at a time until all are done or the time is up; how many were."""
        left, before = iter(asked), self.sessions

        async def one_by_one():
            for one in left:
                if time.monotonic() > self.until:
                    return
                try:
                    seen = await one.of(self.server.address)
                    errors = seen.errors or ([] if is_whole(seen) else ["the page has no end"])
                except (OSError, TimeoutError, WebSocketException) as error:  # gone, or it hangs
                    errors = [f"{type(error).__name__} {error}"]
                self.sessions += 1
                self.broken += [f"{one}: {error[:300]}" for error in errors]

        async def some():
            await asyncio.gather(*(one_by_one() for _ in range(AT_ONCE)))

        asyncio.run(some())
        return self.sessions - before

    def memory(self) -> float:
        """MB of the server once it has forgotten the sessions that left."""
        for _ in range(2):  # a new session makes Streamlit forget those whose time is over
            time.sleep(TTL + 1)
            asyncio.run(visit(self.server.address))
        return self.server.memory

    def found(self) -> list[str]:
        """What went wrong, a traceback in the log included."""
        said = self.log.read_text(encoding="utf-8", errors="replace")
        logged = [said[at : at + 2000] for at in [said.find("Traceback")] if at >= 0]
        return self.broken + logged


def is_whole(seen: Visit) -> bool:
    """Whether a page came to its end, which names the snapshot."""
    ends = tuple(text(lang)("frame.snapshot", id="") for lang in languages())
    shown = (m.delta.new_element.markdown.body for m in seen.messages if m.HasField("delta"))
    return any(body.startswith(ends) for body in shown)


@contextmanager
def soaked(log: Path, minutes: float = 5) -> Iterator[Soak]:
    """A Soak of a server of its own."""
    with server(OURS, log=log, STREAMLIT_SERVER_DISCONNECTED_SESSION_TTL=str(TTL)) as one:
        yield Soak(one, log, time.monotonic() + minutes * 60)


def pages() -> list[str]:
    """The paths of all pages, the home page as an empty one."""
    return ["", *(p.stem for p in (ROOT / "pages").rglob("*.py") if p.stem != "target")]


def parameters() -> dict[str, dict[str, list[str]]]:
    """{page: {parameter: real values}}, noted while each city's pages are shown here."""
    known = {page: {name: list(values) for name, values in FRAME.items()} for page in pages()}
    follow = frame._follow
    for city in FRAME["city"]:
        for page in known:
            noted = known[page]

            def note(say, name, options, default=None, noted=noted):
                values = noted.setdefault(name, [])
                values += [one for one in map(str, options) if one not in values]
                return follow(say, name, options, default)

            with mock.patch.object(frame, "_follow", note):
                at = AppTest.from_file(str(ROOT / "dashboard.py"), default_timeout=120).run()
                if page:
                    at.switch_page(str(next((ROOT / "pages").rglob(f"{page}.py"))))
                at.query_params.update(city=city, as_of="today")
                at.run()
    return known


def combination(chance: random.Random, known: dict[str, list[str]]) -> str:
    """A query: up to six of the parameters, one value in three hostile, now and then twice."""
    names = chance.sample(list(known), chance.randint(0, min(6, len(known))))
    pairs = [
        (name, chance.choice(HOSTILE if chance.random() < 1 / 3 else known[name] or HOSTILE))
        for name in names
    ]
    if pairs and chance.random() < 0.1:
        pairs.append((pairs[0][0], chance.choice(HOSTILE)))
    if chance.random() < 0.1:
        pairs.append((chance.choice(HOSTILE), chance.choice(HOSTILE)))
    return urlencode(pairs)


def addresses(chance: random.Random, known: dict[str, dict], number: int) -> Iterator[Asked]:
    """Every page with random parameters, in turn, `number` times each."""
    for _ in range(number):
        for page, values in known.items():
            yield Asked(page, combination(chance, values))


def files(chance: random.Random, number: int) -> Iterator[Asked]:
    """Files for the page that takes one: each that is made here, then some of them changed."""
    made = list(made_files().items())
    for at in range(number):
        file = made[at] if at < len(made) else changed(chance, *chance.choice(made))
        yield Asked("compare", "as_of=today", file)


# files


HEADS = "daerah;tahun;yang dihitung;angka;sumber\n"
ROW = ["Kota X", 2019, "objek wisata", 5, "BPS"]


def book(*rows: list, **parts: bytes) -> bytes:
    """A workbook of rows, with parts of its archive added or replaced."""
    made, out = openpyxl.Workbook(), io.BytesIO()
    for row in ([*HEADS.strip().split(";")], *rows):
        made.active.append(row)
    made.save(out)
    again = io.BytesIO()
    with zipfile.ZipFile(out) as old, zipfile.ZipFile(again, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, parts.pop(name, None) or old.read(name))
        for name, content in parts.items():
            new.writestr(name, content)
    return again.getvalue()


SHEET = "xl/worksheets/sheet1.xml"
OPEN = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
CLOSE = b"</sheetData></worksheet>"


def sheet(inner: bytes) -> bytes:
    """A workbook whose one sheet says just this."""
    return book(**{SHEET: OPEN + inner + CLOSE})


def made_files() -> dict[str, bytes]:
    """{name: content} of files that are meant to hurt; few of them are tables at all."""
    cell = b'<row r="1"><c r="A1" t="inlineStr"><is><t>%s</t></is></c></row>'
    lines = "".join(f"Kota {n};2019;objek wisata;{n};x\n" for n in range(2000))
    laughs = b"".join(
        b'<!ENTITY l%d "%s">' % (n, b"&l%d;" % (n - 1) * 10 if n else b"ha") for n in range(9)
    )
    texts = [
        "![p](http://192.0.2.1/p.png)",
        "<script>alert(1)</script>",
        "=HYPERLINK(1)",
        "$x$ :red[a]",
    ]
    return {
        "empty.csv": b"",
        "nul.csv": b"\0" * 1_000_000,
        "junk.csv": random.Random(0).randbytes(1_000_000),
        "junk.xlsx": b"PK\3\4" + random.Random(0).randbytes(900_000),
        "picture.xlsx": b"\x89PNG\r\n\x1a\n" + bytes(1000),
        "program.csv": b"MZ\x90\0" + bytes(5000),
        "html.csv": b"<html><script>alert(1)</script></html>",
        "quotes.csv": HEADS.encode() + b'"' * 900_000,
        "one-line.csv": b"a;" * 450_000,
        "wide.csv": (";".join(f"c{n}" for n in range(20_005)) + "\n").encode(),
        "long.csv": (HEADS + lines).encode(),
        "utf16.csv": (HEADS + lines[:500]).encode("utf-16"),
        "latin.csv": HEADS.encode() + "Café;2019;objek wisata;5;é\n".encode("latin-1"),
        "numbers.csv": (
            HEADS
            + "".join(
                f"X;{y};objek wisata;{v};x\n"
                for y in ("2019", "-1", "99999", "²", "1e9")
                for v in ("1e309", "NaN", "-5", "9" * 60, "0x1F", "1.2.3", "٢٠١٩")
            )
        ).encode(),
        "texts.csv": (HEADS + "".join(f"{t};2019;objek wisata;5;{t}\n" for t in texts)).encode(),
        "![p](http://192.0.2.1/p.png).csv": HEADS.encode() + b"A;2019;objek wisata;5;x\n",
        "<img src=x onerror=alert(1)>.xlsx": book(ROW),
        "../../../etc/passwd.csv": HEADS.encode(),
        "x" * 5000 + ".csv": HEADS.encode(),
        "texts.xlsx": book(*([t, 2019, "objek wisata", 5, t] for t in texts)),
        "formula.xlsx": book(["A", 2019, "objek wisata", "=1+1", "x"]),
        "bomb.xlsx": book(ROW, **{"xl/media/zeros.bin": bytes(200_000_000)}),
        "bomb-sheet.xlsx": sheet(b" " * 100_000_000),
        "shared.xlsx": sheet(cell % (b"x" * 20_000_000)),
        "far.xlsx": sheet(b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'),
        "far-row.xlsx": sheet(b'<row r="99999999999"><c r="A99999999999"><v>1</v></c></row>'),
        "blanks.xlsx": sheet(b'<row r="1"><c r = "XFD1048576"><v>1</v></c></row>'),
        "laughs.xlsx": book(
            **{SHEET: b"<!DOCTYPE x [" + laughs + b"]>" + OPEN + cell % b"&l8;" + CLOSE}
        ),
        "outside.xlsx": book(
            **{
                SHEET: b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
                + OPEN
                + cell % b"&e;"
                + CLOSE
            }
        ),
        "deep.xlsx": sheet(b"<a>" * 300_000),
        "cut.xlsx": book(ROW)[:-200],
        "macro.xlsx": book(ROW, **{"xl/vbaProject.bin": bytes(1000)}),
        "many.xlsx": book(ROW, **{f"xl/x{n}.xml": b"x" for n in range(5000)}),
        "up.xlsx": book(ROW, **{"../../../tmp/duajuta-was-here": b"x"}),
        "nameless.xlsx": book(**{"xl/workbook.xml": b"<workbook/>"}),
    }


def changed(chance: random.Random, name: str, content: bytes) -> tuple[str, bytes]:
    """The file with some bytes changed, left out or put in."""
    made = bytearray(content)
    for _ in range(chance.randint(1, 40)):
        at = chance.randrange(len(made) + 1)
        made[at : at + chance.randint(0, 3)] = chance.randbytes(chance.randint(0, 3))
    return name, bytes(made)


def main() -> int:
    """Asks, prints what came of it, says by its exit code whether anything went wrong."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--minutes", type=float, default=5)
    parser.add_argument("--combinations", type=int, default=500, help="of each page")
    parser.add_argument("--files", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    chance, known = random.Random(options.seed), parameters()
    with (
        tempfile.TemporaryDirectory() as folder,
        soaked(Path(folder) / "log.txt", options.minutes) as soak,
    ):
        same = list(addresses(chance, known, WARM))
        soak.all(same)
        before = soak.memory()
        sessions = soak.all(same * 10)
        grown = soak.memory() - before
        offered = soak.all(files(chance, options.files))
        visits = soak.all(addresses(chance, known, options.combinations // 2))
        half = soak.memory() - before
        visits += soak.all(
            addresses(chance, known, options.combinations - options.combinations // 2)
        )
        in_all = soak.memory() - before
        found = soak.found()
    print(f"{visits} visits of {len(known)} pages ({visits // len(known)} each), {offered} files")
    print(f"memory after the warm-up {before:.0f} MB, {sessions} of the same later {grown:+.0f} MB")
    print(f"after half of the random ones, which fill what is kept, {half:+.0f} MB")
    print(f"after all {soak.sessions} {in_all:+.0f} MB")
    print(*(found or ["nothing went wrong"]), sep="\n")
    return int(bool(found) or grown > MOST_MB)


if __name__ == "__main__":
    sys.exit(main())
