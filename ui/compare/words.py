"""Places beside each other in words: the finding, what forbids a ratio."""

from dataclasses import replace

from kpi.lineage import address
from ui.kit import frame, table
from ui.kit.table import Col

BASES = ("population", "land_area")
LOOKS = {True: "solid", False: "soft"}  # by whether the year is complete


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
