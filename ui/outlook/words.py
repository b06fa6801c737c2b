"""The sentences of the outlook: the one place that turns a YearEnd into words."""

from datetime import date

from kpi.lineage import address, of_outlook
from kpi.simulated import is_simulated
from ui.kit.sentences import of_places, period, series_name
from ui.kit.text import together

SURE = 0.995  # a probability beyond this, or below the rest to one, is written as such
NONE = 0.0005  # growth that is written as 0,0 %
SAME = 0.005  # relative difference below which two figures are the same


def nothing(say, counts, city, words):
    """Why there is no outlook of a city: only some of its places are counted, or not by month.

    counts: rows of visits_order.
    """
    is_of_city = any(c["is_of_city"] for c in counts)
    alone = None if is_of_city else of_places(say, counts, words)
    return say("outlook.places" if alone else "outlook.nothing", city=city, counts=alone)


def headline(say, year_end):
    """The one sentence: where the year ends, how likely the target is, what is still needed."""
    outlook = year_end.outlook
    if outlook.total is None:
        return _marked(say, year_end, _withheld(say, year_end))
    parts = [_end(say, year_end)]
    if outlook.probability is not None:
        parts += _chance(say, year_end)
    return _marked(say, year_end, together("; ", parts) + ".")


def title(say, year_end):
    """The finding of the path chart, in few words; marked where it is simulated."""
    name = _title(say, year_end)
    return say("simulated.name", name=name) if is_simulated(year_end) else name


def pace(say, year_end):
    """What the pace that is needed is held against; an empty text where nothing is needed."""
    outlook = year_end.outlook
    if not outlook.needed_per_day or outlook.total is None:
        return ""
    told = []
    if outlook.needed_factor:
        knows_holiday = outlook.forecast.holiday != 1
        code = "outlook.needed_season_holiday" if knows_holiday else "outlook.needed_season"
        difference = _against(say, year_end, "needed_factor", outlook.needed_factor)
        told.append(say(code, difference=difference))
    if outlook.best_pace:
        code = "best_above" if outlook.needed_per_day > outlook.best_pace else "best"
        code += "_months" if outlook.best_months else ""
        best = _figure(say, year_end, "best_pace", say.number(round(outlook.best_pace)))
        months = say.number(outlook.best_months)
        days = _figure(say, year_end, "needed", say.number(outlook.days_left))
        told.append(say(f"outlook.{code}", best=best, days=days, months=months))
    return together(" ", told)


def simple(say, year_end):
    """The simple rule, or why it cannot be used; an empty text for a year that is over."""
    outlook = year_end.outlook
    if outlook.is_over:
        return ""
    if outlook.simple is None:
        return say("outlook.simple_none", year=outlook.year - 1)
    total = _figure(say, year_end, "simple", say.compact(outlook.simple))
    words = {"total": total, "before": outlook.year - 1}
    if not outlook.months_known:
        return say("outlook.simple_start", **words)
    growth = _figure(say, year_end, "growth", _growth(say, outlook.growth))
    return say("outlook.simple", growth=growth, **words)


def remarks(say, year_end):
    """All that stands below the sentence: the pace, the simple rule, and what has to be known."""
    return [pace(say, year_end), simple(say, year_end), *notes(say, year_end)]


def notes(say, year_end):
    """What has to be known with the outlook, a sentence each; what withholds it stands first."""
    outlook = year_end.outlook
    said = _withholding(outlook) if outlook.total is None else None  # by the headline
    told = [
        _note(say, year_end, note)
        for note in sorted(outlook.notes, key=lambda n: not n.withholds)
        if note is not said
    ]
    if year_end.late:
        told.append(late(say, year_end))
    if outlook.total is not None and outlook.months_known == 0 and outlook.season is not None:
        told.append(say("outlook.as_good"))
    return told


def late(say, year_end):
    """The visits that are estimated to have come without a report."""
    low, median, high = (max(visits, 0) for visits in year_end.late)
    share = _figure(say, year_end, "late_share", say.percent(year_end.late_share))
    median = _figure(say, year_end, "late", say.compact(median))
    interval = _figure(say, year_end, "late", say.span(low, high))
    code = "outlook.late" if year_end.outlook.total is not None else "outlook.late_only"
    return say(code, median=median, interval=interval, share=share)


