"""How likely a string of characters is: a word model.

The cost of a text is that of its cheapest cutting into words (natural logarithms of
word frequency over all frequencies). Traditional characters count as the simplified
ones, since the dictionary has few of them. The page itself is evidence too: a pair of
characters that stands elsewhere on the page is likelier to stand here.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from functools import cache
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from data_prep.repair.words import BEGINNINGS, Branches, rate_character, rate_opening
from data_prep.script import fold_characters

# A further letter or digit behind one.
_FURTHER_ASCII = -3.0
# How much a pair of characters seen on the page speaks for itself, per log count.
_PAIR_SEEN, _PAIR_AGAIN, _PAIR_MOST = 1.8, 0.8, 5.0

# Tracks are made by the hundred for every character that is read: made so, one costs half as much.
_new = tuple.__new__


class Track(NamedTuple):
    """A text read so far: what it is worth, and what further characters need to know."""

    score: float
    best: float  # the score of the best cutting, without penalties, which hold for every cutting alike
    last: str  # the last character, simplified
    # Words that have begun before the last character and may go on behind it, each with what the text before was worth.
    begun: tuple[tuple[Branches, float], ...]
    opened: Branches  # the word that may begin with the last character
    before: float  # what the text before it was worth
    hope: float  # by how much the text may become likelier when its last characters begin a word


class Letter(NamedTuple):
    """A character simplified, and its ratings."""

    simple: str
    rating: float  # log-probability as a word of its own
    hope: float  # by how much the commonest word that begins with it is likelier


class _Letters(dict[str, Letter]):
    """Letters met so far; there are no more than characters in Unicode."""

    def __missing__(self, char: str) -> Letter:
        simple = fold_characters().get(ord(char), char)
        rating = rate_character(simple)
        letter = self[char] = Letter(simple, rating, rate_opening(simple) - rating)
        return letter


LETTERS = _Letters()


class Pairs(dict[str, dict[str, float]]):
    """By a (simplified) Han character: what speaks for each that stands behind it somewhere in a text.

    >>> pairs = Pairs("疫情防控，疫情，疫苗")
    >>> pairs["疫"]["情"] > pairs["疫"]["苗"], pairs["情"].get("疫")
    (True, None)
    """

    def __init__(self, text: str) -> None:
        super().__init__()
        units = _fold_table()[np.frombuffer(text.encode("utf-16-le", "surrogatepass"), dtype="<u2")].astype(np.uint32)
        is_han = (units >= 0x3400) & (units <= 0x9FFF)
        firsts = np.flatnonzero(is_han[:-1] & is_han[1:])
        found, counts = np.unique(units[firsts] << 16 | units[firsts + 1], return_counts=True)
        self._found = found.tolist()
        self._counts = counts

    def __missing__(self, first: str) -> dict[str, float]:
        code = ord(first) << 16 if first else 0
        begin, end = bisect_left(self._found, code), bisect_left(self._found, code + 0x10000)
        behind = self[first] = {} if begin == end else {
            chr(pair & 0xFFFF): _rate_seen(count)
            for pair, count in zip(self._found[begin:end], self._counts[begin:end].tolist(), strict=True)}
        return behind


@cache
def _fold_table() -> npt.NDArray[np.uint16]:
    """The simplified character of each UTF-16 code unit."""
    table = np.arange(0x10000, dtype=np.uint16)
    for code, simple in fold_characters().items():
        if code < len(table):
            table[code] = ord(simple)
    return table


@cache
def _rate_seen(n_seen: int) -> float:
    """What a pair says for itself that stands so often on the page."""
    return min(_PAIR_SEEN + _PAIR_AGAIN * math.log(n_seen), _PAIR_MOST)


def begin_track() -> Track:
    """The empty text."""
    return Track(0.0, 0.0, "", (), BEGINNINGS[""], 0.0, 0.0)


def extend_track(track: Track, char: str, pairs: Pairs, penalty: float = 0.0) -> Track:
    """The text one character longer; `pairs` are those of the page."""
    letter = LETTERS[char]
    gain, hope = rate_next(track, letter)
    score = track[0] + gain + penalty + pairs[track[2]].get(letter[0], 0.0)
    return lengthen_track(track, letter[0], score, gain, hope)


def lengthen_track(track: Track, simple: str, score: float, gain: float, hope: float) -> Track:
    """The text one (simplified) character longer that was rated (`rate_next`) before, and what it is worth."""
    _, best, _, begun, opened, before, _ = track
    further = tuple([(branches.grow(simple), worth) for branches, worth in begun if simple in branches.longer])
    if simple in opened.longer:
        further = (*further, (opened.grow(simple), before))
    return _new(Track, (score, best + gain, simple, further, BEGINNINGS[simple], best, hope))


def rate_next(track: Track, letter: Letter) -> tuple[float, float]:
    """By how much a text becomes likelier with one more character, but for pairs; and its `hope` then."""
    simple, gain, hope = letter
    _, best, last, begun, opened, before, _ = track
    if simple < "\x80" and last.isascii() and simple.isalnum():
        gain = _FURTHER_ASCII
    for branches, worth in begun:
        known = branches.ends.get(simple)
        if known is not None and worth + known - best > gain:
            gain = worth + known - best
    most = opened.most.get(simple)
    if most is not None:
        known = opened.ends.get(simple)
        if known is not None and before + known - best > gain:
            gain = before + known - best
        if before + most - best - gain > hope:
            hope = before + most - best - gain
    return gain, hope


def rate_two(track: Track, first: Letter, second: Letter) -> tuple[float, float]:
    """As `rate_next`, with two more characters.

    >>> track = extend_track(begin_track(), "新", Pairs(""))
    >>> one = extend_track(track, "冠", Pairs(""))
    >>> two = rate_two(track, LETTERS["冠"], LETTERS["肺"])
    >>> abs(two[0] - extend_track(one, "肺", Pairs("")).best + track.best) < 1e-9
    True
    """
    simple = first[0]
    _, best, _, begun, opened, before, _ = track
    alone = rate_next(track, first)[0]
    further = [(branches.grow(simple), worth) for branches, worth in begun if simple in branches.longer]
    if simple in opened.longer:
        further.append((opened.grow(simple), before))
    one = _new(Track, (0.0, best + alone, simple, further, BEGINNINGS[simple], best, 0.0))
    gain, hope = rate_next(one, second)
    return alone + gain, hope


def charge_track(track: Track, cost: float) -> Track:
    """The same text, so much less likely (or more)."""
    return _new(Track, (track[0] + cost, *track[1:]))
