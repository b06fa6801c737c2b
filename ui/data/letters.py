"""Ready-to-send texts: what each agency has to deliver, to mend and to look at.

An agency is named, never a person: of a rejected cell no word and no long number is quoted, only
where it stands. The text says so where it speaks of simulated data.
"""

import re

from ui.kit import sentences

MOST = 20  # lines of one part; the rest is counted
# ten digits or more in one piece (NIK, telephone), an address of e-mail
PERSONAL = re.compile(r"\+?\d(?:[ -]?\d){9,}|\S+@\S+")
# or words, of which any may be a name; "1O0" and "12 rb" are read as numbers
WORDS = re.compile(r"[^\W\d_]{3,}(?:[\s.,'’-]+[^\W\d_]+)*")
# rules whose usual words speak of recipes, which a sender has none of, no more than a guest
FOR_SENDERS = {"ambiguous_number": "guest_two_ways", "not_a_number": "guest_number"}
FOR_SENDERS |= {"number_twice": "key_conflict"}
# refusals that the sender of a file can mend; the others are about how we read it
MENDABLE = (
    "empty_file",
    "unreadable_file",
    "no_rows",
    "missing_column",
    "doubled_column",
    "malformed_csv",
    "unreadable_workbook",
    "no_such_sheet",
    "personal_data",
    "header_holds_numbers",
)


def of_all(say, addressees, deliveries, gaps, files, rejects, findings, words, **about):
    """[(agency, text)]: a text to every agency with something to do, "" where a duty is met.

    addressees, deliveries, gaps, files, rejects and findings are rows of those queries; about:
    city, day and id of the snapshot.
    """
    for agency in dict.fromkeys(a["agency"] for a in addressees):
        own = {a["dataset"] for a in addressees if a["agency"] == agency}
        owed = [d for d in deliveries if d["agency"] == agency]
        lacking = [g for g in gaps if g["dataset"] in own]
        told = {g["dataset"] for g in lacking}  # place by place, day by day
        parts = {
            "letter.missing": [_missing(say, d) for d in owed if d["status"] == "missing"],
            "letter.gaps": [_gap(say, g) for g in lacking],
            "letter.sites": [
                _sites(say, d) for d in owed if _is_partial(d) and d["dataset"] not in told
            ],
            "letter.late": [_late(say, d) for d in owed if _is_news(d)],
            "letter.refused": [
                say.refusal(f["refusal"], f["params"])
                for f in files
                if f["dataset"] in own and f["refusal"] in MENDABLE
            ],
            "letter.rejected": [_reject(say, r) for r in rejects if r["dataset"] in own],
            "letter.findings": [
                _finding(say, f, words) for f in findings if own & set(f["datasets"])
            ],
        }
        is_simulated = any(a["is_simulated"] for a in addressees if a["agency"] == agency)
        if any(parts.values()):
            yield agency, _letter(say, agency, parts, is_simulated, about)
        elif owed:
            yield agency, ""


def _letter(say, agency, parts, is_simulated, about):
    blocks = [say("letter.simulated")] if is_simulated else []
    blocks += [say("letter.to", agency=agency), say("letter.opening", **about)]
    for code, lines in parts.items():
        if lines:
            rest = len(lines[MOST:])
            more = [say("letter.more", number=say.number(rest))] if rest else []
            blocks.append("\n".join([say(code), *(f"- {line}" for line in lines[:MOST]), *more]))
    return "\n\n".join([*blocks, say("letter.closing")]) + "\n"


def _is_partial(row):
    return row["status"] in ("delivered", "late") and row["sites_lacking"]


def _is_news(row):
    return row["status"] == "late" and row["is_recent"]


def _missing(say, row):
    _, _, detail = sentences.delivery(say, row)
    return f"{_owed(say, row)}: {detail}"


def _gap(say, row):
    measure = say(f"measure.{row['measure']}")
    return f"{row['dataset']}, {row['place_name']} ({measure}): {sentences.gap(say, row)}"


def _sites(say, row):
    return say("letter.of_sites", owed=_owed(say, row), sites=say.joined(row["sites_lacking"]))


def _late(say, row):
    days = say.number(row["days_late"])
    known = sentences.published(say, row)
    return f"{_owed(say, row)}: {say('delivery.late_by', days=days, known=known)}"


def _owed(say, row):
    return f"{row['dataset']}, {sentences.period(say, row)}"


def _reject(say, row):
    text = None if row["text"] is None else WORDS.sub("•••", PERSONAL.sub("•••", row["text"]))
    params = {
        k: PERSONAL.sub("•••", v) if isinstance(v, str) else v for k, v in row["params"].items()
    }
    rule = FOR_SENDERS.get(row["rule"], row["rule"])
    return say.reject({**row, "text": text, "params": params, "rule": rule})


def _finding(say, row, words):
    series = sentences.series_name(say, row["params"].get("series", ""), words)
    return sentences.finding(say, row) + (f" ({series})" if series else "")
