"""What a KPI is, in the reader's language: the header of its SQL, or the words of a catalogue."""

from html import escape

LANGUAGE = "en"  # of the headers: its catalogue has no words for them
# fields of a header that are sentences; the other ones are codes that have words
SENTENCES = ("concept", "definition", "classification", "producer", "method")
CODES = {"measure": "statistic", "unit": "unit", "period": "per", "direction": "direction"}
ORDER = (
    *("concept", "definition", "classification", "measure", "unit"),
    *("producer", "period", "direction", "method"),
)


def name(say, kpi):
    """The short name of a KPI; its code where a catalogue has none."""
    return known(say, f"kpi.{kpi}", kpi)


def known(say, code, other):
    """The words of a code, or what stands instead where a catalogue has none."""
    return say(code) if say.has(code) else other


def facts(say, kpi, header):
    """[(label, text)] of all fields of a KPI's header {field: text}."""
    pairs = [(say(f"glossary.{field}"), field_of(say, kpi, header, field)) for field in ORDER]
    if "derived_from" in header:
        pairs.append((say("glossary.derived_from"), name(say, header["derived_from"])))
    return pairs


def field_of(say, kpi, header, field):
    """One field of a header in the reader's language; as the header has it where that lacks it."""
    code = f"{CODES[field]}.{header[field]}" if field in CODES else f"kpi.{kpi}.{field}"
    return known(say, code, header[field])


def unit(say, code):
    """The words of a unit."""
    return known(say, f"unit.{code}", code)


def contents(say, metadata):
    """A list of links to all KPIs of the page."""
    links = "".join(
        f'<li><a href="#{escape(kpi)}" target="_self">{escape(name(say, kpi))}</a></li>'
        for kpi in metadata
    )
    return f'<ul class="dj contents">{links}</ul>'
