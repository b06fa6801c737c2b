"""A tiny city in tmp_path: files in, a warehouse out, and what the command line says of it."""

import ctypes
import io
import os
import shutil
import site
import socket
import struct
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import openpyxl
import psutil
import pytest
from filelock import FileLock

import run
from etl import warehouse
from etl.build import build
from etl.load.city import city_folders
from etl.load.ledger import report
from etl.problem import Refused
from etl.read import fence
from ui.kit.text import text

ROOT = Path(__file__).parents[1]
MARKS = {  # mark: the fixtures that make a test one of these (run.py leaves some out)
    "build": {"city", "warehouses", "project", "kept"},
    "browser": {"chromium"},
}
HEADER = "place,name,year,month,visits\n"
REFERENCES = {
    "areas.csv": "area,name,level,bps_code\n"
    "32.71,KOTA BOGOR,regency,3271\n"
    "32.77,KOTA CIMAHI,regency,3277\n",
    "areas.toml": 'loads = "areas"\nfiles = ["areas.csv"]',
    "definitions.csv": "definition,measure\n"
    "attractions,attraction_visits\nboth,attraction_visits\nboth,accommodation_guests\n",
    "definitions.toml": 'loads = "definitions"\nfiles = ["definitions.csv"]',
    "city.toml": 'name = "Kota Bogor"\narea = "32.71"\ntime_zone = "Asia/Jakarta"',
}
SITES = {
    "sites.csv": "site,name,area\npark,Taman Kota,32.71\nmuseum,Museum Kota,32.71\n",
    "sites.toml": 'loads = "sites"\nfiles = ["sites.csv"]',
}
MAP = """
[map]
place = "place"
place_name = "name"
place_kind = "'area'"
period_start = "ymd(year, month, '1')"
frequency = "'M'"
measure = "'attraction_visits'"
origin = "'total'"
visits = "num(visits)"
obs_status = "if(absent(visits), 'missing', 'final')"
"""


def pytest_collection_modifyitems(items):
    """Marks tests by what they ask for, also through other fixtures."""
    for item in items:
        for mark, fixtures in MARKS.items():
            if fixtures.intersection(item.fixturenames):
                item.add_marker(mark)


def sidecar(extra="", recipe=MAP, files="visits.*", loads="visits"):
    """The sidecar of a dataset that maps the columns of HEADER; `extra` goes before its tables."""
    return f'loads = "{loads}"\nfiles = ["{files}"]\n{extra}\n{recipe}'


def workbook(*rows, **sheets):
    """The bytes of an XLSX file: one sheet of rows, or one sheet a keyword."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, grid in (sheets or {"Sheet1": rows}).items():
        sheet = book.create_sheet(name)
        for row in grid:
            sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


class City:
    """A city's folder and its warehouse; `built` is the path of the one that was built last."""

    def __init__(self, tmp_path):
        self.folder, self.target = tmp_path / "data" / "city", tmp_path / "warehouse" / "city"
        self.built, self.steps = None, []

    def write(self, files):
        """Writes {path: text or bytes} into the city's folder; None removes a file."""
        for name, content in files.items():
            path = self.folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            if content is None:
                path.unlink()
            else:
                path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return self

    def build(self, files=None):
        """Writes files and builds; the path of the warehouse."""
        self.write(files or {})
        self.steps = []
        self.built = build(self.folder, self.target, lambda code, **_: self.steps.append(code))
        return self.built

    @property
    def report(self):
        """What that warehouse says of its making."""
        return report(self.built)

    def visits(self, rows, extra="", recipe=MAP, name="visits.csv"):
        """Builds the city with visits.csv of these rows below HEADER."""
        text = rows if isinstance(rows, bytes) else HEADER + rows
        return self.build({name: text, "visits.toml": sidecar(extra, recipe)})

    def sql(self, query, as_of=None):
        """The rows of a query on the serving warehouse; values where it has one column."""
        con = warehouse.connect(warehouse.current(self.target))
        if as_of:
            con.execute(f"set variable as_of = date '{as_of}'")
        rows = con.sql(query).fetchall()
        con.close()
        return [row[0] if len(row) == 1 else row for row in rows]

    @property
    def loaded(self):
        """The figures loaded into visits, in the order of the file."""
        return self.sql("select visits from visits order by value_id")

    @property
    def unit(self):
        """What the ledger says of visits.csv."""
        return SimpleNamespace(**next(u for u in self.report["units"] if u["dataset"] == "visits"))

    def rejects(self, lang="en"):
        """The sentences for all rejects."""
        return [text(lang).reject(row) for row in self.report["rejects"]]

    def refusals(self, lang="en"):
        """The sentences for all files and datasets that were refused."""
        told = [u for u in self.report["units"] if u["refusal"]] + self.report["refused"]
        return [text(lang).refusal(t["refusal"], t["params"]) for t in told]


