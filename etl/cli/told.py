"""What the command line says of a report: files, refusals, rejects, findings, and what changes."""

import json
from collections.abc import Iterator
from pathlib import Path

from etl.build import CHECKED
from etl.cli.check import judge
from etl.cli.compare import compare, extracts, set_aside
from etl.cli.words import Say
from etl.contract import contracts
from etl.load.ledger import report

NOT_FILLED = "not_filled"  # the refusal that is none: of a template with nothing in it yet
SEVERITIES = ("error", "question", "note")  # of findings, the worst first
LONGEST = 60  # letters of a dataset and its file in the account; a longer one is cut in its middle
SHOWN = 20  # rejects and findings printed per city; all of them stand on the page Data
COUNTED = (
    "rows_read",
    "rows_accepted",
    "rows_aside",
    "rows_rejected",
    "values_loaded",
    "values_same_again",
)


def summary(told: dict, say: Say, only: str | None = None) -> Iterator[str]:
    """The lines on units, refusals, rejects and findings of a report (`only`: of checked files)."""
    units = _of_checked(told["units"]) if only else told["units"]
    yield from _units(units, say)
    for where, refused in _refused(told, only):
        yield f"{where}: " + say.refusal(refused["refusal"], refused["params"])
    rejects = _of_checked(told["rejects"]) if only else told["rejects"]
    yield from map(say.reject, rejects[:SHOWN])
    if len(rejects) > SHOWN:
        yield say("account.more", number=say.number(len(rejects) - SHOWN))
    findings = told["findings"] if only is None else []
    counts = [(s, sum(f["severity"] == s for f in findings)) for s in SEVERITIES]
    by = [say("account.of_severity", n=n, severity=say(f"severity.{s}")) for s, n in counts if n]
    if by:
        yield say("account.findings", n=len(findings), severities=", ".join(by))


def is_clean(told: dict, only: str | None = None) -> bool:
    """Whether a report has neither refusals, rejects nor findings (`only`: of checked files)."""
    rejects = _of_checked(told["rejects"]) if only else told["rejects"]
    findings = told["findings"] if only is None else []
    return not (_refused(told, only) or rejects or findings)


def _refused(told, only):
    """[(file or dataset, its unit or dataset)] of what is not used, templates still empty aside."""
    units = _of_checked(told["units"]) if only else told["units"]
    found = [(u["file"], u) for u in units if u["refusal"] not in (None, NOT_FILLED)]
    return found + [(d["dataset"], d) for d in told["refused"] if only is None]


def _units(units, say):
    """The table of the files: a line of headings, then a line a file."""
    widths = [max(11, len(say(f"account.{c}"))) for c in COUNTED]
    heads = [say(f"account.{c}").rjust(w) for c, w in zip(COUNTED, widths, strict=True)]
    width = max(34, *(len(_of_file(unit)) + 1 for unit in units), 0)
    yield say("account.file").ljust(width) + " ".join(heads)
    filled = {u["dataset"] for u in units if u["refusal"] != NOT_FILLED}
    for unit in units:
        numbers = [say.number(unit[c]).rjust(w) for c, w in zip(COUNTED, widths, strict=True)]
        known = {None: " ".join(numbers), NOT_FILLED: "  " + say("account.not_filled")}
        counts = known.get(unit["refusal"], "  " + say("account.refused"))
        if unit["refusal"] != NOT_FILLED or unit["dataset"] not in filled:
            yield _of_file(unit).ljust(width) + counts


def aside_and_unread(told: dict[str, list[dict]], path: Path, say: Say) -> Iterator[str]:
    """Sentences on the rows of checked files set aside and the columns that nothing reads."""
    checked = _of_checked(told["units"])
    for file, reason, number, lines in set_aside(path):
        places = ", ".join(
            say("compare.sheet_line" if sheet else "compare.line", sheet=sheet, line=line)
            for sheet, line in lines
        )
        places += ", …" if number > len(lines) else ""
        places = f"{file}: {places}" if len(checked) > 1 else places
        known = f"aside.{reason}"
        reason = say(known) if say.has(known) else reason
        yield say("compare.aside", reason=reason, number=say.number(number), places=places)
    unread = dict.fromkeys(c for u in checked for c in u["unread_columns"] or ())
    if unread:
        yield say("compare.unread", columns=", ".join(unread))


