"""python -m etl: the command line.

    python -m etl [build] [--city NAME]      build every city, or one
    python -m etl check FILE... [--as NAME]  what would come of files, loading nothing
    python -m etl status                     what serves

Exit code 0 = clean, 1 = built or checked with findings, rejects or refusals, 2 = not built.
"""

import argparse
import sys
import tempfile
import traceback
from pathlib import Path

from etl import warehouse
from etl.build import CHECKED, build, check, city_folders
from etl.ledger import report
from etl.problem import Refused
from ui.text import languages, text

SHOWN = 20  # rejects and findings printed per city; all of them stand on the page Data


def main(argv=None):
    """Runs the command line; returns the exit code."""
    args = _arguments(argv)
    say = text(args.lang)
    try:
        cities = city_folders(args.data)
        if args.city and args.city not in cities:
            raise Refused("unknown_city", value=args.city, known=", ".join(cities))
        chosen = {args.city: cities[args.city]} if args.city else cities
        match args.command:
            case "check":
                return _check(args, chosen, say)
            case "status":
                return max(_status(name, args.warehouse / name, say) for name in chosen)
            case _:
                return max(
                    _build(name, folder, args.warehouse / name, say)
                    for name, folder in chosen.items()
                )
    except Refused as refusal:
        print(say.refusal(refusal.code, refusal.params), file=sys.stderr)
        return 2


def _arguments(argv):
    parser = argparse.ArgumentParser(
        prog="python -m etl", description="data/<city> -> warehouse/<city>"
    )
    parser.add_argument("command", nargs="?", choices=("build", "check", "status"), default="build")
    parser.add_argument("files", nargs="*", type=Path, help="for check: the files")
    parser.add_argument(
        "--as", dest="dataset", help="for check: the dataset that the files belong to"
    )
    parser.add_argument("--city", help="the name of one city's folder; all without it")
    parser.add_argument(
        "--data", type=Path, default=warehouse.data_folder(), help="where the cities' folders are"
    )
    parser.add_argument(
        "--warehouse", type=Path, default=warehouse.warehouse_folder(), help="where warehouses go"
    )
    parser.add_argument("--lang", default=languages()[0], choices=languages())
    args = parser.parse_args(argv)
    if bool(args.files) != (args.command == "check"):
        parser.error("files belong to check, and check needs files")
    return args


def _build(name, folder, target, say):
    print(f"{name}")

    def progress(code, **params):
        if code == "loading" and sys.stderr.isatty():
            bar = "█" * round(20 * params["done"] / params["of"])
            print(f"\r  {bar:<20} {params['file'][:50]:<50}", end="", file=sys.stderr, flush=True)
        elif code != "loading":
            print(
                "\r" + " " * 75 + "\r" if sys.stderr.isatty() else "",
                end="",
                file=sys.stderr,
                flush=True,
            )
            print("  " + say(f"build.{code}", **params))

    try:
        path = build(folder, target, progress)
    except Refused as refusal:
        print("  " + say.refusal(refusal.code, refusal.params), file=sys.stderr)
        return 2
    return _summary(report(path), say)


def _status(name, target, say):
    path = warehouse.current(target)
    print(name)
    if path is None:
        print("  " + say("build.none"))
        return 2
    return _summary(report(path), say)


def _check(args, cities, say):
    worst = 0
    for file in args.files:
        print(file)
        with tempfile.TemporaryDirectory() as folder:
            path = check(file, cities, args.dataset, Path(folder))
            worst = max(worst, _summary(report(path), say, only=CHECKED))
    return worst


def _summary(told, say, only=None):
    """Prints units, refusals, rejects, findings (`only`: of a lake key); returns the exit code."""
    units = [u for u in told["units"] if only in (None, u["lake_key"])]
    rejects = [r for r in told["rejects"] if only in (None, r["lake_key"])]
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
    print("  " + say("account.dataset").ljust(34) + " ".join(heads))
    for unit in units:
        counts = (
            "  " + say("account.refused")
            if unit["refusal"]
            else " ".join(
                say.number(unit[c]).rjust(w) for c, w in zip(columns, widths, strict=True)
            )
        )
        print("  " + unit["dataset"][:33].ljust(34) + counts)
    refused = [(u["file"], u) for u in units if u["refusal"]]
    refused += [(d["dataset"], d) for d in told["refused"] if only is None]
    for where, told_of in refused:
        print(f"  {where}: " + say.refusal(told_of["refusal"], told_of["params"]))
    for reject in rejects[:SHOWN]:
        print("  " + say.reject(reject))
    if len(rejects) > SHOWN:
        print("  " + say("account.more", number=say.number(len(rejects) - SHOWN)))
    if findings:
        print("  " + say("account.findings", number=say.number(len(findings))))
    return 1 if refused or rejects or findings else 0


if __name__ == "__main__":
    for stream in (sys.stdout, sys.stderr):  # a terminal without a letter of ours prints a ?
        stream.reconfigure(errors="replace")
    try:
        sys.exit(main())
    except Exception:  # whatever it is, nothing was built: 1 would say that something was
        traceback.print_exc()
        sys.exit(2)
