"""A unit of a build: a file, or all files of a dataset, and what it yields."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from etl.problem import Refused
from etl.read.files import Stamp
from etl.recipe.dataset import Dataset, Dates


@dataclass
class Yield:
    """What a unit (a file, or all files of a dataset) yielded; `folder` holds its Parquet files."""

    key: str
    folder: Path
    rows_read: int
    rows_aside: int
    headings: int
    values_made: int
    values_good: int  # values that broke no rule
    unread_columns: list
    hashes: dict  # name of a Parquet file -> hash of its content
    made_by: dict  # contract column -> the file's columns that it was mapped from
    streamed: bool = False
    fast_rows: int = 0  # of a streamed file: rows that needed no second look
    unsplit: tuple = ()  # of a streamed file: lines that have no position in values.parquet
    keys: list | None = None  # of many events: (series, lowest, highest number, whether each once)


@dataclass
class Unit:
    """What is loaded at once, with its dates; a refusal says why nothing came of it."""

    dataset: Dataset
    paths: list[Path]
    key: str | None = None
    dates: Dates = (None, None, None)
    outcome: Yield | Refused | None = None
    stamps: Sequence[Stamp] = ()  # of each file when its content was hashed
