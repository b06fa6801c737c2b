"""Templates: for one contract an empty workbook, the same as CSV, and the sidecar that loads them.

The workbook has the contract's columns as its header, the meaning of each as a note, and lists and
limits that are read from the contract's own rules. A second sheet explains the columns, with
examples; a third holds the lists. Only the first is loaded.
"""

import csv
import re
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path

import xlsxwriter

from etl.cli.words import Say
from etl.contract import HERE, Column, Contract, contracts, heading
from etl.problem import Refused
from etl.recipe.toml import schema_line

LAST = 10_000  # the row down to which lists and limits reach
SMALL = 300  # a reference table with more entries than this makes no list
KINDS = {"VARCHAR": "text", "BIGINT": "whole", "INTEGER": "whole", "DATE": "day"}
KINDS |= {"TIMESTAMP": "moment"}
FORMATS = {"text": "@", "day": "yyyy-mm-dd", "moment": "yyyy-mm-dd hh:mm:ss"}
MOMENTS = "['%Y-%m-%d %H:%M:%S', '%Y-%m-%d %H:%M', '%Y-%m-%d']"
EXAMPLES = {
    "area": "99.01", "parent": "99", "bps_code": "9901", "level": "regency", "place": "Taman Kota",
    "site": "taman-kota", "place_kind": "site", "breakdown": "", "definition": "not_stated",
    "unit": "%", "series": "Dinas Pariwisata", "agency": "Disdukcapil", "obs_status": "final",
    "kpi": "visits", "document": "RPJMD 2018-2023", "document_address": "https://example.org/rpjmd",
    "indicator": "room_occupancy", "service_request_id": "A-2019-0001", "service_code": "ktp_el",
    "channel": "loket", "time_zone": "Asia/Jakarta", "section": "", "method": "not_stated",
    "item": "ktp_el_blank", "response_id": "L-0001", "gate": "G1", "ticket_class": "dewasa",
    "name": "Taman Kota", "name_id": "Hari Kemerdekaan", "name_en": "Independence Day",
    "dataset": "visits/monthly", "latitude": -6.7, "longitude": 108.5, "frequency": "M",
    "place_name": "", "published_at": "", "requested_on": "", "to_date": "", "note": "",
    "said_by": "not_stated", "confidence": "", "reason": "", "scale": "skm", "band": "A",
    "upper": "", "owner": "Dinas Pariwisata", "kendala": "Hujan", "tindak_lanjut": "Promosi",
    "definitions.definition": "attractions", "service.status": "closed",
    "period_end": date(2019, 1, 31), "completed_at": datetime(2019, 1, 2, 10, 30),
    "expected_at": datetime(2019, 1, 4, 8, 0), "areas.name": "Kabupaten Contoh",
    "areas.latitude": -6.7, "text": "", "whole": 3, "number": 51.25, "day": date(2019, 1, 1),
    "moment": datetime(2019, 1, 1, 8, 30),
}  # fmt: skip


def write_templates(
    name: str,
    folder: Path,
    say: Say,
    known: Mapping[str, list[str]],
    with_csv: bool = True,
    home: Path | None = None,
) -> list[Path]:
    """The paths of the workbook, CSV and sidecar of the contract `name`, written into a folder.

    `say` gives the words of a language; `known` the values of reference tables: {table: [value]}.
    The sidecar reads both, so that the one that stays empty does no harm; `home` is the folder that
    they will lie in, where it is another.
    Refused for a contract that does not exist, and where a file of that name does.
    """
    if name not in contracts():
        raise Refused("unknown_contract", value=name, known=", ".join(contracts()))
    contract = contracts()[name]
    kinds = ("xlsx", "toml", "csv") if with_csv else ("xlsx", "toml")
    paths = [folder / f"{name}.{kind}" for kind in kinds]
    for path in paths:
        if path.exists():
            raise Refused("file_exists", file=path.name)
    folder.mkdir(parents=True, exist_ok=True)
    _workbook(paths[0], contract, say, known)
    paths[1].write_text(_sidecar(contract, say, home or folder), encoding="utf-8")
    mark = ";" if say.vega_numbers["decimal"] == "," else ","  # what Excel takes in that language
    for path in paths[2:]:
        with path.open("w", encoding="utf-8-sig", newline="") as file:
            csv.writer(file, delimiter=mark).writerow(contract.headings)
    return paths


def kind(column: Column) -> str:
    """What a column holds: text, whole, number, day or moment."""
    return KINDS.get(column.type, "number")


def example(contract: Contract, column: Column) -> object:
    """A value that the column takes; the first of its list where it has one."""
    allowed = choices(contract, column.name)
    for key in (f"{contract.name}.{column.name}", heading(column.name)):
        if key in EXAMPLES and (not allowed or EXAMPLES[key] in allowed):
            return EXAMPLES[key]
    return allowed[0] if allowed else EXAMPLES[kind(column)]


def choices(contract: Contract, column: str) -> list[str]:
    """The values that a rule of the contract, `column in (...)`, allows; else an empty list."""
    for check in contract.checks:
        if found := re.fullmatch(rf'\("?{column}"? IN \((.*)\)\)', check.expression):
            return [v.replace("''", "'") for v in re.findall(r"'((?:[^']|'')*)'", found[1])]
    return []


def _limit(contract, column):
    """The condition of a number by the contract's rules, as a validation takes it."""
    for check in contract.checks:
        number = r"\(?(-?\d+)\)?"
        if found := re.fullmatch(rf'\("?{column}"? (>=?) {number}\)', check.expression):
            return {"criteria": found[1], "value": int(found[2])}
        between = rf'\("?{column}"? BETWEEN {number} AND {number}\)'
        if found := re.fullmatch(between, check.expression):
            return {"criteria": "between", "minimum": int(found[1]), "maximum": int(found[2])}
    return {"criteria": "between", "minimum": -1e12, "maximum": 1e12}


