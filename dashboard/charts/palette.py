"""The colours of a chart, taken from the theme; and what all charts have in common.

Colours are declared once, in `.streamlit/config.toml`; a chart gets those of the theme
that is shown. Lines differ by dash and marker as well as by colour.
"""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import plotly.graph_objects as go

_CONFIG = Path(__file__).parents[1] / ".streamlit" / "config.toml"

DASHES = ("solid", "dash", "dot", "dashdot", "longdash", "longdashdot", "solid")
SYMBOLS = ("circle", "diamond", "square", "triangle-up", "cross", "x", "star")
#: System fonts only: nothing is fetched. Latin first, then the Chinese fonts of the common systems.
FONTS = "'Source Sans', 'PingFang SC', 'Microsoft YaHei', 'Noto Sans CJK SC', 'Source Han Sans SC', sans-serif"


@dataclass(frozen=True)
class Palette:
    """Colours (#rrggbb) of one theme: text, grid, background, series, a sequential scale, accents."""

    text: str
    muted: str
    grid: str
    background: str
    empty: str
    series: tuple[str, ...]
    scale: tuple[str, ...]
    accent: str
    contrast: str

    def colour(self, number: int) -> str:
        """The colour of series `number`, beginning again after the last."""
        return self.series[number % len(self.series)]

    def symbol(self, number: int) -> str:
        """The mark of series `number`. When the colours begin again the marks move on: no series looks like one before."""
        return SYMBOLS[(number + number // len(self.series)) % len(SYMBOLS)]

    def shade(self, level: float) -> tuple[str, str]:
        """(colour of a cell, colour of what is written on it) for a value of 0 to 1 of the largest."""
        colour = self.scale[min(max(int(level * len(self.scale)), 0), len(self.scale) - 1)]
        return colour, max((self.text, self.background), key=lambda ink: measure_contrast(ink, colour))

    def colorscale(self) -> list[list[float | str]]:
        """The sequential scale as Plotly takes it."""
        last = len(self.scale) - 1
        return [[step / last, colour] for step, colour in enumerate(self.scale)]


@cache
def read_palette(theme: str = "light") -> Palette:
    """The palette of the theme "light" or "dark", from the settings file.

    >>> len(read_palette("dark").scale)
    10
    """
    declared = tomllib.loads(_CONFIG.read_text(encoding="utf-8"))["theme"]["dark" if theme == "dark" else "light"]
    return Palette(
        text=declared["textColor"],
        muted=declared["grayTextColor"],
        grid=declared["borderColor"],
        background=declared["backgroundColor"],
        empty=declared["grayBackgroundColor"],
        series=tuple(declared["chartCategoricalColors"]),
        scale=tuple(declared["chartSequentialColors"]),
        accent=declared["blueColor"],
        contrast=declared["orangeColor"],
    )


def measure_contrast(ink: str, paper: str) -> float:
    """How well one colour (#rrggbb) is read on another: 1 to 21 (WCAG 2.2, "contrast ratio").

    >>> measure_contrast("#000000", "#FFFFFF")
    21.0
    """
    light, dark = sorted((_measure_luminance(ink), _measure_luminance(paper)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _measure_luminance(colour: str) -> float:
    """Relative luminance (WCAG 2.2)."""
    channels = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def fade(colour: str, opacity: float) -> str:
    """A colour #rrggbb as rgba with the opacity given.

    >>> fade("#0072B2", 0.2)
    'rgba(0,114,178,0.2)'
    """
    red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return f"rgba({red},{green},{blue},{opacity})"


def start_figure(palette: Palette, height: int, source: str = "") -> go.Figure:
    """An empty figure in the house style. `source` (escaped text) is written below it, small, for those who cite it.

    `height` is in pixels, with a source of two lines or fewer: what a longer one needs does not come off the picture.
    """
    lines = source.count("<br>") + 1 if source else 0
    figure = go.Figure()
    figure.update_layout(
        height=height + 14 * max(lines - 2, 0),
        margin={"l": 8, "r": 8, "t": 16, "b": 34 + (12 + 14 * lines if source else 0)},
        paper_bgcolor=palette.background,
        plot_bgcolor=palette.background,
        font={"family": FONTS, "size": 14, "color": palette.text},
        hoverlabel={"font": {"family": FONTS, "size": 14}},
        hovermode="closest",
        showlegend=False,
        dragmode=False,
        clickmode="event+select",
        bargap=0.35,
    )
    figure.update_xaxes(gridcolor=fade(palette.grid, 0.6), linecolor=palette.grid, zeroline=False, automargin=True)
    figure.update_yaxes(gridcolor=fade(palette.grid, 0.6), linecolor=palette.grid, zeroline=False, automargin=True)
    figure.update_xaxes(title={"font": {"size": 14}})
    figure.update_yaxes(title={"font": {"size": 14}})
    if source:  # below labels that a narrow screen sets aslant
        figure.add_annotation(
            text=source, xref="paper", yref="paper", x=0, y=0, xanchor="left", yanchor="top", yshift=-44,
            showarrow=False, align="left", font={"size": 11, "color": palette.muted},
        )
    return figure


def spread_labels(values: Sequence[float], gap: float) -> list[float]:
    """Move labels apart so that none lies on another: positions in the order given, at least `gap` apart.

    Pool-adjacent: labels too close are spread about their common mean.

    >>> spread_labels([0.5, 0.51, 0.1], 0.1)
    [0.455, 0.555, 0.1]
    """
    order = sorted(range(len(values)), key=values.__getitem__)
    groups: list[tuple[float, list[int]]] = []  # centre, members
    for index in order:
        groups.append((values[index], [index]))
        while len(groups) > 1:
            (low, below), (high, above) = groups[-2], groups[-1]
            if high - low >= gap * (len(below) + len(above)) / 2 - 1e-12:
                break
            members = below + above
            centre = (low * len(below) + high * len(above)) / len(members)
            groups[-2:] = [(centre, members)]
    places = [0.0] * len(values)
    for centre, members in groups:
        for rank, index in enumerate(members):
            places[index] = round(centre + gap * (rank - (len(members) - 1) / 2), 6)
    return places
