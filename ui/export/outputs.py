"""The files that can be made of a snapshot: a name each, for the page and the command line."""

from dataclasses import dataclass
from importlib import import_module

from ui.export import sheets


@dataclass(frozen=True)
class Output:
    """One kind of file, made by the module of its name."""

    name: str
    suffix: str
    mime: str

    def make(self, snapshot, lang):
        """The bytes of the file of a Snapshot; only the libraries that it needs are loaded."""
        return import_module(f".{self.name}", __package__).make(snapshot, lang)


OUTPUTS = {
    output.name: output
    for output in (
        Output("story", ".html", "text/html"),
        Output("briefing", ".pdf", "application/pdf"),
        Output("workbook", ".xlsx", sheets.KIND),
        Output(
            "deck",
            ".pptx",
            "application/vnd.openxmlformats-officedocument.presentationml.presentation",
        ),
    )
}
