"""What stands below a figure is whole on a phone, and says from which build it is."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from dashboard.components.explain import name_source

SESSION: Any = SimpleNamespace(corpus=SimpleNamespace(version="0.1.0", fingerprint="6b4812cc92515d4e"))
TAIL = "Tifa Atlas 0.1.0 · 6b4812cc92515d4e"


@pytest.mark.parametrize(
    "question",
    ["四早", "全部文档；按稿件计（同一稿件只计一次）；按月。", "All documents; counted by release (each once, however many copies); by month.",
     "疫情防控、动态清零、外防输入、内防反弹 省份为福建、江苏；按份数计；按周。"],
)  # fmt: skip
def test_lines_are_short_and_hold_every_word(question: str) -> None:
    lines = name_source(SESSION, question).split("<br>")
    assert lines[-1].endswith(TAIL), "the build is never torn apart"
    assert all(sum(1 if ord(c) < 0x2E80 else 2 for c in line) <= 54 for line in lines)
    assert not any(line.startswith("·") or line.endswith("·") for line in lines), "no sign between lines"
    said = "".join(lines).removesuffix(TAIL).removesuffix(" · ")
    assert said.replace(" ", "") == question.replace(" ", "")


def test_what_is_short_stays_on_one_line() -> None:
    assert name_source(SESSION, "四早") == f"四早 · {TAIL}"
