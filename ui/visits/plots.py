"""The charts that an analyst works on, as Plotly figures: plain rows and a Text in, a figure out.

Plotly reads a little HTML in every text of a figure, so each sentence and name is escaped.
Finished figures are kept (`show`) by what the warehouse, the language, the theme and the view are.
"""

from datetime import date, timedelta
from html import escape

import plotly.graph_objects as go
import streamlit as st
from plotly.subplots import make_subplots

from kpi.simulated import is_simulated
from ui.kit import kept, sentences
from ui.kit.charts import DARK, LIGHT

HALF_MONTH = timedelta(days=14)
KINDS = ("national_holiday", "joint_leave", "school_holiday", "event")
SYMBOLS = ("diamond", "square", "triangle-up", "star")
MARKS = {  # of points by what is known of them; the others are circles
    "revised": "triangle-down",
    "suspect": "triangle-up",
    "estimated": "diamond-open",
    "provisional": "circle-open",
}
BUTTONS = {  # of the tool bar, by Plotly's own words
    "Zoom": "plotly.zoom",
    "Pan": "plotly.pan",
    "Zoom in": "plotly.zoom_in",
    "Zoom out": "plotly.zoom_out",
    "Reset axes": "plotly.reset",
    "Download plot as a PNG": "plotly.picture",
    "Double-click to zoom back out": "plotly.back",
}
MARK = {  # of a picture that is simulated, above it on the right
    "x": 1,
    "y": 1,
    "xanchor": "right",
    "yanchor": "top",
    "yref": "container",
    "pad": {"t": 4, "r": 26},
    "font": {"size": 12},
}
MARK_HEIGHT = 22
UNUSED = ["select2d", "lasso2d", "autoScale2d"]


def show(say, key, build, alt, is_simulated=False, on_select=None):
    """Draws the figure that `build()` makes, or the one that was made for this key before; a
    simulated one is marked in the picture, which leaves the page as a file.

    key: (name, snapshot's id, language, theme, view ...); on_select: called with the widget's key
    when a point is clicked.
    """
    name = "-".join(map(str, key))

    def made():
        figure = build()
        if is_simulated:
            figure.update_layout(
                title={"text": say("simulated.mark")} | MARK,
                margin_t=figure.layout.margin.t + MARK_HEIGHT,
                height=figure.layout.height + MARK_HEIGHT,
            )
        return figure

    shown = {"theme": None, "key": name, "config": _config(say), "alt": alt}
    if on_select:  # a control of the visitor's own
        picked = {"on_select": lambda: on_select(name), "selection_mode": "points"}
        st.plotly_chart(kept.value(name, made), **shown, **picked)
    else:
        kept.drawn(name, lambda: st.plotly_chart(made(), **shown))


def _config(say):
    return {
        "locale": say.lang,
        "locales": {
            say.lang: {
                "dictionary": {theirs: say(code) for theirs, code in BUTTONS.items()},
                "format": say.plotly_format,
            }
        },
        "displaylogo": False,
        "modeBarButtonsToRemove": UNUSED,
    }


def course(say, rows, days, breaks, step, is_dark):
    """Visits by period, a line a part, cut at breaks; what is not complete is dotted and hollow.

    rows: of the query visits_periods; days: of calendar_days, below the axis, but not of years;
    breaks: [(year, sentence)]; step: D, M or A. Of many parts the four largest have a colour.
    """
    colours = DARK if is_dark else LIGHT
    has_days = bool(days) and step != "A"
    figure = make_subplots(
        rows=1 + has_days,
        cols=1,
        shared_xaxes=True,
        row_heights=[0.8, 0.2] if has_days else [1],
        vertical_spacing=0.03,
    )
    sizes = {}
    for row in rows:
        sizes[row["part"]] = sizes.get(row["part"], 0) + row["visits"]
    parts = sorted(sizes, key=sizes.get, reverse=True)
    named = dict(zip(parts, colours["lines"], strict=False))
    for part in reversed(parts):
        mine = [r for r in rows if r["part"] == part]
        for number, piece in enumerate(_pieces(mine, breaks)):
            line = {"color": named.get(part, colours["pale"]), "width": 1 if step == "D" else 2.5}
            if part not in named:
                line["width"] = 0.7
            _line(figure, say, piece, step, line, has_name=part in named and number == 0)
    if len(parts) > len(named):
        grey = {"color": colours["pale"]}
        figure.add_scatter(x=[None], y=[None], line=grey, name=say("visits.others"), row=1, col=1)
    figure.update_yaxes(rangemode="tozero", tickformat=",d", row=1, col=1)
    if step == "A":
        figure.update_xaxes(tickformat="d", **({"dtick": 1} if len(rows) < 12 else {}))
    _breaks(figure, say, rows, breaks, step)
    if has_days:
        _days(figure, say, days, colours)
    has_legend = len(parts) > 1
    height = (430 if has_days else 340) + 40 * has_legend
    return _finished(figure, say, colours, height, legend=has_legend)


