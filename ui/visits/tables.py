"""The columns of tables of visits and targets."""

from kpi.lineage import address, of_figure, of_pair, of_period
from kpi.simulated import is_simulated
from ui.kit import fields, sentences, table
from ui.kit.table import Col


def figures(say, rows, findings, words):
    """The yearly figures of every definition and series, each with its marks and its rows."""

    def marks(row):
        return sentences.marks(say, findings, row.value_ids)

    cols = [
        fields.YEAR,
        fields.series(words),
        fields.DEFINITION,
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
        fields.YEAR,
        Col("table.target", "value", unit="visits"),
        Col("table.level", "level", level, width=290),
        fields.DEFINITION,
        fields.KNOWN,
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
        *fields.PERIOD,
        *fields.WHAT,
        fields.DEFINITION,
        Col("table.series", lambda row: row["series"] or row["document"], whose),
        Col("table.visits", "value", unit="visits"),
        fields.KNOWN,
    ]
    table.show(say, "known-later", rows, cols)


def periods(say, rows, view, words):
    """The periods of a course: what was counted, how much of it is reported, its status, whose."""
    cols = [
        *fields.PERIOD,
        Col("visits.part", "part", lambda say, row: sentences.part(say, row["part"])),
        Col("table.visits", "visits", unit="visits"),
        Col("visits.reports", "values_reported", sentences.reported, name="values_reported"),
        Col("visits.reports_due", "values_expected", only="files", name="values_expected"),
        fields.STATUS,
        *fields.of_all(view, words),
    ]
    table.show(say, "visits", rows, cols, is_simulated(view.scope), at=of_period)


def pairs(say, rows, name, view, words):
    """A year against the year before: which comparison, where, which month, both sums, whose."""

    def days(say, row):
        month = row["month_start"]
        return say.month(month) if month else sentences.pair_days(say, row)

    def whole(say, row):
        return say("pairs.whole" if row["is_complete"] else "pairs.part")

    cols = [
        fields.coded("pairs.name", "alignment", "pairs", name="alignment"),
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
        *fields.of_all(view, words),
    ]
    table.show(say, name, rows, cols, is_simulated(view.scope), at=of_pair)


def ladder(say, rows, words):
    """The ladder of a year: every definition of every series with the sum that it is."""

    def measures(row):
        return "+".join(term["measure"] for term in row["terms"])

    cols = [
        Col("table.definition", measures, sentences.arithmetic),
        Col("table.visits", "visits", unit="visits"),
        fields.series(words),
        Col("table.status", "obs_status", sentences.covered, name="obs_status"),
        Col("table.until", "covered_to", only="files", name="covered_to"),
    ]
    table.show(say, "ladder", rows, cols, at=lambda row: address("figure", kpi="visits", **row))
