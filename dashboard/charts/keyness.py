"""How large a difference is against how sure it is: one point a word."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from dashboard.charts.palette import Palette, fade, start_figure

#: Points that get their word written beside them, the surest first; a label that would lie on another is left out.
MOST_LABELS = 40
#: Where nothing is sure, so many of the likeliest are named all the same, in grey.
FEW_LABELS = 14


def draw_keyness(table: pd.DataFrame, palette: Palette, t: Callable[[str], str], *, source: str = "") -> go.Figure:
    """Over the columns label (escaped), item, log_ratio, log_likelihood, conservative_log_ratio, n_target, n_reference.

    What is surely more frequent in the target is a point in the first colour, in the reference a diamond in
    the second; what may be chance is grey. The log-likelihood is drawn on a square-root scale.
    """
    figure = start_figure(palette, 520, source)
    ratio = table["log_ratio"].clip(-12, 12)
    height = np.sqrt(table["log_likelihood"].clip(lower=0))
    sure = table["conservative_log_ratio"].fillna(0) != 0
    groups = (
        (t("may be chance"), ~sure, fade(palette.muted, 0.4), "circle", 6),
        (t("more in the target"), sure & (ratio > 0), palette.contrast, "circle", 8),
        (t("more in the reference"), sure & (ratio < 0), palette.accent, "diamond", 8),
    )
    for name, chosen, colour, symbol, size in groups:
        rows = table[chosen]
        figure.add_scatter(
            x=ratio[chosen].tolist(), y=height[chosen].tolist(), mode="markers", name=name,
            marker={"color": colour, "symbol": symbol, "size": size},
            customdata=rows[["item", "n_target", "n_reference", "log_likelihood"]].to_numpy().tolist(),
            text=rows["label"].tolist(),
            hovertemplate=(
                f"<b>%{{text}}</b><br>{t('log ratio')} %{{x:.2f}} · G² %{{customdata[3]:.1f}}"
                "<br>%{customdata[1]} : %{customdata[2]}<extra></extra>"
            ),
        )  # fmt: skip
    named = sure if sure.any() else table["log_likelihood"].rank(ascending=False) <= FEW_LABELS
    for place in pick_labels(ratio.to_numpy(), height.to_numpy(), table["label"].str.len().to_numpy(), named.to_numpy()):
        colour = palette.muted if not sure.iloc[place] else palette.contrast if ratio.iloc[place] > 0 else palette.accent
        figure.add_annotation(
            x=float(ratio.iloc[place]), y=float(height.iloc[place]), text=table["label"].iloc[place], showarrow=False,
            yshift=11, font={"size": 12, "color": colour},
        )  # fmt: skip
    ticks = [n for n in (0, 4, 10, 25, 50, 100, 200, 400, 800, 1600, 3200, 6400) if n <= (height.max() or 1) ** 2 * 1.1]
    sides = f"← {t('reference')}　{t('log ratio')}　{t('target')} →"
    figure.update_xaxes(title={"text": sides}, zeroline=True, zerolinecolor=palette.grid)
    figure.update_yaxes(title={"text": "G²"}, tickvals=np.sqrt(ticks).tolist(), ticktext=[str(n) for n in ticks])
    figure.update_layout(
        showlegend=True, legend={"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0},
        margin={"t": 40, "b": 60 + (14 * (source.count("<br>") + 1) if source else 0)},
    )  # fmt: skip
    for annotation in figure.layout.annotations:
        if source and annotation.text == source:
            annotation.yshift = -56
    return figure


def pick_labels(x: np.ndarray, y: np.ndarray, lengths: np.ndarray, sure: np.ndarray) -> list[int]:
    """Places of the points to be labelled: the highest first, none where its words would lie on those of another.

    >>> pick_labels(np.array([0.0, 0.1, 5.0]), np.array([3.0, 3.0, 1.0]), np.array([2, 2, 2]), np.array([True] * 3))
    [0, 2]
    """
    if not len(x):
        return []
    wide, high = max(float(np.ptp(x)), 1e-9), max(float(y.max()), 1e-9)
    taken: list[tuple[float, float, float]] = []
    chosen: list[int] = []
    for place in np.argsort(-y, kind="stable"):
        if not sure[place] or len(chosen) == MOST_LABELS:
            continue
        across, up, half = x[place] / wide, y[place] / high, 0.0085 * lengths[place]
        if all(abs(across - a) > half + h or abs(up - u) > 0.04 for a, u, h in taken):
            taken.append((across, up, half))
            chosen.append(int(place))
    return chosen
