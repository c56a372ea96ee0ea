"""Which characters may have stood where bytes are lost, the likeliest first.

A row holds the characters with one first byte, a column those with one second byte. On a
traditional page simplified characters are no candidates.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from data_prep.repair.likelihood import list_followers, rate_beginning, rate_character
from data_prep.repair.readings import list_column, list_read, list_row, read_pair
from data_prep.script import fold_characters, list_simplified_only


@cache
def rank_row(lead: int, is_traditional: bool) -> tuple[tuple[int, str], ...]:
    """Second bytes and characters of a first byte."""
    return _rank(list_row(lead), is_traditional)


@cache
def rank_column(trail: int, behind: int, is_traditional: bool) -> tuple[tuple[int, str], ...]:
    """First bytes and characters of a second byte; the first makes nothing behind the byte `behind` (0: any)."""
    pairs = tuple(pair for pair in list_column(trail) if not behind or read_pair(behind, pair[0]) is None)
    return _rank(pairs, is_traditional)


@cache
def rank_read(reading: str, is_traditional: bool) -> tuple[str, ...]:
    """Characters that are read so."""
    return tuple(char for _, char in _rank(tuple((0, char) for char in list_read(reading)), is_traditional))


@cache
def rank_behind(behind: int, is_traditional: bool) -> tuple[tuple[int, str], ...]:
    """Second bytes and characters of any first byte that makes nothing behind the byte `behind` (0: any)."""
    leads = list_undefined(behind) if behind else range(0x81, 0xFF)
    return tuple((trail, char) for trail, char in _rank_all(is_traditional) if _lead_of(char) in leads)[:200]


@cache
def rank_two(lead: int, is_traditional: bool) -> tuple[tuple[str, str], ...]:
    """Two characters of which the first begins with `lead`, and between which bytes made nothing."""
    found: dict[tuple[str, str], float] = {}
    for trail, first in list_row(lead):
        leads = list_undefined(trail)
        if not leads or (is_traditional and first in list_simplified_only()):
            continue
        begin = _fold(first)
        for follower in list_followers(begin):
            for second in _unfold().get(follower, (follower,)):
                if _lead_of(second) in leads and not (is_traditional and second in list_simplified_only()):
                    found[first, second] = rate_beginning(begin + follower) or 0.0
        for _, second in rank_behind(trail, is_traditional)[:4]:
            found.setdefault((first, second), rate(first) + rate(second))
    return tuple(sorted(found, key=lambda pair: -found[pair]))[:200]


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


def _rank(pairs: tuple[tuple[int, str], ...], is_traditional: bool) -> tuple[tuple[int, str], ...]:
    if is_traditional:
        pairs = tuple(pair for pair in pairs if pair[1] not in list_simplified_only())
    return tuple(sorted(pairs, key=lambda pair: -rate(pair[1])))


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
