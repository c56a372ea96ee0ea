"""Where in each document the hits stand: a row a document, a stroke a hit."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
import plotly.graph_objects as go

from dashboard.charts.palette import Palette, start_figure

#: Height of a row in pixels: a line of words, and the strokes below it. Beside the strokes, the words would leave a
#: phone no room for them.
ROW = 44


def draw_barcodes(table: pd.DataFrame, palette: Palette, t: Callable[[str], str], *, source: str = "") -> go.Figure:
    """Over the columns doc_id, label (escaped), shares (0 to 1, a list), hits; the first row on top."""
    figure = start_figure(palette, ROW * len(table) + 96, source)
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
    labels = [
        {
            "text": f"{label} ({hits})", "x": 0, "xref": "paper", "xanchor": "left", "y": place, "yshift": 18, "showarrow": False,
            "font": {"size": 13, "color": palette.text},
        }
        for place, (label, hits) in enumerate(zip(table["label"], table["hits"], strict=True))
    ]  # fmt: skip
    figure.update_layout(annotations=[*figure.layout.annotations, *labels])
    figure.update_xaxes(range=[-1, 101], tickvals=list(range(0, 101, 20)), title={"text": t("place in the text")})
    figure.update_xaxes(ticktext=[f"{n}%" for n in range(0, 101, 20)])
    figure.update_yaxes(showticklabels=False, range=[len(table) - 0.5, -0.9], showgrid=True, dtick=1, tick0=0)
    figure.update_layout(margin={"r": 26, "b": 70 + (14 * source.count("<br>") if source else 0)})
    for annotation in figure.layout.annotations:
        if source and annotation.text == source:
            annotation.yshift = -52
    return figure
