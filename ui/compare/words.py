"""Places beside each other in words: the finding, what forbids a ratio, the guest's file."""

from dataclasses import replace

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from kpi.lineage import address
from ui.kit import cards, frame, plain, table
from ui.kit.table import Col
from ui.kit.text import languages, text

BASES = ("population", "land_area")
HELD = "guest"  # the guest's file in the state of this session, and nowhere else
SHOWN = 20  # rejects of a guest's file that are listed
LOOKS = {True: "solid", False: "soft"}  # by whether the year is complete
COLUMNS = ("place", "year", "counted", "value", "source")


def other(say, places):
    """The place that is chosen to stand beside the city; it stands in the URL."""
    names = {place.key: _name(say, place) for place in places}
    key = frame.choice(
        say, "with", names, say("compare.with"), clears=("definition", "year"), width=330
    )
    return next(place for place in places if place.key == key)


def _name(say, place):
    return place.name if place.kind == "city" else say(f"compare.{place.kind}", place=place.name)


def kind(say, kinds):
    """What is compared, a key of kpi.beside.kinds; it stands in the URL."""
    names = {key: say.definition(measures) for key, (measures, _) in kinds.items()}
    return frame.choice(
        say, "definition", names, say("table.definition"), clears=("year",), width=330
    )


def title(say, pair):
    """The finding: who has how many times the visits of whom, or that there is no ratio."""
    own, theirs = (side.place.name for side in pair.sides)
    for side in pair.sides:
        if side.count is None:
            return say("compare.nothing", place=side.place.name)
    if pair.ratio is None:
        return say("compare.beside", place=own, other=theirs)
    year, times = pair.own.count.year, _times(say, max(pair.ratio, 1 / pair.ratio))
    if times == say.number(1, 1):
        return say("compare.alike", place=own, other=theirs, year=year)
    if pair.ratio < 1:
        own, theirs = theirs, own
    return say("compare.times", place=own, other=theirs, times=times, year=year)


def _times(say, ratio):
    return say.number(ratio, int(ratio < 99.5))


def notes(say, pair):
    """[(mark, sentence)]: why there is no ratio, and what has to be known of the figures."""
    own, theirs = pair.sides
    both = [own.place.name, theirs.place.name]
    told = [(reason, say("compare.no_ratio"), f"compare.why.{reason}") for reason in pair.reasons]
    told += [(remark, say("compare.mind"), f"compare.mind.{remark}") for remark in pair.remarks]
    for code, mark, sentence in told:
        who = [s.place.name for s in pair.sides if _is_why(s, code)] or both
        yield mark, say(sentence, who=say.joined(who), **_two(say, pair))
    for base in BASES:
        if pair.years_differ(base):
            years = {"own": own.bases[base].year, "theirs": theirs.bases[base].year}
            yield say("compare.mind"), say(f"compare.mind.{base}_year", **years)


def short(say, pair):
    """The same in a few words, for a cell."""
    return "; ".join(
        [
            *(say(f"compare.short.{reason}") for reason in pair.reasons),
            *(say(f"compare.short.{remark}") for remark in pair.remarks),
        ]
    )


def _is_why(side, code):
    """Whether a side is the one that a reason or a remark speaks of."""
    count = side.count
    if count is None or code == "nothing":
        return count is None
    return {
        "not_stated": not count.measures,
        "simulated": count.is_simulated,
        "incomplete": not count.is_complete,
        "zero": count.value == 0,
        "checked": count.obs_status == "suspect",
        "estimated": count.obs_status == "estimated",
    }.get(code, False)


def _two(say, pair):
    """What the two count, of which year, whose, as placeholders of a sentence."""
    given = {}
    for name, side in zip(("own", "theirs"), pair.sides, strict=True):
        count = side.count
        given[f"{name}_year"] = count.year if count else ""
        given[f"{name}_source"] = count.source if count else ""
        given[f"{name}_counts"] = say.definition(count.measures) if count else ""
    return given


def panels(say, pair):
    """[(title, subtitle, [bar])] of the chart: visits, per 1,000 people, per km2.

    bar: {name, label, value (None: not known), look (solid, soft or hatched)}.
    """
    yield (
        say("compare.visits"),
        _subtitle(say, pair, pair.ratio),
        [_bar(say, side, side.count and side.count.value) for side in pair.sides],
    )
    for base in BASES:
        bars = [_bar(say, side, side.per(base), base, side.bases[base]) for side in pair.sides]
        yield say(f"compare.per_{base}"), _subtitle(say, pair, pair.ratio_per(base)), bars


def _subtitle(say, pair, ratio):
    if ratio is None:
        return say("compare.no_ratio_short")
    own, theirs = (side.place.name for side in pair.sides)
    if ratio < 1:
        own, theirs = theirs, own
    return say("compare.times_short", place=own, times=_times(say, max(ratio, 1 / ratio)))


