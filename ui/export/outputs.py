"""The files that can be made of a snapshot: a name each, for the page and the command line."""

from collections.abc import Callable
from dataclasses import dataclass

from ui.export import briefing, deck, lkjip, story, workbook


@dataclass(frozen=True)
class Output:
    """One kind of file: `make(snapshot, lang)` gives its bytes."""

    make: Callable
    suffix: str
    mime: str


OUTPUTS = {
    "story": Output(story.make, ".html", "text/html"),
    "briefing": Output(briefing.make, ".pdf", "application/pdf"),
    "workbook": Output(workbook.make, ".xlsx", lkjip.KIND),
    "deck": Output(deck.make, ".pptx", deck.KIND),
}
