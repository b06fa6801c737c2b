"""The tables of the page on public services."""

from ui import sentences, tables
from ui.service import is_simulated, name, reached


def channels(say, service, words):
    """A row a channel: how many, how long, within which standard."""
    table = [
        {
            say("service.channel"): name(words, "channel", t.name) or say("table.unknown"),
            say("service.requests"): say.number(t.requests),
            say("service.open"): say.number(t.open),
            say("service.median_done"): say.duration(t.median),
            say("service.median_all"): reached(say, t.expected_median),
            say("service.median_working"): say.duration(t.working_median, False),
            say("service.p90_done"): say.duration(t.p90),
            say("service.standards"): "; ".join(_kept(say, s) for s in t.shares) or "—",
            **_marked(say, service),
        }
        for t in service.channels
    ]
    tables.show(say, table, "service-channels", {})


def standards(say, rows, words):
    """Every standard of the service's time that is known, with its document."""
    table = [
        {
            say("service.standard"): say.duration(r["hours"]),
            say("service.channel"): name(words, "channel", r["channel"])
            or say("service.every_channel"),
            say("service.kind"): say(f"service.kind.{r['kind']}"),
            say("service.since"): say.date(r["from_date"]),
            say("service.until"): say.date(r["to_date"]),
            say("table.document"): r["document"],
            say("service.verification"): say(f"service.{r['verification']}"),
            say("table.known"): sentences.published(say, r),
            say("table.address"): r["address"] or "",
        }
        for r in rows
    ]
    tables.show(say, table, "service-standards", {})


def ages(say, service):
    """A row a step of age: the requests that are open."""
    table = [
        {
            say("service.age"): say("service.age.between", low=low, high=high - 1)
            if high
            else say("service.age.from", low=low),
            say("service.open"): say.number(requests),
            **_marked(say, service),
        }
        for low, high, requests in service.waiting.steps
    ]
    tables.show(say, table, "service-open", {})


def _marked(say, service):
    """The column that marks a row of simulated requests, also where it is downloaded."""
    return {say("table.status"): say("simulated.mark")} if is_simulated(service) else {}


def _kept(say, share):
    value = "—" if share.value is None else say.percent(share.value)
    return f"{value} ≤ {say.duration(share.standard['hours'])}"
