"""The columns of tables of visits, targets and the data; ui/table.py shows and hands them out."""

import re

import streamlit as st

from kpi.lineage import address, of_figure, of_pair, of_period
from ui import cards, frame, plain, sentences, table
from ui.table import Col, columns, field_of
from ui.text import Text

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


def coded(heading: str, code: str, space: str = "", **more: object) -> Col:
    """A column of codes, read as the words `space`.<code>."""

    def word(say, row):
        return say(f"{space or code}.{field_of(row, code)}")

    return Col(heading, code, word, **more)


def series(words: dict[str, str]) -> Col:
    """The column of whose figures they are, marked where they are simulated."""

    def name(say, row):
        return sentences.series_name(say, field_of(row, "series"), words, row)

    return Col("table.series", "series", name)


def of_all(about: object, words: dict[str, str]) -> tuple[Col, Col]:
    """The columns of what all rows are of: the definition and the series of a row or an object."""
    measures, code = field_of(about, "measures"), field_of(about, "series")
    name = Col(
        "table.series",
        lambda row: code,
        lambda say, row: sentences.series_name(say, code, words, about),
    )
    counts = Col(
        "table.definition",
        lambda row: "+".join(measures or ()),
        lambda say, row: say.definition(measures),
        only="files",
    )
    return counts, name


def where(say, row):
    """The file, sheet and line that a row came from."""
    code = "where.sheet" if row["sheet"] else "where.line"
    return say(code, file=row["file"], sheet=row["sheet"], line=row["line"])


def dataset(say: Text, row: dict) -> str:
    """The datasets of a row, marked where they are simulated."""
    name = ", ".join(row.get("datasets") or [row["dataset"]])
    return say("simulated.name", name=name) if row["is_simulated"] else name


def _what(say, row):
    """What a value counts: its measure, origin, breakdown and site; of a target its level."""
    if row.get("kind", "visits") != "visits":
        level = row.get("level")
        return ", ".join([say("later.target"), *([say(f"level.{level}")] if level else [])])
    parts = [say(f"measure.{row['measure']}"), say(f"origin.{row['origin']}"), row["breakdown"]]
    return ", ".join(dict.fromkeys(p for p in [*parts, row.get("site")] if p))


def _counts(row):
    return "+".join(field_of(row, "measures") or ())


def _definition(say, row):
    return say.definition(field_of(row, "measures"))


def _refusal(say, row):
    return say.refusal(row["refusal"], row["params"]) if row["refusal"] else ""


YEAR = Col("table.year", "year", unit="year")
PERIOD = (
    Col("table.period", "period_start", sentences.period, only="page", width=150),
    Col("table.from", "period_start", only="files", name="period_start"),
    Col("table.until", "period_end", only="files", name="period_end"),
)
DEFINITION = Col("table.definition", _counts, _definition)
KNOWN = Col("table.known", "published_at", sentences.published, name="published_at")
STATUS = coded("table.status", "obs_status", name="obs_status")
DATASET = Col("table.dataset", lambda row: row.get("datasets") or row["dataset"], dataset)
PLACE = (
    Col("table.place", "file", where, only="page"),
    *columns("table", "file", "sheet", "line", only="files"),
)
CELLS = Col("table.cells", lambda row: " | ".join(cell or "" for cell in row["cells"] or []))
REFUSAL = Col("table.refusal", "refusal", _refusal)
WHAT = (
    Col("table.what", lambda row: row["measure"] or row["kind"], _what, only="page"),
    *columns("what", "measure", "origin", "breakdown", only="files"),
)
MEASURE = coded("table.what", "measure", name="measure")


def figures(say, rows, findings, words):
    """The yearly figures of every definition and series, each with its marks and its rows."""

    def marks(row):
        return sentences.marks(say, findings, row.value_ids)

    cols = [
        YEAR,
        series(words),
        DEFINITION,
        Col("table.visits", "value", unit="visits"),
        Col("table.marks", marks),
        Col("table.status", "obs_status", sentences.status, name="obs_status"),
        Col("table.known", "known_at", name="published_at"),
    ]
    table.show(say, "figures", reversed(rows), cols, at=of_figure)


