"""What is printed, sign by sign: characters with their bytes, marks for lost bytes, annotations."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from data_prep.repair.readings import (
    CASED_LETTERS,
    LETTERS,
    is_toned,
    list_narrowed,
    list_syllables,
    read_pair,
    spell_reading,
    write_pair,
)
from data_prep.schema import KEPT_BYTES

#: Signs a lenient decoder prints for bytes it cannot read.
MARKS = "?\ufffd"
#: Bytes that `decode` kept, as a range of a character class.
KEPT = f"{chr(KEPT_BYTES)}-{chr(KEPT_BYTES + 0xFF)}"

#: An annotation as printed: a mark or not, a bracket or not, a reading, a bracket or not.
ANNOTATION = re.compile(
    rf"(?P<mark>[{MARKS}]?)(?P<open>[(（]?)\s?(?P<reading>[{CASED_LETTERS}]{{1,8}})\s?(?P<close>[)）]?)")

#: What the second byte of `（` (A3 A8) makes with a first letter, where the bracket fell between two pairs: A8 and the
#: letter, or A8 and the first byte of a toned vowel.
TORN_BRACKETS = frozenset(
    char for byte in b"abcdefghijklmnopqrstuvwxyz\xa8" if (char := read_pair(0xA8, byte)))
_TORN_FROM = b"\xa3"
_TORN_NOTE = re.compile(r"(?P<letters>\S{2,6}?)[)）]")
_OPEN_NOTE = re.compile(rf"（(?P<reading>[{LETTERS}]+)")


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
    if char in TORN_BRACKETS and (note := read_torn_note(raw, at, limit)):
        return [note]
    if raw[at + 1:at + 2] in TORN_BRACKETS and (note := read_torn_note(raw, at + 1, limit)):
        if char in MARKS:
            return [note._replace(begin=at, print=char + note.print, is_mark=True)]
        return [Sign(at, at + 1, char, (write_pair(char) or ())[:1])]
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


def is_spot(sign: Sign) -> bool:
    """Whether something may be broken at a sign: a mark, an annotation, a byte that `decode` kept.

    >>> [is_spot(list_signs(text, 0, len(text))[0]) for text in ("(huì)", "?", "會")]
    [True, True, False]
    """
    return sign.is_mark or bool(sign.reading) or (sign.pair is not None and len(sign.pair) == 1 and sign.pair[0] > 0x80)


def read_torn_note(raw: str, at: int, limit: int) -> Sign | None:
    """The annotation in full-width brackets that was shifted by a byte: the first bracket stands across two characters.

    牐╰ is A0A3 A874: A0 begins 營, A3A8 is the bracket, 74 is t. A mark before it swallowed A3 and a byte.

    >>> read_torn_note("牐╰īng）I", 1, 7).reading
    'tīng'
    """
    found = _TORN_NOTE.match(raw, at, limit)
    if not found or not at or not (raw[at - 1] in MARKS or (write_pair(raw[at - 1]) or (0,))[1:] == tuple(_TORN_FROM)):
        return None
    shifted = found["letters"].encode("gb18030", "ignore")
    note = _OPEN_NOTE.fullmatch((_TORN_FROM + shifted).decode("gb18030", "replace"))
    reading = spell_reading(note["reading"]) if note else ""
    if reading not in list_syllables() or not is_toned(reading):
        return None
    return Sign(at, found.end(), found.group(), reading=reading)


def find_torn_note(raw: str, at: int) -> int | None:
    """Where the place begins whose torn annotation stands at or next to raw[at]; None where there is none.

    >>> find_torn_note("國三及以下牐╰īng）I", 7)
    5
    """
    for start in range(max(0, at - 1), at + 2):
        if raw[start:start + 1] in TORN_BRACKETS and read_torn_note(raw, start, len(raw)):
            return start - 1
    return None


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
