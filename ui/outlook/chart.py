"""The chart of the year's way to its target: reported, running, a fan of futures, the season."""

import altair as alt
import pandas as pd

from kpi.simulated import is_simulated
from ui.kit.charts import DARK, LIGHT, haloed, layered, millions

FAN = {95: 0.16, 80: 0.22, 50: 0.34}  # opacity of each interval, the widest first
LINES = {
    "season": {"strokeWidth": 1.2},
    "median": {"strokeWidth": 2, "strokeDash": [2, 3]},
    "running": {"strokeWidth": 2.5, "strokeDash": [6, 4]},
    "counted": {"strokeWidth": 2.5},
}


def path(say, year_end, is_dark):
    """The chart of a YearEnd; figures are visits since 1 January."""
    colours = DARK if is_dark else LIGHT
    ours, theirs = colours["lines"][:2]
    inks = {"season": colours["pale"], "median": theirs, "running": ours, "counted": ours}
    outlook, table = year_end.outlook, year_end.path
    goal = None if outlook.left is None else outlook.target.value
    room = 1.18 if year_end.breaks else 1.08  # the name of a break stands above that of the target
    top = max(table.max().max(), goal or 0) * room
    x = alt.X(
        "day:T",
        title=None,
        axis=alt.Axis(
            format="%b", values=[_day(outlook.year, m, 1) for m in range(1, 13)], grid=False
        ),
        scale=alt.Scale(domain=[_day(outlook.year, 1, 1), _day(outlook.year + 1, 1, 4)]),
    )
    y = alt.Y(
        "value:Q",
        title=None,
        axis=alt.Axis(labelExpr=millions(say), tickCount=5),
        scale=alt.Scale(domain=[0, top]),
    )
    layers = [
        alt.Chart(_band(table, level))
        .mark_area(color=theirs, opacity=opacity)
        .encode(x, y, y2="high")
        for level, opacity in FAN.items()
        if f"lo-{level}" in table
    ]
    layers += [
        alt.Chart(_line(table, name)).mark_line(color=inks[name], **mark).encode(x, y)
        for name, mark in LINES.items()
        if name in table
    ]
    layers += _dots(say, table, ours, colours, x, y)
    if goal:
        rule = pd.DataFrame([{"day": _day(outlook.year, 1, 1), "to": _day(outlook.year, 12, 31)}])
        rule["value"] = goal
        layers.append(
            alt.Chart(rule).mark_rule(color=colours["pale"], strokeWidth=2).encode(x, y, x2="to:T")
        )
    layers += _names(say, outlook, table, goal, inks, colours, x, y)
    layers += _breaks(say, year_end.breaks, colours, x)
    layers += _events(year_end.events, colours, x, y)
    look = {"height": 330, "description": say("path.alt", year=outlook.year)}
    return layered(say, layers, colours, is_simulated(year_end), **look)


def _day(year, month, day):
    return pd.Timestamp(year, month, day)


def _line(table, name):
    """The days on which a line has a value."""
    return table[name].dropna().rename("value").rename_axis("day").reset_index()


def _band(table, level):
    band = table[[f"lo-{level}", f"hi-{level}"]].dropna().rename_axis("day").reset_index()
    return band.set_axis(["day", "value", "high"], axis=1)


def _dots(say, table, ours, colours, x, y):
    """A point for each month reported, a hollow one for the last day of the running month."""
    tooltip = [
        alt.Tooltip("day:T", title=say("path.day"), format="%-d %B %Y"),
        alt.Tooltip("value:Q", title=say("path.visits"), format=",d"),
    ]
    dots = [alt.Chart(_line(table, "counted")).mark_circle(color=ours, size=34, opacity=1)]
    if "running" in table:
        hollow = {"stroke": ours, "fill": colours["paper"], "strokeWidth": 2, "opacity": 1}
        dots.append(alt.Chart(_line(table, "running")[-1:]).mark_point(size=60, **hollow))
    return [dot.encode(x, y, tooltip=tooltip) for dot in dots]


def _names(say, outlook, table, goal, inks, colours, x, y):
    """What stands beside each line: its name, and the year's end as the sample sees it."""
    end, names = table.index[-1], []
    if goal:
        text = say("path.target", target=say.compact(goal))
        names.append((_day(outlook.year, 1, 6), goal, text, colours["pale"], "left", -9))
    if "median" in table:
        low = table["lo-95"].iloc[-1] if "lo-95" in table else outlook.total
        names.append((end, low, say.compact(outlook.total), inks["median"], "right", 24))
    if "season" in table:
        middle = table["season"].dropna().index[4]
        text, ink, season = say("path.season"), inks["season"], table.loc[middle, "season"]
        is_ahead = table["counted"].get(middle, 0) > season  # the name stands on the free side
        names.append((middle, season, text, ink, *(("left", 14) if is_ahead else ("right", -8))))
    last = table["counted"].last_valid_index()
    if last is not None and table.loc[last, "counted"]:
        text = say("path.counted")
        names.append((last, table.loc[last, "counted"], text, inks["counted"], "left", 22))
    data = pd.DataFrame(names, columns=["day", "value", "text", "ink", "align", "dy"])
    return [
        layer
        for (align, dy), group in data.groupby(["align", "dy"])
        for layer in haloed(
            alt.Chart(group).encode(x, y, text="text:N", color=alt.Color("ink:N", scale=None)),
            colours,
            align=align,
            dx=7 if align == "left" else -7,
            dy=dy,
            fontSize=12,
            fontWeight="bold",
        )
    ]


def _breaks(say, breaks, colours, x):
    """A rule where the series breaks."""
    if not breaks:
        return []
    data = pd.DataFrame({"day": breaks})
    data["text"] = f"≠ {say('mark.break')}"
    base = alt.Chart(data).encode(x)
    mark = {"align": "left", "dx": 4, "baseline": "top", "color": colours["pale"]}
    return [
        base.mark_rule(strokeDash=[3, 3], color=colours["pale"]),
        base.encode(y=alt.value(2), text="text:N").mark_text(**mark),
    ]


def _events(events, colours, x, y):
    """A number in a ring for each event, where it began; the names stand below the chart."""
    if not events:
        return []
    data = pd.DataFrame(events)
    data["text"] = (data.index + 1).astype(str)
    data = data.groupby("day", as_index=False).agg({"value": "first", "text": "·".join})
    base = alt.Chart(data).encode(x, y)
    tick = base.mark_rule(yOffset=-4, y2Offset=-16, color=colours["pale"]).encode(y2="value:Q")
    return [tick, *haloed(base.encode(text="text:N"), colours, dy=-24, color=colours["pale"])]
