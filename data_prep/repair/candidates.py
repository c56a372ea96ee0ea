"""Which characters may have stood where bytes are lost, the likeliest first.

A row holds the characters with one first byte, a column those with one second byte. On a
traditional page simplified characters are no candidates.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from functools import cache, lru_cache
from importlib.resources import files
from itertools import pairwise
from typing import NamedTuple

from data_prep.repair.likelihood import list_endings, list_followers, list_preceding, rate_character, rate_opening
from data_prep.repair.readings import list_column, list_read, list_row, read_pair, write_pair
from data_prep.script import fold_characters, list_simplified_only

_SECONDS = 12  # characters of one reading tried behind another
_KEPT = 1 << 14  # keys come from pages: without a bound a page could fill the memory


class Candidate(NamedTuple):
    """A character that may have stood somewhere."""

    byte: int  # its second byte
    char: str
    simple: str
    most: float  # what it can add to the log-probability, but for pairs seen on the page
    second: str = ""  # the character behind it, of which nothing is left either


@lru_cache(maxsize=_KEPT)
def rank_row(lead: int, last: str, is_traditional: bool, n: int) -> tuple[Candidate, ...]:
    """Characters of a first byte: the n likeliest, and those that make a word with the last character.

    >>> "峻" in [candidate.char for candidate in rank_row(0xBE, "嚴", True, 8)]
    True
    """
    further = ((raw[1], char) for raw, char in _list_following(last, is_traditional) if raw[0] == lead)
    return _describe(last, (*_rank_row(lead, is_traditional)[:n], *further))


@lru_cache(maxsize=_KEPT)
def rank_column(trail: int, behind: int, last: str, is_traditional: bool, n: int) -> tuple[Candidate, ...]:
    """Characters of a second byte, as `rank_row`; the first byte makes nothing behind the byte `behind` (0: any)."""
    further = ((trail, char) for raw, char in _list_following(last, is_traditional)
               if raw[1] == trail and (not behind or read_pair(behind, raw[0]) is None))
    likeliest = ((trail, char) for _, char in _rank_column(trail, behind, is_traditional)[:n])
    return _describe(last, (*likeliest, *further))


def _describe(last: str, found: Iterable[tuple[int, str]]) -> tuple[Candidate, ...]:
    endings = list_endings(_fold(last)) if last else frozenset[str]()
    plain = [_rate_candidate(byte, char) for byte, char in dict.fromkeys(found)]
    return tuple(each if each.simple not in endings else Candidate(each.byte, each.char, each.simple, math.inf)
                 for each in plain)


@cache
def _rate_candidate(byte: int, char: str) -> Candidate:
    return Candidate(byte, char, _fold(char), rate(char))


@cache
def _rank_row(lead: int, is_traditional: bool) -> tuple[tuple[int, str], ...]:
    return _rank(list_row(lead), is_traditional)


@cache
def _rank_column(trail: int, behind: int, is_traditional: bool) -> tuple[tuple[int, str], ...]:
    pairs = tuple(pair for pair in list_column(trail) if not behind or read_pair(behind, pair[0]) is None)
    return _rank(pairs, is_traditional)


@lru_cache(maxsize=_KEPT)
def _list_following(last: str, is_traditional: bool) -> tuple[tuple[bytes, str], ...]:
    """Bytes and characters that stand second in words which begin with a character, the commonest words first."""
    followers = list_followers(_fold(last)) if last else {}
    chars = [char for follower in sorted(followers, key=lambda char: -followers[char])
             for char in _unfold().get(follower, (follower,))
             if not (is_traditional and char in list_simplified_only())]
    written = ((write_pair(char), char) for char in chars)
    return tuple((bytes(pair), char) for pair, char in written if pair and len(pair) == 2)


@cache
def rank_read(reading: str, is_traditional: bool) -> tuple[str, ...]:
    """Characters that are read so."""
    return tuple(char for _, char in _rank(tuple((0, char) for char in list_read(reading)), is_traditional))


@lru_cache(maxsize=_KEPT)
def rate_read(reading: str, last: str, is_traditional: bool, n: int) -> tuple[Candidate, ...]:
    """The n likeliest characters that are read so, behind the last character."""
    return _describe(last, ((0, char) for char in rank_read(reading, is_traditional)[:n]))


@lru_cache(maxsize=_KEPT)
def rank_behind(behind: int, last: str, is_traditional: bool, n: int) -> tuple[Candidate, ...]:
    """Characters of any first byte that makes nothing behind the byte `behind` (0: any), as `rank_row`."""
    further = [(raw[1], char) for raw, char in _list_following(last, is_traditional)
               if not behind or raw[0] in list_undefined(behind)]
    return _describe(last, (*_rank_behind(behind, is_traditional)[:n], *further[:n]))


@cache
def _rank_behind(behind: int, is_traditional: bool) -> tuple[tuple[int, str], ...]:
    leads = list_undefined(behind) if behind else range(0x81, 0xFF)
    return tuple((trail, char) for trail, char in _rank_all(is_traditional) if _lead_of(char) in leads)[:200]


@lru_cache(maxsize=_KEPT)
def rank_before(behind: int, last: str, reading: str, is_traditional: bool) -> tuple[Candidate, ...]:
    """Characters of any first byte, as `rank_behind`, that make a word with a next one read so, nothing between them."""
    leads = list_undefined(behind) if behind else frozenset(range(0x81, 0xFF))
    found = []
    for second in rank_read(reading, is_traditional)[:_SECONDS]:
        for simple in list_preceding(_fold(second)):
            for first in _unfold().get(simple, (simple,)):
                pair = write_pair(first)
                if pair and pair[0] in leads and _lead_of(second) in list_undefined(pair[-1]) and not (
                        is_traditional and first in list_simplified_only()):
                    found.append((pair[-1], first))
    return _describe(last, found)


@lru_cache(maxsize=_KEPT)
def rank_two(lead: int, last: str, is_traditional: bool, n: int) -> tuple[Candidate, ...]:
    """Two characters of which the first begins with `lead`, and between which bytes made nothing."""
    pairs = _rank_two(lead, is_traditional)[:n]
    endings = list_endings(_fold(last)) if last else frozenset[str]()
    return tuple(Candidate(0, first, simple, math.inf if simple in endings else rating, second)
                 for first, second, rating in pairs for simple in [_fold(first)])


@cache
def _rank_two(lead: int, is_traditional: bool) -> tuple[tuple[str, str, float], ...]:
    found: dict[tuple[str, str], float] = {}
    for trail, first in list_row(lead):
        leads = list_undefined(trail)
        if not leads or (is_traditional and first in list_simplified_only()):
            continue
        for follower, rating in list_followers(_fold(first)).items():
            for second in _unfold().get(follower, (follower,)):
                if _lead_of(second) in leads and not (is_traditional and second in list_simplified_only()):
                    found[first, second] = rating
        for _, second in _rank_behind(trail, is_traditional)[:4]:
            found.setdefault((first, second), rate(first) + rate(second))
    ranked = sorted(found, key=lambda pair: -found[pair])[:200]
    return tuple((first, second, found[first, second]) for first, second in ranked)


@cache
def list_undefined(lead: int) -> frozenset[int]:
    """Second bytes that make no character with this first byte, and can be a first byte."""
    if lead < 0x81:
        return frozenset()
    return frozenset(trail for trail in range(0x81, 0xFF) if read_pair(lead, trail) is None)


@cache
def rate(char: str) -> float:
    """Log-probability of a character in either script."""
    return rate_character(_fold(char))


@cache
def list_rare_forms() -> frozenset[str]:
    """Traditional characters that are seldom meant by their simplified one: 傢 by 家, 嚮 by 向.

    The dictionary of opencc names the usual form of each simplified character first.

    >>> [char in list_rare_forms() for char in "傢嚮併家向並發"]
    [True, True, True, False, False, False, False]
    """
    lines = (files("opencc") / "dictionary" / "STCharacters.txt").read_text(encoding="utf-8").splitlines()
    usual = {forms.split(" ")[0] for _, forms in (line.split("\t") for line in lines if "\t" in line)}
    return frozenset(chr(code) for code in fold_characters()) - usual


@cache
def list_rare_pairs() -> frozenset[str]:
    """Two neighbours of which one is a rare form, in the words of opencc's dictionary that ask for it.

    >>> [pair in list_rare_pairs() for pair in ("關係", "嚮往", "國傢")]
    [True, True, False]
    """
    lines = (files("opencc") / "dictionary" / "STPhrases.txt").read_text(encoding="utf-8").splitlines()
    words = (form for line in lines if "\t" in line for form in line.split("\t")[1].split(" "))
    rare = list_rare_forms()
    return frozenset("".join(pair) for word in words for pair in pairwise(word) if not rare.isdisjoint(pair))


def _rank(pairs: tuple[tuple[int, str], ...], is_traditional: bool) -> tuple[tuple[int, str], ...]:
    if is_traditional:
        pairs = tuple(pair for pair in pairs if pair[1] not in list_simplified_only())
    return tuple(sorted(pairs, key=lambda pair: -_rate_opening(pair[1])))


@cache
def _rate_opening(char: str) -> float:
    """Log-probability of a character, or of the commonest word that begins with it."""
    return rate_opening(_fold(char))


@cache
def _rank_all(is_traditional: bool) -> tuple[tuple[int, str], ...]:
    pairs = tuple(pair for lead in range(0x81, 0xFF) for pair in list_row(lead))
    return _rank(pairs, is_traditional)[:4000]


@cache
def _lead_of(char: str) -> int:
    return char.encode("gb18030")[0]


def _fold(char: str) -> str:
    return fold_characters().get(ord(char), char)


@cache
def _unfold() -> dict[str, tuple[str, ...]]:
    """Simplified characters -> what they may be in traditional text."""
    forms: dict[str, tuple[str, ...]] = {}
    for code, simple in fold_characters().items():
        forms[simple] = (*forms.get(simple, ()), chr(code))
    return {simple: (*chars, simple) for simple, chars in forms.items()}
