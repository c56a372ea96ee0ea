"""Damaged text -> repaired text, every edit named, logged and reversible."""

from __future__ import annotations

from dataclasses import dataclass

from data_prep.repair.annotations import take_out_annotations
from data_prep.repair.edits import compose_edits, replay_edits, undo_edits
from data_prep.schema import Edit

__all__ = ["RepairedText", "compose_edits", "repair_text", "replay_edits", "undo_edits"]


@dataclass(frozen=True)
class RepairedText:
    """The repaired text and the edits that lead to it; both ways are exact."""

    text: str
    edits: tuple[Edit, ...]


def repair_text(raw: str) -> RepairedText:
    """Repair a page's text.

    >>> repair_text("社會(huì)面清零").text
    '社會面清零'
    """
    edits = take_out_annotations(raw)
    return RepairedText(replay_edits(raw, edits), tuple(edits))
