"""The charts of public services: plain values and a Text in, an Altair chart or Plotly figure out.

Altair for what is read (signal, share done, week), Plotly for what is worked on (volumes).
"""

from html import escape
from textwrap import wrap

import altair as alt
import numpy as np
import pandas as pd
import plotly.graph_objects as go

from ui.kit.charts import DARK, LIGHT, haloed, layered
from ui.service import words as words_of

SIGNALS = {  # blue good, orange concern, grey chance, after the NHS convention; shapes tell too
    False: {"improving": "#0083B3", "concerning": "#E46C0A", "common": "#767676"},
    True: {"improving": "#5FC0E8", "concerning": "#F59B5B", "common": "#b4bccb"},
}
FORMS = {
    "common": "circle",
    "improving": "triangle-down",
    "concerning": "triangle-up",
    "unreached": "M-1,0.6L0,-0.8L1,0.6M0,-0.8L0,1.4",
}
TICKS = (1 / 60, 1 / 6, 1, 6, 24, 72, 168, 720, 2160)  # hours: a minute to three months
ON_A_PHONE = 32  # letters of a name beside its mark
UPPER, GAP, LOWER = 230, 34, 64  # pixels: the medians, what lies between, the stock
PLAIN = {"ticks": False, "domain": False}  # an axis of words alone
FIT = alt.AutoSizeParams(type="fit-x", contains="padding")
STEP = 40  # points of a drawn curve in a factor of ten


def process(say, service, stock, words, is_dark):
    """The XmR chart of a service's expected medians, hours, over the stock of what it uses up.

    stock: rows {item, day, on_hand} of kpi/queries/service_stock.sql; both share the axis of time.
    """
    colours, signal = DARK if is_dark else LIGHT, SIGNALS[is_dark]
    data = _points(say, service)
    top = 1.12 * max(data["value"].max(), data["high"].max(), 1)
    data["shown"] = data["value"].fillna(top * 0.96)
    stocks = _stocks(stock, data["start"].min())
    last = max([data["end"].max(), *(pd.Timestamp(rows[-1]["day"]) for rows in stocks.values())])
    form = "%b %Y" if (last - data["start"].min()).days > 300 else "%-d %b %Y"
    height = UPPER + len(stocks) * (GAP + LOWER)
    x = alt.X(
        "middle_day:T",
        title=None,
        scale=alt.Scale(domain=[_moment(data["start"].min()), _moment(last)]),
        axis=alt.Axis(format=form, grid=False, labelFlush=False, labelOverlap=True, tickCount=8),
    )
    y = alt.Y(
        "shown:Q",
        title=None,
        scale=alt.Scale(domain=[0, top], range=[UPPER, 0], nice=False),
        axis=alt.Axis(tickCount=5, gridOpacity=0.4),
    )
    base = alt.Chart(data)
    limits, middle = base.transform_filter("isValid(datum.high)"), alt.Y("middle:Q")
    line = base.transform_filter("isValid(datum.value)").mark_line(color=colours["lines"][0])
    upper = alt.layer(
        line.encode(x=x, y=y, detail="phase:N"),  # the first layer's axes hold for all
        limits.mark_rect(opacity=0.15, color=colours["pale"]).encode(
            x="start:T", x2="end:T", y="low:Q", y2="high:Q"
        ),
        limits.mark_rule(strokeDash=[5, 4], color=colours["pale"]).encode(
            x="start:T", x2="end:T", y=middle
        ),
        *_standard_line(say, service, data, colours),
        _dots(say, base, x, y, signal),
        _heading(say("service.chart.hours"), 0, colours),
    )
    layers = [upper]
    for n, (item, rows) in enumerate(stocks.items()):
        where = UPPER + GAP + n * (GAP + LOWER)
        name = words_of.name(words, "item", item)
        layers.append(_stock(say, rows, x, name, where, colours))
    return layered(
        say,
        layers,
        colours,
        height=height,
        autosize=FIT,  # the height is that of the plot, or the ranges above would run over its edge
        resolve={"scale": {"y": "independent"}},
        description=say("service.chart.alt"),
    )


