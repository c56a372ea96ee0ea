"""Share of releases that hold a phrase, over time, one line a phrase, with its Wilson interval."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import pandas as pd
import plotly.graph_objects as go

from dashboard.charts.palette import DASHES, Palette, fade, spread_labels, start_figure

#: With fewer periods than this there is no line to draw: points with their intervals stand beside one another.
FEWEST_FOR_LINE = 9
#: How a period's name becomes a point in time (its first day).
_QUARTER = {"Q1": "01", "Q2": "04", "Q3": "07", "Q4": "10"}


def draw_timeline(
    table: pd.DataFrame,
    phrases: Sequence[str],
    labels: Mapping[str, str],
    palette: Palette,
    t: Callable[[str], str],
    *,
    measure: str = "share",
    source: str = "",
    compact: bool = False,
) -> go.Figure:
    """A line a phrase over the columns period, phrase, `measure` with its bounds, n_with, hits, units, thin.

    Only the main span of time is drawn (`find_main_span`); the table has the rest.
    measure: share (per cent, low, high), rate (per 10,000 characters, rate_low, rate_high) or hits (raw).
    `labels` gives each phrase as it is written in the figure (escaped). Thin cells are hollow points;
    periods without a document break the line. `compact` leaves the labels to a legend (phones).
    """
    figure = start_figure(palette, 420, source)
    factor = 100 if measure == "share" else 1
    low, high = {"share": ("low", "high"), "rate": ("rate_low", "rate_high")}.get(measure, ("", ""))
    span = find_main_span(table)
    if span is not None:
        table = table[table["period"].between(*span)]
    present = sorted(table["period"].dropna().unique())
    banded = len(present) >= FEWEST_FOR_LINE
    periods = fill_periods(present) if banded else present
    ends: list[tuple[str, object, float, str]] = []
    for number, phrase in enumerate(phrases):
        shift = 0.0 if banded else 0.5 * ((number + 0.5) / len(phrases) - 0.5)
        days: list = [place_period(p) for p in periods] if banded else [place + shift for place in range(len(periods))]
        colour = palette.colour(number)
        rows = table[table["phrase"] == phrase].drop_duplicates("period").set_index("period").reindex(periods)
        value = rows[measure].astype(float) * factor
        bounds = (rows[low].astype(float) * factor, rows[high].astype(float) * factor) if low else None
        thin = rows["thin"].fillna(False).astype(bool)
        if bounds is not None and banded:
            # The wide intervals of thin cells would lie over everything: they are drawn as bars.
            _add_band(figure, days, bounds[0].mask(thin), bounds[1].mask(thin), colour)
        error = None
        if bounds is not None:
            # Where there is no neighbour there is no band: then the interval is a bar.
            solid = value.mask(thin)
            alone = value.notna() & (thin | (solid.shift().isna() & solid.shift(-1).isna()) if banded else True)
            error = {
                "type": "data", "symmetric": False, "array": (bounds[1] - value).where(alone).fillna(0).tolist(),
                "arrayminus": (value - bounds[0]).where(alone).fillna(0).tolist(), "thickness": 1.4,
                "width": 0 if banded else 5, "color": fade(colour, 0.4 if banded else 0.75),
            }  # fmt: skip
        figure.add_scatter(
            x=days, y=value.tolist(), name=labels[phrase], mode="lines+markers" if banded else "markers",
            connectgaps=False, error_y=error, cliponaxis=False,
            line={"color": colour, "width": 2, "dash": DASHES[number % len(DASHES)]},
            marker={
                "color": [palette.background if hollow else colour for hollow in thin],
                "symbol": palette.symbol(number), "size": 6 if banded else 9,
                "line": {"color": colour, "width": 1.6},
            },
            customdata=[
                [phrase, period, *(_say(v) for v in (row["n_with"], row["n_units"], row["hits"])), *_say_bounds(bounds, i)]
                for i, (period, row) in enumerate(rows.iterrows())
            ],
            hovertemplate=(
                f"<b>%{{fullData.name}}</b> %{{customdata[1]}}<br>%{{y:.1f}}{'%' if measure == 'share' else ''}"
                + ("" if bounds is None else " [%{customdata[5]}–%{customdata[6]}]")
                + f"<br>{t('with the phrase')} %{{customdata[2]}}/%{{customdata[3]}}"
                + f" · {t('hits')} %{{customdata[4]}}<extra></extra>"
            ),
        )  # fmt: skip
        known = value.dropna()
        if len(known):
            ends.append((labels[phrase], days[periods.index(known.index[-1])], float(known.iloc[-1]), colour))
    _finish_axes(figure, table, periods, measure, factor, high, t)
    if compact or not banded:
        figure.update_layout(showlegend=True, legend={"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0})
    else:
        _label_ends(figure, ends)
    return figure


def find_main_span(table: pd.DataFrame) -> tuple[str, str] | None:
    """First and last period of the stretch that holds all but 1 % of the units at either end.

    None where that stretch is most of the time shown anyway. A handful of documents wrongly (or rightly) dated
    to another decade would press everything else into a corner. Of a table by province all provinces count together, so
    that every picture of a page is of the same stretch.
    """
    cells = [name for name in ("period", "phrase") if name in table]
    units = table.dropna(subset=["period"]).groupby(cells)["n_units"].sum().groupby("period").max().sort_index()
    if len(units) < FEWEST_FOR_LINE:
        return None
    share = units.cumsum() / units.sum()
    first, last = share.index[int((share <= 0.01).sum())], share.index[int((share < 0.99).sum())]
    whole, main = (
        pd.Timestamp(place_period(b)) - pd.Timestamp(place_period(a)) for a, b in ((units.index[0], units.index[-1]), (first, last))
    )
    return (first, last) if main < 0.6 * whole else None


def fill_periods(periods: Sequence[str]) -> list[str]:
    """All periods from the first to the last, so that gaps are gaps (days and weeks are left as they are).

    >>> fill_periods(["2021-12", "2022-02"])
    ['2021-12', '2022-01', '2022-02']
    """
    if len(periods) < 2 or "W" in periods[0] or periods[0].count("-") == 2:
        return list(periods)
    if "Q" in periods[0]:
        span = pd.period_range(periods[0].replace("-", ""), periods[-1].replace("-", ""), freq="Q")
        return [f"{p.year}-Q{p.quarter}" for p in span]
    return [str(p) for p in pd.period_range(periods[0], periods[-1], freq="M" if "-" in periods[0] else "Y")]


def place_period(period: str) -> str:
    """The first day of a period, as Plotly reads dates.

    >>> place_period("2022-Q2"), place_period("2022-W13"), place_period("2022")
    ('2022-04-01', '2022-03-28', '2022-01-01')
    """
    if "W" in period:
        return pd.Timestamp.fromisocalendar(int(period[:4]), int(period[6:]), 1).strftime("%Y-%m-%d")
    if "Q" in period:
        return f"{period[:4]}-{_QUARTER[period[5:]]}-01"
    return period + "-01-01"[3 * period.count("-") :]


def choose_format(periods: Sequence[str]) -> str:
    """How days are written below an axis of these periods: as exactly as its marks are apart.

    >>> choose_format(["2021", "2022"]), choose_format(["2021-01", "2022-03"]), choose_format(["2022-03-01", "2022-04-30"])
    ('%Y', '%Y-%m', '%Y-%m-%d')
    """
    if not any("-" in period for period in periods):
        return "%Y"
    first, last = (pd.Timestamp(place_period(period)) for period in (periods[0], periods[-1]))
    fine = "W" in periods[0] or periods[0].count("-") == 2
    return "%Y-%m-%d" if fine and (last - first).days < 200 else "%Y-%m"


def _add_band(figure: go.Figure, days: Sequence[str], low: pd.Series, high: pd.Series, colour: str) -> None:
    """One closed shape for each unbroken stretch: Plotly fills across gaps otherwise."""
    x: list[str | None] = []
    y: list[float | None] = []
    begin = 0
    known = low.notna().tolist()
    for place in range(len(known) + 1):
        if place < len(known) and known[place]:
            continue
        if place - begin > 1:
            stretch = slice(begin, place)
            x += [*days[stretch], *reversed(days[stretch]), None]
            y += [*high.iloc[stretch], *low.iloc[stretch][::-1], None]
        begin = place + 1
    figure.add_scatter(
        x=x, y=y, fill="toself", fillcolor=fade(colour, 0.16), line={"width": 0}, mode="lines", hoverinfo="skip",
        showlegend=False,
    )  # fmt: skip


def _finish_axes(
    figure: go.Figure, table: pd.DataFrame, periods: Sequence[str], measure: str, factor: int, high: str, t: Callable[[str], str]
) -> None:
    top = float((table[high if high else measure].astype(float) * factor).max() or 0) if len(table) else 0.0
    most = 100.0 if measure == "share" else float("inf")
    figure.update_yaxes(
        range=[0, min(max(top * 1.08, 1e-9 if measure != "share" else 5), most * 1.02)],
        ticksuffix="%" if measure == "share" else "", rangemode="tozero",
        title={"text": {"share": t("share that hold the phrase"), "rate": t("hits per 10,000 characters")}.get(measure, t("hits"))},
    )  # fmt: skip
    if len(table["period"].unique()) < FEWEST_FOR_LINE:
        figure.update_xaxes(
            tickvals=list(range(len(periods))), ticktext=list(periods), range=[-0.6, len(periods) - 0.4], showgrid=False,
        )  # fmt: skip
    else:
        figure.update_xaxes(type="date", tickformat=choose_format(periods))


def _label_ends(figure: go.Figure, ends: list[tuple[str, object, float, str]]) -> None:
    """The name of each line at its right end, moved apart where they would lie on one another."""
    if not ends:
        return
    bounds = figure.layout.yaxis.range
    span = (bounds[1] - bounds[0]) or 1
    places = spread_labels([(value - bounds[0]) / span for _, _, value, _ in ends], 0.08)
    places = [place - max(max(places) - 1, 0) for place in places]  # all together, or the upper ones would meet again
    places = [place + max(-min(places), 0) for place in places]
    longest = max(len(name) for name, *_ in ends)
    for (name, _, _, colour), place in zip(ends, places, strict=True):
        figure.add_annotation(
            text=f"<b>{name}</b>", xref="paper", x=1.0, xanchor="left", xshift=8, yref="y domain",
            y=place, showarrow=False, font={"color": colour, "size": 13},
        )  # fmt: skip
    figure.update_layout(margin={"r": min(24 + 14 * longest, 190)})


def _say(value: object) -> str:
    return "" if pd.isna(value) else str(int(value))  # type: ignore[call-overload]


def _say_bounds(bounds: tuple[pd.Series, pd.Series] | None, place: int) -> tuple[str, str]:
    if bounds is None or pd.isna(bounds[0].iloc[place]):
        return "", ""
    return f"{bounds[0].iloc[place]:.1f}", f"{bounds[1].iloc[place]:.1f}"
