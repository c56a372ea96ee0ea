"""The tile map of the provinces, and a matrix of cells: both of buttons that open what they count."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import streamlit as st

from dashboard.components.session import Session
from dashboard.names import PROVINCE_NAMES

_HERE = Path(__file__).parent


def _register(name: str) -> Any:
    css = (_HERE / f"{name}.css").read_text(encoding="utf-8")
    js = (_HERE / f"{name}.js").read_text(encoding="utf-8")
    return st.components.v2.component(f"tifa_{name}", html="", css=css, js=js)


_tile_map, _matrix = _register("tile_map"), _register("matrix")


def show_tile_map(
    session: Session, key: str, values: Mapping[str, Mapping[str, Any]], *, label: str, selected: str = ""
) -> str | None:
    """The provinces as tiles; returns the one clicked in this run.

    values: by short name {text: what the tile says, level: 0 to 1 for its colour, thin: hatched, title: in full}.
    A province without a value is grey and cannot be clicked.
    """
    english = session.language == "en"
    tiles = []
    for place in PROVINCE_NAMES.values():
        value = values.get(place.name)
        name = place.english if english else place.name
        tiles.append({
            "code": place.name, "name": name.replace("jiang", "\u00adjiang"),
            "short": place.code if english else place.short, "row": place.row, "column": place.column,
            "value": value["text"] if value else "–",
            **_colour(session, value), "thin": bool(value and value["thin"]), "empty": value is None,
            "title": value["title"] if value else f"{name} · {session.t('no document')}",
        })  # fmt: skip
    return _tile_map(
        key=key, on_province_change=_nothing,
        data={"tiles": tiles, "selected": selected, "label": label, "lang": "en" if english else "zh-Hans"},
    ).province  # fmt: skip


def show_matrix(
    session: Session, key: str, rows: Sequence[str], columns: Sequence[str], cells: Sequence[Sequence[Mapping[str, Any] | None]], *,
    label: str, selected: str = "", first: int = 0, gaps: Sequence[int] = (), upright: bool = False,
) -> str | None:
    """A table of cells {v: what it says, level, thin, title, key}; returns the key of the one clicked in this run.

    first: the column that stands at the left when the table is shown for the first time. gaps: the columns before
    which something is left out. upright: the heads of the columns are set from top to bottom, as Chinese may be, so
    that columns of names are as narrow as their cells.
    """
    data = {
        "rows": list(rows), "columns": list(columns), "label": label,
        "cells": [[cell and dict(cell) | _colour(session, cell) for cell in line] for line in cells],
        "selected": selected, "first": first, "gaps": list(gaps), "upright": upright,
    }  # fmt: skip
    return _matrix(key=key, data=data, on_cell_change=_nothing).cell


def _colour(session: Session, value: Mapping[str, Any] | None) -> dict[str, str]:
    """The colours of a cell and of its words, which stand out from it on every step of the scale."""
    if value is None:
        return {}
    paper, ink = session.palette.shade(float(value["level"]))
    return {"paper": paper, "ink": ink}


def _nothing() -> None:
    """A component must be given a callback for its value to be reported."""