def _dots(say, base, x, y, signal):
    """A point for each period, by colour and form what it says: signal or noise."""
    kinds = [signal[k] for k in ("common", "improving", "concerning", "concerning")]
    return base.mark_point(size=80, filled=True, opacity=1).encode(
        x=x,
        y=y,
        color=alt.Color("kind:N", legend=None, scale=alt.Scale(domain=list(FORMS), range=kinds)),
        shape=alt.Shape(
            "kind:N", legend=None, scale=alt.Scale(domain=list(FORMS), range=list(FORMS.values()))
        ),
        tooltip=[
            alt.Tooltip("period:N", title=say("table.period")),
            alt.Tooltip("text:N", title=say("service.median_all")),
            alt.Tooltip("simple:N", title=say("service.median_done")),
            alt.Tooltip("requests:N", title=say("service.requests")),
            alt.Tooltip("rules:N", title=say("service.rules")),
        ],
    )


def _moment(day):
    return alt.DateTime(year=day.year, month=day.month, date=day.day)


def _heading(text, where, colours):
    """What an axis counts, above it inside the plot; `where` in pixels from the top."""
    return (
        alt.Chart(pd.DataFrame({"text": [text]}))
        .mark_text(align="left", baseline="bottom", fontWeight="bold", color=colours["pale"])
        .encode(x=alt.value(2), y=alt.value(where - 4), text="text:N")
    )


def _points(say, service):
    """A row a period: its days, its median and limits in hours, and the words of its tooltip."""
    chart, rows = service.chart, []
    for n, times in enumerate(service.periods):
        broken, side = (chart.signals[n], chart.sides[n]) if chart else ((), 0)
        kind = "common" if not broken else "concerning" if side > 0 else "improving"
        is_reached = times.expected_median is not None
        start = pd.Timestamp(times.name)
        end = start + (pd.DateOffset(months=1) if service.unit == "month" else pd.Timedelta("7D"))
        rows.append(
            {
                "start": start,
                "middle_day": start + (end - start) / 2,
                "end": end,
                "value": times.expected_median,
                "period": words_of.period(say, times.name, service.unit),
                "text": words_of.reached(say, times.expected_median),
                "simple": say.duration(times.median),
                "requests": say.number(times.requests),
                "rules": words_of.rules(say, chart, n),
                "kind": kind if is_reached else "unreached",
                "low": chart.low[n] if chart else None,
                "high": chart.high[n] if chart else None,
                "middle": chart.middle[n] if chart else None,
                "phase": sum(start_ <= n for start_ in chart.starts) if chart else 0,
            }
        )
    return pd.DataFrame(rows).astype(dict.fromkeys(("value", "low", "high", "middle"), float))


def _standard_line(say, service, data, colours):
    """The standard as one labelled line over the periods that it is for."""
    row = service.standard
    if not row:
        return []
    first = max(pd.Timestamp(row["from_date"]), data["start"].min())
    last = data["end"].max()
    if row["to_date"]:
        last = min(pd.Timestamp(row["to_date"]), last)
    if first >= last:
        return []
    label = say("service.chart.standard", hours=say.duration(row["hours"]))
    line = pd.DataFrame({"first": [first], "last": [last], "hours": row["hours"], "label": label})
    base = alt.Chart(line).encode(x="first:T", y="hours:Q")
    rule = base.mark_rule(strokeWidth=2, color=colours["lines"][2]).encode(x2="last:T")
    mark = {"align": "left", "dx": 3, "dy": -9, "fontWeight": "bold", "color": colours["lines"][2]}
    return [rule, *haloed(base.encode(text="label:N"), colours, **mark)]


def _stocks(stock, first):
    """{item: its rows since a day}."""
    found = {}
    for row in stock:
        if pd.Timestamp(row["day"]) >= first:
            found.setdefault(row["item"], []).append(row)
    return found


def _stock(say, rows, x, name, where, colours):
    """The stock at the end of each day, drawn from `where` (pixels from the top) down."""
    data = pd.DataFrame(rows)[["day", "on_hand"]]
    data["day"] = pd.to_datetime(data["day"])
    y = alt.Y(
        "on_hand:Q",
        title=None,
        scale=alt.Scale(range=[where + LOWER, where], domainMin=0),
        axis=alt.Axis(tickCount=3, gridOpacity=0.4, orient="left"),
    )
    tooltip = [  # a title stands in an expression of Vega's, so it is never data
        alt.Tooltip("day:T", title=say("table.day"), format="%e %B %Y"),
        alt.Tooltip("on_hand:Q", title=say("service.on_hand"), format=",d"),
    ]
    line = {"color": colours["lines"][3], "strokeWidth": 1.4}
    area = {"interpolate": "step-after", "opacity": 0.35, "line": line, "color": line["color"]}
    return alt.layer(
        alt.Chart(data).mark_area(**area).encode(x="day:T", y=y, tooltip=tooltip),
        _heading(name, where, colours),
    )