def counted(say, year_end, words):
    """What the outlook counts, whose figures, up to which day, and against what target."""
    outlook = year_end.outlook
    code = "counts" if outlook.known else "counts_before" if outlook.counted_to else "counts_none"
    lines = [
        say(
            f"outlook.{code}",
            definition=say.definition(year_end.measures),
            series=series_name(say, year_end.series, words),
            year=outlook.year,
            day=say.date(outlook.counted_to),
            known=_figure(say, year_end, "counted", say.number(round(outlook.known))),
        )
    ]
    if outlook.target and year_end.document and not year_end.is_own_target:
        code = "outlook.target_choice" if year_end.is_city_choice else "outlook.target"
        value = target(say, year_end, say.number(outlook.target.value))
        lines.append(say(code, document=year_end.document, value=value))
    return together(" ", lines)


def _figure(say, year_end, of, written):
    """What an outlook says of a YearEnd, with its address."""
    return say.figure(of_outlook(year_end, of), written)


def target(say, year_end, written):
    """The target that an outlook is held against; one that somebody asked for has no address."""
    known = {"kpi": "visits", "year": year_end.outlook.year, "document": year_end.document}
    at = None if year_end.is_own_target or not year_end.document else address("target", **known)
    return say.figure(at, written)


def legend(say, year_end):
    """How the lines are drawn, and the names of the numbered events."""
    names = [
        say("path.event", number=i, name=say.name(row), day=say.date(row["first_day"]))
        for i, row in enumerate(year_end.events, 1)
    ]
    return " ".join([say("path.legend"), *names])


def calibrated(say, rows):
    """What the method's chances were worth, on the panel that it was scored with."""
    likely = next(row for row in rows if row["above"] <= 0.7 <= row["up_to"])
    return say(
        "calibration.title",
        series=say.number(likely["series"]),
        above=say.percent(likely["above"], 0),
        up_to=say.percent(likely["up_to"], 0),
        times=say.number(round(10 * likely["came"])),
        of=say.number(likely["n"]),
    )


def plausible(say, comparisons, words):
    """A sentence for each Comparison, with the inputs that are not known for the year."""
    return [_compared(say, c, words) for c in comparisons] or [say("plausible.nothing")]


def probability(say, share):
    """6 %; below 1 %; above 99 %."""
    if 0 < share < 1 - SURE or SURE < share < 1:
        return say("outlook.unlikely" if share < 0.5 else "outlook.nearly_sure")
    return say.percent(share, 0)


def _title(say, year_end):
    outlook = year_end.outlook
    if outlook.total is None or outlook.is_over:
        known = _figure(say, year_end, "counted", say.compact(outlook.known))
        return say("path.title_known", year=outlook.year, known=known)
    total = say.compact(outlook.total)
    words = {"total": _figure(say, year_end, "likely", total), "year": outlook.year}
    if outlook.probability is None:
        return say("path.title", **words)
    goal = say.compact(outlook.target.value)
    words["target"] = target(say, year_end, goal)
    if goal == total:
        return say("path.title_near", **words)
    is_over = outlook.total > outlook.target.value
    return say("path.title_over" if is_over else "path.title_under", **words)


def _compared(say, comparison, words):
    """A Comparison in words; its inputs with their period and publisher."""
    figures = comparison.figures
    if comparison.code == "jump":
        return say(
            "plausible.jump_up" if figures["factor"] > 1 else "plausible.jump_down",
            measure=say(f"measure.{figures['measure']}").capitalize(),
            factor=say.number(figures["factor"], 2),
            share=say.percent(figures["factor"]),
            visits=say.compact(figures["visits"]),
            before=say.compact(figures["before"]),
        )
    told = []
    given = {k: say.compact(v) for k, v in figures.items() if k != "ratio" and v is not None}
    if figures.get("ratio") is not None:
        given["ratio"] = say.number(figures["ratio"], 2)
        told.append(say(f"plausible.{comparison.code}", **given))
    elif comparison.code == "beds" and "nights" in given:
        told.append(say("plausible.nights", **given))
    if comparison.inputs:
        inputs = [_input(say, name, row, words) for name, row in comparison.inputs.items()]
        told.append(say("plausible.inputs", inputs="; ".join(inputs)))
    if comparison.unknown:
        names = say.joined([_name(say, name) for name in comparison.unknown])
        told.append(say("plausible.unknown", names=names, year=comparison.year))
    return f"{say(f'compared.{comparison.code}')} {' '.join(told)}"


