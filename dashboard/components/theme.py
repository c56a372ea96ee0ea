"""What the settings of the theme cannot say: the colour of words on the primary colour.

Streamlit writes white on it (tags of a choice, buttons of the first rank) and writes with it on the page (the part of a
switch that is chosen). In the dark theme no colour serves both: what is light enough to be read on the page
is too light beneath white. So the primary colour is one that reads well on the page, and what stands on it is
written in the colour of the page.
"""

from __future__ import annotations

import streamlit as st

from dashboard.charts.palette import Palette

_ON_PRIMARY = '[data-tag], [data-tag] *, button[kind="primary"], button[kind="primary"] *'


def mend_contrast(palette: Palette) -> None:
    """Write the rule into the page."""
    st.html(f"<style>{_ON_PRIMARY} {{ color: {palette.background}; }}</style>")
