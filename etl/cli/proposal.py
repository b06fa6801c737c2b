"""What an unknown file seems to be, in words; the facts come from etl/cli/propose.py."""

from collections.abc import Iterator

from etl.cli.words import Say

MOST = 12  # headings, lines and columns that are listed of one kind


def proposal(say: Say, told: dict) -> Iterator[str]:
    """The lines that tell a proposal, sheet by sheet."""
    if told["delimiter"]:
        mark = {"\t": "tab"}.get(told["delimiter"], told["delimiter"])
        yield say("propose.delimiter", delimiter=mark)
    for sheet in told["sheets"]:
        yield from _sheet(say, sheet)
    if told["more"] > 0:
        yield say("propose.more_sheets", n=told["more"])
    yield say("propose.next")


def _sheet(say, sheet):
    if sheet["sheet"] is not None:
        yield say("propose.sheet", sheet=sheet["sheet"])
    counts = {name: say.number(sheet[name]) for name in ("rows", "columns")}
    yield say("propose.size", **counts)
    for line, cells in sheet["sample"]:
        yield "  " + say("propose.row", line=line, cells=" | ".join(cells[:MOST]))
    if sheet["header"]:
        lines = ", ".join(map(str, sheet["header"]))
        yield say("propose.header", lines=lines, first=sheet["first"])
    yield say("propose.headings", headings=_listed(sheet["headings"]))
    yield from _contract(say, sheet)
    yield from _parts(say, sheet)
    yield from _forms(say, sheet)
    for code, params in sheet["uncertain"]:
        listed = {k: _listed(v) if isinstance(v, list) else v for k, v in params.items()}
        yield say(f"propose.uncertain_{code}", **listed)


def _contract(say, sheet):
    for name, _ in sheet["contracts"][:1]:
        others = ", ".join(other for other, _ in sheet["contracts"][1:])
        yield say("propose.contract_or" if others else "propose.contract", name=name, others=others)
        if sheet["lacking"]:
            yield say("propose.lacking", columns=", ".join(sheet["lacking"]))


def _parts(say, sheet):
    """What is no value by itself: periods across, totals, notes."""
    for kind in ("wide", "total_columns"):
        if sheet[kind]:
            yield say(f"propose.{kind}", headings=_listed(sheet[kind]))
    for kind in ("totals", "notes"):
        if sheet[kind]:
            rows = _listed([f"{line} ({words})" for line, words in sheet[kind]])
            yield say(f"propose.{kind}", rows=rows)


def _forms(say, sheet):
    """How numbers and days are written."""
    for mark, code in ((",", "propose.comma"), (".", "propose.point")):
        columns = [column for column, found in sheet["decimals"].items() if found == mark]
        if columns:
            yield say(code, columns=_listed(columns))
    for column, order in sheet["dates"].items():
        if order != "?":
            yield say("propose.dates", column=column, how=say(f"propose.dates_{order}"))


def _listed(items):
    """The first items, joined; how many more there are."""
    more = f", … (+{len(items) - MOST})" if len(items) > MOST else ""
    return ", ".join(map(str, items[:MOST])) + more
