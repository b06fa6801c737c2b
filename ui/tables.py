"""Tables: rows of figures and facts in the reader's words, shown and offered for download."""

import pandas as pd
import streamlit as st

from ui import cards, frame, sentences


def figures(say, rows, words):
    """The yearly figures of every definition and series, each with the link to its rows."""
    table = [
        {
            say("table.year"): str(f.year),
            say("table.series"): sentences.series_name(f.series, words),
            say("table.definition"): say.definition(f.measures),
            say("table.visits"): say.number(f.value),
            say("table.status"): sentences.status(say, f),
            say("table.known"): say.date(f.known_at),
            say("table.rows"): frame.link("data", frame.figure_link(f)),
        }
        for f in reversed(rows)
    ]
    link = st.column_config.LinkColumn(display_text=say("home.where_from"))
    show(say, table, "figures", {say("table.rows"): link})


def targets(say, rows):
    """Every published target with its document; what the document does not say reads so."""
    table = [
        {
            say("table.year"): str(r["year"]),
            say("table.target"): say.number(r["value"]),
            say("table.level"): say(f"level.{r['level']}")
            + (f" · {say('targets.ruling')}" if r["is_ruling"] else ""),
            say("table.definition"): say.definition(r["measures"]),
            say("table.known"): sentences.published(say, r),
            say("table.document"): r["document"],
            say("table.address"): r["address"],
        }
        for r in rows
    ]
    columns = {
        say("table.level"): st.column_config.TextColumn(width=290),
        say("table.address"): st.column_config.LinkColumn(),
    }
    show(say, table, "targets", columns)


def known_later(say, rows, words):
    """What became known after the day: figures and targets, with the date of publication."""
    table = [
        {
            say("table.period"): sentences.period(say, r),
            say("table.what"): say("later.target") if r["kind"] == "target" else _measure(say, r),
            say("table.definition"): say.definition(r["measures"]),
            say("table.series"): sentences.series_name(r["series"], words)
            if r["kind"] == "visits"
            else r["document"],
            say("table.visits"): say.number(r["value"]),
            say("table.known"): sentences.published(say, r),
        }
        for r in rows
    ]
    show(say, table, "known-later", {})


def source_rows(say, rows, words):
    """The values that a figure was made of, each with the file, sheet and row that it stands in."""
    table = [
        {
            say("table.period"): sentences.period(say, r),
            say("table.what"): _measure(say, r),
            say("table.visits"): say.number(r["visits"]),
            say("table.status"): say(f"obs_status.{r['obs_status']}"),
            say("table.series"): sentences.series_name(r["series"], words),
            say("table.known"): sentences.published(say, r),
            say("table.place"): _place(say, r),
            say("table.cells"): _cells(r),
            say("table.dataset"): r["dataset"],
        }
        for r in rows
    ]
    show(say, table, "rows", {})


def datasets(say, rows):
    """Every dataset with its producer, licence and the account of its rows and values."""
    counts = (
        "rows_read",
        "rows_accepted",
        "rows_aside",
        "rows_rejected",
        "values_loaded",
        "values_same_again",
    )
    table = [
        {
            say("table.dataset"): r["dataset"],
            say("table.contract"): r["contract"] or "—",
            **{say(f"account.{c}"): say.number(r[c]) for c in counts},
            say("table.producer"): r["producer"] or say("table.unknown"),
            say("table.licence"): r["licence"] or say("table.unknown"),
            say("table.refusal"): say.refusal(r["refusal"], r["params"]) if r["refusal"] else "",
        }
        for r in rows
    ]
    show(say, table, "datasets", {})


def dataset(say, row):
    """The provenance of one dataset, and the columns of its files that nothing reads."""
    keys = ("title", "producer", "address", "licence", "status", "accessed")
    pairs = [(say(f"table.{key}"), row[key] or say("table.unknown")) for key in keys]
    if row["unread_columns"]:
        pairs.append((say("data.unread"), ", ".join(row["unread_columns"])))
    frame.html(cards.facts(pairs))


def files(say, rows):
    """The files of one dataset with their dates and the account of their rows."""
    counts = ("rows_read", "rows_accepted", "rows_aside", "rows_rejected")
    table = [
        {
            say("table.file"): r["file"],
            say("table.known"): sentences.published(say, r),
            say("table.received"): say.date(r["received_at"]),
            **{say(f"account.{c}"): say.number(r[c]) for c in counts},
            say("table.refusal"): say.refusal(r["refusal"], r["params"]) if r["refusal"] else "",
        }
        for r in rows
    ]
    show(say, table, "files", {})


def rejects(say, rows):
    """Every rejected value: where it stands, its text and the rule that it broke."""
    table = [
        {
            say("table.dataset"): r["dataset"],
            say("table.file"): r["file"],
            say("table.sheet"): r["sheet"] or "",
            say("table.line"): say.number(r["line"]),
            say("table.column"): r["source_column"] or r["contract_column"],
            say("table.text"): r["text"] if r["text"] is not None else "",
            say("table.rule"): say.rule(r),
            say("table.cells"): _cells(r),
        }
        for r in rows
    ]
    show(say, table, "rejects", {})


def aside(say, rows):
    """Every row that was set aside, with its reason."""
    table = [
        {
            say("table.dataset"): r["dataset"],
            say("table.place"): _place(say, r),
            say("table.reason"): say(f"aside.{r['reason']}")
            if say.has(f"aside.{r['reason']}")
            else r["reason"],
            say("table.cells"): _cells(r),
        }
        for r in rows
    ]
    show(say, table, "aside", {})


def findings(say, rows, words):
    """Every finding of a check: [(sentence, row)]."""
    table = [
        {
            say("table.area"): row["place"] or row["params"].get("place", ""),
            say("table.series"): sentences.series_name(row["params"].get("series", ""), words),
            say("table.mark"): say(f"mark.{row['marks']}"),
            say("table.finding"): sentence,
        }
        for sentence, row in rows
    ]
    show(say, table, "findings", {})


def _place(say, row):
    code = "where.sheet" if row["sheet"] else "where.line"
    return say(code, file=row["file"], sheet=row["sheet"], line=row["line"])


def _cells(row):
    return " | ".join(cell or "" for cell in row["cells"] or [])


def show(say, table, name, columns):
    """A table with its download, or a word where it is empty; `columns` configures columns."""
    if not table:
        st.caption(say("table.empty"))
        return
    frame_ = pd.DataFrame(table)
    st.dataframe(frame_, hide_index=True, width="stretch", column_config=columns)
    csv = frame_.to_csv(index=False).encode("utf-8-sig")
    st.download_button(
        say("table.download"), csv, f"{name}.csv", "text/csv", key=f"download-{name}"
    )


def _measure(say, row):
    parts = [say(f"measure.{row['measure']}"), say(f"origin.{row['origin']}"), row["breakdown"]]
    return ", ".join(dict.fromkeys(p for p in parts if p))