def _listed(contract, column, known):
    """The values that the reference tables of a column list, where they are few."""
    tables = {**known, "obs_status": _statuses()}
    found = [tables.get(r.table, []) for r in contract.references if r.column == column]
    values = list(dict.fromkeys(v for part in found for v in part))
    return values if len(values) <= SMALL else []


def _statuses():
    with (HERE / "sources" / "obs_status.csv").open(encoding="utf-8") as file:
        return [row["obs_status"] for row in csv.DictReader(file)]


def _workbook(path, contract, say, known):
    with xlsxwriter.Workbook(path) as book:
        sheet, guide, lists = map(
            book.add_worksheet, (contract.name, say("template.example"), say("template.lists"))
        )
        look = {"bold": True, "border": 1, "bg_color": "#e8ecf4"}
        must = book.add_format({**look, "bg_color": "#f6d9a8"})
        may, wrap = book.add_format(look), book.add_format({"text_wrap": True, "valign": "top"})
        formats = {k: book.add_format({"num_format": f}) for k, f in FORMATS.items()}
        sheet.freeze_panes(1, 0)
        guide.set_column(0, 5, 30, wrap)
        guide.write(0, 0, say("template.intro", sheet=contract.name))
        titles = ("column", "required", "content", "meaning", "rules", "example")
        guide.write_row(2, 0, [say(f"template.{title}").capitalize() for title in titles], may)
        for i, column in enumerate(contract.columns):
            is_required = column.required and not _default(contract, column)
            name, words = heading(column.name), _words(contract, column, say)
            sheet.set_column(i, i, max(12, len(name) + 4), formats.get(kind(column)))
            sheet.write(0, i, name, must if is_required else may)
            note = [words[3], words[2], words[4], say("template.must") if is_required else ""]
            sheet.write_comment(0, i, "\n".join(filter(None, note)), {"x_scale": 2, "y_scale": 1.5})
            guide.write_row(3 + i, 0, words)
            shown = example(contract, column)
            guide.write(3 + i, 5, shown, formats.get(kind(column))) if shown != "" else None
            rule = _validation(contract, column, say, lists, i, known)
            if rule:
                sheet.data_validation(1, i, LAST, i, rule)


def _words(contract, column, say):
    """Heading, required, content, meaning and rules of a column, in words."""
    default, allowed = _default(contract, column), choices(contract, column.name)
    rules = [", ".join(allowed)] if allowed else []
    rules += [
        say(f"rule.{contract.name}: {check.expression}")
        for check in contract.checks
        if column.name in check.columns and not allowed
    ]
    rules += [
        say("template.listed", table=r.table)
        for r in contract.references
        if r.column == column.name
    ]
    if column.name in contract.defaults:
        rules.append(say("template.derived"))
    elif default:
        rules.append(say("template.empty", default=default.strip("'") or "—"))
    is_required = column.required and not default
    meaning = f"column.{contract.name}.{column.name}"
    if _is_local(contract, column) and say.has(f"{meaning}.local"):
        meaning += ".local"
    return (
        heading(column.name),
        say("template.yes") if is_required else "",
        say(f"template.{'moment_local' if _is_local(contract, column) else kind(column)}"),
        say(meaning),
        " ".join(rules),
    )


def _default(contract, column):
    return contract.defaults.get(column.name) or column.default


def _validation(contract, column, say, lists, index, known):
    """The validation of a column: its list, written into `lists`, or what its type allows."""
    allowed = choices(contract, column.name)
    listed = allowed or _listed(contract, column.name, known)
    what = kind(column)
    if listed:
        lists.write_column(0, index, [heading(column.name), *listed])
        cells = xlsxwriter.utility.xl_range_abs(1, index, len(listed), index)
        rule: dict = {"validate": "list", "source": f"='{lists.get_name()}'!{cells}"}
        return (
            rule | ({} if allowed else {"error_type": "warning"}) | _error(say("template.choose"))
        )
    if what in ("day", "moment"):
        rule = {"validate": "date", "criteria": ">=", "value": date(1900, 1, 1)}
        return rule | _error(say(f"template.{what}"))
    if what in ("whole", "number"):
        rule = {"validate": "integer" if what == "whole" else "decimal"}
        return rule | _limit(contract, column.name) | _error(say(f"template.{what}"))
    return None


def _error(words):
    return {"error_message": words[:255]}


def _is_local(contract, column):
    """Whether a template takes a moment on the local clock of the row's time_zone."""
    return kind(column) == "moment" and "time_zone" in contract.names


def _sidecar(contract, say, home):
    columns = contract.columns
    optional = [heading(c.name) for c in columns if not c.required or _default(contract, c)]
    name = contract.name
    lines = [
        schema_line("dataset", home),
        f'loads = "{name}"',
        f'files = ["{name}*.xlsx", "{name}*.csv"]',
        f'read = {{ sheets = ["{name}"] }}',
        f"# {say('template.published')} published_at = 2019-03-05",
        "",
        "[source]",
        *(f'{key} = "{say("template.unknown")}"' for key in ("title", "producer", "licence")),
        *(["", f"[columns]  # {say('template.optional')}"] if optional else []),
        *(f'{column} = ["?"]' for column in optional),
        "",
        f"[map]  # {say('template.mapped')}",
        *(f'{c.name} = "{_expression(contract, c)}"' for c in columns),
    ]
    return "\n".join(lines) + "\n"


def _expression(contract, column):
    name = heading(column.name)
    if _is_local(contract, column):
        return f"utc({name}, {MOMENTS}, time_zone)"
    return f"num({name})" if kind(column) in ("whole", "number") else name