def done_by(say, service, is_dark):
    """The share of a period's requests that are done after so long: two curves and a standard.

    One over what was completed alone, one (Kaplan-Meier, with its 95 % band) with those open.
    """
    colours = DARK if is_dark else LIGHT
    times = service.period
    curves = [
        _curve(say, times.simple, say("service.curve.simple")),
        _curve(say, times.curve, say("service.curve.expected")),
    ]
    data = pd.concat([c for c in curves if len(c)])
    x = _elapsed(say, data["hours"])
    y = alt.Y(
        "done:Q",
        title=None,
        scale=alt.Scale(domain=[0, 1]),
        axis=alt.Axis(format=".0%", tickCount=5),
    )
    names = list(dict.fromkeys(data["curve"]))
    palette = [colours["lines"][1], colours["lines"][0]][-len(names) :]
    colour = alt.Color("curve:N", legend=None, scale=alt.Scale(domain=names, range=palette))
    base = alt.Chart(data).encode(x=x, color=colour)
    layers = [
        base.transform_filter(alt.datum.curve == names[-1])
        .mark_area(opacity=0.18, interpolate="step-after")
        .encode(y=alt.Y("least:Q"), y2="most:Q"),
        base.mark_line(strokeWidth=2.4, interpolate="step-after").encode(
            y=y,
            strokeDash=alt.StrokeDash(
                "curve:N", legend=None, scale=alt.Scale(domain=names, range=[[5, 3], [1, 0]])
            ),
            tooltip=[
                alt.Tooltip("curve:N", title=say("service.curve.name")),
                alt.Tooltip("text:N", title=say("service.curve.x")),
                alt.Tooltip("done:Q", title=say("service.curve.y"), format=".1%"),
            ],
        ),
    ]
    if service.standard:
        layers += _standard_rule(say, service.standard["hours"], x, y, colours["lines"][2])
    ends = data.groupby("curve", sort=False).tail(1).copy()
    ends["done"] = [1.0, 0.2][-len(ends) :]  # in the corners that a rising curve leaves free
    for label in (ends[ends["curve"] == n] for n in names):
        base = alt.Chart(label).encode(x=x, y=y, text="curve:N", color=colour)
        layers += haloed(base, colours, align="right", dx=-2, dy=-9, fontWeight="bold")
    return layered(say, layers, colours, height=270, description=say("service.curve.alt"))


def _elapsed(say, hours):
    """The logarithmic axis of the hours since a request, in minutes, hours and days."""
    ticks = [t for t in TICKS if t <= 1.5 * hours.max()]
    labels = " : ".join(
        f"abs(datum.value - {t}) < {t / 100} ? '{say.duration(t).split(' (')[0]}'" for t in ticks
    )
    return alt.X(
        "hours:Q",
        title=say("service.curve.x"),
        scale=alt.Scale(type="log", domain=[hours.min(), 1.3 * hours.max()], nice=False),
        axis=alt.Axis(values=ticks, labelExpr=f"{labels} : ''", grid=False),
    )


def _standard_rule(say, hours, x, y, ink):
    """The service standard as a named rule at its hours."""
    label = say("service.chart.standard", hours=say.duration(hours))
    base = alt.Chart(pd.DataFrame([{"hours": hours, "done": 0.04, "label": label}])).encode(x=x)
    name = base.mark_text(align="left", dx=5, color=ink, fontWeight="bold")
    return [base.mark_rule(strokeWidth=2, color=ink), name.encode(y=y, text="label:N")]


def _curve(say, curve, name):
    """A Curve as rows to draw, thinned to what can be seen."""
    steps = np.round(np.log10(np.maximum(curve.times, 1e-3)) * STEP)
    last = np.append(np.diff(steps) > 0, True)[: len(steps)]
    return pd.DataFrame(
        {
            "curve": name,
            "hours": curve.times[last],
            "text": [say.duration(t) for t in curve.times[last]],
            "done": 1 - curve.share[last],
            "least": 1 - curve.high[last],
            "most": 1 - curve.low[last],
        }
    )