def _bar(say, side, value, base="", divisor=None):
    if value is None:
        code = "compare.no_count" if side.count is None else f"compare.no_{base}"
        return {"name": side.place.name, "label": say(code), "value": None, "look": "none"}
    code, year = f"compare.bar_{base}" if base else "compare.bar", (divisor or side.count).year
    return {
        "name": say(code, place=side.place.name, year=year),
        "label": _rate(say, value) if base else say.number(value),
        "value": value,
        "look": "hatched" if side.count.is_simulated else LOOKS[side.count.is_complete],
    }


def _rate(say, value):
    return say.number(value, 0 if value >= 100 else 1 if value >= 10 else 2)


def caption(say, pair, as_of):
    """[sentence]: source, cakupan and as-of of the chart, and what the visits are divided by."""
    told = [
        say(
            "compare.source",
            place=side.place.name,
            counts=say.definition(side.count.measures),
            year=side.count.year,
            source=_source(say, side.count),
            status=_status(say, side.count),
        )
        for side in pair.sides
        if side.count
    ]
    told += [
        say(
            f"compare.base_{name}",
            place=side.place.name,
            value=say.number(base.value, 0 if name == "population" else 2),
            year=base.year,
            source=base.source,
        )
        for name in BASES
        for side in pair.sides
        if (base := side.bases[name])
    ]
    day = [say("compare.as_of", day=say.date(as_of))] if as_of else []
    return [*told, *day]


def _source(say, count):
    return say("simulated.name", name=count.source) if count.is_simulated else count.source


def _status(say, count):
    status = say(f"obs_status.{count.obs_status}")
    return status if count.is_complete else f"{status}, {say('compare.part')}"


def sides_table(say, pair):
    """What the chart was drawn from: a row a place."""
    rows = [_row(side) for side in pair.sides]

    def rate(base):
        return lambda row: row["side"].per(base)

    cols = [
        Col("compare.place", lambda row: row["side"].place.name),
        Col("table.year", "year", unit="year"),
        Col("table.definition", "counts", lambda say, row: say.definition(row["measures"])),
        Col("table.visits", "value", unit="visits"),
        *(
            col
            for base in BASES
            for col in (
                Col(f"compare.per_{base}", rate(base), _rated(rate(base))),
                *_base(base),
            )
        ),
        Col("table.series", "source", lambda say, row: _source(say, row["side"].count)),
        Col(
            "table.status",
            "obs_status",
            lambda say, row: _status(say, row["side"].count),
            name="obs_status",
        ),
    ]
    table.show(say, "compare", rows, cols, at=lambda row: _at(row["side"]))


def _at(side):
    """The Address of the visits of a side; a guest's own figures have none."""
    place, count = side.place, side.count
    if count is None or place.kind == "guest":
        return None
    about = {"definition": count.definition, "series": count.series, "year": count.year}
    if place.kind == "area":
        return address("area", area=place.key, **about)
    return replace(address("figure", kpi="visits", **about), city=place.key)


def _row(side):
    """A Side as a row: what it counts, where it counts anything."""
    count = side.count
    if count is None:
        return {"side": side, "measures": ()}
    about = {"year": count.year, "value": count.value, "source": count.source}
    about |= {"obs_status": count.obs_status, "is_simulated": count.is_simulated}
    return {"side": side, "measures": count.measures, "counts": "+".join(count.measures)} | about


def _rated(rate):
    return lambda say, row: _rate(say, rate(row))


def _base(name):
    """The columns of what visits are divided by; its year and source in columns of files."""

    def of(part):
        return lambda row: getattr(row["side"].bases[name], part, None)

    def told(say, row):
        base = row["side"].bases[name]
        value = say.number(base.value, 0 if name == "population" else 2)
        return say("compare.base", value=value, year=base.year, source=base.source)

    yield Col(f"compare.{name}", of("value"), told, name=name)
    yield Col(f"compare.{name}_year", of("year"), unit="year", only="files")
    yield Col(f"compare.{name}_source", of("source"), only="files")


def pairs_table(say, pairs):
    """Every definition and year of the two places, with a ratio or the reason why there is none."""

    def of(number, value):
        return lambda row: value(row["pair"].sides[number])

    def year(side):
        return side.count and side.count.year

    def visits(side):
        return side.count and side.count.value

    def per_head(side):
        return side.per("population")

    def each(heading, name, value, words=None, **more):
        """A column a place."""
        for number, place in enumerate(places):
            rate = of(number, value)
            told = words and words(rate)
            title = f"{say(heading)}: {place}"
            yield Col(title, rate, told, name=f"{name}_{number + 1}", **more)

    def both(word):
        return lambda row: _both(row["pair"], word)

    pairs = list(pairs)
    places = [side.place.name for side in pairs[0].sides] if pairs else ()
    rows = [{"pair": pair, **is_simulated(pair)} for pair in pairs]
    cols = [
        *each("table.year", "year", year, unit="year"),
        Col("table.definition", both(lambda count: say.definition(count.measures))),
        *each("table.visits", "visits", visits, unit="visits"),
        Col("compare.ratio", lambda row: row["pair"].ratio, _ratio),
        *each("compare.per_population", "per_population", per_head, _rated),
        Col("compare.remarks", lambda row: short(say, row["pair"])),
        Col("table.series", both(lambda count: _source(say, count))),
    ]
    table.show(say, "compare-all", rows, cols, at=lambda row: _at(row["pair"].own))


