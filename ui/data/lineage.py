"""What is said of where a figure comes from: its name, what it is made of, the rows behind it."""

from collections.abc import Callable, Sequence

import streamlit as st

from kpi.lineage import Address, Lineage, Part
from ui.export import sheets
from ui.kit import fields, frame, plain, sentences, table
from ui.kit.table import Col
from ui.kit.text import Text
from ui.scorecard import words as scorecard
from ui.service import words as service

PAGE = 100  # values on one page
MOST_IN_WORKBOOK = 25_000  # values of a workbook that is made in some 3 seconds of CPU


def linker() -> Callable[[Address], str]:
    """What makes the URL of where a figure comes from, in the city, language and day of a visit."""
    here = frame.address()
    return lambda address: frame.link("figure", here | address.query)


def name(say: Text, traced: Lineage) -> str:
    """What a figure is, in a few words."""
    asked = dict(traced.address.params)
    if traced.address.kind in ("figure", "condition"):
        own = f"kpi.{asked['kpi']}"
        kpi = say(own) if say.has(own) else asked["kpi"]
        return say("lineage.change", name=kpi) if asked.get("of") == "change" else kpi
    if traced.address.kind == "record":
        code = f"indicator.{asked['indicator']}"
        return say(code) if say.has(code) else asked["indicator"]
    match traced.address.kind:
        case "outlook":
            return say(f"lineage.outlook.{asked['of']}")
        case "service":
            return say(f"lineage.service.{asked['of']}")
        case kind:
            return say(f"lineage.{kind}")


def about(say: Text, traced: Lineage, words: dict) -> list[str]:
    """What it counts, whose it is and of when, each in words."""
    asked = dict(traced.address.params)
    told = {
        "definition": lambda code: scorecard.defined(say, code, traced.measures, words),
        "series": lambda code: sentences.series_name(say, code, words),
        "first": lambda day: say.period(day, asked["last"]),
        "month": say.month,
        "period": lambda first: service.period(say, first, asked["unit"]),
        "year": str,
        "alignment": lambda code: say(f"pairs.{code}"),
        "measure": lambda code: sentences.part(say, code),
        "origin": lambda code: sentences.part(say, code),
        "element": lambda code: sentences.part(say, code),
        "violation": lambda code: sentences.part(say, code),
        "channel": lambda code: service.name(words, "channel", code),
        "agency": str,
        "breakdown": lambda code: sentences.part(say, code),
        "document": str,
    }
    named = [told[key](value) for key, value in asked.items() if key in told]
    return [*named, *filter(None, [traced.place])]


def value(say: Text, part: Lineage | Part) -> str:
    """A figure as it is read."""
    if part.unit == "ratio":
        return say.number(part.value, 2)
    return say.quantity(part.value, part.unit, is_bare=not part.unit)


def facts(say: Text, traced: Lineage) -> list[tuple[str, str]]:
    """What a figure is made of, and how: [(label, text)]; a part leads to its own rows."""
    parts = [
        (part.name or say(f"made.{part.code}"), say.figure(part.address, value(say, part)))
        for part in traced.parts
    ]
    method = [
        (say(f"fact.{code}"), say(f"fact.{code}_told", **_worded(say, params)))
        for code, params in traced.facts
    ]
    return parts + method


def _worded(say, params):
    """The parameters of a fact: months as text become their names, counts numbers."""
    return {k: say.month_of(v) if isinstance(v, str) else say.number(v) for k, v in params.items()}


def counts(say: Text, counted: Sequence[dict]) -> tuple[int, int, int]:
    """How many values are behind a figure; (page that is to be shown, of how many, of how many
    values).

    counted: rows of rows_counted.
    """
    n = sum(row["n"] for row in counted)
    plain.header(say("lineage.values", n=n))
    plain.caption("; ".join(_counted(say, row) for row in counted))
    pages = -(-n // PAGE)
    return (int(frame.page(say, pages)) if pages > 1 else 1), pages, n


def _counted(say, row):
    """How many values a part has, and their sum."""
    name = say(f"made.{row['part']}") if row["part"] else say("made.all")
    total = "" if row["total"] is None else say.quantity(row["total"], row["unit"])
    return say("lineage.counted", part=name, n=row["n"], total=total or "—")


def rows(
    say: Text,
    found: Sequence[dict],
    findings: Sequence[dict],
    words: dict[str, str],
    is_whole: bool,
) -> None:
    """Values behind a figure, each with the file, sheet and row that it stands in."""
    table.show(say, "rows", found, _columns(say, found, findings, words), is_whole=is_whole)


def _columns(say, found, findings, words):
    """The columns of values behind a figure."""

    def marks(row):
        is_marked = row["unit"] == "visits"  # an id is that of one contract
        return sentences.marks(say, findings, [row["value_id"]]) if is_marked else ""

    def what(say, row):
        parts = [row[name] for name in ("measure", "origin", "breakdown") if row[name]]
        return ", ".join(dict.fromkeys(sentences.part(say, code) for code in parts))

    def part(say, row):
        return say(f"made.{row['part']}") if row["part"] else ""

    units = {row["unit"] for row in found}
    unit = units.pop() if len(units) == 1 else ""
    return [
        *fields.PERIOD,
        *([Col("table.part", "part", part)] if any(row["part"] for row in found) else []),
        Col("table.site", "place"),
        Col("table.what", "measure", what, only="page"),
        *table.columns("what", "measure", "origin", "breakdown", only="files"),
        Col("table.value", "value", unit=unit),
        *([] if unit else [Col("table.unit", "unit")]),
        Col("table.marks", marks),
        fields.STATUS,
        fields.series(words),
        fields.KNOWN,
        *fields.PLACE,
        fields.CELLS,
        Col("table.dataset", "dataset"),
    ]


def offer(
    say: Text, snapshot: object, values: object, n: int, findings: Sequence[dict], words: dict
) -> None:
    """The buttons that hand out all values behind a figure, which are on several pages: as CSV,
    and as a workbook where there are not too many for one that is made at once."""

    def workbook():
        found = snapshot.rows(values, limit=MOST_IN_WORKBOOK)
        return table.of(say, "rows", found, _columns(say, found, findings, words)).xlsx()

    kinds = [("csv", lambda: snapshot.rows_file(values), "text/csv")]
    if n <= MOST_IN_WORKBOOK:
        kinds.insert(0, ("xlsx", workbook, sheets.KIND))
    with st.container(horizontal=True):
        for suffix, make, mime in kinds:
            plain.download_button(
                say(f"lineage.all_{suffix}", n=n),
                make,
                f"{snapshot.city}-rows-{snapshot.day}.{suffix}",
                mime,
                key=f"{suffix}-all-rows",
                on_click="ignore",
            )