def week(say, rows, is_dark):
    """When requests come: a cell a weekday and hour, its number in it.

    rows: {weekday, hour, requests} of kpi/queries/service_weekhours.sql.
    """
    colours = DARK if is_dark else LIGHT
    data = pd.DataFrame(rows)
    days = [say.weekday(n) for n in range(1, 8) if n in set(data["weekday"])]
    data["day"] = [say.weekday(n) for n in data["weekday"]]
    data["text"] = [say.number(n) for n in data["requests"]]
    data["clock"] = [say.clock(h) for h in data["hour"]]
    data["is_dark"] = data["requests"] > data["requests"].max() * 0.62
    base = alt.Chart(data).encode(
        x=alt.X("clock:O", title=None, axis=alt.Axis(labelAngle=0, orient="top", **PLAIN)),
        y=alt.Y("day:N", title=None, sort=days, axis=alt.Axis(**PLAIN)),
    )
    low, high = ("#26303f", "#6FB7E9") if is_dark else ("#e9eef6", "#12436D")
    cells = base.mark_rect(cornerRadius=2).encode(
        color=alt.Color("requests:Q", legend=None, scale=alt.Scale(domainMin=0, range=[low, high])),
        tooltip=[
            alt.Tooltip("day:N", title=say("table.day")),
            alt.Tooltip("clock:N", title=say("service.hour")),
            alt.Tooltip("text:N", title=say("service.requests")),
        ],
    )
    on_dark, on_light = ("#171614", "#f2f4f8") if is_dark else ("#ffffff", "#1a1f2b")
    text = base.mark_text(fontSize=11).encode(
        text="text:N", color=alt.condition("datum.is_dark", alt.value(on_dark), alt.value(on_light))
    )
    look = {"height": 36 * len(days) + 10, "description": say("service.week.alt")}
    return layered(say, [cells, text], colours, **look)


def volumes(say, rows, unit, words, is_dark):
    """How many requests came, a bar a period, stacked by channel: to zoom, pick and hide.

    rows: {period_start, channel, requests} of kpi/queries/service_volumes.sql.
    """
    colours = DARK if is_dark else LIGHT
    figure = go.Figure()
    for n, channel in enumerate(dict.fromkeys(r["channel"] for r in rows)):
        own = [r for r in rows if r["channel"] == channel]
        name = escape(words_of.name(words, "channel", channel) or say("table.unknown"))
        figure.add_bar(
            x=[r["period_start"] for r in own],
            y=[r["requests"] for r in own],
            name="<br>".join(wrap(name, ON_A_PHONE, break_long_words=False)),
            marker_color=colours["lines"][n % len(colours["lines"])],
        )
    figure.update_layout(
        barmode="stack",
        bargap=0.15,
        height=300,
        margin={"l": 8, "r": 8, "t": 8, "b": 8},
        legend={"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0},
        separators=say.vega_numbers["decimal"] + say.vega_numbers["thousands"],
        hovermode="x unified",
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        font={"color": colours["pale"], "family": "inherit"},
        yaxis={"gridcolor": "rgba(128,128,128,0.25)", "tickformat": ",d"},
        xaxis={
            "showgrid": False,
            "tickformat": "%b %Y" if unit == "month" else "%-d %b %Y",
            "dtick": "M1"
            if unit == "month" and len({r["period_start"] for r in rows}) < 9
            else None,
        },
    )
    return figure


def plotly_locale(say):
    """The configuration by which Plotly writes numbers and months of the reader's language."""
    times = say.vega_times
    numbers = say.vega_numbers
    form = {
        "days": times["days"],
        "shortDays": times["shortDays"],
        "months": times["months"],
        "shortMonths": times["shortMonths"],
        "decimal": numbers["decimal"],
        "thousands": numbers["thousands"],
        "date": "%d/%m/%Y",
    }
    return {
        "locale": say.lang,
        "locales": {say.lang: {"dictionary": {}, "format": form}},
        "displaylogo": False,
        "modeBarButtonsToRemove": ["lasso2d", "select2d", "autoScale2d"],
    }