def _pieces(rows, breaks):
    """The rows of a line from break to break."""
    cuts = sorted(year for year, _ in breaks)
    pieces = {}
    for row in rows:
        piece = sum(row["period_start"].year >= cut for cut in cuts)
        pieces.setdefault(piece, []).append(row)
    return list(pieces.values())


def _breaks(figure, say, rows, breaks, step):
    for year, sentence in breaks:
        first = date(year, 1, 1)
        if not any(r["period_start"] < first for r in rows):
            continue
        x = year - 0.5 if step == "A" else first
        figure.add_vline(x=x, line={"dash": "dash", "width": 1}, row=1, col=1)
        figure.add_annotation(
            x=x,
            y=1,
            yref="y domain",
            text="≠ " + say("mark.break"),
            hovertext=escape(sentence),
            showarrow=False,
            xanchor="left",
        )


def _line(figure, say, rows, step, line, has_name):
    """Two traces of one part: complete periods, and incomplete ones with their neighbours."""
    known = {r["period_start"]: r for r in rows}
    starts = _grid(min(known), max(known), step)
    found = [known.get(start) for start in starts]
    firm = [r["visits"] if r and r["is_complete"] else None for r in found]
    soft = [r["visits"] if r and not r["is_complete"] else None for r in found]
    is_soft = [value is not None for value in soft]
    colour, size = line["color"], 3 + 1.6 * line["width"]
    part = sentences.part(say, rows[0]["part"])
    name = escape(part)
    common = {
        "x": [_middle(start, step) for start in starts],
        "text": [r and escape(sentences.course_point(say, r, part)) for r in found],
        "hovertemplate": "%{text}<extra></extra>",
        "name": name,
        "legendgroup": name,
        "row": 1,
        "col": 1,
    }
    figure.add_scatter(
        **common,
        y=firm,
        mode="lines" if step == "D" else "lines+markers",
        line=line,
        marker={
            "size": size,
            "color": colour,
            "symbol": [MARKS.get(r and r["obs_status"], "circle") for r in found],
        },
        showlegend=has_name,
    )
    if not any(is_soft):
        return
    beside = [any(is_soft[max(0, i - 1) : i + 2]) for i in range(len(soft))]
    figure.add_scatter(
        **common,
        y=[firm[i] if near and not is_soft[i] else soft[i] for i, near in enumerate(beside)],
        mode="lines+markers",
        line=line | {"dash": "dot"},
        marker={
            "symbol": "circle-open",
            "size": [size + 2 if is_hollow else 0 for is_hollow in is_soft],
            "color": colour,
            "line": {"width": 2, "color": colour},
        },
        showlegend=False,
    )


def _days(figure, say, days, colours):
    """Holidays, leave and events as a row each below the course."""
    kinds = [kind for kind in KINDS if any(d["kind"] == kind for d in days)]
    for kind in reversed(kinds):
        mine = [d for d in days if d["kind"] == kind]
        spans = [d for d in mine if d["first_day"] < d["last_day"]]
        name = say(f"day.{kind}")
        symbol = SYMBOLS[KINDS.index(kind)]
        figure.add_scatter(
            x=[x for d in spans for x in (d["first_day"], d["last_day"], None)],
            y=[name] * 3 * len(spans),
            mode="lines",
            line={"color": colours["pale"], "width": 3},
            hoverinfo="skip",
            showlegend=False,
            row=2,
            col=1,
        )
        figure.add_scatter(
            x=[d["first_day"] for d in mine],
            y=[name] * len(mine),
            mode="markers",
            marker={"symbol": symbol, "size": 7, "color": colours["pale"]},
            text=[escape(sentences.calendar_day(say, d)) for d in mine],
            hovertemplate="%{text}<extra></extra>",
            showlegend=False,
            row=2,
            col=1,
        )
    figure.update_yaxes(row=2, col=1, showgrid=False, tickfont={"size": 11}, fixedrange=True)
    figure.update_xaxes(row=2, col=1, showgrid=True)


