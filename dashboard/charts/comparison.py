"""Provinces (or levels, outlets) beside one another: a bar each, with its interval and its n."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
import plotly.graph_objects as go

from dashboard.charts.palette import Palette, fade, start_figure


def draw_comparison(
    table: pd.DataFrame,
    palette: Palette,
    t: Callable[[str], str],
    *,
    measure: str = "share",
    selected: str = "",
    source: str = "",
) -> go.Figure:
    """Bars over the columns key, label (escaped), `measure` with its bounds, n_with, units, hits, thin; largest on top.

    Thin cells are hatched. What is written behind a bar is n: how many hold the phrase, of how many.
    """
    factor = 100 if measure == "share" else 1
    low, high = {"share": ("low", "high"), "rate": ("rate_low", "rate_high")}.get(measure, ("", ""))
    rows = table.sort_values([measure, "n_units"], ascending=True)
    figure = start_figure(palette, max(140, (28 if len(rows) < 12 else 21) * len(rows) + 90), source)
    value = rows[measure].astype(float) * factor
    error = None
    top = float(value.max()) if len(rows) else 1.0
    if low:
        upper, lower = rows[high].astype(float) * factor, rows[low].astype(float) * factor
        top = float(upper.max()) if len(rows) else 1.0
        error = {
            "type": "data", "symmetric": False, "array": (upper - value).tolist(),
            "arrayminus": (value - lower).tolist(), "thickness": 1.3, "width": 4, "color": palette.text,
        }  # fmt: skip
    figure.add_bar(
        x=value.tolist(), y=rows["label"].tolist(), orientation="h", error_x=error,
        marker={
            "color": [palette.contrast if key == selected else fade(palette.accent, 0.8) for key in rows["key"]],
            "line": {"color": palette.accent, "width": 1},
            "pattern": {
                "shape": ["/" if thin else "" for thin in rows["thin"]], "fgcolor": palette.background, "size": 7,
                "solidity": 0.45,
            },
        },
        customdata=rows[["key", "n_with", "n_units", "hits"]].to_numpy().tolist(),
        hovertemplate=(
            f"<b>%{{y}}</b> %{{x:.1f}}{'%' if measure == 'share' else ''}<br>{t('with the phrase')} %{{customdata[1]}}"
            f"/%{{customdata[2]}} · {t('hits')} %{{customdata[3]}}<extra></extra>"
        ),
    )  # fmt: skip
    notes = [
        {
            "x": 1, "xref": "paper", "xanchor": "left", "xshift": 6, "y": label, "text": f"{int(n_with)}/{int(units)}",
            "showarrow": False, "font": {"size": 12, "color": palette.muted},
        }
        for label, n_with, units in zip(rows["label"], rows["n_with"], rows["n_units"], strict=True)
    ]  # fmt: skip
    figure.update_layout(annotations=[*figure.layout.annotations, *notes])
    most = 100.0 if measure == "share" else float("inf")
    figure.update_xaxes(
        range=[0, min(max(top * 1.04, 1e-9), most * 1.01)], ticksuffix="%" if measure == "share" else "", side="top",
    )  # fmt: skip
    figure.update_yaxes(showgrid=False, type="category", tickfont={"size": 13})
    figure.update_layout(margin={"r": 64, "t": 30, "b": 14 + (14 * (source.count("<br>") + 2) if source else 0)})
    for annotation in figure.layout.annotations:
        if annotation.yref == "paper" and annotation.text == source:
            annotation.yshift = -6
    return figure
