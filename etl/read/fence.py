"""The fence: a stranger's file is read, and a stranger's recipe run, in a child with limits.

    lake, guest -> call or once -> Child -> frames over pipes -> `python -m etl.read.fence` -> a job

A file of 5 KB can make a reader ask for 550 GB, and a recipe can count to 20 milliards. Neither can
be caught in this process, so both happen in another one, which has no more memory and time than the
size of the files allows, no environment of ours, and nothing to lose. Its death is a refusal.

A job is a function named "module:function"; it returns (what JSON can hold, [Arrow tables]). Jobs
go to the child as pickles, which it may trust; answers come back as JSON and Arrow, which we may.
The system keeps the limits where it can (RLIMIT_AS, RLIMIT_CPU on Linux); everywhere the child is
watched as well and killed when it goes beyond them.
"""

import atexit
import json
import os
import pickle
import struct
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from pkgutil import resolve_name
from queue import SimpleQueue
from threading import BoundedSemaphore, Lock, Thread
from typing import IO

import psutil
import pyarrow as pa

from etl.problem import Refused, place_of

try:
    import resource
except ImportError:  # Windows: there the child is only watched
    resource = None  # type: ignore[assignment]  # there is no such module

GB = 2**30
# calamine and Python hold 3 GB of the largest workbook that etl/read/workbook.py lets in
MOST_MEMORY = 4 * GB
# a file of 20 rows takes 0.05 s, 1 GB of plain text some 200 s
SECONDS, SECONDS_A_MB = 6, 3
SLOWER = 10  # how much longer the clock may run than the processor works, on a busy computer
WATCHED = 0.05  # seconds between two looks at the child
AT_ONCE = 2  # children for one job each, side by side: guests of the dashboard
WAITED = 60  # seconds that a job waits for its turn
KEPT = (  # of our environment: where programs, libraries and temporary files lie
    *("PATH", "LD_LIBRARY_PATH", "SYSTEMROOT", "TMPDIR", "TEMP", "TMP", "LANG", "LC_ALL"),
    *("OPENBLAS_CORETYPE", "PYTHONUTF8"),
)
KILLED = -9  # what a process ends with that the system kills; none of the limits does that
OUT_OF_MEMORY = "OutOfMemoryException"
ROOT = Path(__file__).parents[2]
Answer = tuple[dict, list[pa.Table]]  # what JSON can hold, tables


@dataclass(frozen=True)
class Limits:
    """What one job may take: bytes of memory beyond those of an idle child, seconds of CPU."""

    memory: int
    seconds: int


