"""Corpus text in labels: whatever it tries, it is shown as it stands and read as nothing."""

from __future__ import annotations

import html
import json
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.plain import LONGEST, plain

CASES = json.loads((Path(__file__).resolve().parents[1] / "cases" / "plain.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("case", CASES, ids=[case["label"] for case in CASES])
def test_case(case: dict) -> None:
    escaped = plain(case["input"])
    assert html.unescape(escaped).replace("\u2060", "") == case["shown"]
    for mark in case["never"]:
        assert mark not in escaped


@given(st.text())
def test_no_mark_is_left_and_nothing_is_lost(text: str) -> None:
    """Of ASCII punctuation only what makes up the references stays; unescaped, it is the text in one line."""
    escaped = plain(text)
    bare = escaped.replace("&#", "").replace(";", "")
    assert not set("<>[]()*_`$:\\!~|\"'\n") & set(bare)
    escaped.encode("utf-8")
    line = " ".join(text.split())
    if len(line) <= LONGEST and line.isprintable():
        assert html.unescape(escaped).replace("\u2060", "") == line.replace("\u2060", "")


@pytest.mark.parametrize("nothing", [None, float("nan"), pd.NA, pd.NaT])
def test_nothing_is_empty(nothing: object) -> None:
    assert plain(nothing) == ""


def test_long_text_is_cut() -> None:
    assert len(plain("字" * 10 * LONGEST)) == LONGEST
    assert plain("一二三四五", 3) == "一二…"
