"""python -m etl: the command line.

    python -m etl [build] [--city NAME]      build every city, or one; --verify hashes all anew
    python -m etl check FILE... [--as NAME]  what would come of files, loading nothing
    python -m etl template CONTRACT...       empty files to fill in, with their sidecar
    python -m etl new-city FOLDER --name NAME --code CODE
                                             the folder of a new city, with empty files to fill in
    python -m etl status                     what serves
    python -m etl accept ID --reason TEXT --office NAME --until DAY
                                             accepts a finding: it is shown so until then, with why
    python -m etl simulate [--seed N]        write data/<city>/simulated/ again
        [--tickets N --to FILE]              N gate tickets instead, for benchmarks

Exit code 0 = clean, 1 = built or checked with findings, rejects or refusals, or a file that looks
wrong beside what serves, 2 = not built.
"""

import argparse
import json
import os
import re
import sys
import tempfile
from contextlib import suppress
from datetime import date
from itertools import islice
from pathlib import Path

from etl import warehouse
from etl.build import CHECKED, build, check, city_folders, expecting, judge, read_city
from etl.compare import compare, extracts, set_aside
from etl.contract import contracts
from etl.dataset import datasets
from etl.findings import accept
from etl.ledger import report
from etl.problem import Refused, place_of
from etl.proposal import proposal
from etl.status import standing
from ui.kit.text import languages, text

COMMANDS = ("build", "check", "template", "new-city", "status", "accept", "simulate")
STATUS = (
    "status.city", "status.version", "status.built", "status.files", "status.refused",
    "status.rows", "status.rejects", "status.findings", "status.serving", "status.disk",
)  # fmt: skip
NOT_FILLED = "not_filled"  # the refusal that is none: of a template with nothing in it yet
TROUBLE = ("refused", "rejects", "findings", "instead")
SEVERITIES = ("error", "warning", "note")  # of findings, the worst first
LONGEST = 60  # letters of a dataset and its file in the account; a longer one is cut in its middle
SHOWN = 20  # rejects and findings printed per city; all of them stand on the page Data


def main(argv=None):
    """Runs the command line; returns the exit code."""
    args = _arguments(argv)
    say = text(args.lang)
    try:
        if args.command == "template":
            return _template(args, say)
        if args.command == "new-city":
            return _new_city(args, say)
        cities = city_folders(args.data)
        if args.city and args.city not in cities:
            raise Refused("unknown_city", value=args.city, known=", ".join(cities))
        chosen = {args.city: cities[args.city]} if args.city else cities
        match args.command:
            case "check":
                return _check(args, chosen, say)
            case "status":
                return _status(args, chosen, say)
            case "accept":
                return _accept(args, chosen, say)
            case "simulate":
                return _simulate(args, cities, say)
            case _:
                codes = [
                    _build(name, folder, args.warehouse / name, say, args.verify)
                    for name, folder in chosen.items()
                ]
                return max(*codes, _one_opens(cities, say))
    except Refused as refusal:
        _tell(say.refusal(refusal.code, refusal.params), file=sys.stderr)
    except Exception as error:  # 1 would say that something was built
        _tell(_failed(error, say), file=sys.stderr)
    return 2


def _failed(error, say):
    """The sentence on a mistake of this program: its class and place, nothing of the data."""
    told = Refused("mistake", error=type(error).__name__, place=place_of(error))
    return say.refusal(told.code, told.params)


def _tell(*words, **options):
    """Prints words, of which no letter steers a terminal, whatever the data say."""
    print(*(_shown(str(word)) for word in words), **options)


def _shown(text):
    return re.sub(r"[\0-\x08\x0b-\x1f\x7f-\x9f]", "�", text)


