"""Clicks on a chart: how charts are shown, and what the point clicked holds."""

from __future__ import annotations

import streamlit as st

#: Of Plotly's buttons only the picture stays: what zooms and selects by area gets in the way of a click.
CHART = {
    "displaylogo": False, "displayModeBar": "hover", "scrollZoom": False,
    "modeBarButtonsToRemove": [
        "select2d", "lasso2d", "zoom2d", "pan2d", "zoomIn2d", "zoomOut2d", "autoScale2d", "resetScale2d",
    ],
    "toImageButtonOptions": {"filename": "tifa_atlas", "scale": 2},
}  # fmt: skip


def take_click(key: str, event: object) -> list | None:
    """What the point clicked holds (its customdata), once: a selection stays until the next one."""
    points = event.selection.points  # type: ignore[attr-defined]
    chosen = points[0].get("customdata") if points else None
    fresh = chosen is not None and st.session_state.get(f"taken_{key}") != chosen
    st.session_state[f"taken_{key}"] = chosen
    return chosen if fresh else None