def _ratio(say, row):
    ratio = row["pair"].ratio
    return say.number(ratio, 2 if ratio < 10 else 0)


def _both(pair, word):
    return " | ".join(dict.fromkeys(word(s.count) for s in pair.sides if s.count))


# the guest's file


def headings():
    """{column of a guest's file: its headings in every language}."""
    return {c: [text(lang)(f"guest.column.{c}") for lang in languages()] for c in COLUMNS}


def meanings(codes):
    """{what a guest writes, in any language and lower case, with its unit or not: its code}."""
    words = {word(text(lang), code).lower(): code for lang in languages() for code in codes}
    return words | {said.split(" (")[0]: code for said, code in words.items()}


def word(say, code):
    """What a guest writes for one of the things that a number can count."""
    return say(f"guest.counted.{code}")


def guest(say, read, most_mb):
    """The guest's file of this session, or None; a new one is read by `read` and then forgotten.

    read(name, bytes) gives the kpi.guest.Guest, which alone is kept, in the state of this session.
    """
    number = st.session_state.setdefault("guest_files", 0)
    file = plain.file_uploader(
        say("guest.upload", most=most_mb),
        type=["csv", "xlsx"],
        max_upload_size=most_mb,
        key=f"guest-file-{number}",
    )
    if file is not None:
        st.session_state[HELD] = read(file.name[-80:], file.getvalue())
        st.session_state.guest_files += 1  # the next uploader is an empty one
        context = get_script_run_ctx()
        context.uploaded_file_mgr.remove_file(context.session_id, file.file_id)
        for name in ("with", "definition", "year"):
            st.query_params.pop(name, None)
        st.rerun()
    held = st.session_state.get(HELD)
    if held:
        _told(say, held)
        plain.button(
            say("guest.forget"), on_click=lambda: st.session_state.pop(HELD), type="primary"
        )
    return held


def _told(say, held):
    """What came of the guest's file: how much was read, and every fault with its place."""
    if held.refusal:
        frame.html(cards.notes([(say("guest.refused"), refusal(say, *held.refusal))]))
        return
    counts = {"rows": say.number(held.rows), "places": say.number(len(held.places))}
    frame.html(
        cards.statement(
            say("guest.read", file=held.file, rejects=say.number(len(held.rejects)), **counts),
            say("guest.kept"),
        )
    )
    faults = [(say("guest.reject"), reject(say, row)) for row in held.rejects[:SHOWN]]
    if len(held.rejects) > SHOWN:
        more = say("guest.more", number=say.number(len(held.rejects) - SHOWN))
        faults.append((say("guest.reject"), more))
    frame.html(cards.notes(faults))


def reject(say, row):
    """A row of a guest's file that was rejected, as a sentence with the reader's headings."""
    named = {k: _heading(say, row[k]) for k in ("source_column", "contract_column")}
    return say.reject(row | named | {"text": row["text"] and row["text"][:60]})


def refusal(say, code, params):
    """Why a guest's file was refused, as a sentence with the reader's headings."""
    named = {"column": _heading(say, params["column"])} if "column" in params else {}
    if code == "guest_columns":  # what it has, by the names that stand for them here
        named["found"] = ", ".join(_heading(say, one) for one in params["found"].split(", "))
    return say.refusal(code, params | named)


def _heading(say, columns):
    names = list(filter(None, (columns or "").split(", ")))
    known = dict.fromkeys(c for c in names if c in COLUMNS) or names  # what is expected, once
    return ", ".join(say(f"guest.column.{c}") if c in COLUMNS else c for c in known)


def columns(say):
    """[(heading, what belongs there)] of the five columns of a guest's file."""
    return [(say(f"guest.column.{c}"), say(f"guest.meaning.{c}")) for c in COLUMNS]


def is_simulated(pair):
    """Whether one of the two figures is simulated, as a row for the banner."""
    return {"is_simulated": any(s.count and s.count.is_simulated for s in pair.sides)}


def nothing(say, own, places):
    """Why there is nothing to compare, in words; an empty text where there is."""
    if not places:
        return say("compare.no_other")
    if not own.counts:
        return say("compare.no_own", place=own.name)
    return ""