def _arguments(argv):
    parser = argparse.ArgumentParser(
        prog="python -m etl", description="data/<city> -> warehouse/<city>"
    )
    parser.add_argument("command", nargs="?", choices=COMMANDS, default="build")
    parser.add_argument(
        "files", nargs="*", type=Path,
        help="for check: the files; for template: the contracts; for new-city: the name of its "
        "folder; for accept: the ID of a finding",
    )  # fmt: skip
    parser.add_argument(
        "--out", type=Path, default=Path(), help="for template: the folder; this one without it"
    )
    parser.add_argument(
        "--as", dest="dataset", help="for check: the dataset, or the contract, of the files"
    )
    parser.add_argument(
        "--verify", action="store_true", help="for build: hash files that seem unchanged, too"
    )
    parser.add_argument(
        "--city", help="the name of one city's folder; without it all, for simulate the default one"
    )
    parser.add_argument("--name", default="", help="for new-city: its name, as it is read")
    parser.add_argument("--code", default="", help="for new-city: its Kemendagri code, like 33.19")
    parser.add_argument("--seed", type=_whole, default=2019, help="for simulate: another record")
    parser.add_argument("--tickets", type=_whole, help="for simulate: so many gate tickets instead")
    parser.add_argument("--to", type=Path, help="for simulate: the file of the tickets")
    parser.add_argument(
        "--data", type=Path, default=warehouse.data_folder(), help="where the cities' folders are"
    )
    parser.add_argument(
        "--warehouse", type=Path, default=warehouse.warehouse_folder(), help="where warehouses go"
    )
    parser.add_argument("--reason", help="for accept: why the figure stands as it is")
    parser.add_argument("--office", help="for accept: the office that says so")
    parser.add_argument("--until", type=date.fromisoformat, help="for accept: the last day")
    parser.add_argument("--lang", default=languages()[0], choices=languages())
    args = parser.parse_intermixed_args(argv)  # files may stand behind the options
    if bool(args.files) != (args.command in ("check", "template", "new-city", "accept")):
        parser.error(
            "check needs files, template contracts, new-city a folder, accept an ID; "
            "the others take none"
        )
    if args.command == "accept" and not (
        len(args.files) == 1 and args.reason and args.office and args.until
    ):
        parser.error("accept takes one ID, --reason, --office and --until")
    if (args.tickets is None) != (args.to is None) or (args.to and args.command != "simulate"):
        parser.error("simulate takes --tickets and --to together; the others take neither")
    return args


def _whole(text):
    """A whole number from 0 up."""
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f"{text!r} is no whole number")
    return int(text)


def _build(name, folder, target, say, verify):
    _tell(f"{name}")

    def progress(code, **params):
        if code == "loading" and sys.stderr.isatty():
            bar = "█" * round(20 * params["done"] / params["of"])
            file = _shown(params["file"])[:50]
            print(f"\r  {bar:<20} {file:<50}", end="", file=sys.stderr, flush=True)
        elif code != "loading":
            print(
                "\r" + " " * 75 + "\r" if sys.stderr.isatty() else "",
                end="",
                file=sys.stderr,
                flush=True,
            )
            _tell("  " + say(f"build.{code}", **params))

    try:
        return _summary(report(build(folder, target, progress, verify)), say)
    except Refused as refusal:
        _tell("  " + say.refusal(refusal.code, refusal.params), file=sys.stderr)
    except Exception as error:  # a mistake ends its city, not those after it
        _tell(f"  {name}: {_failed(error, say)}", file=sys.stderr)
    return 2


def _template(args, say):
    from etl.template import write_templates  # the maker of workbooks, which no build needs

    known = _known(args.warehouse / args.city) if args.city else {}
    for contract in args.files:
        paths = write_templates(str(contract), args.out, say, known)
        _tell(say("template.written", files=", ".join(map(str, paths))))
    return 0


def _new_city(args, say):
    """Makes the folder of a new city and says what comes next."""
    from etl.new_city import new_city  # as above

    if len(args.files) > 1:
        raise Refused("bad_city_folder", value=" ".join(map(str, args.files)))
    name = str(args.files[0])
    texts = {lang: text(lang) for lang in languages()}
    folder = new_city(args.data, name, args.name, args.code, say, texts)
    _tell(say("new_city.done", folder=folder, city=name))
    for other in islice(_that_open(city_folders(args.data)), 1):
        _tell(say("new_city.opens", city=other, folder=folder))
    return 0


def _that_open(cities):
    """The names of the cities that want to open first."""
    for name, folder in cities.items():
        with suppress(Exception):  # told where it is built
            if read_city(folder)["default"]:
                yield name


def _one_opens(cities, say):
    """1 where several cities want to open first, which is said; else 0."""
    several = list(_that_open(cities))
    if len(several) < 2:
        return 0
    _tell(say("build.defaults", cities=say.joined(several), first=several[0]), file=sys.stderr)
    return 1


def _known(target):
    """{table: [identifier]} of the reference tables of what serves."""
    path = warehouse.current(target)
    if path is None:
        return {}
    identifiers = {r.table: r.match[0] for c in contracts().values() for r in c.references}
    con = warehouse.connect(path)
    try:
        return {
            table: [
                str(v)
                for (v,) in con.execute(f"select distinct {i} from {table} order by 1").fetchall()
            ]
            for table, i in identifiers.items()
        }
    finally:
        con.close()


