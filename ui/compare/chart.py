"""Two places beside each other: one panel a measure, a bar a place, each with its own number."""

import altair as alt
import pandas as pd

from ui.kit.charts import DARK, LIGHT, layered

HEAD, STEP, LINE, BAR = 62, 54, 20, 16  # pixels of the title, of a row, its words and its bar
DASHES = 40  # of a hatched bar of full length
# of the name: what the number or the words beside it leave, at 8.5 or 6.5 pixels a letter
ROOM = alt.expr("max(40, width - 8 - length(datum.label) * (datum.known ? 8.5 : 6.5))")


def panel(title, subtitle, bars, say, is_dark):
    """The panel of one measure.

    bars: [{name, label, value (None: no bar), look (solid, soft, hatched or none)}], ours first.
    """
    colours = DARK if is_dark else LIGHT
    top = max((bar["value"] or 0 for bar in bars), default=0) or 1
    rows, pieces = [], []
    for place, bar in enumerate(bars):
        is_known = bar["value"] is not None
        ink = colours["lines"][place] if is_known else colours["pale"]
        mark = (
            say("compare.simulated", label=bar["label"])
            if bar["look"] == "hatched"
            else bar["label"]
        )
        rows.append(
            {"y": place * STEP, "name": bar["name"], "label": mark, "ink": ink, "known": is_known}
        )
        for start, end in _pieces((bar["value"] or 0) / top, bar["look"]):
            pieces.append(
                {"y": place * STEP + LINE + BAR / 2, "from": start, "to": end, "ink": ink, **bar}
            )
    data = alt.Chart(pd.DataFrame(rows))
    colour = alt.Color("ink:N", scale=None)
    height = STEP * len(bars) - (STEP - LINE - BAR)
    y = alt.Y("y:Q", scale=alt.Scale(domain=[0, height], reverse=True), axis=None)
    names = data.mark_text(
        align="left", baseline="top", fontSize=13, color=colours["ink"], limit=ROOM
    )
    labels = data.mark_text(align="right", baseline="top", fontSize=15, fontWeight="bold")
    unknown = data.mark_text(align="right", baseline="top", fontSize=13)
    layers = [
        names.encode(x=alt.value(0), y=y, text="name:N"),
        *(
            mark.encode(x=alt.value("width"), y=y, text="label:N", color=colour)
            for mark in (
                labels.transform_filter("datum.known"),
                unknown.transform_filter("!datum.known"),
            )
        ),
    ]
    if pieces:
        layers.append(_bars(pieces, y, colour))
    alternative = "; ".join(f"{row['name']}: {row['label']}" for row in rows)
    heading = alt.TitleParams(
        title, subtitle=subtitle, anchor="start", frame="group", fontSize=14, color=colours["ink"],
        subtitleColor=colours["pale"], subtitleFontSize=13, offset=12,
        limit=alt.expr("width"),
    )  # fmt: skip
    told = f"{title}. {alternative}"
    return layered(say, layers, colours, title=heading, height=HEAD + height, description=told)


def _pieces(share, look):
    """[(from, to)] of the bar of a share of one: one piece, or the dashes of a hatched bar."""
    if look != "hatched":
        return [(0, share)] if share else []
    step = 1 / DASHES
    starts = [i * step for i in range(round(share * DASHES) or 1)]
    return [(start, min(start + step / 2, share)) for start in starts]


def _bars(pieces, y, colour):
    base = alt.Chart(pd.DataFrame(pieces))
    tooltip = [alt.Tooltip("name:N", title=" "), alt.Tooltip("label:N", title=" ")]
    x = alt.X("from:Q", scale=alt.Scale(domain=[0, 1], padding=0), axis=None)
    soft = alt.condition("datum.look == 'soft'", alt.value(0.5), alt.value(1))
    return base.mark_rule(strokeWidth=BAR).encode(
        x=x, x2="to:Q", y=y, color=colour, opacity=soft, tooltip=tooltip
    )