def years(say, rows, view, is_dark):
    """A year and the year before by month, of the same days: by calendar, and aligned to Lebaran.

    rows: of the query visits_pairs.
    """
    year = view.year
    colours = DARK if is_dark else LIGHT
    panels = [a for a in ("calendar", "lebaran") if any(r["alignment"] == a for r in rows)]
    totals = {r["alignment"]: r for r in sentences.totals(rows)}
    titles = [escape(sentences.compared(say, totals[a])) for a in panels]
    figure = make_subplots(
        rows=len(panels), cols=1, shared_xaxes=True, subplot_titles=titles, vertical_spacing=0.14
    )
    for number, alignment in enumerate(panels, start=1):
        mine = [r for r in sentences.months(rows) if r["alignment"] == alignment]
        is_above = mine[-1]["change"] >= 0  # the two labels stand apart
        for column, colour, width, at, side in (
            ("visits_before", colours["lines"][1], 1.5, year - 1, "bottom" if is_above else "top"),
            ("visits", colours["lines"][0], 3, year, "top" if is_above else "bottom"),
        ):
            figure.add_scatter(
                x=[_middle(r["month_start"], "M") for r in mine],
                y=[r[column] for r in mine],
                mode="lines+markers+text",
                line={"color": colour, "width": width},
                marker={
                    "symbol": ["circle" if r["is_complete"] else "circle-open" for r in mine],
                    "size": 7,
                    "color": colour,
                    "line": {"width": 2, "color": colour},
                },
                text=[""] * (len(mine) - 1) + [str(at)],
                textposition=f"{side} right",
                textfont={"color": colour, "weight": 700},
                customdata=[[escape(sentences.pair(say, r))] for r in mine],
                hovertemplate="%{customdata[0]}<extra></extra>",
                showlegend=False,
                cliponaxis=False,
                row=number,
                col=1,
            )
        _feasts(figure, say, totals[alignment], alignment, year, colours, number)
    figure.update_yaxes(rangemode="tozero", tickformat=",d", nticks=5)
    whole = [date(year, 1, 1), date(year, 12, 31)]
    figure.update_xaxes(nticks=13, tickangle=0, tickformat="%b", showticklabels=True, range=whole)
    figure.update_annotations(font={"size": 13, "color": colours["pale"]})
    return _finished(figure, say, colours, 60 + 210 * len(panels), top=34)


def _feasts(figure, say, row, alignment, year, colours, number):
    """1 Syawal of the year, and by calendar also that of the year before, as dotted lines."""
    feasts = [(row["feast"], colours["lines"][0])]
    if alignment == "calendar":
        feasts.append((row["feast_before"], colours["lines"][1]))
    for feast, colour in feasts:
        if feast:
            figure.add_vline(
                x=date(year, feast.month, min(feast.day, 28 if feast.month == 2 else 31)),
                line={"dash": "dot", "width": 1.5, "color": colour},
                row=number,
                col=1,
            )


def changes(say, rows, view, is_dark):
    """What each place gained or lost against the year before, a bar a place; a click filters by it.

    rows: of the query visits_pairs, one a place; all but the chosen one are paler.
    """
    colours = DARK if is_dark else LIGHT
    mine = list(reversed(rows))
    figure = go.Figure()
    figure.add_bar(
        orientation="h",
        y=[f"{escape(sentences.place(say, r))}<br>{sentences.difference(say, r)}" for r in mine],
        x=[r["change"] for r in mine],
        customdata=[
            ["site", r["place"]] if r["place_name"] else ["measure", r["measure"]] for r in mine
        ],
        hovertext=[escape(sentences.pair(say, r)) for r in mine],
        hovertemplate="%{hovertext}<extra></extra>",
        marker={
            "color": [colours["lines"][0 if r["change"] >= 0 else 1] for r in mine],
            "opacity": [1 if view.site in (None, r["place"]) else 0.35 for r in mine],
            "pattern": {
                "shape": "/" if is_simulated(view) else "",
                "size": 5,
                "solidity": 0.4,
            },
        },
        selected={"marker": {"opacity": 1}},
        unselected={"marker": {"opacity": 1 if view.site is None else 0.35}},
    )
    figure.update_xaxes(tickformat=",d", zerolinecolor=colours["pale"], nticks=5)
    figure.update_layout(clickmode="event+select", dragmode="zoom", bargap=0.25)
    return _finished(figure, say, colours, 60 + 40 * len(mine))


