"""Who stands together: a network laid out by its own forces, the same every time."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from dashboard.charts.palette import SYMBOLS, Palette, fade, start_figure

STEPS = 300


def draw_network(
    nodes: pd.DataFrame, edges: pd.DataFrame, palette: Palette, t: Callable[[str], str], *, source: str = ""
) -> go.Figure:
    """nodes: id, label (escaped), group (escaped), size; edges: a, b (ids), weight. Groups differ by colour and shape."""
    place = lay_out(nodes["id"].tolist(), list(zip(edges["a"], edges["b"], edges["weight"], strict=True)))
    figure = start_figure(palette, 560, source)
    most = float(edges["weight"].max()) if len(edges) else 1.0
    for level in range(4):  # a trace for each thickness: one for each line would be slow
        low, high = most * level / 4, most * (level + 1) / 4
        chosen = edges[(edges["weight"] > low) & (edges["weight"] <= high)]
        x: list[float | None] = []
        y: list[float | None] = []
        for a, b in zip(chosen["a"], chosen["b"], strict=True):
            x += [place[a][0], place[b][0], None]
            y += [place[a][1], place[b][1], None]
        figure.add_scatter(
            x=x, y=y, mode="lines", hoverinfo="skip", line={"color": fade(palette.muted, 0.35), "width": 0.7 + 1.3 * level}
        )
    groups = nodes.groupby("group", sort=False)
    largest = float(nodes["size"].max()) if len(nodes) else 1.0
    order = groups["size"].sum().sort_values(ascending=False).index
    for number, group in enumerate(order):
        rows = groups.get_group(group)
        other = number >= len(palette.series) - 1
        figure.add_scatter(
            x=[place[i][0] for i in rows["id"]], y=[place[i][1] for i in rows["id"]], mode="markers+text",
            text=rows["label"].tolist(), textposition="top center", name=group, customdata=rows["id"].tolist(),
            textfont={"size": 12, "color": palette.text},
            marker={
                "size": (8 + 18 * np.sqrt(rows["size"] / largest)).tolist(),
                "color": palette.muted if other else palette.colour(number), "symbol": SYMBOLS[number % len(SYMBOLS)],
                "line": {"color": palette.background, "width": 1},
            },
            hovertext=[f"{label} · {group} · {size}" for label, size in zip(rows["label"], rows["size"], strict=True)],
            hoverinfo="text", showlegend=not other,
        )  # fmt: skip
    figure.update_xaxes(visible=False)
    figure.update_yaxes(visible=False)
    figure.update_layout(showlegend=len(order) > 1, legend={"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0})
    return figure


def lay_out(ids: list[str], edges: list[tuple[str, str, float]]) -> dict[str, tuple[float, float]]:
    """Places by force (Fruchterman and Reingold 1991), begun on a circle: the same input gives the same picture.

    >>> sorted(lay_out(["a", "b"], [("a", "b", 1.0)]))
    ['a', 'b']
    """
    n = len(ids)
    if not n:
        return {}
    number = {name: place for place, name in enumerate(ids)}
    angle = 2 * np.pi * np.arange(n) / n
    at = np.column_stack([np.cos(angle), np.sin(angle)]) + 0.01 * np.column_stack([np.sin(7 * angle), np.cos(5 * angle)])
    pull = np.zeros((n, n))
    for a, b, weight in edges:
        pull[number[a], number[b]] = pull[number[b], number[a]] = np.sqrt(weight)
    ideal = 2.4 / np.sqrt(n)
    for step in range(STEPS):
        apart = at[:, None] - at[None]
        distance = np.maximum(np.hypot(apart[..., 0], apart[..., 1]), 1e-3)
        force = ideal**2 / distance**2 - 0.5 * pull / max(pull.max(), 1) * distance / ideal
        move = (apart * force[..., None]).sum(axis=1) - 0.12 * at
        length = np.maximum(np.hypot(move[:, 0], move[:, 1]), 1e-9)
        heat = 0.12 * (1 - step / STEPS)
        at = at + move / length[:, None] * np.minimum(length, heat)[:, None]
    return {name: (float(x), float(y)) for name, (x, y) in zip(ids, at, strict=True)}
