"""A timeline above, an outside series below: two panels on one axis of time, never two scales in one panel."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go

from dashboard.charts.palette import Palette
from dashboard.charts.timeline import place_period


def add_overlay(figure: go.Figure, series: pd.DataFrame, label: str, palette: Palette) -> go.Figure:
    """Put the series (columns period, value) in a panel of its own below a figure of `draw_timeline`; returns the figure.

    Only what lies within the timeline is drawn. `label` is escaped. A figure without an axis of time
    (few periods) is returned as it is.
    """
    if figure.layout.xaxis.type != "date":
        return figure
    days = [day for trace in figure.data for day in trace.x if day is not None]
    first, last = (min(days), max(days)) if days else ("", "")
    series = series[[first <= place_period(period) <= last for period in series["period"]]]
    figure.update_layout(height=figure.layout.height + 150)
    figure.update_yaxes(domain=[0.36, 1])
    figure.update_layout(
        yaxis2={
            "domain": [0, 0.26], "anchor": "x", "gridcolor": figure.layout.yaxis.gridcolor, "zeroline": False,
            "title": {"text": label, "font": {"size": 12}}, "automargin": True, "linecolor": palette.grid,
        },
    )  # fmt: skip
    figure.update_xaxes(anchor="y2")
    figure.add_bar(
        x=[place_period(period) for period in series["period"]], y=series["value"].tolist(), yaxis="y2", name=label,
        marker={"color": palette.muted}, showlegend=False, customdata=series["period"].tolist(),
        hovertemplate="%{customdata}: %{y:,.1f}<extra></extra>",
    )  # fmt: skip
    return figure
