"""The columns of tables of the data: datasets, files, rows, findings, vintages, deliveries."""

import re

import streamlit as st

from kpi.lineage import address
from kpi.simulated import is_simulated
from ui.kit import cards, fields, frame, plain, sentences, table
from ui.kit.table import Col, columns
from ui.kit.text import together

FREQUENCIES = {
    "D": "frequency.day",
    "M": "frequency.month",
    "Q": "frequency.quarter",
    "A": "frequency.year",
}
PLACE_MONTHS = 6  # of the grid of places
SHOWN = {"D": 31, "M": 12, "Q": 8, "A": 5}  # periods of a grid; the download has all
ACCOUNT = ("rows_read", "rows_accepted", "rows_aside", "rows_rejected")
VALUES = ("values_loaded", "values_same_again")
FIRST = 5  # findings that a page opens with
LEAST_TOUCHED = 0.001  # of the headline: less is not worth telling


def datasets(say, rows):
    """Every dataset with its producer, licence and the account of its rows and values."""

    def or_unknown(name):
        return lambda row: row[name] or say("table.unknown")

    cols = [
        fields.DATASET,
        Col("table.contract", "contract"),
        *columns("account", *ACCOUNT, *VALUES),
        Col("table.producer", or_unknown("producer")),
        Col("table.licence", or_unknown("licence")),
        fields.REFUSAL,
    ]
    table.show(say, "datasets", rows, cols)


def provenance(say, rows):
    """Where datasets come from, and the columns of their files that nothing reads."""
    for row in rows:
        keys = ("title", "producer", "address", "licence", "status", "accessed")
        pairs = [(say(f"table.{key}"), row[key] or say("table.unknown")) for key in keys]
        told = {
            "data.unread": ", ".join(row["unread_columns"] or ()),
            "data.not_personal": "; ".join(row["not_personal"] or ()),
            "table.refusal": fields.refused(say, row),
        }
        pairs += [(say(code), text) for code, text in told.items() if text]
        frame.html(cards.facts(pairs))


def files(say, rows):
    """The files of one dataset with their dates and the account of their rows."""
    cols = [
        Col("table.file", "file"),
        fields.KNOWN,
        Col("table.received", "received_at"),
        *columns("account", *ACCOUNT),
        fields.REFUSAL,
    ]
    table.show(say, "files", rows, cols)


def rejects(say, rows):
    """Every rejected value: where it stands, its text and the rule that it broke."""
    cols = [
        fields.DATASET,
        *columns("table", "file", "sheet", "line"),
        Col("table.column", lambda row: row["source_column"] or row["contract_column"]),
        Col("table.text", "text"),
        Col("table.rule", "rule", lambda say, row: say.rule(row)),
        fields.CELLS,
    ]
    table.show(say, "rejects", rows, cols)


def aside(say, rows):
    """Every row that was set aside, with its reason."""

    def reason(say, row):
        code = f"aside.{row['reason']}"
        return say(code) if say.has(code) else row["reason"]

    cols = [fields.DATASET, *fields.PLACE, Col("table.reason", "reason", reason), fields.CELLS]
    table.show(say, "aside", rows, cols)


def first(say, rows):
    """[(severity, sentence)] of what is to be looked at first: errors and questions that are open.

    rows: those of the query findings, which stand in that order.
    """
    todo = [r for r in rows if r["severity"] != "note" and r["state"] != "accepted"][:FIRST]
    return [(say(f"severity.{r['severity']}"), together(" ", _to_do(say, r))) for r in todo]


def _to_do(say, row):
    """What a finding says, how much of the headline it touches and whose file it is about."""
    yield sentences.finding(say, row)
    if row["touches"] >= LEAST_TOUCHED:
        share = say.figure(address("finding", finding=row["id"]), say.percent(row["touches"]))
        yield say("data.touches", share=share)
    if row["datasets"]:
        yield say("data.found_in", n=len(row["datasets"]), datasets=", ".join(row["datasets"]))


def findings(say, rows, words):
    """Every finding of a check."""

    def whose(row):
        return sentences.series_name(say, row["params"].get("series", ""), words)

    cols = [
        fields.coded("table.severity", "severity"),
        Col("table.area", lambda row: row["place"] or row["params"].get("place")),
        Col("table.finding", lambda row: sentences.finding(say.plain, row), width=560),
        fields.coded("table.mark", "marks", "mark"),
        Col("table.state", "state", sentences.state),
        Col("table.id", "id"),
        Col("table.series", whose),
        fields.DATASET,
    ]
    table.show(say, "findings", rows, cols)


def vintages(say, rows, words):
    """Every key that was published more than once: its values side by side, and what changed."""

    def whose(say, row):
        return row["document"] or sentences.series_name(say, row["series"], words, row)

    most = max((len(row["vintages"]) for row in rows), default=0)
    cols = [
        *fields.PERIOD,
        Col("table.where", "place_name"),
        *fields.WHAT,
        Col("table.change", "change", sentences.change),
        *(col for number in range(most) for col in _vintage(number)),
        fields.DEFINITION,
        Col("table.series", lambda row: row["document"] or row["series"], whose),
        fields.DATASET,
    ]
    table.show(say, "vintages", rows, cols)