def _status(args, cities, say):
    """Prints one row a city; with --city also its datasets, rejects and findings."""
    heads = [say(code) for code in STATUS]
    rows, notes, code = [], [], 0
    for name in cities:
        try:
            told = standing(args.warehouse / name)
        except Refused as refusal:
            told = None
            rows.append([name, say.refusal(refusal.code, refusal.params)])
        else:
            rows.append([name, *_standing(told, say)] if told else [name, say("build.none")])
        code = max(code, 2 if told is None else int(any(told[k] for k in TROUBLE)))
        if told and told["instead"]:
            about = {"version": told["version"], "built": say.date(told["built_at"].date())}
            notes.append(f"{name}: {say('instead.' + told['instead'], **about)} python -m etl")
    widths = [
        max(len(row[i]) for row in (heads, *(r for r in rows if len(r) > 2)))
        for i in range(len(heads))
    ]
    for row in (heads, *rows):
        _tell("  ".join(f"{words:<{w}}" for words, w in zip(row, widths, strict=False)).rstrip())
    _tell(*notes, sep="\n", end="\n" if notes else "")
    if args.city and code < 2:
        _summary(report(warehouse.current(args.warehouse / args.city)), say)
    return code


def _accept(args, cities, say):
    """Writes that an office accepts a finding of a city; 2 where no city has it."""
    wanted = str(args.files[0])
    if args.until < date.today():
        raise Refused("acceptance_over", until=say.date(args.until))
    for name, folder in cities.items():
        path = warehouse.current(args.warehouse / name)
        for finding in report(path)["findings"] if path else ():
            if finding["id"] == wanted:
                file = accept(folder, finding, args.reason, args.office, args.until)
                about = {"id": wanted, "office": args.office, "until": say.date(args.until)}
                _tell(say("accept.done", file=file, **about))
                return 0
    raise Refused("unknown_finding", value=wanted)


def _standing(told, say):
    """The words of a row of the table of `status`."""
    counts = [say.number(told[k]) for k in ("files", "refused", "rows", "rejects", "findings")]
    sizes = [say("status.size", number=say.number(told[k] / 1e6, 1)) for k in ("serving", "disk")]
    return [told["version"], f"{told['built_at']:%Y-%m-%d %H:%M}", *counts, *sizes]


def _simulate(args, cities, say):
    """Writes the simulated record of a city, or gate tickets; the one command that simulates."""
    from etl.simulate import default_city, simulate, write_tickets  # numpy, which no build needs

    city = cities[args.city] if args.city else default_city(cities.values())
    if args.to:
        write_tickets(args.to, args.tickets, args.seed, city)
        _tell(say("simulate.tickets", number=say.number(args.tickets), file=args.to))
    else:
        paths = simulate(city / "simulated", args.seed, city)
        _tell(say("simulate.files", number=say.number(len(paths)), folder=city / "simulated"))
    return 0


def _check(args, cities, say):
    """Prints what would come of files, loading nothing; returns the exit code."""
    files = [_found(file, [args.data, *cities.values()]) for file in args.files]
    known = {city: datasets(folder) for city, folder in cities.items()}
    chosen, worst = {}, 0  # {city: {dataset: [file]}}
    for file in files:
        try:
            fits = expecting(file, known, args.dataset)
            if len(fits) > 1:
                listed = ", ".join(f"{city}: {dataset.name}" for city, dataset in fits)
                raise Refused("dataset_not_clear", file=file.name, datasets=listed)
        except Refused as refusal:
            _tell(file, say.refusal(refusal.code, refusal.params), sep="\n  ")
            worst = 2
            continue
        if not fits:
            worst = max(worst, _proposed(file, args.dataset, known, say))
        for city, dataset in fits:
            chosen.setdefault(city, {}).setdefault(dataset.name, (dataset, []))[1].append(file)
    for city, own in chosen.items():
        with tempfile.TemporaryDirectory() as folder:
            served = args.warehouse / city
            path = check(list(own.values()), cities[city], Path(folder), served)
            worst = max(worst, _checked(path, warehouse.current(served), own.values(), say))
    return worst


