"""The tables of the page on public services."""

from ui import sentences, tables
from ui.service import is_simulated, name, period, reached, rules
from ui.service_charts import TICKS


def process(say, service, stock, words):
    """What the chart of periods is drawn from: medians with limits and rules; the stock by day."""
    table = [
        {
            say("table.period"): period(say, times.name, service.unit),
            say("service.requests"): say.number(times.requests),
            say("service.median_all"): reached(say, times.expected_median),
            say("service.median_done"): say.duration(times.median),
            **_limits(say, service.chart, n),
            say("service.rules"): rules(say, service.chart, n),
            **_marked(say, service),
        }
        for n, times in enumerate(service.periods)
    ]
    tables.show(say, table, "service-periods", {})
    counted = [
        {
            say("table.day"): say.date(row["day"]),
            say("service.item"): name(words, "item", row["item"]),
            say("service.on_hand"): say.number(row["on_hand"]),
            say("table.status"): say(f"obs_status.{row['obs_status']}"),
            say("table.series"): sentences.series_name(say, row["series"], words, row),
        }
        for row in stock
    ]
    if counted:
        tables.show(say, counted, "service-stock", {})


def _limits(say, chart, n):
    """The middle and the limits of a period; nothing where there are none yet."""
    ends = {k: getattr(chart, k)[n] for k in ("middle", "low", "high")} if chart else {}
    return {say(f"service.xmr.{k}"): say.duration(hours, False) for k, hours in ends.items()}


def done_by(say, service):
    """What the two curves say after the times of their axis, and after the standard."""
    times, standard = service.period, service.standard
    known = max([0, *times.curve.times])
    after = {t for t in TICKS if t <= known} | ({standard["hours"]} if standard else set())
    table = []
    for hours in sorted(after):
        simple, *_ = times.simple.done_within(hours)
        share, low, high = times.curve.done_within(hours)
        table.append(
            {
                say("service.curve.x"): say.duration(hours),
                **_marked(say, service),  # where it is seen in a narrow column
                say("service.curve.simple"): say.percent(simple),
                say("service.curve.expected"): say.percent(share),
                say("condition.interval_head"): f"{say.percent(low)}–{say.percent(high)}",
            }
        )
    tables.show(say, table, "service-done-by", {})


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
