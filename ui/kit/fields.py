"""Columns that tables of several pages share: periods, status, whose figures, files and lines."""

from ui.kit import sentences
from ui.kit.table import Col, columns, field_of
from ui.kit.text import Text


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


def refused(say, row):
    """Why a file or dataset is not used, in words; empty where it is."""
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
REFUSAL = Col("table.refusal", "refusal", refused)
WHAT = (
    Col("table.what", lambda row: row["measure"] or row["kind"], _what, only="page"),
    *columns("what", "measure", "origin", "breakdown", only="files"),
)
MEASURE = coded("table.what", "measure", name="measure")
