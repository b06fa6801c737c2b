"""Tables: rows of figures and facts in the reader's words, shown and offered for download."""

import re

import pandas as pd
import streamlit as st

from ui import cards, frame, plain, sentences

FREQUENCIES = {
    "D": "frequency.day",
    "M": "frequency.month",
    "Q": "frequency.quarter",
    "A": "frequency.year",
}
PLACE_MONTHS = 6  # of the grid of places
FORMULA = re.compile(r"[=+@\t-]")  # begins with one, for a spreadsheet that opens a CSV
NUMBER = re.compile(r"[+-][\d.,\s]+%?")
SHOWN = {"D": 31, "M": 12, "Q": 8, "A": 5}  # periods of a grid; the download has all


def figures(say, rows, findings, words):
    """The yearly figures of every definition and series, each with its marks and its rows."""
    table = [
        {
            say("table.year"): str(f.year),
            say("table.series"): sentences.series_name(say, f.series, words),
            say("table.definition"): say.definition(f.measures),
            say("table.visits"): say.number(f.value),
            say("table.marks"): sentences.marks(say, findings, f.value_ids),
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
            say("table.address"): r["address"] or "",
        }
        for r in rows
    ]
    columns = {
        say("table.level"): st.column_config.TextColumn(width=290),
    }
    if all(re.match("https?://|$", r["address"] or "") for r in rows):  # no link is a script
        columns[say("table.address")] = st.column_config.LinkColumn()
    show(say, table, "targets", columns)


def known_later(say, rows, words):
    """What became known after the day: figures and targets, with the date of publication."""
    table = [
        {
            say("table.period"): sentences.period(say, r),
            say("table.what"): say("later.target") if r["kind"] == "target" else _measure(say, r),
            say("table.definition"): say.definition(r["measures"]),
            say("table.series"): sentences.series_name(say, r["series"], words)
            if r["kind"] == "visits"
            else r["document"],
            say("table.visits"): say.number(r["value"]),
            say("table.known"): sentences.published(say, r),
        }
        for r in rows
    ]
    show(say, table, "known-later", {})


def source_rows(say, rows, findings, words):
    """The values that a figure was made of, each with the file, sheet and row that it stands in."""
    table = [
        {
            say("table.period"): sentences.period(say, r),
            say("table.what"): _measure(say, r),
            say("table.visits"): say.number(r["visits"]),
            say("table.marks"): sentences.marks(say, findings, [r["value_id"]]),
            say("table.status"): say(f"obs_status.{r['obs_status']}"),
            say("table.series"): sentences.series_name(say, r["series"], words, r),
            say("table.known"): sentences.published(say, r),
            say("table.place"): where(say, r),
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
            say("table.dataset"): _dataset(say, r),
            say("table.contract"): r["contract"] or "—",
            **{say(f"account.{c}"): say.number(r[c]) for c in counts},
            say("table.producer"): r["producer"] or say("table.unknown"),
            say("table.licence"): r["licence"] or say("table.unknown"),
            say("table.refusal"): say.refusal(r["refusal"], r["params"]) if r["refusal"] else "",
        }
        for r in rows
    ]
    show(say, table, "datasets", {})


def provenance(say, rows):
    """Where datasets come from, and the columns of their files that nothing reads."""
    for row in rows:
        _provenance(say, row)


def _provenance(say, row):
    keys = ("title", "producer", "address", "licence", "status", "accessed")
    pairs = [(say(f"table.{key}"), row[key] or say("table.unknown")) for key in keys]
    if row["unread_columns"]:
        pairs.append((say("data.unread"), ", ".join(row["unread_columns"])))
    if row["not_personal"]:
        pairs.append((say("data.not_personal"), "; ".join(row["not_personal"])))
    if row["refusal"]:
        pairs.append((say("table.refusal"), say.refusal(row["refusal"], row["params"])))
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
            say("table.dataset"): _dataset(say, r),
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
            say("table.dataset"): _dataset(say, r),
            say("table.place"): where(say, r),
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
            say("table.severity"): say(f"severity.{row['severity']}"),
            say("table.area"): row["place"] or row["params"].get("place", ""),
            say("table.finding"): sentence,
            say("table.mark"): say(f"mark.{row['marks']}"),
            say("table.state"): sentences.state(say, row),
            say("table.id"): row["id"],
            say("table.series"): sentences.series_name(say, row["params"].get("series", ""), words),
            say("table.dataset"): _dataset(say, {**row, "dataset": ", ".join(row["datasets"])}),
        }
        for sentence, row in rows
    ]
    columns = {say("table.finding"): st.column_config.TextColumn(width=560)}
    show(say, table, "findings", columns)


def vintages(say, rows, words):
    """Every key that was published more than once: its values side by side, and what changed."""
    most = max((len(r["vintages"]) for r in rows), default=0)
    table = [
        {
            say("table.period"): sentences.period(say, r),
            say("table.where"): r["place_name"],
            say("table.what"): _what(say, r),
            say("table.change"): sentences.change(say, r),
            **{
                say("table.vintage", number=number + 1): _vintage(say, r["vintages"], number)
                for number in range(most)
            },
            say("table.definition"): say.definition(r["measures"]),
            say("table.series"): r["document"] or sentences.series_name(say, r["series"], words, r),
            say("table.dataset"): _dataset(say, {**r, "dataset": ", ".join(r["datasets"])}),
        }
        for r in rows
    ]
    show(say, table, "vintages", {})


