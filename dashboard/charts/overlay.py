"""A timeline above, outside series below: a panel each on one axis of time, never two scales in one panel."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import plotly.graph_objects as go

from dashboard.charts.palette import Palette
from dashboard.charts.timeline import place_period

#: Height of a panel and of the gap above it, in pixels.
PANEL, GAP = 120, 40


def add_overlays(figure: go.Figure, series: Sequence[tuple[pd.DataFrame, str]], palette: Palette) -> list[int]:
    """Put each series (columns period, value; its label, escaped) in a panel of its own below a figure of `draw_timeline`.

    Only what lies within the timeline is drawn. Returns how many values of each series that is; a series without
    one gets no panel.
    """
    drawn = [_place_values(figure, rows) for rows, _ in series]
    shown = [(place, label) for place, (_, label) in zip(drawn, series, strict=True) if place[0]]
    if shown:
        height = figure.layout.height
        margin = figure.layout.margin.t + figure.layout.margin.b
        inner = height - margin + (PANEL + GAP) * len(shown)
        figure.update_layout(height=inner + margin)
        figure.update_yaxes(domain=[(PANEL + GAP) * len(shown) / inner, 1])
        figure.update_xaxes(anchor=f"y{len(shown) + 1}")
    for number, ((x, y, periods), label) in enumerate(shown, 2):
        bottom = (PANEL + GAP) * (len(shown) + 1 - number) / inner
        figure.update_layout({f"yaxis{number}": {
            "domain": [bottom, bottom + PANEL / inner], "anchor": "x", "gridcolor": figure.layout.yaxis.gridcolor,
            "zeroline": False, "automargin": True, "linecolor": palette.grid,
            "nticks": 4, "rangemode": "tozero",
        }})  # fmt: skip
        figure.add_annotation(
            text=label, xref="paper", yref="paper", x=0, y=bottom + PANEL / inner, xanchor="left", yanchor="bottom", showarrow=False,
            font={"size": 13, "color": palette.text},
        )  # fmt: skip
        figure.add_bar(
            x=x, y=y, yaxis=f"y{number}", name=label, marker={"color": palette.muted}, showlegend=False, customdata=periods,
            hovertemplate=f"<b>{label}</b> %{{customdata}}: %{{y:,.1f}}<extra></extra>",
        )  # fmt: skip
    return [len(place[0]) for place in drawn]


def _place_values(figure: go.Figure, rows: pd.DataFrame) -> tuple[list, list[float], list[str]]:
    """(places on the axis, values, periods) of what lies within the timeline."""
    places: dict[str, object]
    if figure.layout.xaxis.type == "date":
        days = [day for trace in figure.data for day in trace.x if day is not None]
        first, last = (min(days), max(days)) if days else ("~", "")
        dated = ((period, place_period(period)) for period in rows["period"])
        places = {period: day for period, day in dated if first <= day <= last}
    else:  # few periods: they stand beside one another, numbered
        places = {period: place for place, period in enumerate(figure.layout.xaxis.ticktext or ())}
    rows = rows[rows["period"].isin(places)]
    return [places[period] for period in rows["period"]], rows["value"].tolist(), rows["period"].tolist()
