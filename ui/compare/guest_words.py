"""A guest's own figures beside the city's: the headings, the upload, and every fault in words."""

from collections.abc import Callable, Iterable
from typing import Any

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from ui.kit import cards, frame, plain
from ui.kit.text import Text, languages, text

HELD = "guest"  # the guest's file in the state of this session, and nowhere else
SHOWN = 20  # rejects of a guest's file that are listed
COLUMNS = ("place", "year", "counted", "value", "source")


def headings() -> dict[str, list[str]]:
    """{column of a guest's file: its headings in every language}."""
    return {c: [text(lang)(f"guest.column.{c}") for lang in languages()] for c in COLUMNS}


def meanings(codes: Iterable[str]) -> dict[str, str]:
    """{what a guest writes, in any language and lower case, with its unit or not: its code}."""
    words = {word(text(lang), code).lower(): code for lang in languages() for code in codes}
    return words | {said.split(" (")[0]: code for said, code in words.items()}


def word(say: Text, code: str) -> str:
    """What a guest writes for one of the things that a number can count."""
    return say(f"guest.counted.{code}")


def upload(say: Text, read: Callable[[str, bytes], Any], most_mb: int) -> Any:
    """The guest's file of this session, or None; a new one is read by `read` and then forgotten.

    read(name, bytes) gives the kpi.guest.Guest, which alone is kept, in the state of this session.
    """
    number = st.session_state.setdefault("guest_files", 0)
    file = plain.file_uploader(
        say("guest.upload", most=most_mb),
        type=["csv", "xlsx"],
        max_upload_size=most_mb,
        key=f"guest-file-{number}",
    )
    if file is not None:
        st.session_state[HELD] = read(file.name[-80:], file.getvalue())
        st.session_state.guest_files += 1  # the next uploader is an empty one
        context = get_script_run_ctx()
        context.uploaded_file_mgr.remove_file(context.session_id, file.file_id)
        for name in ("with", "definition", "year"):
            st.query_params.pop(name, None)
        st.rerun()
    held = st.session_state.get(HELD)
    if held:
        _told(say, held)
        plain.button(
            say("guest.forget"), on_click=lambda: st.session_state.pop(HELD), type="primary"
        )
    return held


def _told(say: Text, held: Any) -> None:
    """What came of the guest's file: how much was read, and every fault with its place."""
    if held.refusal:
        frame.html(cards.notes([(say("guest.refused"), refusal(say, *held.refusal))]))
        return
    counts = {"rows": say.number(held.rows), "places": say.number(len(held.places))}
    frame.html(
        cards.statement(
            say("guest.read", file=held.file, rejects=say.number(len(held.rejects)), **counts),
            say("guest.kept"),
        )
    )
    faults = [(say("guest.reject"), reject(say, row)) for row in held.rejects[:SHOWN]]
    if len(held.rejects) > SHOWN:
        more = say("guest.more", number=say.number(len(held.rejects) - SHOWN))
        faults.append((say("guest.reject"), more))
    frame.html(cards.notes(faults))


def reject(say: Text, row: dict[str, Any]) -> str:
    """A row of a guest's file that was rejected, as a sentence with the reader's headings."""
    named = {k: _heading(say, row[k]) for k in ("source_column", "contract_column")}
    return say.reject(row | named | {"text": row["text"] and row["text"][:60]})


def refusal(say: Text, code: str, params: dict[str, Any]) -> str:
    """Why a guest's file was refused, as a sentence with the reader's headings."""
    named = {"column": _heading(say, params["column"])} if "column" in params else {}
    if code == "guest_columns":  # what it has, by the names that stand for them here
        named["found"] = ", ".join(_heading(say, one) for one in params["found"].split(", "))
    return say.refusal(code, params | named)


def _heading(say: Text, columns: str | None) -> str:
    names = list(filter(None, (columns or "").split(", ")))
    known = dict.fromkeys(c for c in names if c in COLUMNS) or names  # what is expected, once
    return ", ".join(say(f"guest.column.{c}") if c in COLUMNS else c for c in known)


def columns(say: Text) -> list[tuple[str, str]]:
    """[(heading, what belongs there)] of the five columns of a guest's file."""
    return [(say(f"guest.column.{c}"), say(f"guest.meaning.{c}")) for c in COLUMNS]
