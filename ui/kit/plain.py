"""Streamlit's elements that read Markdown, given texts: what data say is shown as it is written.

No sentence of a catalogue is Markdown, so whole texts are escaped here and nobody has to know which
part of one came from data. Every other module calls these instead of Streamlit's own; HTML is left
to those that make cards, who escape by themselves (ui/frame.html shows it).
"""

import html
import re
from collections.abc import Callable, Iterable

import streamlit as st
from markupsafe import Markup
from streamlit.delta_generator import DeltaGenerator

from ui.kit.text import unlinked

LINK = re.compile(r'<a class="figure" href="([^"]*)"[^>]*>(.*?)</a>')  # ui.text.LINK
# elements in which a figure can be a link; the words of all others are pressed or chosen
READ = {"title", "header", "subheader", "caption", "markdown", "info", "warning", "error"}

# what Streamlit rewrites although it is escaped: addresses to links, icons and arrows to pictures
REWRITTEN = r"""
    (?<=http):(?=//) | (?<=https):(?=//) | (?<=www)\. | @ | :(?=[\w+-]+: | material[/_])
    | (?<=-)[>-](?!\S) | (?<=<)-(?!\S) | (?<=[<>~])=(?!\S)
"""
# what is Markdown anywhere, and what is so at the beginning
ACTIVE = r"[\\`*_~$<&\[\]] | :(?=[a-z]) | \A[#+>=-] | \A\d+[.)](?!\S)"
MARKS = re.compile(f"(?P<rewritten>{REWRITTEN})|{ACTIVE}", re.VERBOSE | re.IGNORECASE)


def markdown(text: str) -> str:
    """The Markdown that shows a text as it is, on one line; figures with links keep these."""
    links = LINK.findall(text) if isinstance(text, Markup) else []
    if links:
        count = iter(range(len(links)))
        text = Markup(LINK.sub(lambda _: f"\ue000{next(count)}\ue001", text)).unescape()
    said = MARKS.sub(_escaped, " ".join(re.split(r"[\r\n\t]+", text)).strip(" "))
    return re.sub(r"\ue000(\d+)\ue001", lambda mark: _link(links, int(mark[1])), said)


def _link(links, n):
    """The n-th link of a text as Markdown; nothing where a text of data looks like its place."""
    address, written = map(html.unescape, links[n]) if n < len(links) else ("", "")
    return f"[{markdown(written)}]({address})" if address else ""


def _escaped(mark: re.Match) -> str:
    """A mark behind a backslash; what is rewritten even so in a span of its own, without colour."""
    before, last = mark[0][:-1], mark[0][-1]
    return f":color[\\{last}]" if mark["rewritten"] else f"{before}\\{last}"


def _element(name: str) -> Callable:
    """The element of that name, on the page or on a container `at`; `help` is a text, too."""

    def show(text: str, *args: object, at: object = st, **options: object) -> DeltaGenerator:
        text = text if name in READ else unlinked(text)
        if options.get("help"):
            options["help"] = markdown(options["help"])
        return getattr(at, name)(markdown(text), *args, **options)

    return show


title, header, subheader = map(_element, ("title", "header", "subheader"))
caption, write = map(_element, ("caption", "markdown"))
info, warning, error = map(_element, ("info", "warning", "error"))
expander, popover, spinner = map(_element, ("expander", "popover", "spinner"))
button, download_button = map(_element, ("button", "download_button"))
selectbox, multiselect = map(_element, ("selectbox", "multiselect"))  # their options are texts
number_input, date_input = map(_element, ("number_input", "date_input"))
file_uploader = _element("file_uploader")


def page_link(page: str, label: str, query_params: dict) -> DeltaGenerator:
    """A link to another page of the menu."""
    return st.page_link(page, label=markdown(label), query_params=query_params)


def segmented_control(
    label: str, options: Iterable, format_func: Callable = str, **more: object
) -> object:
    """Buttons of which one is chosen; their words are texts, too."""
    words = {option: markdown(format_func(option)) for option in options}
    return st.segmented_control(markdown(label), list(words), format_func=words.get, **more)
