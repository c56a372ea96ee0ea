"""Damaged text -> repaired text: every repair named, logged and reversible.

Why here: pinyin inside words hides 社會(huì)面清零 from every search. Each fault has a
function that mends it and says so in an `Edit` over the raw text; edits are sorted, never
overlap, and undo to the very page. What cannot be read with some certainty is left as
found and logged as `unrepaired` (before equals after), with the confidence it missed.

The recipe, in order: what was read in a wrong encoding; entities, controls, characters
without width; annotations and the runs they shifted; forms and widths of characters;
doubled and lost signs; spam. A page that holds none of the characters a repair is about
is not searched for it, so a clean page costs next to nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from data_prep.repair.annotations import FLOOR, take_out_annotations
from data_prep.repair.copies import fill_from_copy
from data_prep.repair.edits import compose_edits, replay_edits, undo_edits
from data_prep.repair.forms import AFTER_READING, BEFORE_READING, DOUBLED, drop_doubled
from data_prep.repair.mojibake import LATIN_LEADS, LEADS, name_gbk, name_latin, name_minced
from data_prep.repair.readings import TONED
from data_prep.repair.spam import drop_spam
from data_prep.repair.watch import Watch
from data_prep.schema import KEPT_BYTES, Edit

__all__ = [
    "FLOOR",
    "RULES",
    "RepairedText",
    "compose_edits",
    "fill_from_copy",
    "repair_text",
    "replay_edits",
    "undo_edits",
]

#: Every rule an edit can carry, and what it says to a reader (zh, en).
RULES = {
    "pinyin_annotation": ("去拼音注音", "pinyin annotation taken out"),
    "byte_shift": ("错位字节重读", "shifted bytes read again"),
    "from_copy": ("据同稿补全", "filled from another copy"),
    "unrepaired": ("未修复", "left as found"),
    "utf8_as_gbk": ("UTF-8 误读为 GBK", "UTF-8 that was read as GBK"),
    "utf8_as_latin": ("UTF-8 误读为 Latin-1", "UTF-8 that was read as Latin-1"),
    "lost_text": ("文字已失", "text lost for good"),
    "undecodable_bytes": ("无法解码的字节", "bytes that are no character"),
    "html_entity": ("HTML 实体", "HTML entity"),
    "zero_width": ("零宽字符", "character without width"),
    "control_character": ("控制字符", "control character"),
    "kangxi_radical": ("部首字形", "radical in place of a character"),
    "compatibility_form": ("兼容字形", "compatibility form"),
    "mixed_width": ("全半角混用", "full- and half-width mixed"),
    "doubled_sign": ("重复标点", "doubled sign"),
    "lost_sign": ("标点还原", "lost sign put back"),
    "spam_line": ("垃圾广告行", "line of spam"),
}

#: Each repair, and the characters one of which a page must hold for it to be asked.
_STEPS: tuple[tuple[frozenset[str], Callable[[str], list[Edit]]], ...] = (
    (LATIN_LEADS, name_latin),
    (LEADS, name_gbk),
    (frozenset("锟烫屯"), name_minced),
    *BEFORE_READING,
    (frozenset(TONED + TONED.upper() + "\u0300\u0301\u0304\u030c" + chr(KEPT_BYTES)), take_out_annotations),
    *AFTER_READING,
)
_WATCH = Watch([watched for watched, _ in _STEPS], signs=DOUBLED)


@dataclass(frozen=True)
class RepairedText:
    """The repaired text and the edits that lead to it; both ways are exact."""

    text: str
    edits: tuple[Edit, ...]


def repair_text(raw: str) -> RepairedText:
    """Repair a page's text; `replay_edits(raw, edits) == text` and `undo_edits(text, edits) == raw`.

    >>> repair_text("福建日?qǐng)?bào)記(jì)者：社會(huì)面清零").text
    '福建日報記者：社會面清零'
    >>> repair_text("国内生产总值(GDP)").edits
    ()
    """
    text, edits = raw, list[Edit]()
    look = _WATCH.look(text)
    for number, (_, find) in enumerate(_STEPS):
        if _WATCH.holds(look, number) and (found := find(text)):
            edits = compose_edits(raw, edits, found)
            text = replay_edits(raw, edits)
            look = _WATCH.look(text)
    for find in (drop_doubled,) * _WATCH.doubles(text) + (drop_spam,):
        if found := find(text):
            edits = compose_edits(raw, edits, found)
            text = replay_edits(raw, edits)
    return RepairedText(text, tuple(edits))
