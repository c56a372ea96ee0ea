"""Text in UTF-8 that was read as something else, and written back.

Read as Latin-1 or Windows-1252, 疫情 is ç–«æƒ…; read as GBK it is 鐤儏. Both come back
whole as long as no byte was lost. 锟斤拷 is what is left of characters that were lost
before: two U+FFFD, read as GBK. Nothing brings them back, and the page should say so.
"""

from __future__ import annotations

import codecs
import math
import re
from functools import cache, lru_cache

from data_prep.repair.likelihood import Pairs, begin_track, extend_track
from data_prep.repair.readings import read_pair
from data_prep.schema import Edit

_LOST = "\ufffd"
_HAN = re.compile("[\u3000-\u303f\u3400-\u9fff\uff00-\uffef\u2010-\u203b]")

# Windows-1252 has characters for 27 of the 32 bytes that are controls in Latin-1.
_WINDOWS = {bytes((byte,)).decode("cp1252", "replace"): byte for byte in range(0x80, 0xA0)}
_WINDOWS.pop(_LOST, None)
_LATIN = "".join(sorted(_WINDOWS)) + "\u0080-\u00ff"
_LATIN_RUN = re.compile(rf"[\u00e2-\u00ef][{_LATIN}]{{2}}(?:[\u00c2-\u00ef]?[{_LATIN}]+)*")


def _list_leads() -> str:
    """Characters of GBK that begin with the first byte of a Han character in UTF-8 (E4 to E9), or hold it second."""
    pairs = [bytes((a, b)) for a in range(0xE4, 0xEA) for b in range(0x80, 0xC0)]
    pairs += [bytes((a, b)) for a in range(0x81, 0xC0) for b in range(0xE4, 0xEA)]
    return "".join(pair.decode("gbk", "ignore") for pair in pairs)


_LEADS = _list_leads()
LEADS = frozenset(_LEADS)
LATIN_LEADS = frozenset(chr(code) for code in range(0xE2, 0xF0))
# Of three characters of UTF-8 that GBK pairs anew, one begins so: two of them are never far apart.
_GBK_GUARD = re.compile(rf"[{_LEADS}][^\x00-\x7f]{{1,2}}[{_LEADS}]")
_GBK_RUN = re.compile("(?:[^\x00-\x7f]|\\?(?=[^\x00-\x7f])|(?<=[^\x00-\x7f])\\?)+")
_FEWEST_READ = 3  # signs of a run for each `?` in it
_LEAST, _TEMPER = 0.6, 0.9
_MINCED = re.compile("(?:锟斤拷|锟斤|斤拷锟?)+|(?:烫烫烫|屯屯屯)[烫屯]*")


def name_latin(text: str) -> list[Edit]:
    """UTF-8 that was read as Latin-1 or Windows-1252.

    >>> [edit.after for edit in name_latin("ç\u2013«æƒ…防控")]
    ['疫情']
    """
    edits = []
    for found in _LATIN_RUN.finditer(text):
        raw = bytes(_WINDOWS.get(char, ord(char) & 0xFF) for char in found.group())
        begin, end, plain = _read_utf8(raw)
        if plain and _HAN.search(plain):
            start = found.start() + begin
            stop = found.start() + end
            edits.append(Edit("utf8_as_latin", start, stop, text[start:stop], plain, 0.99))
    return edits


def _read_utf8(raw: bytes) -> tuple[int, int, str]:
    """The longest stretch from the beginning that is UTF-8."""
    try:
        return 0, len(raw), raw.decode("utf-8")
    except UnicodeDecodeError as error:
        plain = raw[:error.start].decode("utf-8")
        return 0, error.start, plain


def name_gbk(text: str) -> list[Edit]:
    """UTF-8 that was read as GBK; a byte lost at the end of a run is guessed by likelihood.

    >>> [edit.after for edit in name_gbk("鎺ㄨ繘鍏ㄩ潰渚濇硶娌诲浗")]
    ['推进全面依法治国']
    """
    if not _GBK_GUARD.search(text):
        return []
    edits = []
    for found in _GBK_RUN.finditer(text):
        if not _GBK_GUARD.search(found.group()):
            continue
        read = _read_gbk(found.group())
        if read and read[0] != found.group():
            edits.append(Edit("utf8_as_gbk", found.start(), found.end(), found.group(), *read))
    return edits


def _read_gbk(run: str) -> tuple[str, float] | None:
    """The run as UTF-8, and the confidence; None where it is none."""
    pieces = run.split("?")
    if len(pieces) - 1 > len(run) // _FEWEST_READ:
        return None
    try:
        whole, *others = (piece.encode("gb18030") for piece in pieces)
    except UnicodeError:
        return None
    confidence = 0.99
    for number, piece in enumerate(others, start=2):
        filled = _fill_lost(whole, piece, is_last=number == len(pieces))
        if filled is None:
            return None
        whole, share = filled
        confidence *= share
    plain = _decode_utf8(whole, is_last=True)
    if plain is None or not _is_han(plain) or confidence < _LEAST:
        return None
    return plain, round(confidence, 4)


def _fill_lost(before: bytes, after: bytes, is_last: bool) -> tuple[bytes, float] | None:
    """The likeliest of the bytes a `?` may stand for, and its share among the possible ones."""
    rated: list[tuple[float, bytes]] = []
    for lost in _list_lost():
        plain = _decode_utf8(before + lost + after, is_last)
        if plain is not None and _is_han(plain):
            rated.append((_rate(plain), before + lost + after))
    if not rated:
        return None
    rated.sort(reverse=True)
    return rated[0][1], 1 / sum(math.exp(_TEMPER * (score - rated[0][0])) for score, _ in rated)


@cache
def _list_lost() -> tuple[bytes, ...]:
    """One byte that ends a character, or such a byte and a first one that make nothing in GBK."""
    ends = range(0x80, 0xC0)
    pairs = [bytes((a, b)) for a in ends for b in (*range(0xE3, 0xEA), 0xEF) if read_pair(a, b) is None]
    return (*(bytes((end,)) for end in ends), *pairs)


def _decode_utf8(raw: bytes, is_last: bool) -> str | None:
    """The text of whole characters; one cut short at the end is allowed unless it is the last."""
    try:
        return codecs.getincrementaldecoder("utf-8")().decode(raw, is_last)
    except UnicodeDecodeError:
        return None


def _is_han(plain: str) -> bool:
    """Whether a reading is Chinese throughout: by chance two bytes of GBK can be UTF-8 of Greek or Arabic."""
    return len(_HAN.findall(plain)) >= max(2, 0.9 * len(plain))


@lru_cache(maxsize=4096)  # keys come from pages: without a bound a page could fill the memory
def _rate(plain: str) -> float:
    track, no_pairs = begin_track(), Pairs("")
    for char in plain:
        track = extend_track(track, char, no_pairs)
    return track.score


def name_minced(text: str) -> list[Edit]:
    """锟斤拷 is lost text: shown as U+FFFD, two for three characters.

    >>> [edit.after for edit in name_minced("会议锟斤拷锟斤拷强调")]
    ['\ufffd\ufffd\ufffd\ufffd']
    """
    edits = []
    for found in _MINCED.finditer(text):
        lost = _LOST * max(1, len(found.group()) * 2 // 3)
        edits.append(Edit("lost_text", found.start(), found.end(), found.group(), lost, 1.0))
    return edits
