"""Runs of text: they tile what they cut, and each carries exactly the marks that cover it."""

from __future__ import annotations

import re
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from dashboard.components import marks
from dashboard.components.marks import KINDS, Mark, cut_paragraphs, cut_runs

TEXT = "坚持动态清零总方针\n外防输入、内防反弹"


@st.composite
def draw_marks(draw: st.DrawFn) -> list[Mark]:
    marks = []
    for _ in range(draw(st.integers(0, 6))):
        begin = draw(st.integers(-2, len(TEXT) + 2))
        end = draw(st.integers(begin, len(TEXT) + 4))
        marks.append(Mark(begin, end, draw(st.sampled_from(KINDS)), draw(st.sampled_from(["", "n"]))))
    return marks


@given(draw_marks(), st.integers(0, len(TEXT)), st.integers(0, len(TEXT)))
def test_runs_tile_the_text_and_carry_their_marks(marks: list[Mark], begin: int, end: int) -> None:
    runs = cut_runs(TEXT, marks, begin, end)
    assert "".join(run["t"] for run in runs) == TEXT[begin:end]
    place = begin
    for run in runs:
        for offset in range(place, place + len(run["t"])):
            covering = {mark.kind for mark in marks if mark.begin <= offset < mark.end}
            assert set(run.get("k", [])) == covering
        place += len(run["t"])


@given(draw_marks())
def test_paragraphs_hold_every_character_but_line_ends(marks: list[Mark]) -> None:
    lines = cut_paragraphs(TEXT, marks)
    assert ["".join(run["t"] for run in line["runs"]) for line in lines] == TEXT.split("\n")
    assert [line["begin"] for line in lines] == [0, TEXT.index("\n") + 1]


def test_readings_stand_on_their_characters() -> None:
    runs = cut_runs("社会", [Mark(1, 2, "phrase")], ruby={1: "huì"})
    assert runs == [{"t": "社"}, {"t": "会", "k": ["phrase"], "r": ["huì"]}]


def test_what_is_too_long_is_cut() -> None:
    assert sum(len(run["t"]) for line in cut_paragraphs("字" * 50, [], most=20) for run in line["runs"]) == 20


def test_surrogates_are_replaced() -> None:
    assert cut_runs("a\ud800b", []) == [{"t": "a\ufffdb"}]


def test_every_kind_of_mark_can_be_seen() -> None:
    style = (Path(marks.__file__).parent / "runs.css").read_text(encoding="utf-8")
    assert {kind for kind in marks.KINDS if re.search(rf"^\.{kind} {{", style, re.M)} == set(marks.KINDS)
