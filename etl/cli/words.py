"""What etl asks of the words of a language (ui/kit/text.py), which it is handed by who calls it."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Protocol


class Say(Protocol):
    """Sentences by their code, numbers and days as a language writes them."""

    def __call__(self, code: str, /, n: int | None = None, **params: object) -> str:
        """A sentence with its parameters filled in."""

    def has(self, code: str) -> bool:
        """Whether a code is worded."""

    def number(self, value: float | None, digits: int = 0) -> str:
        """A number."""

    def date(self, day: date) -> str:
        """A day."""

    def joined(self, items: Iterable[str]) -> str:
        """A list in words."""

    def refusal(self, code: str, params: Mapping | str | None) -> str:
        """A refusal as a sentence."""

    def reject(self, row: Mapping) -> str:
        """A rejected row as a sentence."""

    def finding(self, check: str, params: Mapping | str) -> str:
        """A finding as a sentence."""

    @property
    def vega_numbers(self) -> Mapping:
        """How numbers are written: decimal, thousands."""
