"""Who stands together: a network laid out by its own forces, the same every time."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from dashboard.charts.palette import Palette, fade, start_figure

STEPS = 300
#: What a point with its name takes of the width and the height of the picture.
WIDE, HIGH = 0.085, 0.09
#: So many of the largest nodes say what they are below their name.
MOST_TITLES = 12


def draw_network(
    nodes: pd.DataFrame, edges: pd.DataFrame, palette: Palette, t: Callable[[str], str], *, source: str = ""
) -> go.Figure:
    """nodes: id, label (escaped), group (escaped), size, and if known title (escaped: an office); edges: a, b (ids),
    weight. Groups differ by colour and shape; the titles of the largest stand below their names, all when pointed at."""
    place = lay_out(nodes["id"].tolist(), list(zip(edges["a"], edges["b"], edges["weight"], strict=True)))
    nodes = nodes.assign(title=nodes.get("title", ""))
    told = _pick_titles(nodes, place)
    figure = start_figure(palette, 640, source)
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
            x=x, y=y, mode="lines", hoverinfo="skip", line={"color": fade(palette.muted, 0.35), "width": 0.7 + 1.3 * level},
            showlegend=False,
        )
    groups = nodes.groupby("group", sort=False)
    largest = float(nodes["size"].max()) if len(nodes) else 1.0
    order = groups["size"].sum().sort_values(ascending=False).index
    for number, group in enumerate(order):
        rows = groups.get_group(group)
        other = number >= len(palette.series) - 1
        figure.add_scatter(
            x=[place[i][0] for i in rows["id"]], y=[place[i][1] for i in rows["id"]], mode="markers+text",
            text=[
                f"{row.label}<br><span style=\"font-size:11px\">{row.title}</span>" if row.title and row.id in told else row.label
                for row in rows.itertuples()
            ],
            textposition="top center", name=group, customdata=rows["id"].tolist(),
            textfont={"size": 13, "color": palette.text, "shadow": _halo(palette)},
            marker={
                "size": (8 + 18 * np.sqrt(rows["size"] / largest)).tolist(),
                "color": palette.muted if other else palette.colour(number), "symbol": palette.symbol(number),
                "line": {"color": palette.background, "width": 1},
            },
            hovertext=[
                " · ".join(str(part) for part in (row.label, row.title, group, row.size) if part != "") for row in rows.itertuples()
            ],
            hoverinfo="text", showlegend=not other,
        )  # fmt: skip
    figure.update_xaxes(visible=False, range=[-0.06, 1.06])
    figure.update_yaxes(visible=False, range=[-0.05, 1.12])
    figure.update_layout(showlegend=len(order) > 1, legend={"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0})
    return figure


def _halo(palette: Palette) -> str:
    """Names stand out from the lines behind them: a rim of the colour of the paper."""
    return ", ".join(f"{x}px {y}px 1px {palette.background}" for x in (-1, 1) for y in (-1, 1))


def _pick_titles(nodes: pd.DataFrame, place: dict[str, tuple[float, float]]) -> set[str]:
    """The largest nodes whose title has room: no other node, and no other title, lies where it would stand."""
    told: list[str] = []
    for node in nodes.nlargest(MOST_TITLES, "size").itertuples():
        x, y = place[node.id]
        wide = 0.006 * len(str(node.title)) + 0.02
        others = [(*place[other], 0.02) for other in nodes["id"] if other != node.id]
        others += [(*place[other], wide) for other in told]
        if all(abs(x - a) > wide + reach or not -0.02 < b - y < 0.115 for a, b, reach in others):
            told.append(str(node.id))
    return set(told)


def lay_out(ids: list[str], edges: list[tuple[str, str, float]]) -> dict[str, tuple[float, float]]:
    """Places by force (Fruchterman and Reingold 1991), begun on a circle: the same input gives the same picture.

    Forces leave a knot in the middle and empty corners; so each place is then drawn half-way to its rank along
    either axis, and points whose names would lie on one another are moved apart. Places are within 0 to 1.

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
    at = _part_names(_spread(at))
    return {name: (float(x), float(y)) for name, (x, y) in zip(ids, at, strict=True)}


def _spread(at: np.ndarray) -> np.ndarray:
    """Places between 0 and 1, half by distance and half by rank."""
    lowest = at.min(axis=0)
    scaled = (at - lowest) / np.maximum(np.ptp(at, axis=0), 1e-9)
    rank = np.argsort(np.argsort(at, axis=0, kind="stable"), axis=0, kind="stable") / max(len(at) - 1, 1)
    return (scaled + rank) / 2


def _part_names(at: np.ndarray) -> np.ndarray:
    """Move points until no two stand closer than a name is wide and a line is high."""
    for _ in range(200):
        apart = at[:, None] - at[None]
        short = 1 - np.hypot(apart[..., 0] / WIDE, apart[..., 1] / HIGH)
        np.fill_diagonal(short, 0)
        if (short <= 0).all():
            break
        # Points on one spot part along the order in which they are given.
        side = np.where(apart == 0, np.sign(np.arange(len(at))[:, None] - np.arange(len(at)))[..., None], np.sign(apart))
        at = at + (side * np.maximum(short, 0)[..., None] * (WIDE / 4, HIGH / 4)).sum(axis=1)
    return np.clip(at, 0, 1)
