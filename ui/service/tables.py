"""The columns of the tables of the page on public services."""

from dataclasses import replace
from datetime import date

from ui.kit import fields, table
from ui.kit.table import Col, columns
from ui.service.charts import TICKS
from ui.service.words import address_of, is_simulated, name, period, rules


def process(say, service, stock, words):
    """What the chart of periods is drawn from: medians with limits and rules; the stock by day."""
    chart, periods = service.chart, service.periods
    rows = [
        {
            "period_start": date.fromisoformat(times.name),
            "requests": times.requests,
            "median_all": times.expected_median,
            "median_done": times.median,
            **({k: getattr(chart, k)[n] for k in ("middle", "low", "high")} if chart else {}),
            "rules": rules(say, chart, n) if chart and chart.signals[n] else None,
        }
        for n, times in enumerate(periods)
    ]

    def read(say, row):
        return period(say, row["period_start"].isoformat(), service.unit)

    cols = [
        Col("table.period", "period_start", read, name="period_start"),
        Col("service.requests", "requests", unit="requests"),
        *columns("service", "median_all", "median_done", unit="hours"),
        *(
            Col(f"service.xmr.{k}", k, _hours(k), unit="hours")
            for k in ("middle", "low", "high")
            if chart
        ),
        Col("service.rules", "rules"),
        _series(service, words),
    ]

    def at(row):
        return address_of(service, "median", period=row["period_start"].isoformat())

    table.show(say, "service-periods", rows, cols, is_simulated(service), at=at)
    cols = [
        Col("table.day", "day"),
        Col("service.item", "item", lambda say, row: name(words, "item", row["item"])),
        Col("service.on_hand", "on_hand"),
        fields.STATUS,
        fields.series(words),
    ]
    if stock:
        table.show(say, "service-stock", stock, cols)


def _series(service, words):
    """The column of whose requests they are, in files; on the page the charts say it."""
    _, name = fields.of_all(service.sources[0], words)
    return replace(name, only="files")


def _hours(name):
    return lambda say, row: say.duration(row[name], in_days=False)


def done_by(say, service, words):
    """What the two curves say after the times of their axis, and after the standard."""
    times, standard = service.period, service.standard
    known = max([0, *times.curve.times])
    after = {t for t in TICKS if t <= known} | ({standard["hours"]} if standard else set())
    rows = []
    for hours in sorted(after):
        share, low, high = times.curve.done_within(hours)
        shares = {"simple": times.simple.done_within(hours)[0], "expected": share}
        rows.append({"hours": hours, "low": low, "high": high} | shares)
    cols = [
        Col("service.curve.x", "hours", unit="hours", name="after"),
        *columns("service.curve", "simple", "expected", unit="share"),
        *columns("table", "low", "high", unit="share", params={"level": 95}),
        _series(service, words),
    ]
    at = address_of(service, "requests")
    table.show(say, "service-done-by", rows, cols, is_simulated(service), at=lambda row: at)


def channels(say, service, words):
    """A row a channel: how many, how long, within which standard."""
    most = max((len(times.shares) for times in service.channels), default=0)
    cols = [
        Col(
            "service.channel",
            lambda times: times.name or "unknown",
            lambda say, times: name(words, "channel", times.name) or say("table.unknown"),
        ),
        Col("service.requests", "requests", unit="requests"),
        Col("service.open", "open", unit="requests"),
        Col("service.median_done", "median", unit="hours", name="median_done"),
        Col("service.median_all", "expected_median", unit="hours"),
        Col("service.median_working", "working_median", _working, unit="hours"),
        Col("service.p90_done", "p90", unit="hours"),
        *(col for n in range(most) for col in _kept(n, most)),
        _series(service, words),
    ]

    def at(times):
        return address_of(service, "median", times.name)

    table.show(say, "service-channels", service.channels, cols, is_simulated(service), at=at)


def _working(say, times):
    return say.duration(times.working_median, in_days=False)


def _kept(n, most):
    """The share that kept the n-th standard of a channel, and that standard."""

    def share(times):
        return times.shares[n].value if n < len(times.shares) else None

    def hours(times):
        return times.shares[n].standard["hours"] if n < len(times.shares) else None

    number = f"_{n + 1}" if most > 1 else ""
    about = {"params": {"number": n + 1 if most > 1 else ""}}
    yield Col("service.kept", share, unit="share", name=f"kept{number}_share", **about)
    yield Col("service.kept_of", hours, unit="hours", name=f"standard{number}_hours", **about)


def standards(say, rows, words):
    """Every standard of the service's time that is known, with its document."""

    def channel(say, row):
        return name(words, "channel", row["channel"]) or say("service.every_channel")

    cols = [
        Col("service.standard", "hours", unit="hours"),
        Col("service.channel", lambda row: row["channel"] or "all", channel),
        fields.coded("service.kind", "kind", "service.kind"),
        Col("service.since", "from_date", name="from_date"),
        Col("service.until", "to_date", name="to_date"),
        Col("table.document", "document"),
        fields.coded("service.verification", "verification", "service"),
        fields.KNOWN,
        Col("table.address", "address", link=""),
    ]
    table.show(say, "service-standards", rows, cols)


def ages(say, service, words):
    """A row a step of age: the requests that are open."""

    def step(say, row):
        code = "service.age.between" if row["high"] else "service.age.from"
        return say(code, low=row["low"], high=row["high"] and row["high"] - 1)

    rows = [dict(zip(("low", "high", "open"), step, strict=True)) for step in service.waiting.steps]
    cols = [
        Col("service.age", "low", step, unit="days", name="from_days"),
        Col("service.age_below", "high", unit="days", only="files", name="below_days"),
        Col("service.open", "open", unit="requests"),
        _series(service, words),
    ]
    at = address_of(service, "waiting")
    table.show(say, "service-open", rows, cols, is_simulated(service), at=lambda row: at)