def duties(say, rows):
    """Every duty to report: who, what, how often, how it was met and when it is due next."""
    counts = ("delivered", "late", "missing", "closed")
    heads = ("delivery.delivered", "delivery.late", "obs_status.missing", "obs_status.closed")
    table = [
        {
            say("table.agency"): r["agency"],
            say("table.dataset"): _dataset(say, r)
            if r["is_known"]
            else say("calendar.unknown", dataset=r["dataset"]),
            say("table.frequency"): say(FREQUENCIES[r["frequency"]]),
            say("table.due_days"): say.number(r["due_days"]),
            **{say(h): say.number(r[c]) for h, c in zip(heads, counts, strict=True)},
            say("table.next_due"): say.date(r["next_due_on"]),
        }
        for r in rows
    ]
    show(say, table, "duties", {})


def calendar(say, owed, rows):
    """The duties, then their periods, a grid a frequency; the newest are shown, all downloaded."""
    if not owed:
        plain.info(say("calendar.none"))
        return
    duties(say, owed)
    deliveries(say, rows)


def deliveries(say, rows):
    """The periods of duties, a grid a frequency; the newest are shown, all downloaded."""
    for frequency in dict.fromkeys(r["frequency"] for r in rows):
        mine = [r for r in rows if r["frequency"] == frequency]
        pairs = list(dict.fromkeys((r["agency"], _dataset(say, r)) for r in mine))
        cells = {(r["period_start"], r["agency"], _dataset(say, r)): r for r in mine}
        periods = {r["period_start"]: sentences.period(say, r) for r in mine}
        title = say(FREQUENCIES[frequency])
        plain.subheader(say("calendar.grid", frequency=title))
        head = [say("table.period"), *(f"{agency} · {dataset}" for agency, dataset in pairs)]
        grid = [
            (name, *(_delivery(say, cells.get((start, *duty))) for duty in pairs))
            for start, name in list(periods.items())[: SHOWN[frequency]]
        ]
        frame.html(cards.grid(title, head, grid))
        table = [
            {
                say("table.agency"): r["agency"],
                say("table.dataset"): _dataset(say, r),
                say("table.period"): sentences.period(say, r),
                say("table.status"): sentences.delivery(say, r)[1],
                say("table.detail"): sentences.delivery(say, r)[2],
                say("table.lacking"): ", ".join(r["sites_lacking"]),
            }
            for r in mine
        ]
        download(say, table, f"calendar-{frequency}")


def places(say, rows, words, series):
    """What every place has reported of every month: the newest in a grid, all to download."""
    months = list(dict.fromkeys(r["month"] for r in rows))[:PLACE_MONTHS]
    cells = {(_named(say, r), r["month"]): r for r in rows}
    grid = [
        (name, *(_place_month(say, cells.get((name, month))) for month in months))
        for name in dict.fromkeys(_named(say, r) for r in rows)
    ]
    head = [say("table.where"), *map(say.month, months)]
    frame.html(cards.grid(say("completeness.places"), head, grid))
    table = [
        {
            say("table.where"): r["place_name"],
            say("table.what"): say(f"measure.{r['measure']}"),
            say("table.period"): say.month(r["month"]),
            say("table.status"): sentences.place_month(say, r)[2],
            say("table.detail"): sentences.place_month(say, r)[3],
            say("table.series"): sentences.series_name(say, series, words),
        }
        for r in rows
    ]
    download(say, table, "places")


def _named(say, row):
    """A place by its name; an area with what is counted there."""
    measure = say(f"measure.{row['measure']}")
    return row["place_name"] if row["place_kind"] == "site" else f"{row['place_name']} · {measure}"


def _place_month(say, row):
    return row and sentences.place_month(say, row)


def nowcast(say, rows, series):
    """Every month with what was reported and what the rest is likely to be, never added up."""
    table = [
        {
            say("table.period"): say.month(r["month"]),
            say("completeness.reported"): say.number(r["reported"]),
            say("nowcast.estimate"): say.number(r["estimate"]) if r["estimated"] else "",
            say("nowcast.low"): say.number(r["low"]) if r["estimated"] else "",
            say("nowcast.high"): say.number(r["high"]) if r["estimated"] else "",
            say("nowcast.open"): say.number(r["open"]),
            say("nowcast.share"): "—"
            if r["share_missing"] is None
            else say.percent(r["share_missing"]),
            say("nowcast.basis"): say(
                "nowcast.last_year" if r["is_last_year"] else "nowcast.usual"
            ),
            say("table.series"): series,
        }
        for r in rows
    ]
    show(say, table, "nowcast", {})


def gaps(say, rows):
    """Every stretch of days or months that a place owes."""
    table = [
        {
            say("table.where"): r["place_name"],
            say("table.what"): say(f"measure.{r['measure']}"),
            say("table.lacks"): sentences.gap(say, r),
            say("table.dataset"): _dataset(say, r),
        }
        for r in rows
    ]
    show(say, table, "gaps", {})


