"""Change between two periods: a point and an interval for each phrase or province, left of nought and right of it."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
import plotly.graph_objects as go

from dashboard.charts.palette import Palette, start_figure


def draw_change(table: pd.DataFrame, palette: Palette, t: Callable[[str], str], *, source: str = "") -> go.Figure:
    """Over the columns label (escaped), difference, low, high (as shares), with_first, n_first, with_second, n_second, thin.

    Points whose interval holds nought are hollow, those of thin cells square.
    """
    rows = table.dropna(subset=["difference"]).sort_values("difference")
    figure = start_figure(palette, max(170, 24 * len(rows) + 110), source)
    value, low, high = (100 * rows[name].astype(float) for name in ("difference", "low", "high"))
    sure = (low > 0) | (high < 0)
    colours = [palette.contrast if v > 0 else palette.accent for v in value]
    figure.add_scatter(
        x=value.tolist(), y=rows["label"].tolist(), mode="markers",
        marker={
            "color": [c if s else palette.background for c, s in zip(colours, sure, strict=True)], "size": 9,
            "symbol": ["square" if thin else "circle" for thin in rows["thin"]], "line": {"color": colours, "width": 1.6},
        },
        error_x={
            "type": "data", "symmetric": False, "array": (high - value).tolist(), "arrayminus": (value - low).tolist(),
            "thickness": 1.3, "width": 4, "color": palette.muted,
        },
        customdata=rows[["with_first", "n_first", "with_second", "n_second"]].to_numpy().tolist(),
        hovertemplate=(
            "<b>%{y}</b> %{x:+.1f}<br>%{customdata[0]}/%{customdata[1]} → %{customdata[2]}/%{customdata[3]}<extra></extra>"
        ),
    )  # fmt: skip
    figure.add_vline(x=0, line={"color": palette.text, "width": 1})
    figure.update_xaxes(title={"text": t("change in percentage points")}, zeroline=False)
    figure.update_yaxes(showgrid=True, type="category", tickfont={"size": 13})
    figure.update_layout(margin={"b": 70 + (14 * source.count("<br>") if source else 0)})
    for annotation in figure.layout.annotations:
        if source and annotation.text == source:
            annotation.yshift = -54
    return figure
