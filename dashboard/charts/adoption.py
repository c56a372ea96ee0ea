"""Who took a phrase up when: a bar from the first day to the last, a row a place, the earliest on top."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pandas as pd
import plotly.graph_objects as go

from dashboard.charts.palette import Palette, fade, start_figure
from dashboard.charts.timeline import place_period

#: Height of a row, in pixels: room for a bar and the date above it.
ROW = 36
#: From this share of the width on, a date is written to the left of its point, so that it stays inside.
TURN = 0.6


def draw_adoption(table: pd.DataFrame, palette: Palette, t: Callable[[str], str], *, source: str = "") -> go.Figure:
    """Over the columns key, label (escaped), is_centre, first_day, last_day, peak (a period or null), lag_days, n_with,
    first_reprint, n_reprints.

    A filled point is the first day of own use, a hollow diamond the period with the largest share, a hollow square
    the first reprint (the whole row is pale where there is nothing else); beside the first day stands how many days
    after the centre it was. The dotted line is the first day of the row that lags are counted from. At the right:
    n in own use, then reprints. Every point holds the row's key.
    """
    rows = table.reset_index(drop=True)
    figure = start_figure(palette, ROW * len(rows) + 90, source)
    colours = [palette.contrast if centre else palette.accent for centre in rows["is_centre"]]
    used = rows.index[rows["first_day"].notna()].tolist()
    begin, end = _bound_days(rows)
    for centre, colour in ((True, palette.contrast), (False, palette.accent)):
        x: list[str | None] = []
        y: list[int | None] = []
        for place in used:
            if bool(rows["is_centre"].iloc[place]) == centre:
                x += [_write(rows["first_day"].iloc[place]), _write(rows["last_day"].iloc[place]), None]
                y += [place, place, None]
        figure.add_scatter(x=x, y=y, mode="lines", line={"color": fade(colour, 0.35), "width": 6}, hoverinfo="skip")

    def add_points(places: list[int], days: list[str], marker: Mapping[str, object], words: str, told: list[str]) -> None:
        figure.add_scatter(
            x=days, y=places, mode="markers", marker=dict(marker), text=told,
            customdata=rows.loc[places, ["key", "label"]].to_numpy().tolist(),
            hovertemplate=f"<b>%{{customdata[1]}}</b> {words} %{{text}}<extra></extra>",
        )  # fmt: skip

    printed = rows.index[rows["first_reprint"].notna()].tolist()
    days = [_write(day) for day in rows.loc[printed, "first_reprint"]]
    hollow = {"color": palette.background, "symbol": "square", "size": 10, "line": {"color": palette.muted, "width": 1.5}}
    add_points(printed, days, hollow, t("first reprint"), days)
    peaks = [place for place in used if isinstance(rows["peak"].iloc[place], str)]
    named = [str(rows["peak"].iloc[place]) for place in peaks]
    days = [max(place_period(peak), _write(rows["first_day"].iloc[place])) for place, peak in zip(peaks, named, strict=True)]
    # The point of the first day is smaller, so that it is seen inside the diamond where both are of one day.
    edge = {"color": [colours[place] for place in peaks], "width": 1.8}
    diamond = {"color": palette.background, "symbol": "diamond", "size": 15, "line": edge}
    add_points(peaks, days, diamond, t("largest share"), named)
    days = [_write(day) for day in rows.loc[used, "first_day"]]
    add_points(used, days, {"color": [colours[place] for place in used], "size": 9}, t("first seen"), days)
    notes: list[dict[str, object]] = []  # handed over at once: added one by one they take most of a second
    for place, row in enumerate(rows.itertuples()):
        own = not pd.isna(row.first_day)
        day = row.first_day if own else row.first_reprint
        lag = 0 if pd.isna(row.lag_days) else int(row.lag_days)
        late = (day - begin) / (end - begin) > TURN
        notes.append(dict(
            x=_write(day), y=place, text=_write(day) + (f" ({lag:+d})" if lag else "") if own else f"{_write(day)} {t('reprint')}",
            showarrow=False, xanchor="right" if late else "left", yshift=14, xshift=-4 if late else 4,
            font={"size": 12, "color": palette.text if own else palette.muted},
        ))  # fmt: skip
        notes.append(dict(
            x=1, xref="paper", xanchor="left", xshift=6, y=place, showarrow=False,
            text=f"{row.n_with}" + (f" + {row.n_reprints}" if row.n_reprints else ""),
            font={"size": 12, "color": palette.muted},
        ))  # fmt: skip
    figure.update_layout(annotations=[*figure.layout.annotations, *notes])
    origin = rows.loc[(rows["lag_days"] == 0).fillna(False), "first_day"]
    if len(origin):
        line = {"color": palette.contrast if rows["is_centre"].any() else palette.muted, "dash": "dot", "width": 1.5}
        figure.add_vline(x=_write(origin.iloc[0]), line=line)
    figure.update_xaxes(type="date", range=[_write(begin), _write(end)], tickformat="%Y-%m", nticks=7)
    if (end - begin).days < 120:
        figure.update_xaxes(tickformat="%m-%d")
    figure.update_yaxes(
        tickvals=list(range(len(rows))), ticktext=rows["label"].tolist(), range=[len(rows) - 0.4, -0.8], showgrid=False
    )
    figure.update_layout(margin={"r": 56})
    return figure


def _bound_days(rows: pd.DataFrame) -> tuple[pd.Timestamp, pd.Timestamp]:
    """The days the axis begins and ends with: all there is and some air, two months at least."""
    days = pd.concat([rows["first_day"], rows["last_day"], rows["first_reprint"]]).dropna()
    first, last = days.min(), days.max()
    air = max((last - first) * 0.04, (pd.Timedelta(days=60) - (last - first)) / 2)
    return first - air, last + air


def _write(day: pd.Timestamp) -> str:
    return f"{day:%Y-%m-%d}"
