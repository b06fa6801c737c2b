"""The charts, each once, as Vega-Altair: plain rows and a Text in, a chart out."""

import sys
from contextlib import nullcontext

import altair as alt
import pandas as pd

from kpi.lineage import of_figure
from ui.kit import sentences

LIGHT = {
    "lines": ["#12436D", "#C4500A", "#801650", "#1B7A70"],
    "pale": "#565d6b",
    "ink": "#1a1f2b",
    "paper": "#ffffff",
}
DARK = {
    "lines": ["#6FB7E9", "#F59B5B", "#E58AC0", "#5FD0C2"],
    "pale": "#b4bccb",
    "ink": "#f2f4f8",
    "paper": "#171614",
}
SHAPES = {  # by obs_status; incomplete is ours
    "final": "circle",
    "closed": "circle",
    "provisional": "circle",
    "revised": "triangle-down",
    "suspect": "triangle-up",
    "estimated": "diamond",
    "simulated": "cross",
    "incomplete": "square",
}
FILLED = ["final", "closed", "revised"]
alt.utils.schemapi.disable_debug_mode()  # a chart is checked once, whole, where a page draws it


def history_title(say, figures, shown, words):
    """The finding of the history: the highest year of what the page shows, with what it counts."""
    drawn = drawable(figures)
    if not drawn:
        return say("history.none")
    same = [
        f for f in drawn if shown and (f.definition, f.series) == (shown.definition, shown.series)
    ]
    peak = max(same or drawn, key=lambda f: f.value)
    counts = sentences.counted(say, peak, words)
    value = say.figure(of_figure(peak), say.compact(peak.value))
    return say("history.peak", value=value, year=peak.year, counts=counts)


def histories(say, figures, findings, choice, is_dark):
    """[(series, chart)]: the yearly totals of each series on one scale, what the page shows first.

    choice: its Figure, with the target where that is the city's choice, or None; figures: the
    visits figures; findings: rows of the query findings, whose breaks cut the lines.
    """
    goal = choice.denominator if choice else None
    first = choice.measures[:1] if goal else ()
    shown = [f for f in drawable(figures) if not f.measures or not first or f.measures[:1] == first]
    top = max([f.value for f in shown] + ([goal] if goal else []), default=1) * 1.2
    order = sorted({f.series for f in shown}, key=lambda s: (not choice or s != choice.series, s))
    for series in order:
        mine = [f for f in shown if f.series == series]
        points = [
            {
                "year": f.year,
                "value": f.value,
                "label": _label(say, f),
                "status": f.obs_status if f.is_complete else "incomplete",
                "note": sentences.status(say, f),
            }
            for f in mine
        ]
        breaks = [
            {"year": f.year, "label": _label(say, f), "note": sentences.finding(say, row)}
            for f in mine
            for row in findings
            if row["marks"] == "break" and sentences.touches(row, f.value_ids)
        ]
        is_own = goal and series == choice.series
        target = (
            {
                "year": choice.year,
                "value": goal,
                "text": say("chart.target", year=choice.year, value=say.compact(goal)),
            }
            if is_own
            else None
        )
        yield series, history(points, breaks, target, say, is_dark, top)


def _label(say, figure):
    return say.definition(figure.measures).replace(" + ", " +\n")


def drawable(figures):
    """Figures that stand for a whole: one that lacks all domestic visits is no total."""
    return [f for f in figures if f.value is not None and f.origins != ("wisman",)]


def history(points, breaks, target, say, is_dark, top):
    """Yearly totals of one series: a line a definition, cut where the checks found a break.

    points: [{year, value (visits), label (definition), status (key of SHAPES), note}];
    breaks: [{year, label, note}], the year whose level is new; target: None or {year, value, text};
    top: the y axis ends here.
    """
    colours = DARK if is_dark else LIGHT
    data = pd.DataFrame(points)
    data["piece"] = [_piece(points, p, breaks) for p in points]
    labels = list(dict.fromkeys(data["label"]))
    x = alt.X(
        "year:Q",
        title=None,
        axis=alt.Axis(format="d", tickMinStep=1, grid=False, labelFlush=False),
        scale=alt.Scale(nice=False, padding=18),
    )
    y = alt.Y(
        "value:Q",
        title=None,
        scale=alt.Scale(domain=[0, top]),
        axis=alt.Axis(labelExpr=millions(say), tickCount=4),
    )
    colour = alt.Color(
        "label:N",
        legend=None,
        scale=alt.Scale(domain=labels, range=colours["lines"][: len(labels)]),
    )
    shape = alt.Shape(
        "status:N", legend=None, scale=alt.Scale(domain=list(SHAPES), range=list(SHAPES.values()))
    )
    tooltip = [
        alt.Tooltip("year:Q", title=say("chart.year"), format="d"),
        alt.Tooltip("label:N", title=say("chart.definition")),
        alt.Tooltip("value:Q", title=say("chart.visits"), format=",d"),
        alt.Tooltip("note:N", title=say("chart.status")),
    ]
    base = alt.Chart(data).encode(x=x, y=y)
    lines = base.mark_line(strokeWidth=2.5).encode(color=colour, detail="piece:N")
    hollow = alt.condition(
        alt.FieldOneOfPredicate("status", FILLED), colour, alt.value("transparent")
    )
    dots = base.mark_point(size=75, strokeWidth=2, opacity=1).encode(
        color=colour, fill=hollow, shape=shape, tooltip=tooltip
    )
    layers = [lines, dots, *_breaks(breaks, say, colours)]  # the first layer's scales hold for all
    layers += [*_names(data, x, y, colour, colours), *_target(target, x, y, colours)]
    told = say("chart.history_alt", definitions=say.joined(labels)).replace("\n", " ")
    return layered(say, layers, colours, height=270, description=told)