def extracts_known(told: dict[str, list[dict]], path: Path, say: Say) -> Iterator[str]:
    """Sentences on the day until which checked requests for services are known."""
    if any(u["contract"] == "service" for u in _of_checked(told["units"])):
        for series, agency, service, day, event in extracts(path):
            about = {"series": series, "agency": agency, "service": service, "day": say.date(day)}
            yield say("compare.extract", **about, event=say(f"service.event.{event}"))


def _of_checked(rows):
    """The rows of a report that are of checked files."""
    return [row for row in rows if (row["lake_key"] or "").startswith(CHECKED)]


def compared(
    served: Path | None, told: dict[str, list[dict]], path: Path, say: Say
) -> tuple[list[str], bool]:
    """([sentence], whether anything looks wrong) on checked files beside what serves."""
    checked = _of_checked(told["units"])
    events = [u for u in checked if contracts()[u["contract"]].kind == "event"]
    said = [say("compare.events")] if events else []  # no warehouse holds single events
    if len(events) == len(checked):
        return said, False
    found = compare(served, path) if served else None
    if found is None:
        if any(u["refusal"] for u in checked):
            return said, False  # nothing of it was read; what was found is not about this file
        if served:
            judge(path)
            told = report(path)
        own = list(_findings([f for f in told["findings"] if f["value_ids"]], say))
        return [*said, say("compare.stale") if served else say("compare.none"), *own], bool(own)
    changes, findings = found
    wrong = list(_findings(findings, say))
    for one in changes:
        said += [f"{one.dataset}:"] if len(changes) > 1 else []
        suspicions = list(_suspicions(one, say))
        said += [*_counted(one, say), *suspicions]
        wrong += suspicions
    return [*said, *_findings(findings, say)], bool(wrong)


def _counted(changes, say):
    counts = {k: say.number(getattr(changes, k)) for k in ("new", "same", "changed", "vanished")}
    yield say("compare.keys", version=changes.version, **counts)
    for row in changes.changes:
        change = "; ".join(
            f"{c} {old or '—'} → {new or '—'}" for c, (old, new) in row["change"].items()
        )
        yield say("compare.changed", key=_key(row["key"]), change=change)
    yield from _more(changes.changed - len(changes.changes), say)


def _suspicions(changes, say):
    """Sentences on what looks wrong with a file beside what serves."""
    number, files = changes.conflicts
    if number:
        yield say("compare.conflicts", number=say.number(number), files=files)
    if changes.vanished:
        yield say("compare.vanished", number=say.number(changes.vanished), file=changes.older)
        yield from (say("compare.vanished_key", key=_key(key)) for key in changes.gone)
        yield from _more(changes.vanished - len(changes.gone), say)
    for column, value, near in changes.near:
        yield say("compare.near", column=column, value=value, near=near)


def _findings(findings, say):
    told = sorted((SEVERITIES.index(row["severity"]), _finding(row, say)) for row in findings)
    for rank, finding in told[:SHOWN]:
        severity = say(f"severity.{SEVERITIES[rank]}")
        yield say("compare.finding", severity=severity, finding=finding)
    yield from _more(len(told) - SHOWN, say)


def _more(number, say):
    if number > 0:
        yield say("compare.more", number=say.number(number))


def _key(texts):
    return ", ".join(f"{column} {text}" for column, text in texts.items())


def _finding(row, say):
    """A finding of a check as a sentence, with the place that it speaks of."""
    params = json.loads(row["params"])
    place = f"{params['place']}: " if params.get("place") else ""
    return place + say.finding(row["check"], params)


def _of_file(unit):
    """A unit by its dataset and file: visits/monthly: 2019.csv (+11)."""
    first, *others = unit["files"]
    more = f" (+{len(others)})" if others else ""
    name = f"{unit['dataset']}: {first}"
    return (
        name if len(name) <= LONGEST else f"{name[: LONGEST // 3]}…{name[-LONGEST * 2 // 3 :]}"
    ) + more
