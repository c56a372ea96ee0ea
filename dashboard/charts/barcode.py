"""Where in each document the hits stand: a row a document, a stroke a hit."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
import plotly.graph_objects as go

from dashboard.charts.palette import Palette, start_figure


def draw_barcodes(table: pd.DataFrame, palette: Palette, t: Callable[[str], str], *, source: str = "") -> go.Figure:
    """Over the columns doc_id, label (escaped), shares (0 to 1, a list), hits; the first row on top."""
    figure = start_figure(palette, max(160, 26 * len(table) + 80), source)
    names = [f"{label} ({hits})" for label, hits in zip(table["label"], table["hits"], strict=True)]
    x: list[float] = []
    y: list[int] = []
    held: list[list[str]] = []
    for place, (doc_id, shares) in enumerate(zip(table["doc_id"], table["shares"], strict=True)):
        x += [100 * share for share in shares]
        y += [place] * len(shares)
        held += [[doc_id]] * len(shares)
    figure.add_scatter(
        x=x, y=y, mode="markers", customdata=held, hovertemplate="%{x:.0f}%<extra></extra>",
        marker={"symbol": "line-ns", "size": 15, "color": palette.accent, "line": {"width": 2, "color": palette.accent}},
    )  # fmt: skip
    figure.update_xaxes(range=[-1, 101], ticksuffix="%", title={"text": t("place in the text")})
    figure.update_yaxes(tickvals=list(range(len(table))), ticktext=names, range=[len(table) - 0.4, -0.6], tickfont={"size": 12})
    figure.update_layout(margin={"b": 70 + (14 * source.count("<br>") if source else 0)})
    for annotation in figure.layout.annotations:
        annotation.yshift = -52
    return figure
