"""Values with their intervals, one row each: as Vega-Altair, because it is read."""

import altair as alt
import pandas as pd

from ui.kit import charts, maps

ROW, AXIS = 20, 34  # pixels
SHAPES = {"better": "circle", "alike": "square", "worse": "triangle-up", "few": "diamond"}


def intervals(rows, city, texts, say, is_dark):
    """A dot and its 95 % interval a row, the year before as a hollow ring, the city as a line.

    rows: [{label, value, low, high, before, word, note}] in the order to be shown; city: the value
    of the whole or None; texts: city (label of the line), value, before, interval (of the tooltip),
    alt, percent (whether values are shares).
    """
    colours, words = (charts.DARK, maps.DARK) if is_dark else (charts.LIGHT, maps.LIGHT)
    data = pd.DataFrame(rows)
    label = "format(100 * datum.value, ',.0~f') + ' %'" if texts["percent"] else "datum.label"
    axis = alt.Axis(labelExpr=label, tickCount=5, orient="top", gridOpacity=0.5)
    order = [row["label"] for row in rows]
    y = alt.Y(
        "label:N",
        sort=order,
        title=None,
        axis=alt.Axis(
            labelLimit=220, labelOverlap=False, labelFlush=False, ticks=False, domain=False,
            labelColor=words["ink"], labelFontSize=12,
        ),
    )  # fmt: skip
    colour = alt.Color(
        "word:N",
        legend=None,
        scale=alt.Scale(domain=list(words["line"]), range=list(words["line"].values())),
    )
    shape = alt.Shape(
        "word:N", legend=None, scale=alt.Scale(domain=list(SHAPES), range=list(SHAPES.values()))
    )
    tooltip = [alt.Tooltip("label:N", title=" "), alt.Tooltip("note:N", title=" ")]
    base = alt.Chart(data).encode(y=y)
    scale = alt.Scale(zero=True, nice=True)
    bars = base.mark_rule(strokeWidth=3, opacity=0.55).encode(
        x=alt.X("low:Q", title=None, axis=axis, scale=scale), x2="high:Q", color=colour
    )
    before = base.mark_point(size=45, filled=False, strokeWidth=1.5, color=colours["pale"]).encode(
        x="before:Q", tooltip=tooltip
    )
    dots = base.mark_point(size=70, filled=True, opacity=1).encode(
        x="value:Q", color=colour, shape=shape, tooltip=tooltip
    )
    layers = [bars, before, dots]
    if city is not None:
        line = alt.Chart(pd.DataFrame([{"value": city}])).encode(x="value:Q")
        layers.insert(0, line.mark_rule(strokeDash=[5, 3], strokeWidth=1.5, color=colours["pale"]))
    look = {"height": ROW * len(rows) + AXIS, "description": texts["alt"]}
    return charts.layered(say, layers, colours, **look)
