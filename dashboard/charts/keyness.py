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
    lengths = table["label"].str.len().to_numpy()
    notes: list[dict[str, object]] = []
    for place, (across, up) in pick_labels(ratio.to_numpy(), height.to_numpy(), lengths, named.to_numpy()).items():
        colour = palette.muted if not sure.iloc[place] else palette.contrast if ratio.iloc[place] > 0 else palette.accent
        notes.append(dict(
            x=float(ratio.iloc[place]), y=float(height.iloc[place]), text=table["label"].iloc[place], showarrow=False,
            xanchor={-1: "right", 0: "center", 1: "left"}[across], xshift=7 * across, yshift=11 * up,
            font={"size": 13, "color": colour},
        ))  # fmt: skip
    figure.update_layout(annotations=[*figure.layout.annotations, *notes])
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


def pick_labels(x: np.ndarray, y: np.ndarray, lengths: np.ndarray, sure: np.ndarray) -> dict[int, tuple[int, int]]:
    """Places of the points to be labelled -> side of the point (-1 left, 0, 1 right; 1 above, 0 beside): the highest
    first; none where its words would lie on those of another or on a point.

    >>> pick_labels(np.array([0.0, 0.01, 5.0]), np.array([3.0, 3.0, 1.0]), np.array([2, 2, 2]), np.array([True] * 3))
    {0: (0, 1), 2: (0, 1)}
    """
    if not len(x):
        return {}
    # In shares of the span of the points: about 680 by 335 pixels, a character 13 wide, a line 15 high, a point 8.
    across, up = (x - x.min()) / max(float(np.ptp(x)), 1e-9), y / max(float(y.max()), 1e-9)
    taken: list[tuple[float, float, float]] = []
    chosen: dict[int, tuple[int, int]] = {}
    for place in np.argsort(-y, kind="stable"):
        if not sure[place] or len(chosen) == MOST_LABELS:
            continue
        half, outward = 0.0097 * lengths[place] + 0.002, 1 if x[place] >= 0 else -1
        for side, above in ((0, 1), (outward, 0), (-outward, 0)):
            left, bottom = across[place] + side * (half + 0.0105), up[place] + (0.033 if above else 0)
            clear = all(abs(left - a) > half + h or abs(bottom - u) > 0.047 for a, u, h in taken)
            on_point = (np.abs(across - left) < half + 0.005) & (np.abs(up - bottom) < 0.028) & (np.arange(len(x)) != place)
            if clear and not on_point.any():
                taken.append((left, bottom, half))
                chosen[int(place)] = (side, above)
                break
    return chosen