def _piece(points, point, breaks):
    """The piece of line that a point lies on: cut at gaps, breaks and what is incomplete."""
    same = sorted(
        (p for p in points if p["label"] == point["label"] and p["year"] <= point["year"]),
        key=lambda p: p["year"],
    )
    cuts = {b["year"] for b in breaks if b["label"] == point["label"]}
    piece, before = 0, None
    for p in same:
        is_cut = before and (p["year"] != before["year"] + 1 or p["year"] in cuts)
        if is_cut or (before and "incomplete" in (p["status"], before["status"])):
            piece += 1
        before = p
    return f"{point['label']}-{piece}"


def _names(data, x, y, colour, colours):
    """A direct label for every line, above its highest point and inside the chart."""
    middle = (data["year"].min() + data["year"].max()) / 2
    highest = data.loc[data.groupby("label")["value"].idxmax()]
    return [
        layer
        for point in highest.itertuples()
        for layer in haloed(
            alt.Chart(highest[highest["label"] == point.label]).encode(
                x=x, y=y, text="label:N", color=colour
            ),
            colours,
            align="right" if point.year > middle else "left",
            dx=6 if point.year > middle else -6,
            dy=-10 - 12 * point.label.count("\n"),
            lineBreak="\n",
            lineHeight=12,
            fontWeight="bold",
        )
    ]


def haloed(base, colours, **mark):
    """A text over a halo of the page's colour, so that no line runs through it."""
    halo = base.mark_text(stroke=colours["paper"], strokeWidth=4, strokeJoin="round", **mark)
    return [halo, base.mark_text(**mark)]


def _breaks(breaks, say, colours):
    if not breaks:
        return []
    data = pd.DataFrame(breaks)
    data["year"] = data["year"] - 0.5
    data["text"] = "≠ " + say("mark.break")
    base = alt.Chart(data)
    rule = base.mark_rule(strokeDash=[3, 3], color=colours["pale"]).encode(
        x="year:Q", tooltip="note:N"
    )
    text = base.encode(x="year:Q", y=alt.value(2), text="text:N", tooltip="note:N").mark_text(
        align="left", dx=4, baseline="top", color=colours["pale"], fontSize=11
    )
    return [rule, text]


def _target(target, x, y, colours):
    if not target:
        return []
    data = pd.DataFrame([{**target, "from": target["year"] - 0.45, "to": target["year"] + 0.45}])
    base = alt.Chart(data).encode(y=y)
    tick = base.mark_rule(strokeWidth=3, color=colours["pale"]).encode(x="from:Q", x2="to:Q")
    text = base.encode(x=x, text="text:N")
    return [tick, *haloed(text, colours, dy=-9, fontSize=12, color=colours["pale"])]


def layered(say, layers, colours, is_simulated=False, **properties):
    """The chart of `layers` in the look and language that all charts share.

    Where it is simulated the picture itself is marked: it can be saved without the page.
    """
    if is_simulated:
        look = {"anchor": "end", "fontSize": 12, "fontWeight": "normal", "color": colours["pale"]}
        properties["title"] = alt.TitleParams(say("simulated.mark"), **look)
    config = {
        "locale": {"number": say.vega_numbers, "time": say.vega_times},
        "axis": {"labelColor": colours["pale"], "titleColor": colours["pale"]},
        "view": {"stroke": None},
    }
    return alt.layer(*layers, config=config, **properties)


