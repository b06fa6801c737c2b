"""How long the first visitors wait after a start, beside one visitor of a warm server.

    python -m bench.first_visitor [--rounds 3]

A server is started anew; as soon as it listens 20 sessions open the link at once: 19 of
bench.visitor with all files and one in Chromium, whose clock runs until its charts are drawn. Later
Chromium opens it alone, with nothing kept from before. Prints medians of the rounds; what 20
sessions wait without drawing stands beside it, since all of them share the two clocks of a server.
"""

import argparse
import time
from concurrent.futures import ThreadPoolExecutor
from statistics import median

from bench.visitor import OURS, Chromium, Server, at_once, server

FIRST, LATER = 20, 3  # sessions
AT_MOST = 2  # times one warm visitor


def main() -> None:
    """Starts, measures and prints."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=3)
    rounds = parser.parse_args().rounds
    with Chromium() as chromium:
        with server(OURS) as ours:
            asked = tuple(chromium.files(ours.address))
        rows = [once(chromium, asked) for _ in range(rounds)]
    start, first, warm, sessions, alone, errors = zip(*rows, strict=True)
    print(f"until the server listens                 {median(start):6.2f} s")
    print(f"in Chromium, among {FIRST} first visitors     {median(first):6.2f} s")
    print(f"in Chromium, alone and warm              {median(warm):6.2f} s")
    ratio = median(a / b for a, b in zip(first, warm, strict=True))
    print(f"ratio                                    {ratio:6.2f}   at most {AT_MOST}")
    print(
        f"without drawing, the slowest of the first {median(sessions):5.2f} s, {sum(errors)} errors"
    )
    print(f"without drawing, alone and warm          {median(alone):6.2f} s")


def once(chromium: Chromium, asked: tuple[str, ...]) -> tuple[float, ...]:
    """(seconds until it listens, of Chromium among the first and alone, of the slowest other
    session and of one alone, errors)."""
    began = time.perf_counter()
    with server(OURS) as ours:
        start = time.perf_counter() - began
        with ThreadPoolExecutor(1) as aside:
            others = aside.submit(at_once, ours.address, [("", "")] * (FIRST - 1), asked)
            first = chromium.seconds(ours.address)
            visits = others.result()
        warm = median(chromium.seconds(ours.address) for _ in range(LATER))
        alone = median(_alone(ours, asked) for _ in range(LATER))
    errors = sum(bool(visit.errors) for visit in visits)
    return start, first, warm, max(visit.seconds for visit in visits), alone, errors


def _alone(ours: Server, asked: tuple[str, ...]) -> float:
    return at_once(ours.address, [("", "")], asked)[0].seconds


if __name__ == "__main__":
    main()