def limits(size: int, memory: int | None = None) -> Limits:
    """The Limits of a job on files of so many bytes; never more than 3/4 of this computer.

    memory: MOST_MEMORY where it is not said.
    """
    most = min(memory or MOST_MEMORY, psutil.virtual_memory().total * 3 // 4)
    return Limits(most, SECONDS + SECONDS_A_MB * size // 10**6)


class Killed(Exception):
    """A child was killed, and not by us."""


class Child:
    """One process behind the fence; it takes one job after the other."""

    def __init__(self) -> None:
        env = {name: os.environ[name] for name in KEPT if name in os.environ}
        env |= {"OPENBLAS_NUM_THREADS": "1", "MALLOC_ARENA_MAX": "2"}  # each thread takes 64 MB
        self.process = subprocess.Popen(
            [sys.executable, "-m", "etl.read.fence"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,  # what it says there could quote a file
            cwd=ROOT,
            env=env,
        )
        assert self.process.stdin and self.process.stdout
        self._pipes = self.process.stdin, self.process.stdout
        self._waiting = ThreadPoolExecutor(1)

    @property
    def lives(self) -> bool:
        """Whether the process can take a job."""
        return self.process.poll() is None

    def call(self, job: str, most: Limits, **params: object) -> Answer:
        """The answer of a job; Refused with what it was refused with, or because it took too much.

        After a refusal of the second kind the child is dead. Killed where the system kills it, as
        it does where the memory of all programs runs out: that need not be this job's fault.
        """
        is_ours = False
        try:
            watched = psutil.Process(self.process.pid)
            begun, cpu = time.monotonic(), _cpu(watched)
            jobs, answers = self._pipes
            _send(jobs, pickle.dumps((job, most, params)))
            answer = self._waiting.submit(_receive, answers)
            while not _ended(answer):
                used = _cpu(watched) - cpu
                late = time.monotonic() - begun > SLOWER * most.seconds
                if late or used > most.seconds or _memory(watched) > most.memory:
                    is_ours = True
                    self.process.kill()
            header, tables = answer.result()
        except (OSError, EOFError, ValueError, pa.ArrowInvalid, psutil.Error) as error:
            with suppress(subprocess.TimeoutExpired):
                self.process.wait(1)
            was_killed = self.process.poll() == KILLED and not is_ours
            self.close()
            if was_killed:
                raise Killed from error
            raise _refused(most) from error
        if "refused" in header:
            refusal = _refused(most, *header["refused"])
            if refusal.code == "file_too_heavy":  # what it took it may not give back
                self.close()
            raise refusal
        return header["answer"], tables

    def close(self) -> None:
        """Ends the process, whatever it is doing."""
        self.process.kill()
        self.process.wait()
        for pipe in self._pipes:
            with suppress(OSError):
                pipe.close()
        self._waiting.shutdown()


_warm: list[Child] = []  # the one child that takes the files of builds, as long as it lives
_turn = Lock()
_guests = BoundedSemaphore(AT_ONCE)


def start() -> None:
    """Lets the child of builds get ready beside what else is to be done."""
    with _turn:
        _warm_child()


def call(job: str, most: Limits, **params: object) -> Answer:
    """The answer of a job in the child of builds, which is kept for the next one."""
    with _turn:
        return _asked_again(lambda: _warm_child().call(job, most, **params), most)


def once(job: str, most: Limits, **params: object) -> Answer:
    """The answer of a job in a child of its own, so that nothing of it is left for another."""
    if not _guests.acquire(timeout=WAITED):
        raise Refused("reader_busy")
    try:
        return _asked_again(lambda: _in_own_child(job, most, params), most)
    finally:
        _guests.release()


def _in_own_child(job: str, most: Limits, params: dict) -> Answer:
    with closing(_child()) as child:
        return child.call(job, most, **params)


def _asked_again(ask: Callable[[], Answer], most: Limits) -> Answer:
    """The answer, of a second child where the first was killed from outside."""
    try:
        return ask()
    except Killed:
        try:
            return ask()
        except Killed as error:
            raise _refused(most) from error


def _child() -> Child:
    """A new child; Refused where the system has no process, file or memory left for one."""
    try:
        return Child()
    except OSError as error:
        raise Refused("reader_busy") from error


def _warm_child() -> Child:
    if not (_warm and _warm[0].lives):
        _warm[:] = [_child()]
    return _warm[0]


@atexit.register
def _end() -> None:
    for child in _warm:
        child.close()


def _refused(most: Limits, code: str = "file_too_heavy", told: dict | None = None) -> Refused:
    """The refusal of a job with its parameters; of one that took too much with its limits."""
    if code == "file_too_heavy":
        told = {"memory": f"{most.memory / GB:.3g} GB", "seconds": most.seconds}
    return Refused(code, **(told or {}))


def _ended(answer: Future) -> bool:
    """Whether an answer, or the end of the process, came before the next look."""
    with suppress(TimeoutError):
        answer.exception(timeout=WATCHED)
    return answer.done()


def _cpu(process: psutil.Process) -> float:
    times = process.cpu_times()
    return times.user + times.system


def _memory(process: psutil.Process) -> int:
    return process.memory_info().rss


def _send(pipe: IO[bytes], content: bytes) -> None:
    pipe.write(struct.pack("<Q", len(content)))
    pipe.write(content)
    pipe.flush()


def _frame(pipe: IO[bytes]) -> bytes:
    """The next frame of a pipe; EOFError where the other side is gone."""
    head = pipe.read(8)
    if len(head) < 8:
        raise EOFError
    (size,) = struct.unpack("<Q", head)
    content = pipe.read(size)
    if len(content) < size:
        raise EOFError
    return content


def _receive(pipe: IO[bytes]) -> Answer:
    header = json.loads(_frame(pipe))
    return header, [pa.ipc.open_stream(_frame(pipe)).read_all() for _ in range(header["tables"])]


# behind the fence


def run(job: str, params: dict) -> Answer:
    """What a job answers, as the header of an answer and its tables; whatever fails is a refusal.

    What an unexpected error says could quote the file, so only its kind and place are told.
    """
    try:
        answer, tables = _done(job, params)
    except Refused as refusal:
        return {"refused": (refusal.code, refusal.params)}, []
    return {"answer": answer}, tables


def _done(job: str, params: dict) -> Answer:
    try:
        return resolve_name(job)(**params)
    except Refused:
        raise
    except Exception as error:
        if isinstance(error, MemoryError) or type(error).__name__ == OUT_OF_MEMORY:
            # of Python, of Arrow, of DuckDB; the other side knows the limits
            raise Refused("file_too_heavy", memory=None, seconds=None) from error
        raise Refused(
            "reading_failed", error=f"{type(error).__name__}, {place_of(error)}"
        ) from error


def _keep(most: Limits) -> None:
    """Asks the system to keep the limits of a job, beyond what this process has taken already."""
    if resource is None:
        return
    process = psutil.Process()
    own = {
        resource.RLIMIT_AS: process.memory_info().vms + most.memory,
        resource.RLIMIT_CPU: int(_cpu(process)) + most.seconds + 1,
        resource.RLIMIT_CORE: 0,
    }
    for what, value in own.items():
        with suppress(ValueError, OSError):  # macOS takes no RLIMIT_AS
            resource.setrlimit(what, (value, resource.getrlimit(what)[1]))


def _take(jobs: IO[bytes], taken: SimpleQueue) -> None:
    """Takes jobs until the other side is gone, which ends this process in the midst of one.

    Else it would go on writing to where the next build makes something.
    """
    with suppress(EOFError):
        while True:
            taken.put(_frame(jobs))
    os._exit(0)


def _serve(jobs: IO[bytes], answers: IO[bytes]) -> None:
    """Does one job after the other."""
    taken: SimpleQueue = SimpleQueue()
    Thread(target=_take, args=(jobs, taken), daemon=True).start()
    while True:
        job, most, params = pickle.loads(taken.get())
        _keep(most)
        header, tables = run(job, params)
        del params
        header["tables"] = len(tables)
        _send(answers, json.dumps(header, default=str).encode())
        for table in tables:
            sink = pa.BufferOutputStream()
            with pa.ipc.new_stream(sink, table.schema) as stream:
                stream.write_table(table)
            _send(answers, sink.getvalue().to_pybytes())


class _NoPandas:
    """Says that there is no pandas, which Arrow takes 0.25 s to load to ask if a list is of it."""

    @staticmethod
    def find_spec(name: str, *_: object) -> None:
        """Nothing; ImportError for pandas."""
        if name == "pandas":
            raise ModuleNotFoundError(name)


if __name__ == "__main__":
    sys.meta_path.insert(0, _NoPandas)
    from etl.load import making as making  # what nearly every job needs, before the first one comes

    _serve(sys.stdin.buffer, sys.stdout.buffer)
