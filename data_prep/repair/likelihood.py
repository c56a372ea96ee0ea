"""How likely a string of characters is: a word model over jieba's dictionary.

The cost of a text is that of its cheapest cutting into words (natural logarithms of
word frequency over all frequencies). Traditional characters count as the simplified
ones, since the dictionary has few of them. The page itself is evidence too: a pair of
characters that stands elsewhere on the page is likelier to stand here.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import jieba

from data_prep.lexicons import read_lexicon
from data_prep.script import fold_characters

_HAN_RUN = re.compile("[\u3400-\u9fff]{2,}")
#: Longest word looked up, in characters.
LONGEST = 8
# Log-probabilities outside the dictionary. Signs: rounded from their share in newspaper text.
_ASCII, _FURTHER_ASCII, _RARE_HAN, _OTHER = -11.0, -3.0, -18.0, -22.0
_SIGNS = {
    "，": -2.8, ",": -2.8, "。": -3.4, "、": -3.4, "“": -5.0, "”": -5.0, "（": -5.8, "）": -5.8, "(": -5.8, ")": -5.8,
    "《": -6.0, "》": -6.0, "：": -5.8, ":": -5.8, "；": -5.5, ";": -5.5, "·": -7.5, "—": -6.5, "％": -6.5, "%": -6.0,
    "！": -8.0, "!": -8.0, "？": -8.0, "?": -8.0, "…": -9.0, "‘": -9.0, "’": -9.0, "\u3000": -9.0,
    "\ufffd": -3.0, " ": -6.0,
    **dict.fromkeys("0123456789", -6.0),
}
# How much a pair of characters seen on the page speaks for itself, per log count.
_PAIR_SEEN, _PAIR_AGAIN, _PAIR_MOST = 1.8, 0.8, 5.0
# Formulas of official prose that no word list has: what stands between their words is damaged together.
_FORMULAS = ("省（自治区", "省(自治区", "省、自治区", "省（区", "省(区", "个省（区", "个省(区", "十八大以来", "十九大以来",
             "二十大以来", "今年以来", "去年以来", "改革开放以来", "建交以来", "成立以来", "上海合作组织")
# The count a word of our own lexicons gets in jieba's terms.
_OWN_COUNT = 2000


class Track(NamedTuple):
    """A text read so far: score of its best cutting, and what further characters need to know."""

    score: float
    tail: str  # the last characters, simplified
    bests: tuple[float, ...]  # score of the best cutting that ends before each of them, and at the end, less `paid`
    paid: float = 0.0  # penalties, which hold for every cutting alike


class _Tables(NamedTuple):
    """Log-probabilities of words and characters, and which two characters end or begin a word."""

    words: dict[str, float]
    chars: dict[str, float]
    ends: dict[str, tuple[int, ...]]  # lengths of the words that end so
    begins: dict[str, float]


@cache
def _tables() -> _Tables:
    """jieba's dictionary, and the set phrases, places and office holders of our lexicons."""
    counts: dict[str, int] = {}
    for line in (Path(jieba.__file__).parent / "dict.txt").read_text(encoding="utf-8").splitlines():
        word, count, _ = line.split(" ")
        if len(word) <= LONGEST:
            counts[word] = int(count)
    for own in _list_own_words():
        if 1 < len(own) <= LONGEST:
            counts[own] = max(counts.get(own, 0), _OWN_COUNT)
    total = math.log(sum(counts.values()))
    log = math.log
    words: dict[str, float] = {}
    chars: dict[str, float] = {}
    lengths: dict[str, set[int]] = {}
    begins: dict[str, float] = {}
    for word, n in counts.items():
        rating = log(n or 1) - total
        if len(word) == 1:
            chars[word] = rating
            continue
        words[word] = rating
        lengths.setdefault(word[-2:], set()).add(len(word))
        begin = word[:2]
        if rating > begins.get(begin, -99.0):
            begins[begin] = rating
    chars |= _SIGNS
    return _Tables(words, chars, {end: tuple(sorted(found)) for end, found in lengths.items()}, begins)


def _list_own_words() -> Iterator[str]:
    yield from _FORMULAS
    for entry in read_lexicon("phrases").itertuples():
        for form in (entry.phrase, *entry.variants.split("|")):
            yield from form.split("、")
    for place in read_lexicon("places").itertuples():
        yield from (place.name, place.short)
    for holder in read_lexicon("holders").itertuples():
        yield holder.name


@cache
def rate_character(char: str) -> float:
    """Log-probability of one (simplified) character as a word of its own."""
    known = _tables().chars.get(char)
    if known is not None:
        return known
    if char <= "\x7f":
        return _ASCII
    return _RARE_HAN if "\u3400" <= char <= "\u9fff" else _OTHER


def rate_beginning(pair: str) -> float | None:
    """Log-probability of the commonest word that begins with these two (simplified) characters."""
    return _tables().begins.get(pair)


@cache
def _follow() -> dict[str, list[str]]:
    following: dict[str, list[str]] = {}
    for begin in _tables().begins:
        following.setdefault(begin[0], []).append(begin[1])
    return following


def list_followers(char: str) -> list[str]:
    """The (simplified) characters that stand second in words which begin with `char`."""
    return _follow().get(char, [])


def begin_track() -> Track:
    """The empty text."""
    return Track(0.0, "", (0.0,))


def extend_track(track: Track, char: str, pairs: dict[str, int], penalty: float = 0.0) -> Track:
    """The text one character longer. `pairs` counts the pairs of characters of the page."""
    char, rating = _look_up(char)
    _, tail, bests, paid = track
    if char < "\x80" and tail[-1:].isascii() and char.isalnum():
        rating = _FURTHER_ASCII
    best = bests[-1] + rating
    pair = tail[-1:] + char
    words, _, ends, _ = _tables()
    lengths = ends.get(pair)
    tail = (tail + char)[-LONGEST:]
    if lengths:
        n_bests = len(bests)
        for length in lengths:
            if length > n_bests:
                break
            known = words.get(tail[-length:])
            if known is not None and bests[-length] + known > best:
                best = bests[-length] + known
    seen = pairs.get(pair)
    if seen:
        penalty += _rate_seen(seen)
    paid += penalty
    return Track(best + paid, tail, (*bests[-LONGEST + 1:], best), paid)


def charge_track(track: Track, cost: float) -> Track:
    """The same text, so much less likely (or more)."""
    score, tail, bests, paid = track
    return Track(score + cost, tail, bests, paid + cost)


@cache
def _rate_seen(n_seen: int) -> float:
    """What a pair says for itself that stands so often on the page."""
    return min(_PAIR_SEEN + _PAIR_AGAIN * math.log(n_seen), _PAIR_MOST)


@cache
def _look_up(char: str) -> tuple[str, float]:
    """The character simplified, and its rating."""
    simple = fold_characters().get(ord(char), char)
    return simple, rate_character(simple)


def count_pairs(text: str) -> dict[str, int]:
    """How often each pair of neighbouring Han characters stands in a text, simplified.

    >>> count_pairs("疫情防控，疫情")["疫情"]
    2
    """
    pairs: Counter[str] = Counter()
    for run in _HAN_RUN.findall(text.translate(fold_characters())):
        pairs.update(map("".join, pairwise(run)))
    return pairs
