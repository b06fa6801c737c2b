"""How long visitors wait who open the link at once, beside bare Streamlit with a trivial page.

    python -m bench.sessions [--rounds 3]

Both servers run side by side and are asked in turns. A session is all that a browser asks for that
has kept nothing: the page's files as Chromium asked for them, a web socket, one run of the page; a
browser that has been there before needs no files. 20 and 50 of them begin at the same moment.
Prints the 95th percentile of their seconds, the CPU seconds of the server a session, and the median
of the rounds' ratios.
"""

import argparse
import tempfile
from pathlib import Path
from statistics import median

from bench.visitor import BARE, OURS, Chromium, Server, at_once, server

AT_MOST = {  # of the ratio of the 95th percentiles; at 50 no error
    (20, "new"): 1.3,
    (50, "new"): None,
    (20, "known"): None,
    (50, "known"): None,
}
WHO = ("bare", "ours")


def main() -> None:
    """Asks both servers in turns, measures and prints."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=3)
    rounds = parser.parse_args().rounds
    with tempfile.TemporaryDirectory() as folder:
        page = Path(folder) / "bare.py"
        page.write_text(BARE, encoding="utf-8")
        with server(["-m", "streamlit", "run", str(page)]) as bare, server(OURS) as ours:
            servers = dict(zip(WHO, (bare, ours), strict=True))
            with Chromium() as chromium:
                asked = {who: tuple(chromium.files(one.address)) for who, one in servers.items()}
            for (number, kind), at_most in AT_MOST.items():
                taken = [
                    {
                        who: measured(servers[who], number, asked[who] if kind == "new" else ())
                        for who in WHO
                    }
                    for _ in range(rounds)
                ]
                _print(f"{number} {kind} browsers", taken, at_most)


def measured(one: Server, number: int, asked: tuple[str, ...]) -> tuple[float, float, int]:
    """(95th percentile of seconds, CPU seconds a session, sessions with an error)."""
    before = one.cpu
    visits = at_once(one.address, [("", "")] * number, asked)
    seconds = sorted(visit.seconds for visit in visits)
    used = (one.cpu - before) / number
    return seconds[-(-95 * number // 100) - 1], used, sum(bool(visit.errors) for visit in visits)


def _print(title, taken, at_most):
    print(f"{title:<22}{'p95 s':>10}{'CPU s a session':>18}{'errors':>9}")
    for who in WHO:
        seconds, used, errors = zip(*(one[who] for one in taken), strict=True)
        print(f"  {who:<20}{median(seconds):>10.2f}{median(used):>18.3f}{sum(errors):>9}")
    ratios = [median(one["ours"][n] / one["bare"][n] for one in taken) for n in (0, 1)]
    bound = f"   at most {at_most}" if at_most else ""
    print(f"  {'ratio':<20}{ratios[0]:>10.2f}{ratios[1]:>18.2f}{bound}")


if __name__ == "__main__":
    main()
