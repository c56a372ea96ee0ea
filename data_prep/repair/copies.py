"""Places one copy of a release lost are filled from another copy of it.

Where a page stays unread, or was read by likelihood alone, and the same release stands
on another page, the words there are better evidence than any dictionary. The two texts
are aligned around the place: it must stand between the same words in both.
"""

from __future__ import annotations

from collections.abc import Sequence

from rapidfuzz.distance import Indel

from data_prep.repair.edits import replay_edits
from data_prep.schema import Edit
from data_prep.script import fold_script

#: Readings less sure than this are checked against the copy.
UNSURE = 0.97
_AROUND = 24  # characters compared on each side
_ANCHOR = 6  # characters next to the place of which nearly all must agree
_MOST_DIFFERENT = 0.25  # of the surroundings
_LONGEST = 60  # characters of a filled place
_CONFIDENCE = 0.98


def fill_from_copy(raw: str, edits: Sequence[Edit], copy: str) -> list[Edit]:
    """The edits, with unread and unsure places filled as the other copy has them (rule `from_copy`).

    `raw` is the page's text as found, `edits` its repairs, `copy` the repaired text of another
    page (or article) with the same release, in either script. The words are written as the
    copy has them. Returns edits over raw, as `repair_text` does; those that stay are the same.

    >>> raw = "堅決斬?XX)YYY?。泉州是大家的泉州"
    >>> lost = Edit("unrepaired", 3, 11, raw[3:11], raw[3:11], 0.2)
    >>> filled = fill_from_copy(raw, [lost], "坚决斩断疫情传播渠道。泉州是大家的泉州")
    >>> filled[0].rule, filled[0].after
    ('from_copy', '断疫情传播渠道')
    """
    doubtful = [edit for edit in edits if edit.rule == "unrepaired"
                or (edit.rule in ("byte_shift", "utf8_as_gbk") and edit.confidence < UNSURE)]
    if not doubtful or not copy:
        return list(edits)
    folded = fold_script(copy)
    return [_fill(raw, edits, edit, copy, folded) if edit in doubtful else edit for edit in edits]


def _fill(raw: str, edits: Sequence[Edit], edit: Edit, copy: str, folded: str) -> Edit:
    left = fold_script(_read_before(raw, edits, edit))
    right = fold_script(_read_behind(raw, edits, edit))
    begin = _find_end(folded, left)
    end = _find_begin(folded, right, begin) if begin is not None else None
    if begin is None or end is None or not 0 < end - begin <= _LONGEST:
        return edit
    words = copy[begin:end]
    if fold_script(words) == fold_script(edit.after) and edit.rule != "unrepaired":
        return edit._replace(confidence=_CONFIDENCE)  # the copy confirms the reading: nothing to fill
    return edit._replace(rule="from_copy", after=words, confidence=_CONFIDENCE)


def _read_before(raw: str, edits: Sequence[Edit], edit: Edit) -> str:
    """Repaired characters before the place."""
    start = max(0, edit.begin - 8 * _AROUND)
    near = [_move(other, start) for other in edits if other.begin >= start and other.end <= edit.begin]
    return replay_edits(raw[start:edit.begin], near).split("\n")[-1][-_AROUND:]


def _read_behind(raw: str, edits: Sequence[Edit], edit: Edit) -> str:
    stop = min(len(raw), edit.end + 8 * _AROUND)
    near = [_move(other, edit.end) for other in edits if other.begin >= edit.end and other.end <= stop]
    return replay_edits(raw[edit.end:stop], near).split("\n")[0][:_AROUND]


def _move(edit: Edit, start: int) -> Edit:
    return edit._replace(begin=edit.begin - start, end=edit.end - start)


def _find_end(text: str, words: str) -> int | None:
    """Where `words` (or something very like it) ends in the text; None where it stands nowhere or twice."""
    for length in (_ANCHOR, _ANCHOR // 2):
        anchor = words[-length:]
        if len(anchor) < length:
            continue
        spots = [at + length for at in _find_all(text, anchor)]
        alike = [at for at in spots if _differ(text[max(0, at - len(words)):at], words) <= _MOST_DIFFERENT]
        if len(alike) == 1:
            return alike[0]
    return None


def _find_begin(text: str, words: str, after: int) -> int | None:
    """Where `words` begins in the text, not far behind `after`."""
    for length in (_ANCHOR, _ANCHOR // 2, 1):
        anchor = words[:length]
        if not anchor:
            continue
        for at in _find_all(text[:after + _LONGEST + length], anchor, after + 1):
            if _differ(text[at:at + len(words)], words) <= _MOST_DIFFERENT:
                return at
    return None


def _find_all(text: str, words: str, begin: int = 0) -> list[int]:
    spots = []
    at = text.find(words, begin)
    while at >= 0:
        spots.append(at)
        at = text.find(words, at + 1)
    return spots


def _differ(a: str, b: str) -> float:
    return Indel.normalized_distance(a, b)
