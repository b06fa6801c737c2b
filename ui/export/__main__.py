"""python -m ui.export: files to take away, each made of one snapshot.

    python -m ui.export story [--city NAME] [--lang id|en] [--as-of DAY] [--out FILE]

Without --as-of the day is the one that the city's demonstration opens with; `today` is all that is
known. Exit code 0 = written, 2 = not written, and a message says why.
"""

import argparse
import sys
import tempfile
from datetime import date
from pathlib import Path

import kpi
from ui.export.outputs import OUTPUTS
from ui.kit.text import DEFAULT, languages, text

TODAY = "today"


def main(argv=None):
    """Runs the command line; returns the exit code."""
    args = _arguments(argv)
    say = text(args.lang)
    known = [name for name, _ in kpi.cities()]
    city = args.city or next(iter(known), "")
    if known and city not in known:
        return _stop(say.refusal("unknown_city", {"value": city, "known": ", ".join(known)}))
    output = OUTPUTS[args.output]
    try:
        day = None if args.as_of == TODAY else args.as_of or kpi.demo_day(city)
        made = output.make(kpi.snapshot(city, day), args.lang)
    except kpi.NoWarehouse as problem:
        return _stop(say(f"error.{problem.code}") + "\n    python3 run.py etl")
    path = args.out or Path(f"{args.output}-{city}{output.suffix}")
    try:
        _write(path, made)
    except OSError as error:
        return _stop(say("export.not_written", file=path, why=error.strerror))
    print(say("export.written", file=path, size=say.number(len(made) / 1e6, 1)))
    return 0


def _write(path, made):
    """Puts the whole file in place, or leaves what was there: never half of one."""
    with tempfile.TemporaryDirectory(dir=path.parent, prefix=".export-") as folder:
        half = Path(folder) / path.name
        half.write_bytes(made)
        half.replace(path)


def _arguments(argv):
    parser = argparse.ArgumentParser(prog="python -m ui.export", description=__doc__.split("\n")[0])
    parser.add_argument("output", choices=list(OUTPUTS), help="what is made")
    parser.add_argument("--city", help="the name of a city's folder; the default one without it")
    parser.add_argument("--lang", default=DEFAULT, choices=languages())
    parser.add_argument("--as-of", type=_day, help="as known on this day (2019-09-30), or today")
    parser.add_argument("--out", type=Path, help="the file; one in this folder without it")
    return parser.parse_args(argv)


def _day(text_):
    """A date, or TODAY."""
    if text_ == TODAY:
        return TODAY
    try:
        day = date.fromisoformat(text_)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text_!r} is no day such as 2019-09-30") from None
    if day > date.today():
        raise argparse.ArgumentTypeError(f"{text_} has not come yet")
    return day


def _stop(message):
    print(message, file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main())
