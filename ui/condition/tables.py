"""The columns of the tables of the page on order, cleanliness and greening."""

from kpi.simulated import is_simulated
from ui.condition import words as condition
from ui.kit import fields, maps, plain, table
from ui.kit.table import Col, columns


def areas(say, review, words):
    """The table behind map and ranking."""

    def of(when, end):
        return lambda part: getattr(part, when) and getattr(getattr(part, when), end)

    def word(say, part):
        return f"{maps.ICONS[part.word]} {say(f'condition.{part.word}')}"

    def change(say, part):
        return condition.change(say, review.unit, part.change)

    unit = {"unit": review.unit}
    cols = [
        Col("condition.rank", "rank"),
        Col("table.area", "name", name="area"),
        Col("table.area_code", "code", only="files", name="area_code"),
        Col("condition.parent", "parent"),
        Col("condition.value", of("now", "value"), **unit),
        *(Col(f"table.{k}", of("now", k), params={"level": 95}, **unit) for k in ("low", "high")),
        Col("condition.sample", "sample"),
        Col("condition.beside_city", "word", word),
        Col("condition.before", of("before", "value"), **unit),
        Col("condition.change", of("change", "value"), change, **unit),
        Col("condition.months_known", "months", name="months_known"),
        *fields.of_all(vars(review), words)[1:],
    ]
    simulated = is_simulated(review)

    def at(part):
        return condition.address_of(review, area=part.code) if part.now else None

    table.show(say, f"condition-{review.domain}", review.areas, cols, simulated, at=at)


def inspections(say, review, part, rows):
    """What was found in one area, a row a period, every value in a column of its own."""
    periods = rows[0]["periods"] if rows else 0
    told = say(
        "condition.inspections_shown", shown=say.number(len(rows)), periods=say.number(periods)
    )
    plain.caption(f"{condition.note(say, review, part)}. {told}")
    found = {_key(f): f for row in rows for f in row["found"]}
    cols = [
        *fields.PERIOD,
        *([Col("condition.section", "section")] if any(row["section"] for row in rows) else []),
        *(
            Col(_indicator(say, f), _found(key), unit=f["unit"], name=_name(*key))
            for key, f in found.items()
        ),
        Col("condition.sample", "sample_size", name="sample_size"),
        fields.STATUS,
        fields.KNOWN,
        Col("table.place", lambda row: "; ".join(_where(say, at) for at in row["places"] or ())),
    ]
    table.show(say, "inspections", rows, cols, is_simulated(review))


def published(say, rows, words):
    """What has been published of a domain for the whole city, with its period and source.

    Its values are of several units: a column of files each, and one beside the unit on the page.
    """

    def of(unit):
        return lambda row: row["value"] if row["unit"] == unit else None

    def value(say, row):
        return say.quantity(row["value"], row["unit"], is_bare=True)

    units = dict.fromkeys(row["unit"] for row in rows)
    cols = [
        *fields.PERIOD,
        Col("condition.indicator", "indicator", _indicator),
        Col("condition.value", "value", value, only="page"),
        *(
            Col(_unit(say, unit), of(unit), unit=unit, only="files", name=f"value_{unit}")
            for unit in units
        ),
        Col("condition.unit", "unit", lambda say, row: _unit(say, row["unit"])),
        fields.STATUS,
        fields.series(words),
        Col("table.known", "published_at", name="published_at"),
    ]
    table.show(say, "published", rows, cols, at=condition.address_of_record)


def planted(say, rows, words):
    """Trees planted and, of those that were checked, alive, by year."""
    cols = [
        fields.YEAR,
        *columns("condition", "planted", "checked", "alive", "green_m2"),
        Col("condition.until", "covered_to", name="covered_to"),
        fields.series(words),
    ]
    table.show(say, "planted", rows, cols)


def _key(found):
    return found["indicator"], found["breakdown"], found["unit"]


def _name(indicator, breakdown, unit):
    """The name of an indicator's column for machines, with its unit."""
    told = () if indicator.endswith(unit) else (unit,)
    return "_".join(filter(None, (indicator, breakdown, *told)))


def _found(key):
    """What a row has of an indicator; None where it has none."""

    def value(row):
        return next((f["value"] for f in row["found"] if _key(f) == key), None)

    return value


def _where(say, place):
    """The file and line, or lines from and to, that the values of a period came from."""
    first, last = place["line"], place["last_line"]
    return fields.where(say, {**place, "line": first if first == last else f"{first}–{last}"})


def _indicator(say, row):
    name = f"indicator.{row['indicator']}"
    name = say(name) if say.has(name) else row["indicator"]
    if not row["breakdown"]:
        return name
    return f"{name}: {condition.kind(say, row['breakdown'])}"


def _unit(say, unit):
    return say(f"unit.{unit}") if say.has(f"unit.{unit}") else unit
