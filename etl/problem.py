"""What can go wrong with a file or a dataset, as a code with parameters."""

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import takewhile
from pathlib import Path
from traceback import extract_tb

import duckdb

MOST_SAID = 300  # letters of a text in a sentence: what is longer nobody reads
MOST_LISTED = 20
HERE = Path(__file__).parent


class Refused(Exception):
    """A file, dataset or city that cannot be used: `code` is worded in locales/ as refusal.<code>.

    The parameters name what was found and what was expected; never a personal value. Long ones are
    cut: a stranger's file decides what stands in them.
    """

    def __init__(self, code: str, **params: object) -> None:
        params = {name: _cut(value) for name, value in params.items()}
        super().__init__(code, params)
        self.code = code
        self.params = params


def _cut(value):
    """A parameter that can be said: a text or a list that is not too long."""
    if isinstance(value, str):
        value = spelled(value)
        return value if len(value) <= MOST_SAID else value[: MOST_SAID - 1] + "…"
    if isinstance(value, list | tuple):
        return [*map(_cut, value[:MOST_LISTED]), *(["…"] if len(value) > MOST_LISTED else [])]
    return value


def spelled(text: str) -> str:
    """A text that can be stored: what is no Unicode, as in some names of files, as \\udcff."""
    return text.encode(errors="backslashreplace").decode()


def place_of(error: Exception) -> str:
    """Where a mistake of ours is, like typed.py:157: the last line of etl/ that led to it."""
    first, *others = extract_tb(error.__traceback__)
    ours = takewhile(lambda frame: Path(frame.filename).is_relative_to(HERE), others)
    *_, last = first, *ours
    return f"{Path(last.filename).name}:{last.lineno}"


@contextmanager
def writing(folder: Path) -> Iterator[None]:
    """A block that writes into a folder; Refused where the disk is full or takes nothing."""
    try:
        yield
    except (OSError, duckdb.IOException, duckdb.FatalException) as error:
        told = getattr(error, "strerror", None) or str(error).split("\n")[0]
        raise Refused("cannot_write", folder=str(folder), error=told) from error