def _input(say, name, row, words):
    """Something known of the city, with its period and publisher."""
    return say(
        "plausible.input",
        name=_name(say, name),
        value=say.number(row["value"], 0 if row["value"] > 999 else 2),
        period=period(say, row),
        series=series_name(say, row["series"], words),
    )


def _name(say, name):
    return say("plausible.trips_name" if name == "trips" else f"plausible.{name}")


def _end(say, year_end):
    outlook = year_end.outlook
    if outlook.is_over:
        total = _figure(say, year_end, "counted", say.number(round(outlook.total)))
        return say("outlook.over", year=outlook.year, total=total)
    total = _figure(say, year_end, "likely", say.compact(outlook.total))
    interval = _figure(say, year_end, "likely", say.span(*outlook.intervals[80]))
    return say("outlook.end", year=outlook.year, total=total, interval=interval)


def _chance(say, year_end):
    outlook = year_end.outlook
    goal = target(say, year_end, say.compact(outlook.target.value))
    if outlook.is_over:
        share = say.percent(outlook.known / outlook.target.value)
        share = _figure(say, year_end, "counted", share)
        code = "reached" if outlook.probability else "missed"
        return [say(f"outlook.{code}", target=goal, share=share)]
    if outlook.known >= outlook.target.value:
        known = _figure(say, year_end, "counted", say.compact(outlook.known))
        return [say("outlook.passed", target=goal, known=known)]
    chance = _figure(say, year_end, "chance", probability(say, outlook.probability))
    parts = [say("outlook.chance", target=goal, chance=chance)]
    if outlook.needed_per_day:
        needed = _figure(say, year_end, "needed", say.number(outlook.needed_per_day))
        end = say.date(date(outlook.year, 12, 31))
        if outlook.pace:
            difference = _against(say, year_end, "pace", outlook.needed_per_day / outlook.pace)
            parts.append(say("outlook.needed_pace", needed=needed, end=end, difference=difference))
        else:
            parts.append(say("outlook.needed", needed=needed, end=end))
    return parts


def _against(say, year_end, of, factor):
    """53 % di atas; 12 % di bawah; sama dengan; 2,4 kali."""
    if abs(factor - 1) < SAME:
        return say("outlook.same")
    if factor >= 2:
        return say("outlook.times", factor=_figure(say, year_end, of, say.number(factor, 1)))
    code = "outlook.above" if factor > 1 else "outlook.below"
    return say(code, share=_figure(say, year_end, of, say.percent(abs(factor - 1), 0)))


def _growth(say, growth):
    if abs(growth - 1) < NONE:
        return say("growth.same")
    code = "outlook.grew" if growth >= 1 else "outlook.fell"
    return say(code, share=say.percent(abs(growth - 1)))


def _withheld(say, year_end):
    """That nothing is forecast, and why."""
    why = _note(say, year_end, _withholding(year_end.outlook))
    return say("outlook.withheld", year=year_end.outlook.year, why=why)


def _withholding(outlook):
    """The note that says why nothing is forecast."""
    return next(note for note in outlook.notes if note.withholds == "forecast")


def _note(say, year_end, note):
    params = {k: _named(say, k, v) for k, v in note.params.items()}
    if note.code == "target_on_another_definition":
        params = {
            "target": say.definition(year_end.target_measures),
            "data": say.definition(year_end.measures),
        }
    return say(f"outlook_note.{note.code}", **params)


def _named(say, key, value):
    """A parameter of a note in words: months as text become names of months."""
    match key, value:
        case ("months", tuple()):
            return say.joined(map(say.month_of, value))
        case ("last" | "first", str()):
            return say.month_of(value)
        case ("as_of", str()):
            return say.date(date.fromisoformat(value))
        case ("year", _):
            return value
    return say.number(value) if isinstance(value, int) else value


def _marked(say, year_end, sentence):
    if not is_simulated(year_end):
        return sentence
    return say("outlook.simulated", sentence=sentence[0].lower() + sentence[1:])
