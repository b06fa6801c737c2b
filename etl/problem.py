"""What can go wrong with a file or a dataset, as a code with parameters."""

from contextlib import contextmanager

import duckdb


class Refused(Exception):
    """A file, dataset or city that cannot be used: `code` is worded in locales/ as refusal.<code>.

    The parameters name what was found and what was expected; never a personal value.
    """

    def __init__(self, code, **params):
        super().__init__(code, params)
        self.code = code
        self.params = params


@contextmanager
def writing(folder):
    """A block that writes into a folder; Refused where the disk is full or takes nothing."""
    try:
        yield
    except (OSError, duckdb.IOException, duckdb.FatalException) as error:
        told = getattr(error, "strerror", None) or str(error).split("\n")[0]
        raise Refused("cannot_write", folder=str(folder), error=told) from error
