"""Jobs for tests/test_fence.py: what a child must not be able to do, or must not live on after."""

import os
import sys
import time

import pyarrow as pa


def memory(size):
    """Takes so many bytes at once."""
    return len(b"x" * size), []


def computing():
    """Never ends."""
    while True:
        pass


def dies():
    """Ends as a broken library does."""
    os.abort()


def killed_once(mark):
    """Is killed the first time, as by a system without memory; then whether it was."""
    if not os.path.exists(mark):
        open(mark, "w").close()
        os.kill(os.getpid(), 9)
    return True, []


def environment():
    """The names of what it inherits, and a table."""
    return sorted(os.environ), [pa.table({"a": [1, 2]})]


def waits(seconds):
    """Computes nothing for a while."""
    time.sleep(seconds)
    return "done", []


def loads_pandas():
    """Whether Arrow, asked to make an array of a list, has loaded pandas."""
    pa.array([1])
    return bool(sys.modules.get("pandas")), []