def periods(say, rows, series):
    """The periods of a course: what was counted, how much of it is reported, its status, whose."""
    table = [
        {
            say("table.period"): sentences.period(say, r),
            say("visits.part"): sentences.part(say, r["part"]),
            say("table.visits"): say.number(r["visits"]),
            say("visits.reports"): sentences.reported(say, r),
            say("table.status"): say(f"obs_status.{r['obs_status']}"),
            say("table.series"): series,
        }
        for r in rows
    ]
    show(say, table, "visits", {})


def pairs(say, rows, name, series):
    """A year against the year before: which comparison, where, which month, both sums, whose."""
    table = [
        {
            say("pairs.name"): say(f"pairs.{r['alignment']}"),
            say("table.where"): sentences.place(say, r),
            say("table.period"): say.month(r["month_start"])
            if r["month_start"]
            else sentences.pair_days(say, r),
            say("table.visits"): say.number(r["visits"]),
            say("pairs.before"): say.number(r["visits_before"]),
            say("table.change"): say.signed(r["change"]),
            say("pairs.growth"): sentences.growth(say, r),
            say("table.status"): say("pairs.whole" if r["is_complete"] else "pairs.part"),
            say("table.series"): series,
        }
        for r in rows
    ]
    show(say, table, name, {})


def ladder(say, rows, words):
    """The ladder of a year: every definition of every series with the sum that it is."""
    table = [
        {
            say("table.definition"): sentences.arithmetic(say, r),
            say("table.visits"): say.number(r["visits"]),
            say("table.series"): sentences.series_name(say, r["series"], words),
            say("table.status"): sentences.covered(say, r),
        }
        for r in rows
    ]
    show(say, table, "ladder", {})


def letters(say, rows):
    """The text to every agency that has something to do, to copy or to download; then the rest."""
    rows = list(rows)
    for agency, letter in rows:
        if letter:
            plain.subheader(agency)
            st.code(letter, language=None, wrap_lines=True)
            name = re.sub(r"\W+", "-", agency).strip("-").lower()
            label = say("letter.download")
            plain.download_button(
                label, letter, f"{name}.txt", "text/plain", key=f"letter-{agency}"
            )
    idle = [agency for agency, letter in rows if not letter]
    if idle:
        plain.caption(say("letter.idle", agencies="; ".join(idle)))
    if not rows:
        plain.caption(say("table.empty"))


def of(rows, dataset):
    """The rows of one dataset, of all without one."""
    return [r for r in rows if not dataset or dataset in r.get("datasets", [r.get("dataset")])]


def _dataset(say, row):
    name = row["dataset"]
    return say("simulated.name", name=name) if row["is_simulated"] else name


def _delivery(say, row):
    return row and (row["status"], *sentences.delivery(say, row))


def _vintage(say, vintages, number):
    if number >= len(vintages):
        return ""
    vintage = vintages[number]
    status = vintage["obs_status"]
    words = ["" if status == "final" else say(f"obs_status.{status}")]
    return " · ".join(
        filter(None, [say.number(vintage["value"]), *words, sentences.published(say, vintage)])
    )


def _what(say, row):
    if row["kind"] == "targets":
        return f"{say('later.target')}, {say('level.' + row['level'])}"
    return _measure(say, row)


def where(say, row):
    """The file, sheet and line that a row came from."""
    code = "where.sheet" if row["sheet"] else "where.line"
    return say(code, file=row["file"], sheet=row["sheet"], line=row["line"])


def _cells(row):
    return " | ".join(cell or "" for cell in row["cells"] or [])


def show(say, table, name, columns):
    """A table with its download, or a word where it is empty; `columns` configures columns."""
    if not table:
        plain.caption(say("table.empty"))
        return
    frame_ = pd.DataFrame(table)
    name_of = say("table.dataset")
    if any(say("simulated.mark") in row.get(name_of, "") for row in table):  # not to be cut off
        columns = {name_of: st.column_config.TextColumn(width=290)} | columns
    st.dataframe(frame_, hide_index=True, width="stretch", column_config=columns)
    download(say, table, name)


def download(say, table, name):
    """The button that hands out a table as a CSV file, which is made when it is asked for."""

    def csv():
        return pd.DataFrame(table).map(no_formula).to_csv(index=False).encode("utf-8-sig")

    plain.download_button(
        say("table.download"),
        csv,
        f"{name}.csv",
        "text/csv",
        key=f"download-{name}",
        on_click="ignore",
    )


def no_formula(cell):
    """A text that a spreadsheet would take for a formula behind an apostrophe; else the cell."""
    is_formula = isinstance(cell, str) and FORMULA.match(cell) and not NUMBER.fullmatch(cell)
    return f"'{cell}" if is_formula else cell


def _measure(say, row):
    parts = [say(f"measure.{row['measure']}"), say(f"origin.{row['origin']}"), row["breakdown"]]
    parts.append(row.get("site"))
    return ", ".join(dict.fromkeys(p for p in parts if p))