def targets(say, rows):
    """Every published target with its document; what the document does not say reads so."""

    def level(say, row):
        ruling = f" · {say('targets.ruling')}" if row["is_ruling"] else ""
        return say(f"level.{row['level']}") + ruling

    cols = [
        YEAR,
        Col("table.target", "value", unit="visits"),
        Col("table.level", "level", level, width=290),
        DEFINITION,
        KNOWN,
        Col("table.document", "document"),
        Col("table.address", "address", link=""),
    ]

    def at(row):
        return address("target", kpi="visits", year=row["year"], document=row["document"])

    table.show(say, "targets", rows, cols, at=at)


def known_later(say, rows, words):
    """What became known after the day: figures and targets, with the date of publication."""

    def whose(say, row):
        is_figure = row["kind"] == "visits"
        return sentences.series_name(say, row["series"], words) if is_figure else row["document"]

    cols = [
        *PERIOD,
        *WHAT,
        DEFINITION,
        Col("table.series", lambda row: row["series"] or row["document"], whose),
        Col("table.visits", "value", unit="visits"),
        KNOWN,
    ]
    table.show(say, "known-later", rows, cols)


def datasets(say, rows):
    """Every dataset with its producer, licence and the account of its rows and values."""

    def or_unknown(name):
        return lambda row: row[name] or say("table.unknown")

    cols = [
        DATASET,
        Col("table.contract", "contract"),
        *columns("account", *ACCOUNT, *VALUES),
        Col("table.producer", or_unknown("producer")),
        Col("table.licence", or_unknown("licence")),
        REFUSAL,
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
            "table.refusal": _refusal(say, row),
        }
        pairs += [(say(code), text) for code, text in told.items() if text]
        frame.html(cards.facts(pairs))


def files(say, rows):
    """The files of one dataset with their dates and the account of their rows."""
    cols = [
        Col("table.file", "file"),
        KNOWN,
        Col("table.received", "received_at"),
        *columns("account", *ACCOUNT),
        REFUSAL,
    ]
    table.show(say, "files", rows, cols)


def rejects(say, rows):
    """Every rejected value: where it stands, its text and the rule that it broke."""
    cols = [
        DATASET,
        *columns("table", "file", "sheet", "line"),
        Col("table.column", lambda row: row["source_column"] or row["contract_column"]),
        Col("table.text", "text"),
        Col("table.rule", "rule", lambda say, row: say.rule(row)),
        CELLS,
    ]
    table.show(say, "rejects", rows, cols)


def aside(say, rows):
    """Every row that was set aside, with its reason."""

    def reason(say, row):
        code = f"aside.{row['reason']}"
        return say(code) if say.has(code) else row["reason"]

    cols = [DATASET, *PLACE, Col("table.reason", "reason", reason), CELLS]
    table.show(say, "aside", rows, cols)


def findings(say, rows, words):
    """Every finding of a check."""

    def whose(row):
        return sentences.series_name(say, row["params"].get("series", ""), words)

    cols = [
        coded("table.severity", "severity"),
        Col("table.area", lambda row: row["place"] or row["params"].get("place")),
        Col("table.finding", lambda row: sentences.finding(say, row), width=560),
        coded("table.mark", "marks", "mark"),
        Col("table.state", "state", sentences.state),
        Col("table.id", "id"),
        Col("table.series", whose),
        DATASET,
    ]
    table.show(say, "findings", rows, cols)


