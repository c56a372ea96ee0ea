"""What the settings of the theme cannot say: the colour of words on the primary colour, and pictures broader than a phone.

Streamlit writes white on it (tags of a choice, buttons of the first rank) and writes with it on the page (the part of a
switch that is chosen). In the dark theme no colour serves both: what is light enough to be read on the page
is too light beneath white. So the primary colour is one that reads well on the page, and what stands on it is
written in the colour of the page: by `light-dark()`, which follows the theme that is shown, and not by the theme the
server was told of, which may come a run late.

A network, or a row of headlines, cannot be read on the width of a phone: there it keeps its own width and can be
moved sideways within its frame.
"""

from __future__ import annotations

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from dashboard.charts.palette import read_palette

_ON_PRIMARY = '[data-tag], [data-tag] *, button[kind="primary"], button[kind="primary"] *'


_BROAD = '[class*="st-key-broad_"]'


def mend_theme() -> None:
    """Write the rules into the page."""
    light, dark = (read_palette(theme).background for theme in ("light", "dark"))
    st.html(
        f"<style>{_ON_PRIMARY} {{ color: light-dark({light}, {dark}); }}"
        f"{_BROAD} {{ overflow-x: auto; }} {_BROAD} > *, {_BROAD} .stPlotlyChart {{ min-width: 42rem; }}</style>"
    )


def hold_broad(name: str) -> DeltaGenerator:
    """A frame for a picture that is not to become narrower than it can be read."""
    return st.container(key=f"broad_{name}")
