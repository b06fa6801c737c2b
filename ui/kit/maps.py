"""The map of a city's areas, as Plotly because it is clicked: tiles, or outlines where known.

Nothing is asked of anybody: outlines are filled lines, no base map. Every area carries an icon and
a word beside its colour.
"""

from html import escape
from math import cos, radians

import plotly.graph_objects as go

from ui.kit.tiles import tiles

ICONS = {"better": "✓", "alike": "≈", "worse": "!", "few": "?"}
LIGHT = {
    "ink": "#1a1f2b",
    "fill": {"better": "#d5ebf5", "alike": "#ecedef", "worse": "#fbe0cc", "few": "#ffffff"},
    "line": {"better": "#0083b3", "alike": "#767676", "worse": "#c4560a", "few": "#767676"},
}
DARK = {
    "ink": "#f2f4f8",
    "fill": {"better": "#0f3a4d", "alike": "#2c2f36", "worse": "#4a2a10", "few": "#171614"},
    "line": {"better": "#4db8e0", "alike": "#9aa0ab", "worse": "#f59b5b", "few": "#9aa0ab"},
}
ROW = 64  # pixels of a tile
HEIGHT = 560  # pixels of a map of outlines
WIDE = 6  # columns of tiles up to which a tile has room for words
GAP = 0.46  # half a tile, with a little room to the next


def area_map(areas, shapes, chosen, is_dark):
    """The figure of areas: [{code, name, word, position, value (text), note (text)}].

    shapes: {code: rings of [longitude, latitude]}; without one for every area they are tiles. None
    where an area has no position.
    """
    if not areas or any(a["position"] is None for a in areas):
        return None
    is_tiles = not all(a["code"] in shapes for a in areas)
    rings, centres = _squares(areas) if is_tiles else _outlines(areas, shapes)
    colours = DARK if is_dark else LIGHT
    figure = go.Figure()
    for word in ICONS:
        _fill(
            figure, [r for a in areas if a["word"] == word for r in rings[a["code"]]], word, colours
        )
    if chosen in rings:
        line = {"color": colours["ink"], "width": 3.5}
        figure.add_scatter(**_line(rings[chosen]), mode="lines", line=line, hoverinfo="skip")
    size = _size(centres) if is_tiles else (0, 0)
    figure.add_scatter(
        x=[centres[a["code"]][0] for a in areas],
        y=[centres[a["code"]][1] for a in areas],
        text=[_label(a, 0 < size[0] <= WIDE) for a in areas],
        customdata=[a["code"] for a in areas],
        hovertext=[
            f"<b>{escape(a['name'])}: {escape(a['told'])}</b><br>{escape(a['note'])}" for a in areas
        ],
        hoverinfo="text",
        mode="markers+text",
        marker={"size": ROW - 10 if is_tiles else 22, "symbol": "square", "opacity": 0},
        textfont={"size": 11 if is_tiles else 14, "color": colours["ink"]},
        selected={"marker": {"opacity": 0}},
        unselected={"marker": {"opacity": 0}, "textfont": {"color": colours["ink"]}},
    )
    figure.update_layout(
        height=ROW * size[1] if is_tiles else HEIGHT,
        margin={"l": 0, "r": 0, "t": 0, "b": 0},
        showlegend=False,
        dragmode=False,
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        font={"family": "Source Sans, sans-serif"},
    )
    figure.update_xaxes(visible=False, fixedrange=True)
    figure.update_yaxes(visible=False, fixedrange=True)
    if is_tiles:
        figure.update_xaxes(range=(-0.5, size[0] - 0.5))
        figure.update_yaxes(range=(0.5 - size[1], 0.5))
    else:
        middle = sum(a["position"][0] for a in areas) / len(areas)
        figure.update_yaxes(scaleanchor="x", scaleratio=1 / cos(radians(middle)))
    return figure


def _squares(areas):
    """(rings, centres) by code: a square a tile, y downwards."""
    cells = tiles({a["code"]: tuple(a["position"]) for a in areas})
    centres = {code: (column, -row) for code, (column, row) in cells.items()}
    corners = ((-GAP, -GAP), (GAP, -GAP), (GAP, GAP), (-GAP, GAP), (-GAP, -GAP))
    rings = {code: [[[x + dx, y + dy] for dx, dy in corners]] for code, (x, y) in centres.items()}
    return rings, centres


def _outlines(areas, shapes):
    """(rings, centres) by code: outlines as received, and the positions of the areas."""
    centres = {a["code"]: (a["position"][1], a["position"][0]) for a in areas}
    return {code: shapes[code] for code in centres}, centres


def _size(centres):
    """(columns, rows) of a grid."""
    return 1 + max(x for x, _ in centres.values()), 1 - min(y for _, y in centres.values())


def _label(area, has_room):
    icon = ICONS[area["word"]]
    if not has_room:
        return f"<b>{icon}</b>"
    name, value, told = (escape(area[key]) for key in ("name", "value", "told"))
    return f"<b>{name}</b><br>{value}<br>{icon} {told}"


def _line(rings):
    """x and y of one line through rings, lifted between them."""
    points = [point for ring in rings for point in (*ring, (None, None))]
    return {"x": [p[0] for p in points], "y": [p[1] for p in points]}


def _fill(figure, rings, word, colours):
    if rings:
        line = {
            "color": colours["line"][word],
            "width": 1.5,
            "dash": "dot" if word == "few" else "solid",
        }
        figure.add_scatter(
            **_line(rings),
            mode="lines",
            fill="toself",
            fillcolor=colours["fill"][word],
            line=line,
            hoverinfo="skip",
        )