def vintages(say, rows, words):
    """Every key that was published more than once: its values side by side, and what changed."""

    def whose(say, row):
        return row["document"] or sentences.series_name(say, row["series"], words, row)

    most = max((len(row["vintages"]) for row in rows), default=0)
    cols = [
        *PERIOD,
        Col("table.where", "place_name"),
        *WHAT,
        Col("table.change", "change", sentences.change),
        *(col for number in range(most) for col in _vintage(number)),
        DEFINITION,
        Col("table.series", lambda row: row["document"] or row["series"], whose),
        DATASET,
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
        return dataset(say, row) if is_known else say("calendar.unknown", dataset=row["dataset"])

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
        DATASET,
        *PERIOD,
        Col("table.status", "status", lambda say, row: sentences.delivery(say, row)[1]),
        Col("table.detail", lambda row: sentences.delivery(say, row)[2]),
        Col("table.lacking", "sites_lacking", lambda say, row: ", ".join(row["sites_lacking"])),
    ]
    for frequency in dict.fromkeys(r["frequency"] for r in rows):
        mine = [r for r in rows if r["frequency"] == frequency]
        pairs = list(dict.fromkeys((r["agency"], dataset(say, r)) for r in mine))
        cells = {(r["period_start"], r["agency"], dataset(say, r)): r for r in mine}
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
        MEASURE,
        Col("table.period", "month", name="month"),
        Col("table.status", "status", lambda say, row: sentences.place_month(say, row)[2]),
        *columns("reports", "reported", "expected", "closed"),
        *of_all(subject, words),
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
        *of_all(subject, words),
    ]
    table.show(say, "nowcast", rows, cols, sentences.is_simulated(subject))


def gaps(say, rows):
    """Every stretch of days or months that a place owes."""
    cols = [
        Col("table.where", "place_name"),
        MEASURE,
        Col("table.lacks", "period_start", sentences.gap, only="page"),
        *PERIOD[1:],
        Col("table.periods", "periods", only="files"),
        DATASET,
    ]
    table.show(say, "gaps", rows, cols)


def periods(say, rows, view, words):
    """The periods of a course: what was counted, how much of it is reported, its status, whose."""
    cols = [
        *PERIOD,
        Col("visits.part", "part", lambda say, row: sentences.part(say, row["part"])),
        Col("table.visits", "visits", unit="visits"),
        Col("visits.reports", "values_reported", sentences.reported, name="values_reported"),
        Col("visits.reports_due", "values_expected", only="files", name="values_expected"),
        STATUS,
        *of_all(view, words),
    ]
    table.show(say, "visits", rows, cols, sentences.is_simulated(view.scope), at=of_period)


def pairs(say, rows, name, view, words):
    """A year against the year before: which comparison, where, which month, both sums, whose."""

    def days(say, row):
        month = row["month_start"]
        return say.month(month) if month else sentences.pair_days(say, row)

    def whole(say, row):
        return say("pairs.whole" if row["is_complete"] else "pairs.part")

    cols = [
        coded("pairs.name", "alignment", "pairs", name="alignment"),
        Col("table.where", lambda row: row["place"] or "all", sentences.place),
        Col(
            "table.period", lambda row: row["month_start"] or row["first_start"], days, only="page"
        ),
        Col("table.from", "first_start", only="files", name="period_start"),
        Col("table.until", "last_day", only="files", name="period_end"),
        Col("table.visits", "visits", unit="visits"),
        Col("pairs.before", "visits_before", unit="visits", name="visits_before"),
        Col("table.change", "change", lambda say, row: say.signed(row["change"]), unit="visits"),
        Col("pairs.growth", "growth", sentences.growth, unit="share"),
        Col("table.status", "is_complete", whole, name="is_complete"),
        *of_all(view, words),
    ]
    table.show(say, name, rows, cols, sentences.is_simulated(view.scope), at=of_pair)


def ladder(say, rows, words):
    """The ladder of a year: every definition of every series with the sum that it is."""

    def measures(row):
        return "+".join(term["measure"] for term in row["terms"])

    cols = [
        Col("table.definition", measures, sentences.arithmetic),
        Col("table.visits", "visits", unit="visits"),
        series(words),
        Col("table.status", "obs_status", sentences.covered, name="obs_status"),
        Col("table.until", "covered_to", only="files", name="covered_to"),
    ]
    table.show(say, "ladder", rows, cols, at=lambda row: address("figure", kpi="visits", **row))


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
