"""Files on the disk: what tells one from another, small ones read whole, none from outside."""

import os
import stat
from pathlib import Path

from etl.problem import Refused

MOST_SMALL = 2**20  # bytes of a file that goes with the data; the longest that was written has 5 KB
Stamp = tuple[
    int, int
]  # size and time of change in ns of a file: while they stay, its content does


def read_small(path: Path, most: int = MOST_SMALL) -> bytes:
    """The bytes of a file that goes with the data; Refused where it is no plain one or too large.

    A link is refused where it leads out of the folder that it lies in. Nothing is waited for: a
    pipe has no end.
    """
    refuse_outside(path, path.parent)
    try:
        with open(path, "rb", opener=_at_once) as file:
            if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                raise Refused("no_plain_file", file=path.name)
            content = file.read(most + 1)
    except (FileNotFoundError, IsADirectoryError) as error:
        raise Refused("no_plain_file", file=path.name) from error
    except OSError as error:
        raise Refused("unreadable_file", file=path.name, error=str(error.strerror)) from error
    if len(content) > most:
        size = f"{most // 2**20} MB" if most >= 2**20 else f"{most // 2**10} KB"
        raise Refused("file_too_large", file=path.name, most=size)
    return content


def _at_once(path, flags):
    """Opens a file without waiting for whoever writes into it."""
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))  # which Windows has not


def stamp_of(path: Path) -> Stamp:
    """The Stamp of a file."""
    stat = path.stat()
    return stat.st_size, stat.st_mtime_ns


def refuse_outside(path: Path, folder: Path) -> None:
    """Refused where a file or what a link leads to lies outside of a folder."""
    try:
        is_inside = path.resolve().is_relative_to(folder.resolve())
    except (OSError, RuntimeError) as error:  # a link that leads to itself
        raise Refused("no_plain_file", file=path.name) from error
    if not is_inside:
        raise Refused("outside_folder", file=path.name, folder=folder.name)