def _vintage(number):
    """The columns of one vintage: its figure in words, and in files its status and day, too."""

    def of(name):
        return lambda row: row["vintages"][number][name] if number < len(row["vintages"]) else None

    def told(say, row):
        if number >= len(row["vintages"]):
            return ""
        vintage = row["vintages"][number]
        status = vintage["obs_status"]
        word = "" if status == "final" else say(f"obs_status.{status}")
        published = sentences.published(say, vintage)
        return " · ".join(filter(None, [say.number(vintage["value"]), word, published]))

    about = {"params": {"number": number + 1}}
    yield Col("table.vintage", of("value"), told, name=f"vintage_{number + 1}", **about)
    for name in ("obs_status", "published_at"):
        yield Col(f"vintage.{name}", of(name), name=f"{name}_{number + 1}", only="files", **about)


def duties(say, rows):
    """Every duty to report: who, what, how often, how it was met and when it is due next."""

    def known(say, row):
        is_known = row["is_known"]
        return (
            fields.dataset(say, row)
            if is_known
            else say("calendar.unknown", dataset=row["dataset"])
        )

    cols = [
        Col("table.agency", "agency"),
        Col("table.dataset", "dataset", known),
        Col("table.frequency", "frequency", lambda say, row: say(FREQUENCIES[row["frequency"]])),
        Col("table.due_days", "due_days"),
        *columns("delivery", "delivered", "late"),
        *columns("obs_status", "missing", "closed"),
        Col("table.next_due", "next_due_on", name="next_due_on"),
    ]
    table.show(say, "duties", rows, cols)


def calendar(say, owed, rows):
    """The duties, then their periods, a grid a frequency; the newest are shown, all downloaded."""
    if not owed:
        plain.info(say("calendar.none"))
        return
    duties(say, owed)
    deliveries(say, rows)


def deliveries(say, rows):
    """The periods of duties, a grid a frequency; the newest are shown, all downloaded."""
    cols = [
        Col("table.agency", "agency"),
        fields.DATASET,
        *fields.PERIOD,
        Col("table.status", "status", lambda say, row: sentences.delivery(say, row)[1]),
        Col("table.detail", lambda row: sentences.delivery(say, row)[2]),
        Col("table.lacking", "sites_lacking", lambda say, row: ", ".join(row["sites_lacking"])),
    ]
    for frequency in dict.fromkeys(r["frequency"] for r in rows):
        mine = [r for r in rows if r["frequency"] == frequency]
        pairs = list(dict.fromkeys((r["agency"], fields.dataset(say, r)) for r in mine))
        cells = {(r["period_start"], r["agency"], fields.dataset(say, r)): r for r in mine}
        periods = {r["period_start"]: sentences.period(say, r) for r in mine}
        title = say(FREQUENCIES[frequency])
        plain.subheader(say("calendar.grid", frequency=title))
        head = [say("table.period"), *(f"{agency} · {name}" for agency, name in pairs)]
        grid = [
            (name, *(_delivery(say, cells.get((start, *duty))) for duty in pairs))
            for start, name in list(periods.items())[: SHOWN[frequency]]
        ]
        frame.html(cards.grid(title, head, grid))
        table.offer(table.of(say, f"calendar-{frequency}", mine, cols))


def _delivery(say, row):
    return row and (row["status"], *sentences.delivery(say, row))


def places(say, rows, words, subject):
    """What every place has reported of every month: the newest in a grid, all to download."""
    months = list(dict.fromkeys(r["month"] for r in rows))[:PLACE_MONTHS]
    cells = {(_named(say, r), r["month"]): r for r in rows}
    grid = [
        (name, *(_place_month(say, cells.get((name, month))) for month in months))
        for name in dict.fromkeys(_named(say, r) for r in rows)
    ]
    head = [say("table.where"), *map(say.month, months)]
    frame.html(cards.grid(say("completeness.places"), head, grid))
    cols = [
        Col("table.where", "place_name"),
        fields.MEASURE,
        Col("table.period", "month", name="month"),
        Col("table.status", "status", lambda say, row: sentences.place_month(say, row)[2]),
        *columns("reports", "reported", "expected", "closed"),
        *fields.of_all(subject, words),
    ]
    table.offer(table.of(say, "reports", rows, cols))


def _named(say, row):
    """A place by its name; an area with what is counted there."""
    measure = say(f"measure.{row['measure']}")
    return row["place_name"] if row["place_kind"] == "site" else f"{row['place_name']} · {measure}"


def _place_month(say, row):
    return row and sentences.place_month(say, row)


def nowcast(say, rows, subject, words):
    """Every month with what was reported and what the rest is likely to be, never added up."""

    def if_estimated(name):
        return lambda row: row[name] if row["estimated"] else None

    def basis(row):
        return "last_year" if row["is_last_year"] else "usual"

    cols = [
        Col("table.period", "month", lambda say, row: say.month(row["month"]), name="month"),
        Col("completeness.reported", "reported", unit="visits"),
        *(
            Col(f"nowcast.{name}", if_estimated(name), unit="visits")
            for name in ("estimate", "low", "high")
        ),
        Col("nowcast.open", "open"),
        Col("nowcast.share", "share_missing", unit="share"),
        Col("nowcast.basis", basis, lambda say, row: say(f"nowcast.{basis(row)}")),
        *fields.of_all(subject, words),
    ]
    table.show(say, "nowcast", rows, cols, is_simulated(subject))


def gaps(say, rows):
    """Every stretch of days or months that a place owes."""
    cols = [
        Col("table.where", "place_name"),
        fields.MEASURE,
        Col("table.lacks", "period_start", sentences.gap, only="page"),
        *fields.PERIOD[1:],
        Col("table.periods", "periods", only="files"),
        fields.DATASET,
    ]
    table.show(say, "gaps", rows, cols)


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
