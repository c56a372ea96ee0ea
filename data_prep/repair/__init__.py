"""Damaged text -> repaired text, every edit named, logged and reversible."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache

from pypinyin import Style, pinyin

from data_prep.schema import Edit

_VOWELS = "aeiouüāáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜńňǹḿ"
_ANNOTATION = re.compile(rf"(?<=[\u3400-\u9fff])\(\s*([a-z{_VOWELS}]{{1,6}})\s*\)")


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
    edits = [Edit("pinyin_annotation", found.start(), found.end(), found.group(), "", 1.0)
             for found in _ANNOTATION.finditer(raw) if found.group(1) in _readings(raw[found.start() - 1])]
    return RepairedText(replay_edits(raw, edits), tuple(edits))


def replay_edits(raw: str, edits: Iterable[Edit]) -> str:
    """The repaired text: every edit made on the raw text."""
    parts, at = [], 0
    for edit in edits:
        parts += [raw[at:edit.begin], edit.after]
        at = edit.end
    return "".join([*parts, raw[at:]])


def undo_edits(repaired: str, edits: Sequence[Edit]) -> str:
    """The raw text: every edit taken back."""
    parts, at, shift = [], 0, 0
    for edit in edits:
        begin = edit.begin + shift
        parts += [repaired[at:begin], edit.before]
        at = begin + len(edit.after)
        shift += len(edit.after) - len(edit.before)
    return "".join([*parts, repaired[at:]])


@cache
def _readings(char: str) -> frozenset[str]:
    return frozenset(pinyin(char, style=Style.TONE, heteronym=True)[0])
