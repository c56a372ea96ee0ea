"""The one-character names of the provinces, in the fixed forms in which they stand for a province: 入晋返晋, 在闽, 闽政办.

闽 晋 苏 are also parts of names and, many of them, common words: a letter alone says nothing, and those that are
common words (京 新 云) need the double form 入京返京.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache

from data_prep.lexicons import read_lexicon

_SAFE = "津冀晋蒙辽沪浙皖闽赣鲁豫鄂湘粤桂琼渝陇滇黔川陕藏"
_COMES, _GOES = "入来返离抵", "返离来抵入"
_BOTH = re.compile(f"[{_COMES}](?P<letter>.)[{_GOES}](?P=letter)")
_MOVED = "在赴来入返驻抵离援"
_OWNED = re.compile(r"政办|政发|委办|委发|籍|企|商(?!业|品|务|场|贸|会)")
_OWNED_BEGINS = ("政办", "政发", "委办", "委发", "籍", "企", "商")
_NOT_THERE = "一二三四五六七八九十江"
#: 在藏品中, 在藏书楼: what makes another word of the letter.
_OTHER_WORDS = {"藏": "品书族医药传经文羚獒", "川": "流菜"}


def _begins_word(text: str, at: int) -> bool:
    """Whether the letter at text[at] begins a word that is no province's: 在藏|品."""
    after = text[at + 1 : at + 2]
    return bool(after) and (after in _NOT_THERE or after in _OTHER_WORDS.get(text[at], ""))


@cache
def read_abbreviations() -> dict[str, str]:
    """The one-character names of the provinces: 闽 -> 福建."""
    table = read_lexicon("places")
    known = table[table["abbreviation"] != ""]
    return dict(zip(known["abbreviation"], known["short"], strict=True)) | {"陇": "甘肃", "滇": "云南", "黔": "贵州",
                                                                           "蜀": "四川", "秦": "陕西"}


def list_signs() -> dict[str, int]:
    """What a fixed form holds at least, and where in it the letter stands: 在闽 -> 1, 闽政办 -> 0.

    >>> list_signs()["在闽"], list_signs()["闽企"], "在京" in list_signs(), "入京" in list_signs()
    (1, 0, False, True)
    """
    moved = {mover + letter: 1 for letter in _SAFE for mover in _MOVED}
    doubled = {mover + letter: 1 for letter in read_abbreviations() for mover in _COMES}
    owned = {letter + thing: 0 for letter in _SAFE for thing in _OWNED_BEGINS}
    return moved | doubled | owned


def read_fixed_forms(text: str, letters: Sequence[int]) -> Iterator[tuple[str, int, int]]:
    """Provinces named by fixed forms, each where it is first, as province, begin and end.

    `letters` are the offsets of letters beside a sign of `list_signs`, in order.

    >>> list(read_fixed_forms("入晋返晋人员、在闽企业", [1, 8]))
    [('山西', 0, 4), ('福建', 7, 9)]
    """
    seen = set()
    for at in letters:
        letter = text[at]
        province = read_abbreviations()[letter]
        if province in seen or not at:
            continue
        both = _BOTH.match(text, at - 1)
        if both:
            begin, end = both.span()
        elif letter in _SAFE and text[at - 1] in _MOVED and not _begins_word(text, at):
            begin, end = at - 1, at + 1
        elif letter in _SAFE and (owned := _OWNED.match(text, at + 1)):
            begin, end = at, owned.end()
        else:
            continue
        seen.add(province)
        yield province, begin, end
