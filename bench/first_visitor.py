"""How long the first visitors wait after a start, beside one visitor of a warm server.

    python -m bench.first_visitor [--rounds 3]

A server is started anew; as soon as it listens 20 sessions open the link at once (the page's run,
without files), later one alone, several times. Prints the median of all seconds and the ratio.
"""

import argparse
import time
from statistics import median

from bench.visitor import OURS, at_once, server

FIRST, LATER = 20, 9  # sessions
AT_MOST = 2  # times one warm visitor


def main() -> None:
    """Starts, measures and prints."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=3)
    rows = [once() for _ in range(parser.parse_args().rounds)]
    start, first, last, warm, errors = zip(*rows, strict=True)
    print(f"until the server listens                {median(start):6.2f} s")
    print(f"{FIRST} first visitors, the median of them    {median(first):6.2f} s")
    print(
        f"{FIRST} first visitors, the last of them      {median(last):6.2f} s, {sum(errors)} errors"
    )
    print(f"one warm visitor                        {median(warm):6.2f} s")
    print(f"{FIRST} first visitors in all, to as many warm ones after each other: ", end="")
    print(f"{median(r[2] / (FIRST * r[3]) for r in rows):.2f}   at most {AT_MOST}")


def once() -> tuple[float, float, float, float, int]:
    """(seconds until it listens, median and last of the first, one later, errors)."""
    began = time.perf_counter()
    with server(OURS) as ours:
        start = time.perf_counter() - began
        first = at_once(ours.address, [("", "")] * FIRST)
        warm = [at_once(ours.address, [("", "")])[0].seconds for _ in range(LATER)]
    seconds = [visit.seconds for visit in first]
    errors = sum(bool(visit.errors) for visit in first)
    return start, median(seconds), max(seconds), median(warm), errors


if __name__ == "__main__":
    main()
