"""Printed order over time, and the offices of a career: lines of persons, and bars of offices."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
import plotly.graph_objects as go

from dashboard.charts.palette import DASHES, Palette, fade, start_figure
from dashboard.charts.timeline import FEWEST_FOR_LINE, choose_format, fill_periods, place_period

#: Height of the row of an office, in pixels.
ROW = 40


def draw_order(table: pd.DataFrame, palette: Palette, t: Callable[[str], str], *, source: str = "") -> go.Figure:
    """A line a person over the columns period, person_id, label (escaped), mean_place, n_meetings; 1 is on top.

    A point is larger the more meetings it rests on, hollow where it rests on fewer than 5; periods without a meeting
    break the line. Few periods stand apart by name, and in each of them the persons beside one another.
    """
    figure = start_figure(palette, 480, source)
    periods = fill_periods(sorted(table["period"].unique()))
    few = len(periods) < FEWEST_FOR_LINE
    most = max(float(table["n_meetings"].max()), 1.0) if len(table) else 1.0
    people = table.groupby("person_id", sort=False)
    order = people["mean_place"].mean().sort_values(kind="stable").index
    for number, person in enumerate(order):
        rows = people.get_group(person).set_index("period").reindex(periods)
        colour = palette.colour(number)
        label = people.get_group(person)["label"].iloc[-1]
        held = rows["n_meetings"].fillna(0)
        shift = 0.6 * ((number + 0.5) / len(order) - 0.5)
        days: list = [place + shift for place in range(len(periods))] if few else [place_period(period) for period in periods]
        figure.add_scatter(
            x=days, y=rows["mean_place"].tolist(), name=label, connectgaps=False,
            mode="lines+markers", line={"color": colour, "width": 2, "dash": DASHES[number // len(palette.series) % len(DASHES)]},
            marker={
                "symbol": palette.symbol(number), "size": (6 + 8 * (held / most) ** 0.5).tolist(),
                "color": [colour if n >= 5 else palette.background for n in held], "line": {"color": colour, "width": 1.6},
            },
            customdata=[[person, period, int(n)] for period, n in zip(periods, held, strict=True)],
            hovertemplate=(
                f"<b>{label}</b> %{{customdata[1]}}<br>{t('mean place')} %{{y:.1f}}"
                f" · {t('meetings')} %{{customdata[2]}}<extra></extra>"
            ),
        )  # fmt: skip
    worst = float(table["mean_place"].max()) if len(table) else 1.0
    figure.update_yaxes(range=[worst + 0.4, 0.6], title={"text": t("mean printed place (1 = first)")}, dtick=1 if worst < 16 else None)
    if few:
        figure.update_xaxes(tickvals=list(range(len(periods))), ticktext=periods, range=[-0.5, len(periods) - 0.5], showgrid=False)
    else:
        figure.update_xaxes(type="date", tickformat=choose_format(periods))
    figure.update_layout(
        showlegend=True, legend={"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0, "traceorder": "normal"}, margin={"t": 40}
    )
    return figure


def draw_career(table: pd.DataFrame, palette: Palette, t: Callable[[str], str], *, source: str = "") -> go.Figure:
    """A bar an office from the first day it is printed to the last, over label (escaped), first_date, last_date, n_releases.

    Where no day is known, but the days between which it was (earliest, latest), the bar is a dotted line with hollow ends.
    """
    known = table.assign(between=table["first_date"].isna())
    for column, bound in (("first_date", "earliest"), ("last_date", "latest")):
        known[column] = known[column].fillna(table.get(bound, pd.Series(pd.NaT, index=table.index)))
    rows = known.dropna(subset=["first_date", "last_date"]).sort_values("first_date", kind="stable", ignore_index=True)
    figure = start_figure(palette, ROW * max(len(rows), 1) + 90, source)
    most = max(float(rows["n_releases"].max()), 1.0) if len(rows) else 1.0
    lines = ((False, {"color": fade(palette.accent, 0.4), "width": 7}), (True, {"color": palette.accent, "width": 2, "dash": "dot"}))
    for between, line in lines:
        chosen = rows[rows["between"] == between]
        x: list[str | None] = []
        y: list[int | None] = []
        for place, row in zip(chosen.index, chosen.itertuples(), strict=True):
            x += [f"{row.first_date:%Y-%m-%d}", f"{row.last_date:%Y-%m-%d}", None]
            y += [place, place, None]
        figure.add_scatter(x=x, y=y, mode="lines", line=line, hoverinfo="skip")
        words = t("somewhere between the two ends") if between else t("releases") + " %{customdata[1]}"
        for side in ("first_date", "last_date"):
            figure.add_scatter(
                x=[f"{day:%Y-%m-%d}" for day in chosen[side]], y=list(chosen.index), mode="markers",
                marker={
                    "color": palette.background if between else palette.accent, "line": {"color": palette.accent, "width": 1.6},
                    "size": (7 + 7 * (chosen["n_releases"] / most) ** 0.5).tolist(),
                },
                customdata=chosen[["label", "n_releases"]].to_numpy().tolist(),
                hovertemplate=f"<b>%{{customdata[0]}}</b> %{{x|%Y-%m-%d}} · {words}<extra></extra>",
            )  # fmt: skip
    figure.update_yaxes(showticklabels=False, range=[len(rows) - 0.5, -0.9], showgrid=False)
    figure.update_xaxes(type="date", tickformat="%Y-%m", nticks=7)
    if len(rows):
        begin, end = rows["first_date"].min(), rows["last_date"].max()
        room = max((end - begin) * 0.03, pd.Timedelta(days=(60 - (end - begin).days) / 2))  # a day or two would fill the whole width
        begin, end = begin - room, end + room
        figure.update_xaxes(range=[f"{begin:%Y-%m-%d}", f"{end:%Y-%m-%d}"])
        if (end - begin).days < 120:
            figure.update_xaxes(tickformat="%Y-%m-%d", nticks=4)
        figure.update_layout(annotations=[*figure.layout.annotations, *_label_bars(rows, begin, end, palette)])
    return figure


def _label_bars(rows: pd.DataFrame, begin: pd.Timestamp, end: pd.Timestamp, palette: Palette) -> list[dict]:
    """The name of each office above its bar, from its left end on; to the left from its right end where there is no room."""
    labels = []
    for place, row in enumerate(rows.itertuples()):
        late = (row.first_date - begin) / (end - begin) > 0.5
        labels.append({
            "text": f"{row.label} ({row.n_releases})", "x": f"{row.last_date if late else row.first_date:%Y-%m-%d}",
            "xanchor": "right" if late else "left", "xshift": 7 if late else -7, "y": place, "yshift": 15, "showarrow": False,
            "font": {"size": 13, "color": palette.text},
        })  # fmt: skip
    return labels
