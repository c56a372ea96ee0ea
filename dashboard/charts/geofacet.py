"""A small timeline for each province, laid out as the tile map: where and when at one glance."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pandas as pd
import plotly.graph_objects as go

from dashboard.charts.palette import Palette, fade, start_figure
from dashboard.charts.timeline import fill_periods, find_main_span, place_period

#: A cell of the grid in pixels, and the share of it that is left free between panels.
HEIGHT, GAP = 84, 0.14


def draw_geofacet(
    table: pd.DataFrame, places: Mapping[str, tuple[str, int, int]], palette: Palette, t: Callable[[str], str], *,
    source: str = "",
) -> go.Figure:
    """Over the columns province, period, share, low, high; places: province -> (label, escaped; row; column).

    All panels share both axes. The pale line in each is the share of all provinces together (rows without a province
    are left out), so that each can be read against the rest. Provinces without a document are empty frames.
    """
    known = table[table["province"].notna() & table["period"].notna()]
    main = find_main_span(known)
    if main is not None:
        known = known[known["period"].between(*main)]
    rows = 1 + max(row for _, row, _ in places.values())
    columns = 1 + max(column for _, _, column in places.values())
    figure = start_figure(palette, HEIGHT * rows + 60, source)
    together = known.groupby("period")[["n_with", "n_units"]].sum()
    overall = 100 * together["n_with"] / together["n_units"]
    days = [place_period(period) for period in overall.index]
    span = [days[0], days[-1]] if days else None
    top = min(max(float((100 * known["share"]).max() or 0) * 1.1, 5.0), 100.0) if len(known) else 5.0
    whole = fill_periods(sorted(known["period"].unique()))
    axis = [place_period(period) for period in whole]
    together_line = overall.reindex(whole)
    layout: dict[str, object] = {}
    lines: list[dict[str, object]] = []  # handed over at once: adding 62 lines one by one takes most of a second
    labels: list[dict[str, object]] = []
    for number, (province, (label, row, column)) in enumerate(places.items(), 1):
        name = "" if number == 1 else str(number)
        left, bottom = column / columns, 1 - (row + 1) / rows
        right, upper = left + (1 - GAP) / columns, bottom + (1 - 2 * GAP) / rows
        own = known[known["province"] == province].sort_values("period")
        layout[f"xaxis{name}"] = {
            "domain": [left, right], "anchor": f"y{name}", "type": "date", "range": span, "showticklabels": False,
            "showgrid": False, "linecolor": palette.grid, "fixedrange": True,
        }  # fmt: skip
        layout[f"yaxis{name}"] = {
            "domain": [bottom, upper], "anchor": f"x{name}", "range": [0, top * 1.03], "showticklabels": False, "showgrid": False,
            "linecolor": palette.grid, "fixedrange": True,
        }  # fmt: skip
        axes = {"xaxis": f"x{name}", "yaxis": f"y{name}", "showlegend": False}
        if len(own):
            lines.append({
                "type": "scatter", "x": axis, "y": together_line.tolist(), "mode": "lines", "hoverinfo": "skip",
                "line": {"color": fade(palette.muted, 0.45), "width": 1}, **axes,
            })  # fmt: skip
        share = 100 * own.drop_duplicates("period").set_index("period")["share"].reindex(whole)
        alone = share.notna() & share.shift().isna() & share.shift(-1).isna()  # no neighbour to draw a line to
        few = len(own) < 13
        lines.append({
            "type": "scatter", "x": axis, "y": share.tolist(), "mode": "lines+markers", "cliponaxis": False,
            "line": {"color": palette.accent, "width": 1.8}, "connectgaps": False,
            "marker": {"size": [4 if few or single else 0 for single in alone], "color": palette.accent},
            "customdata": [[province, period] for period in whole],
            "hovertemplate": f"<b>{label}</b> %{{customdata[1]}}<br>%{{y:.0f}}%<extra></extra>", **axes,
        })  # fmt: skip
        labels.append({
            "text": label, "x": left, "y": upper, "xref": "paper", "yref": "paper", "xanchor": "left",
            "yanchor": "bottom", "showarrow": False,
            "font": {"size": 12, "color": palette.text if len(own) else fade(palette.muted, 0.7)},
        })  # fmt: skip
    if days:
        labels.append({
            "text": f"{t('each panel')}: {overall.index[0]} – {overall.index[-1]}, 0 – {top:.0f}%", "x": 0, "y": 1,
            "xref": "paper", "yref": "paper", "xanchor": "left", "yanchor": "bottom", "showarrow": False,
            "font": {"size": 12, "color": palette.muted},
        })  # fmt: skip
    frame = figure.layout.to_plotly_json()
    frame["annotations"] = [*frame.get("annotations", []), *labels]
    frame.pop("xaxis", None), frame.pop("yaxis", None)
    return go.Figure(data=lines, layout=frame | layout | {"margin": frame["margin"] | {"t": 24, "l": 4, "r": 4}})