def spec(chart):
    """The Vega-Lite spec of a chart, its rows in it, for what leaves the dashboard.

    Altair's settings are the whole process's, and Streamlit changes them while it writes a chart
    for a page, under this lock; without it one spec in four had no rows.
    """
    streamlit = sys.modules.get("streamlit.elements.vega_charts")  # none where a file is made alone
    with streamlit._altair_globals_lock if streamlit else nullcontext():
        return chart.to_dict(validate=False)  # the pages validate the same charts


def places(say, rows, is_simulated, is_dark):
    """A bar a place, the longest first, its number at its end: rows {name, visits}."""
    colours = DARK if is_dark else LIGHT
    data = pd.DataFrame(rows)
    data["text"] = [say.number(visits) for visits in data["visits"]]
    names = alt.Axis(
        labelLimit=230, labelFontSize=12, labelColor=colours["ink"], ticks=False, domain=False
    )
    room = alt.Scale(domain=[0, 1.25 * data["visits"].max()])  # for the number of the longest
    base = alt.Chart(data).encode(
        x=alt.X("visits:Q", title=None, axis=None, scale=room),
        y=alt.Y("name:N", title=None, sort=None, axis=names),
    )
    bars = base.mark_bar(color=colours["lines"][0], cornerRadiusEnd=3, height={"band": 0.66})
    text = base.mark_text(align="left", dx=5, color=colours["ink"]).encode(text="text:N")
    look = {"height": 30 * len(data) + 10, "description": say("story.places.alt")}
    return layered(say, [bars, text], colours, is_simulated, **look)


def millions(say):
    word = say("number.million", number="")
    return f"datum.value == 0 ? '0' : format(datum.value / 1e6, ',~r') + '{word.rstrip()}'"


def nowcast(say, rows, is_simulated, is_dark):
    """What was reported of each month as a solid bar, what is missing dashed at its end, with its
    80 % interval as a rule.

    rows: those of kpi.nowcast.Nowcast.rows.
    """
    colours = DARK if is_dark else LIGHT
    data = pd.DataFrame(rows)[["reported", "estimate", "low", "high", "estimated"]].astype(float)
    data["month"] = [say.short_month(row["month"]) for row in rows]
    data["label"] = [sentences.nowcast_label(say, row) for row in rows]
    data["status"] = [sentences.unreported_title(say, row) for row in rows]
    data["number"] = [say.number(row["reported"]) for row in rows]
    data["end"] = data["reported"] + data["estimate"]
    data["from"], data["to"] = data["reported"] + data["low"], data["reported"] + data["high"]
    data["edge"] = data[["end", "to"]].max(axis=1)
    top = max(data["edge"].max(), 1)
    scale = alt.Scale(domain=[0, top * 1.5])  # room for the labels beside the bars
    axis = alt.Axis(format=",d", tickCount=4, labelExpr=f"datum.value > {top} ? '' : datum.label")
    y = alt.Y("month:N", title=None, sort=None, axis=alt.Axis(ticks=False, domain=False))
    x = alt.X("reported:Q", title=None, scale=scale, axis=axis)
    tooltip = [
        alt.Tooltip("month:N", title=say("table.period")),
        alt.Tooltip("number:N", title=say("completeness.reported")),
        alt.Tooltip("label:N", title=say("nowcast.estimate")),
        alt.Tooltip("status:N", title=say("table.status")),
    ]
    base = alt.Chart(data).encode(y=y, tooltip=tooltip)
    estimated = base.transform_filter("datum.estimated > 0")
    solid, second = colours["lines"][0], colours["lines"][1]
    bars = base.mark_bar(color=solid, height={"band": 0.72}).encode(x=x)
    missing = estimated.mark_bar(
        height={"band": 0.72}, fill=second, fillOpacity=0.25, stroke=second, strokeDash=[3, 2]
    ).encode(x=x, x2="end:Q")
    banded = estimated.transform_filter("isValid(datum.to)")
    rule = banded.mark_rule(color=second, strokeWidth=2).encode(x=alt.X("from:Q"), x2="to:Q")
    ends = [
        banded.mark_tick(color=second, thickness=2, height=10).encode(x=alt.X(f"{end}:Q"))
        for end in ("from", "to")
    ]
    beside = base.transform_filter("datum.label != ''").encode(x="edge:Q", text="label:N")
    label = beside.mark_text(align="left", dx=7, color=second, fontWeight="bold")
    inside = (
        base.transform_filter(f"datum.reported > {0.2 * top}")
        .mark_text(align="left", dx=6, color=colours["paper"])
        .encode(x=alt.datum(0), text="number:N")
    )
    layers = [bars, missing, rule, *ends, label, inside]
    told = say("nowcast.alt", finding=data["status"].iloc[0])
    return layered(say, layers, colours, is_simulated, height={"step": 27}, description=told)
