"""Which figures a computer made up: said here and in etl/load/statements/known.sql, nowhere else.

A simulated series is named after the published one that it is made like.
"""

PREFIX = "simulated:"


def is_simulated(figure: object) -> bool:
    """Whether a figure, a row or anything with a series is simulated or made of what is."""
    row = figure if isinstance(figure, dict) else vars(figure)
    return bool(
        row.get("is_simulated")
        or row.get("obs_status") == "simulated"
        or (row.get("series") or "").startswith(PREFIX)
    )


def like(series: str) -> str:
    """The name of the simulated series that is made like a published one."""
    return PREFIX + series


def original(series: str) -> str:
    """The name of the published series that a series is, or is made like."""
    return series.removeprefix(PREFIX)