def _checked(path, served, own, say):
    """Prints what came of checked files, and beside what serves; returns the exit code."""
    for _, files in own:
        _tell(*files, sep="\n")
    told = report(path)
    code = _summary(told, say, only=CHECKED)
    lines, looks_wrong = _compared(served, told, path, say)
    for line in [*_aside_and_unread(told, path, say), *_extracts(told, path, say), *lines]:
        _tell("  " + line)
    return max(code, int(looks_wrong))


def _proposed(file, contract, known, say):
    """Prints what a file seems to be that no dataset expects; 1, or 2 where it is no table.

    A sidecar that cannot be read is told first: it may be the one that would expect the file.
    """
    from etl.propose import propose  # the readers of all formats, which a build has in its child

    _tell(file)
    for refusal in (d for found in known.values() for _, d in found if isinstance(d, Refused)):
        _tell("  " + say.refusal(refusal.code, refusal.params))
    _tell("  " + say("propose.unknown"))
    try:
        told = propose(file, contract)
    except Refused as refusal:
        _tell("  " + say.refusal(refusal.code, {"file": file.name} | refusal.params))
        return 2
    for line in proposal(say, told):
        _tell("  " + line)
    return 1


def _found(file, folders):
    """A file by its path, seen from the folder of the call, this one, or where the data are.

    Refused with the whole path where there is none.
    """
    called = Path(os.environ.get("DUAJUTA_CALLED_FROM", "."))
    for folder in (called, Path(), *folders):
        if (folder / file).is_file():
            return folder / file
    raise Refused("no_such_file", file=str((called / file).resolve()))


def _aside_and_unread(told, path, say):
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


def _extracts(told, path, say):
    """Sentences on the day until which checked requests for services are known."""
    if any(u["contract"] == "service" for u in _of_checked(told["units"])):
        for series, agency, service, day, event in extracts(path):
            about = {"series": series, "agency": agency, "service": service, "day": say.date(day)}
            yield say("compare.extract", **about, event=say(f"service.event.{event}"))


def _of_checked(rows):
    """The rows of a report that are of checked files."""
    return [row for row in rows if (row["lake_key"] or "").startswith(CHECKED)]


def _compared(served, told, path, say):
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


def _summary(told, say, only=None):
    """Prints units, refusals, rejects, findings (`only`: checked files); returns the exit code."""
    units = _of_checked(told["units"]) if only else told["units"]
    rejects = _of_checked(told["rejects"]) if only else told["rejects"]
    findings = told["findings"] if only is None else []
    columns = (
        "rows_read",
        "rows_accepted",
        "rows_aside",
        "rows_rejected",
        "values_loaded",
        "values_same_again",
    )
    widths = [max(11, len(say(f"account.{c}"))) for c in columns]
    heads = [say(f"account.{c}").rjust(w) for c, w in zip(columns, widths, strict=True)]
    names = {id(unit): _of_file(unit) for unit in units}
    width = max(34, *(len(name) + 1 for name in names.values()), 0)
    _tell("  " + say("account.file").ljust(width) + " ".join(heads))
    filled = {u["dataset"] for u in units if u["refusal"] != NOT_FILLED}
    for unit in units:
        numbers = [say.number(unit[c]).rjust(w) for c, w in zip(columns, widths, strict=True)]
        told_of = {None: " ".join(numbers), NOT_FILLED: "  " + say("account.not_filled")}
        counts = told_of.get(unit["refusal"], "  " + say("account.refused"))
        if unit["refusal"] != NOT_FILLED or unit["dataset"] not in filled:
            _tell("  " + names[id(unit)].ljust(width) + counts)
    refused = [(u["file"], u) for u in units if u["refusal"] not in (None, NOT_FILLED)]
    refused += [(d["dataset"], d) for d in told["refused"] if only is None]
    for where, told_of in refused:
        _tell(f"  {where}: " + say.refusal(told_of["refusal"], told_of["params"]))
    for reject in rejects[:SHOWN]:
        _tell("  " + say.reject(reject))
    if len(rejects) > SHOWN:
        _tell("  " + say("account.more", number=say.number(len(rejects) - SHOWN)))
    if findings:
        counts = [(s, sum(f["severity"] == s for f in findings)) for s in SEVERITIES]
        told = [
            say("account.of_severity", n=n, severity=say(f"severity.{s}")) for s, n in counts if n
        ]
        _tell("  " + say("account.findings", n=len(findings), severities=", ".join(told)))
    return 1 if refused or rejects or findings else 0


if __name__ == "__main__":
    for stream in (sys.stdout, sys.stderr):  # a terminal without a letter of ours prints a ?
        stream.reconfigure(errors="replace")
    sys.exit(main())
