"""What is printed, sign by sign: characters with their bytes, marks for lost bytes, annotations."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from data_prep.repair.readings import LETTERS, is_toned, list_narrowed, list_syllables, spell_reading, write_pair
from data_prep.schema import KEPT_BYTES

#: Signs a lenient decoder prints for bytes it cannot read.
MARKS = "?\ufffd"
#: Bytes that `decode` kept, as a range of a character class.
KEPT = f"{chr(KEPT_BYTES)}-{chr(KEPT_BYTES + 0xFF)}"

#: An annotation as printed: a mark or not, a bracket or not, a reading, a bracket or not.
ANNOTATION = re.compile(
    rf"(?P<mark>[{MARKS}]?)(?P<open>[(（]?)\s?(?P<reading>[{LETTERS}]{{1,8}})\s?(?P<close>[)）]?)", re.IGNORECASE)


class Sign(NamedTuple):
    """One thing printed, raw[begin:end]."""

    begin: int
    end: int
    print: str
    pair: tuple[int, ...] | None = None  # its bytes, where it has any in GBK
    is_mark: bool = False
    has_open: bool = False
    reading: str = ""
    is_narrowed: bool = False  # `pair` is that of a full-width sign, made half-width after the damage


def list_signs(raw: str, at: int, limit: int) -> list[Sign]:
    """What may stand at raw[at]: first the print as it is, then full-width signs made half-width.

    >>> [(sign.print, sign.reading) for sign in list_signs("?qǐng)?bào)", 0, 11)]
    [('?qǐng)', 'qǐng')]
    >>> [sign.pair for sign in list_signs("%", 0, 1)]
    [(37,), (163, 165)]
    """
    char = raw[at]
    if char in MARKS or char in "(（" or "a" <= char <= "\u0261":
        found = ANNOTATION.match(raw, at, limit)
        if found and is_annotation(found):
            reading = spell_reading(found["reading"])
            return [Sign(at, found.end(), found.group(), None, bool(found["mark"]), bool(found["open"]), reading)]
    if "\u4e00" <= char <= "\u9fff":
        return [Sign(at, at + 1, char, write_pair(char))]
    if KEPT_BYTES <= ord(char) <= KEPT_BYTES + 0xFF:
        return [Sign(at, at + 1, char, (ord(char) - KEPT_BYTES,))]
    signs = [Sign(at, at + 1, char, write_pair(char), char in MARKS)]
    for narrow, pair in list_narrowed().get(char, ()):
        if raw.startswith(narrow, at):
            signs.append(Sign(at, at + len(narrow), narrow, pair, is_narrowed=True))
    return signs


def is_annotation(found: re.Match[str]) -> bool:
    """Whether a match of ANNOTATION is one: a syllable in brackets, one of which may be lost.

    A bracket is only taken for lost where a mark stands for it or a tone mark shows pinyin.

    >>> [is_annotation(ANNOTATION.match(text)) for text in ("(huì)", "?huì)", "(huì", "(GDP)", "(a", "?a")]
    [True, True, True, False, False, False]
    """
    return _is_reading(found["reading"], bool(found["mark"]), bool(found["open"]), bool(found["close"]))


@lru_cache(maxsize=4096)  # keys come from pages: without a bound a page could fill the memory
def _is_reading(letters: str, has_mark: bool, has_open: bool, has_close: bool) -> bool:
    reading = spell_reading(letters)
    if reading not in list_syllables():
        return False
    if has_close:
        return has_open or has_mark or is_toned(reading)
    return has_open and is_toned(reading)