def heat(say, rows, _view, is_dark):
    """Places by months: visits more or fewer than in the same month of the year before.

    rows: of the query visits_pairs, one a place and month.
    """
    colours = DARK if is_dark else LIGHT
    sums = {}
    for row in rows:
        sums[_place(say, row)] = sums.get(_place(say, row), 0) + row["change"]
    places = sorted(sums, key=sums.get)
    months = sorted({r["month_start"] for r in rows})
    cells = {(_place(say, r), r["month_start"]): r for r in rows}
    grid = [[cells.get((place, month)) for month in months] for place in reversed(places)]
    most = sorted(abs(r["change"]) for r in rows)[int(len(rows) * 0.9)] or 1
    figure = go.Figure()
    figure.add_heatmap(
        x=[say.month_name(m) for m in months],
        y=list(reversed(places)),
        z=[[c and c["change"] for c in line] for line in grid],
        text=[
            [
                say.signed(c["change"]) + ("" if c["is_complete"] else " ◌") if c else ""
                for c in line
            ]
            for line in grid
        ],
        customdata=[[c and escape(sentences.pair(say, c)) for c in line] for line in grid],
        hovertemplate="%{y}<br>%{customdata}<extra></extra>",
        texttemplate="%{text}",
        zmin=-most,
        zmax=most,
        colorscale=[
            [0, mixed(colours["lines"][1], colours["paper"])],
            [0.5, colours["paper"]],
            [1, mixed(colours["lines"][0], colours["paper"])],
        ],
        textfont={"color": colours["ink"]},
        showscale=False,
        xgap=2,
        ygap=2,
        hoverongaps=False,
    )
    figure.update_xaxes(side="top", showgrid=False)
    figure.update_yaxes(showgrid=False)
    return _finished(figure, say, colours, 102 + 34 * len(places), top=24)


def mixed(colour, paper):
    """A colour half way to the paper, so that a text in ink can be read on it."""
    pairs = zip(bytes.fromhex(colour[1:]), bytes.fromhex(paper[1:]), strict=True)
    return "#" + bytes((one + other) // 2 for one, other in pairs).hex()


def _finished(figure, say, colours, height, legend=False, top=12):
    """The figure in the colours of the page, with the number signs of the language."""
    symbols = say.plotly_format
    figure.update_layout(
        template="none",
        height=height,
        margin={"l": 8, "r": 26, "t": top, "b": 8},
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        font={"family": "Source Sans, sans-serif", "size": 13, "color": colours["pale"]},
        hoverlabel={
            "bgcolor": colours["paper"],
            "font": {"color": colours["pale"]},
            "align": "left",
        },
        separators=symbols["decimal"] + symbols["thousands"],
        showlegend=legend,
        legend={"orientation": "h", "yanchor": "top", "y": -0.1, "x": 0, "itemsizing": "constant"},
        hovermode="closest",
    )
    line = "rgba(128,128,128,0.25)"
    figure.update_xaxes(gridcolor=line, linecolor=line, automargin=True)
    figure.update_yaxes(gridcolor=line, zerolinecolor=line, automargin=True)
    return figure


def _place(say, row):
    return escape(sentences.place(say, row)).replace(" (", "<br>(")


def _grid(first, last, step):
    """Every period of a step from the first to the last."""
    starts = [first]
    while starts[-1] < last:
        day = starts[-1]
        if step == "D":
            starts.append(day + timedelta(days=1))
        elif step == "M":
            starts.append((day + timedelta(days=31)).replace(day=1))
        else:
            starts.append(day.replace(year=day.year + 1))
    return starts


def _middle(start, step):
    """Where a period stands on the axis: a month in its middle."""
    return {"D": start, "M": start + HALF_MONTH, "A": start.year}[step]
