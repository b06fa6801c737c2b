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
import os
import re
import sys
import tempfile
from contextlib import suppress
from datetime import date
from io import TextIOWrapper
from itertools import islice
from pathlib import Path

from etl import warehouse
from etl.build import CHECKED, build
from etl.cli.check import check, expecting
from etl.cli.proposal import proposal
from etl.cli.status import standing
from etl.cli.told import aside_and_unread, compared, extracts_known, is_clean, summary
from etl.contract import contracts
from etl.findings import accept
from etl.load.city import city_folders, read_city
from etl.load.ledger import report
from etl.problem import Refused, place_of
from etl.recipe.dataset import datasets
from ui.kit.text import languages, text

OPTIONS = "All commands take --city NAME, --data FOLDER, --warehouse FOLDER and --lang LANGUAGE."
STATUS = (
    "status.city", "status.version", "status.built", "status.files", "status.refused",
    "status.rows", "status.rejects", "status.findings", "status.serving", "status.disk",
)  # fmt: skip
TROUBLE = ("refused", "rejects", "findings", "instead")


def main(argv: list[str] | None = None) -> int:
    """Runs the command line; returns the exit code."""
    args = _arguments(argv)
    say = text(args.lang)
    try:
        return args.run(args, say)
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
    """What the command line asks for: a command with its own options, after or behind those that
    all share. Without a command: build."""
    shared = argparse.ArgumentParser(add_help=False, allow_abbrev=False)
    shared.add_argument("--city", help="the name of one city's folder; without it all")
    shared.add_argument(
        "--data", type=Path, default=warehouse.data_folder(), help="where the cities' folders are"
    )
    shared.add_argument(
        "--warehouse", type=Path, default=warehouse.warehouse_folder(), help="where warehouses go"
    )
    shared.add_argument("--lang", default=languages()[0], choices=languages())
    found, own = shared.parse_known_args(argv)
    if not own or (own[0].startswith("-") and own[0] not in ("-h", "--help")):
        own = ["build", *own]
    return _commands().parse_args(own, found)


def _commands():
    """The parser of the commands, each with its own options."""
    parser = argparse.ArgumentParser(
        prog="python -m etl", description="data/<city> -> warehouse/<city>", epilog=OPTIONS
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")

    def command(name, run, about):
        made = commands.add_parser(name, help=about, description=about, epilog=OPTIONS)
        made.set_defaults(run=run)
        return made

    one = command("build", _builds, "builds every city, or one")
    one.add_argument("--verify", action="store_true", help="hashes unchanged files, too")
    one = command("check", _check, "what would come of files, loading nothing")
    one.add_argument("files", nargs="+", type=Path)
    one.add_argument("--as", dest="dataset", help="the dataset, or the contract, of the files")
    one = command("template", _template, "empty files to fill in, with their sidecar")
    one.add_argument("contracts", nargs="+")
    one.add_argument("--out", type=Path, default=Path(), help="the folder, else this one")
    one = command("new-city", _new_city, "the folder of a new city, with empty files to fill in")
    one.add_argument("folder", nargs="+", help="its name: small letters, digits and hyphens")
    one.add_argument("--name", default="", help="the city's name, as it is read")
    one.add_argument("--code", default="", help="its Kemendagri code, like 33.19")
    command("status", _status, "what serves")
    one = command("accept", _accept, "accepts a finding: it is shown so until a day, with why")
    one.add_argument("finding", help="its ID")
    one.add_argument("--reason", required=True, help="why the figure stands as it is")
    one.add_argument("--office", required=True, help="the office that says so")
    one.add_argument("--until", required=True, type=date.fromisoformat, help="the last day")
    one = command("simulate", _simulate, "writes data/<city>/simulated/ again")
    one.add_argument("--seed", type=_whole, default=2019, help="another record")
    tickets = one.add_argument_group("for benchmarks, together")
    tickets.add_argument("--tickets", type=_whole, help="so many gate tickets instead")
    tickets.add_argument("--to", type=Path, help="the file of the tickets")
    return parser


def _whole(text):
    """A whole number from 0 up."""
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f"{text!r} is no whole number")
    return int(text)


def _cities(args):
    """{name: folder} of the city that is asked for, or of all."""
    cities = city_folders(args.data)
    if args.city and args.city not in cities:
        raise Refused("unknown_city", value=args.city, known=", ".join(cities))
    return {args.city: cities[args.city]} if args.city else cities


def _builds(args, say):
    """Builds every city that is asked for; returns the worst exit code."""
    codes = [
        _build(name, folder, args.warehouse / name, say, args.verify)
        for name, folder in _cities(args).items()
    ]
    return max(*codes, _one_opens(city_folders(args.data), say))