@pytest.fixture(scope="module")
def cut_off():
    """A network of the module's own, with a loopback and nothing else: for servers and browsers.

    Linux gives one to root; elsewhere nothing is cut and the tests watch what is asked.
    """
    if sys.platform != "linux" or os.geteuid():
        yield
        return
    import fcntl  # which Windows has not

    system = ctypes.CDLL(None, use_errno=True)
    before = os.open("/proc/thread-self/ns/net", os.O_RDONLY)
    if system.unshare(0x40000000) == 0:  # CLONE_NEWNET
        with socket.socket() as one:  # ip link set lo up
            fcntl.ioctl(one, 0x8914, struct.pack("16sh14x", b"lo", 1))
    yield
    system.setns(before, 0)
    os.close(before)


@pytest.fixture(scope="session")
def reference_lake(tmp_path_factory):
    """The lake of REFERENCES, made once."""
    city = City(tmp_path_factory.mktemp("references")).write(REFERENCES)
    city.build()
    return city.target / "lake"


@pytest.fixture
def city(tmp_path, reference_lake):
    """A city with two areas and two definitions, not yet built; SITES can be added."""
    city = City(tmp_path).write(REFERENCES)
    shutil.copytree(reference_lake, city.target / "lake")
    return city


@pytest.fixture
def unfenced(monkeypatch):
    """What is read behind the fence is read in this process, so that a test can change how."""

    def here(job, most, **params):
        header, tables = fence.run(job, params)
        if "refused" in header:
            code, told = header["refused"]
            raise Refused(code, **told)
        return header["answer"], tables

    monkeypatch.setattr(fence, "call", here)
    monkeypatch.setattr(fence, "once", here)


@pytest.fixture
def unchecked(monkeypatch):
    """Builds check no figure, a fifth of what they take: for tests that ask for no finding."""
    monkeypatch.setattr("etl.build.findings.run", lambda con, accepted: None)


@pytest.fixture(scope="session")
def warehouses(tmp_path_factory):
    """The folder with the warehouses of all cities in data/, built once; do not change it."""
    root = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        root = root.parent  # that of all workers, of which the first one builds
    with FileLock(root / "warehouses.lock"):
        for name, folder in city_folders(ROOT / "data").items():
            build(folder, root / "warehouses" / name)
    return root / "warehouses"


@pytest.fixture
def served(warehouses, monkeypatch):
    """The same folder, served by kpi and the pages."""
    monkeypatch.setenv("DUAJUTA_WAREHOUSE", str(warehouses))
    return warehouses


@pytest.fixture
def project(tmp_path, monkeypatch):
    """The project without its data and warehouses, with a .venv that borrows this one's libraries.

    So run.py finds everything installed; project.start("run.py", ...) gives the running process.
    """
    path = tmp_path / "dua-juta"
    made_anew = shutil.ignore_patterns(*run.LEFT_OUT)

    def left_out(folder, names):
        own = {"data", "tests", "bench"} if Path(folder) == ROOT else set()
        return made_anew(folder, names) | own

    shutil.copytree(ROOT, path, ignore=left_out)
    monkeypatch.setattr(run, "VENV", path / ".venv")
    subprocess.check_call([sys.executable, "-m", "venv", "--without-pip", run.VENV])
    (libraries,) = run.VENV.glob("**/site-packages")
    (libraries / "borrowed.pth").write_text("\n".join(site.getsitepackages()))
    run.stamp("requirements.txt").touch()

    started = []

    def start(*args, **env):
        env = {k: v for k, v in os.environ.items() if not k.startswith("DUAJUTA_")} | env
        pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True}
        started.append(subprocess.Popen([sys.executable, *args], cwd=path, env=env, **pipes))
        return started[-1]

    yield SimpleNamespace(path=path, start=start)
    for process in started:
        process.terminate()  # nothing where it has ended
        process.communicate()


@pytest.fixture
def kept(tmp_path):
    """kept(folder, ...) serves warehouses as run.py does, with more in the environment.

    What comes has `keeper` and `server`, the processes of run.py and its server, and `address`,
    `log`, the file that both write to.
    """
    started = []

    def start(folder, **env):
        port = run.free_port(0)
        heard = "signal.signal(signal.SIGINT, signal.default_int_handler)"  # also in the background
        command = f"import run, signal; {heard}; raise SystemExit(run.serve(None, {port}))"
        env = os.environ | {"DUAJUTA_WAREHOUSE": str(folder)} | env
        log = tmp_path / "log.txt"
        with log.open("w") as out:
            keeper = subprocess.Popen(
                [sys.executable, "-c", command], cwd=ROOT, env=env, stdout=out, stderr=out
            )
        started.append(keeper)
        assert run.answers(keeper, f"http://{run.HOST}:{port}"), log.read_text()
        (server,) = psutil.Process(keeper.pid).children()
        return SimpleNamespace(keeper=keeper, server=server, address=f"{run.HOST}:{port}", log=log)

    yield start
    for keeper in started:
        keeper.terminate()  # nothing where it has ended
        keeper.wait()
