"""Who took a phrase up when: a bar from the first day to the last, a row a place, the earliest on top."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
import plotly.graph_objects as go

from dashboard.charts.palette import Palette, fade, start_figure
from dashboard.charts.timeline import place_period


def draw_adoption(table: pd.DataFrame, palette: Palette, t: Callable[[str], str], *, source: str = "") -> go.Figure:
    """Over the columns label (escaped), is_centre, first_day, last_day, peak (a period or null), lag_days, n_with, doc_id.

    A filled point is the first day, a hollow diamond the period with the largest share; beside the first day stands
    how many days after the centre it was. The dotted line is the first day of the row that lags are counted from.
    """
    rows = table.sort_values(["first_day", "label"], ignore_index=True)
    figure = start_figure(palette, max(170, 34 * len(rows) + 90), source)
    places = list(range(len(rows)))
    colours = [palette.contrast if centre else palette.accent for centre in rows["is_centre"]]
    first, last = rows["first_day"].dt.strftime("%Y-%m-%d").tolist(), rows["last_day"].dt.strftime("%Y-%m-%d").tolist()
    for centre, colour in ((True, palette.contrast), (False, palette.accent)):
        x: list[str | None] = []
        y: list[int | None] = []
        for place in places:
            if bool(rows["is_centre"].iloc[place]) == centre:
                x += [first[place], last[place], None]
                y += [place, place, None]
        figure.add_scatter(x=x, y=y, mode="lines", line={"color": fade(colour, 0.35), "width": 6}, hoverinfo="skip")
    held = rows[["doc_id", "n_with"]].to_numpy().tolist()
    figure.add_scatter(
        x=first, y=places, mode="markers", marker={"color": colours, "size": 11, "symbol": "circle"}, customdata=held,
        text=rows["label"].tolist(),
        hovertemplate=f"<b>%{{text}}</b> %{{x|%Y-%m-%d}}<br>{t('with the phrase')} %{{customdata[1]}}<extra></extra>",
    )  # fmt: skip
    peaks = [place for place in places if isinstance(rows["peak"].iloc[place], str)]
    figure.add_scatter(
        x=[max(place_period(rows["peak"].iloc[place]), first[place]) for place in peaks], y=peaks, mode="markers",
        customdata=[rows["peak"].iloc[place] for place in peaks],
        marker={
            "color": palette.background, "size": 11, "symbol": "diamond",
            "line": {"color": [colours[place] for place in peaks], "width": 1.8},
        },
        hovertemplate=f"{t('largest share')} %{{customdata}}<extra></extra>",
    )  # fmt: skip
    for place in places:
        lag = int(rows["lag_days"].iloc[place])
        figure.add_annotation(
            x=first[place], y=place, text=first[place] + (f" ({lag:+d})" if lag else ""), showarrow=False,
            xanchor="left", yshift=13, xshift=4, font={"size": 11, "color": palette.muted},
        )  # fmt: skip
    origin = rows.loc[rows["lag_days"] == 0, "first_day"]
    if len(origin):
        figure.add_vline(x=origin.iloc[0].strftime("%Y-%m-%d"), line={"color": palette.contrast, "dash": "dot", "width": 1.5})
    figure.update_xaxes(type="date")
    figure.update_yaxes(tickvals=places, ticktext=rows["label"].tolist(), range=[len(rows) - 0.4, -0.8], showgrid=False)
    return figure
