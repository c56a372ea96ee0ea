"""Which characters may have stood where bytes are lost, the likeliest first.

A row holds the characters with one first byte, a column those with one second byte. On a
traditional page simplified characters are no candidates.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from functools import cache, lru_cache
from importlib.resources import files
from itertools import islice, pairwise
from typing import NamedTuple, TypeAlias

from data_prep.repair.readings import find_trails, list_column, list_read, list_row, read_pair, write_pair
from data_prep.repair.words import BEGINNINGS, list_preceding, rate_character, rate_opening
from data_prep.script import fold_characters, list_simplified_only

_SECONDS = 12  # characters of one reading tried behind another
_MOST = 4000  # characters of any first byte
_FOLLOWERS = 4  # characters tried behind one, wherever they stand
_KEPT = 1 << 12  # keys come from pages: without a bound a page could fill the memory


#: What a character adds to a text: by how much it makes it likelier as words are concerned, how much more those behind
#: it may (`hope`), and what speaks for it as it stands behind the last one elsewhere on the page.
Weight: TypeAlias = tuple[float, float, float]


class Candidate(NamedTuple):
    """A character that may have stood somewhere."""

    lead: int
    trail: int
    char: str
    simple: str
    rating: float  # log-probability as a word of its own, or together with `second`
    opening: float  # log-probability of the commonest word that begins so
    weight: Weight  # where it neither goes on a word nor is seen behind the last character
    second: str = ""  # the character behind it, of which nothing is left either


class Choice(NamedTuple):
    """The characters that may have stood at a place."""

    tried: Sequence[Candidate]  # wherever they stand, those first that begin the commonest words
    known: dict[str, list[Candidate]]  # by simplified character: where they end a word or are seen on the page
    leads: frozenset[int] | None = None  # of those known only these first bytes are possible


class _Ranked(NamedTuple):
    """Characters, those first that begin the commonest words."""

    all: list[Candidate]
    known: dict[str, list[Candidate]]  # the same by simplified character


@cache
def choose_row(lead: int, is_traditional: bool, n: int) -> Choice:
    """Characters of a first byte; the n that begin the commonest words are tried.

    >>> choose_row(0xBE, True, 8).known["峻"][0].trail == 0xFE
    True
    """
    return _choose(_rank_row(lead, is_traditional), 0, n)


@lru_cache(maxsize=_KEPT)
def choose_column(trail: int, behind: int, is_traditional: bool, n: int) -> Choice:
    """Characters of a second byte, as `choose_row`; the first byte makes nothing behind the byte `behind` (0: any)."""
    return _choose(_rank_column(trail, is_traditional), behind, n)


@cache
def choose_behind(behind: int, is_traditional: bool, n: int) -> Choice:
    """Characters of any first byte that makes nothing behind the byte `behind` (0: any), as `choose_row`."""
    return _choose(_rank_all(is_traditional), behind, n)


@cache
def choose_read(reading: str, is_traditional: bool, n: int) -> Choice:
    """Characters that are read so, as `choose_row`."""
    return _choose(_rank_read(reading, is_traditional), 0, n)


@lru_cache(maxsize=_KEPT)
def choose_third(trail: int, reading: str, is_traditional: bool) -> Choice:
    """Characters that are read so, and whose first byte makes nothing behind the byte `trail`."""
    chars = (third for second in sorted(list_undefined(trail)) for _, third in find_trails(second, reading))
    ranked = _rank(chars, is_traditional)
    return _choose(ranked, 0, len(ranked.all))


@lru_cache(maxsize=_KEPT)
def choose_before(behind: int, reading: str, is_traditional: bool) -> Choice:
    """Characters of any first byte, as `choose_behind`, that make a word with a next one read so, nothing between them."""
    leads = list_undefined(behind) if behind else frozenset(range(0x81, 0xFF))
    found: dict[str, None] = {}
    for second in rank_read(reading, is_traditional)[:_SECONDS]:
        for simple in list_preceding(_fold(second)):
            for first in _unfold().get(simple, (simple,)):
                pair = write_pair(first)
                if pair and pair[0] in leads and _lead_of(second) in list_undefined(pair[-1]):
                    found[first] = None
    return _choose(_rank(found, is_traditional), 0, len(found))


@cache
def choose_two(lead: int, is_traditional: bool, n: int) -> Choice:
    """Two characters of which the first begins with `lead`, and between which bytes made nothing."""
    tried = sorted(_rank_two(lead, is_traditional)[:n], key=lambda each: -each.opening)
    return Choice(tried, _index(tried))


@cache
def _rank_two(lead: int, is_traditional: bool) -> list[Candidate]:
    found: dict[tuple[str, str], tuple[float, Candidate]] = {}
    every = _rank_all(is_traditional)
    for first in _rank_row(lead, is_traditional).all:
        leads = list_undefined(first.trail)
        if not leads:
            continue
        words = BEGINNINGS[first.simple]
        likeliest = islice((each for each in every.all if each.lead in leads), _FOLLOWERS)
        seconds = [each for follower in words.most.keys() & every.known.keys() for each in every.known[follower]]
        for each in (*seconds, *likeliest):
            if each.lead in leads:
                rating = max(first.rating + each.rating, words.ends.get(each.simple, -math.inf))
                most = words.most.get(each.simple, -math.inf)
                opening = max(rating + each.opening - each.rating, most)
                weight = (rating, opening - rating, 0.0)
                both = Candidate(*first[:4], rating, opening, weight, each.char)
                found[first.char, each.char] = max(rating, most), both
    return [both for _, both in sorted(found.values(), key=lambda pair: (-pair[0], pair[1].char, pair[1].second))]


def _choose(ranked: _Ranked, behind: int, n: int) -> Choice:
    leads = list_undefined(behind) if behind else None
    possible = (each for each in ranked.all if leads is None or each.lead in leads)
    return Choice(list(islice(possible, n)), ranked.known, leads)


@cache
def _rank_row(lead: int, is_traditional: bool) -> _Ranked:
    return _rank((char for _, char in list_row(lead)), is_traditional)


@cache
def _rank_column(trail: int, is_traditional: bool) -> _Ranked:
    return _rank((char for _, char in list_column(trail)), is_traditional)


@cache
def _rank_read(reading: str, is_traditional: bool) -> _Ranked:
    return _rank(list_read(reading), is_traditional)


@cache
def _rank_all(is_traditional: bool) -> _Ranked:
    return _rank((char for lead in range(0x81, 0xFF) for _, char in list_row(lead)), is_traditional, _MOST)


def _rank(chars: Iterable[str], is_traditional: bool, n: int | None = None) -> _Ranked:
    if is_traditional:
        chars = (char for char in chars if char not in list_simplified_only())
    ranked = [_describe(char) for char in sorted(chars, key=lambda char: -_rate_opening(char))[:n]]
    return _Ranked(ranked, _index(ranked))


def _index(candidates: Iterable[Candidate]) -> dict[str, list[Candidate]]:
    known: dict[str, list[Candidate]] = {}
    for each in candidates:
        known.setdefault(each.simple, []).append(each)
    return known


@cache
def _describe(char: str) -> Candidate:
    simple = _fold(char)
    lead, trail = char.encode("gb18030")[:2]
    rating, opening = rate_character(simple), rate_opening(simple)
    return Candidate(lead, trail, char, simple, rating, opening, (rating, opening - rating, 0.0))


def _rate_opening(char: str) -> float:
    return rate_opening(_fold(char))


@cache
def rank_read(reading: str, is_traditional: bool) -> tuple[str, ...]:
    """Characters that are read so, the likeliest first."""
    return tuple(each.char for each in _rank_read(reading, is_traditional).all)


@cache
def list_undefined(lead: int) -> frozenset[int]:
    """Second bytes that make no character with this first byte, and can be a first byte.

    80 begins no character: of 個 (82 80), shifted by one byte, a decoder swallows the byte behind it, whatever that is.

    >>> 0xBC in list_undefined(0x80), 0xBC in list_undefined(0xB0)
    (True, False)
    """
    if lead < 0x80:
        return frozenset()
    return frozenset(trail for trail in range(0x81, 0xFF) if lead == 0x80 or read_pair(lead, trail) is None)


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