def _build(name, folder, target, say, verify):
    _tell(f"{name}")

    def progress(code, **params):
        if code == "loading" and sys.stderr.isatty():
            bar = "█" * round(20 * params["done"] / params["of"])
            file = _shown(params["file"])[:50]
            print(f"\r  {bar:<20} {file:<50}", end="", file=sys.stderr, flush=True)
        elif code != "loading":
            wiped = "\r" + " " * 75 + "\r" if sys.stderr.isatty() else ""
            print(wiped, end="", file=sys.stderr, flush=True)
            _tell("  " + say(f"build.{code}", **params))

    try:
        return _account(report(build(folder, target, progress, verify)), say)
    except Refused as refusal:
        _tell("  " + say.refusal(refusal.code, refusal.params), file=sys.stderr)
    except Exception as error:  # a mistake ends its city, not those after it
        _tell(f"  {name}: {_failed(error, say)}", file=sys.stderr)
    return 2


def _account(told, say, only=None):
    """Prints what a report says; returns the exit code."""
    for line in summary(told, say, only):
        _tell("  " + line)
    return 0 if is_clean(told, only) else 1


def _template(args, say):
    from etl.cli.template import write_templates  # the maker of workbooks, which no build needs

    known = _known(args.warehouse / args.city) if args.city else {}
    for contract in args.contracts:
        paths = write_templates(contract, args.out, say, known)
        _tell(say("template.written", files=", ".join(map(str, paths))))
    return 0


def _new_city(args, say):
    """Makes the folder of a new city and says what comes next."""
    from etl.cli.new_city import new_city  # as above

    if len(args.folder) > 1:
        raise Refused("bad_city_folder", value=" ".join(args.folder))
    (name,) = args.folder
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


def _status(args, say):
    """Prints one row a city; with --city also its datasets, rejects and findings."""
    rows, notes, code = [[say(code) for code in STATUS]], [], 0
    for name in _cities(args):
        try:
            told = standing(args.warehouse / name)
            rows.append([name, *(_standing(told, say) if told else [say("build.none")])])
        except Refused as refusal:
            told = None
            rows.append([name, say.refusal(refusal.code, refusal.params)])
        code = max(code, 2 if told is None else int(any(told[k] for k in TROUBLE)))
        if told and told["instead"]:
            about = {"version": told["version"], "built": say.date(told["built_at"].date())}
            notes.append(f"{name}: {say('instead.' + told['instead'], **about)} python -m etl")
    for line in [*_aligned(rows), *notes]:
        _tell(line)
    path = warehouse.current(args.warehouse / args.city) if args.city and code < 2 else None
    if path:
        _account(report(path), say)
    return code


def _aligned(rows):
    """The lines of a table; a row of two is a name and a sentence, however long."""
    columns = zip(*(row for row in rows if len(row) > 2), strict=True)
    widths = [max(map(len, column)) for column in columns]
    for row in rows:
        yield "  ".join(f"{words:<{w}}" for words, w in zip(row, widths, strict=False)).rstrip()


def _accept(args, say):
    """Writes that an office accepts a finding of a city; 2 where no city has it."""
    wanted = args.finding
    if args.until < date.today():
        raise Refused("acceptance_over", until=say.date(args.until))
    for name, folder in _cities(args).items():
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


def _simulate(args, say):
    """Writes the simulated record of a city, or gate tickets; the one command that simulates."""
    from tools.simulate import default_city, simulate, write_tickets  # numpy, which no build needs

    if (args.tickets is None) != (args.to is None):
        raise Refused("tickets_without_file")
    cities = _cities(args)
    city = cities[args.city] if args.city else default_city(cities.values())
    if args.to:
        write_tickets(args.to, args.tickets, args.seed, city)
        _tell(say("simulate.tickets", number=say.number(args.tickets), file=args.to))
    else:
        paths = simulate(city / "simulated", args.seed, city)
        _tell(say("simulate.files", number=say.number(len(paths)), folder=city / "simulated"))
    return 0


def _check(args, say):
    """Prints what would come of files, loading nothing; returns the exit code."""
    cities = _cities(args)
    files = [_found(file, [args.data, *cities.values()]) for file in args.files]
    known = {city: datasets(folder) for city, folder in cities.items()}
    chosen: dict[str, dict] = {}  # {city: {dataset: [file]}}
    worst = 0
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
    code = _account(told, say, only=CHECKED)
    lines, looks_wrong = compared(served, told, path, say)
    for line in [*aside_and_unread(told, path, say), *extracts_known(told, path, say), *lines]:
        _tell("  " + line)
    return max(code, int(looks_wrong))


def _proposed(file, contract, known, say):
    """Prints what a file seems to be that no dataset expects; 1, or 2 where it is no table.

    A sidecar that cannot be read is told first: it may be the one that would expect the file.
    """
    from etl.cli.propose import (
        propose,  # the readers of all formats, which a build has in its child
    )

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


if __name__ == "__main__":
    for stream in (sys.stdout, sys.stderr):  # a terminal without a letter of ours prints a ?
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")
    sys.exit(main())
