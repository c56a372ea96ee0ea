"""How likely a string of characters is: a word model over jieba's dictionary.

The cost of a text is that of its cheapest cutting into words (natural logarithms of
word frequency over all frequencies). Traditional characters count as the simplified
ones, since the dictionary has few of them. The page itself is evidence too: a pair of
characters that stands elsewhere on the page is likelier to stand here.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import jieba
import numpy as np
import numpy.typing as npt

from data_prep.lexicons import read_lexicon
from data_prep.script import fold_characters

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
# The count a word of our own lexicons gets in jieba's terms; one name of a county is written less often.
_OWN_COUNT, _COUNTY_COUNT = 2000, 500


# Tracks are made by the hundred for every character that is read: made so, one costs half as much.
_new = tuple.__new__


class Track(NamedTuple):
    """A text read so far: score of its best cutting, and what further characters need to know."""

    score: float
    tail: str  # the last characters, simplified
    bests: tuple[float, ...]  # score of the best cutting that ends before each of them, and at the end, less `paid`
    paid: float = 0.0  # penalties, which hold for every cutting alike


class _Dictionary:
    """jieba's dictionary, and the set phrases, places and office holders of our lexicons.

    It has 349,000 words and every worker needs it, most of them for a few pages: so it is
    kept as the file has it, sorted by first and by last character, and the words of a
    character are read when it is first met.
    """

    def __init__(self, text: str, own: dict[str, int]) -> None:
        codes = np.frombuffer(text.encode("utf-32-le"), dtype=np.uint32)
        spaces = np.flatnonzero(codes == ord(" "))
        self._text = text
        self._begins = np.concatenate([[0], np.flatnonzero(codes == ord("\n"))[:-1] + 1])
        self._ends = spaces[::2]
        counts = _read_counts(codes, self._ends + 1, spaces[1::2])
        self._total = math.log(counts.sum())
        self._ratings = np.log(np.maximum(counts, 1)) - self._total
        self._by_first = _Groups(codes[self._begins])
        self._by_last = _Groups(codes[self._ends - 1])
        lengths = self._ends - self._begins
        ends = self._ends[(lengths > 1) & (lengths <= LONGEST)]
        self._last = codes[ends - 1]
        self._by_last_but_one = _Groups(codes[ends - 2])
        single = self._ends - self._begins == 1
        self.chars: dict[str, float] = dict(
            zip(map(chr, codes[self._begins[single]].tolist()), self._ratings[single].tolist(), strict=True))
        self.openings = self._by_first.list_most(self._ratings)
        self._own_first: defaultdict[str, dict[str, float]] = defaultdict(dict)
        self._own_last: defaultdict[str, dict[str, float]] = defaultdict(dict)
        self._own_endings: defaultdict[str, set[str]] = defaultdict(set)
        for word, count in own.items():
            if 1 < len(word) <= LONGEST:
                rating = math.log(count) - self._total
                self._own_first[word[0]][word] = self._own_last[word[-1]][word] = rating
                self._own_endings[word[-2]].add(word[-1])
                self.openings[word[0]] = max(self.openings.get(word[0], rating), rating)

    def list_begun(self, first: str) -> dict[str, float]:
        """Words that begin with a character, and their log-probabilities."""
        return self._list_words(self._by_first.list_rows(ord(first)), self._own_first.get(first, {}))

    def list_ended(self, last: str) -> dict[str, float]:
        """Words that end with a character, and their log-probabilities."""
        return self._list_words(self._by_last.list_rows(ord(last)), self._own_last.get(last, {}))

    def list_endings(self, last_but_one: str) -> frozenset[str]:
        """The characters that end words after a last but one."""
        found = self._last[self._by_last_but_one.list_rows(ord(last_but_one))].tolist()
        return frozenset(map(chr, found)) | self._own_endings.get(last_but_one, set())

    def _list_words(self, rows: npt.NDArray[np.int64], own: dict[str, float]) -> dict[str, float]:
        text, begins, ends = self._text, self._begins[rows].tolist(), self._ends[rows].tolist()
        words = [text[begin:end] for begin, end in zip(begins, ends, strict=True)]
        ratings = dict(zip(words, self._ratings[rows].tolist(), strict=True))
        for word, least in own.items():
            ratings[word] = max(ratings.get(word, least), least)
        return ratings


class _Groups:
    """Rows of a column by what stands in them."""

    def __init__(self, column: npt.NDArray[np.uint32]) -> None:
        self._rows = np.argsort(column, kind="stable")
        values, self._firsts = np.unique(column[self._rows], return_index=True)
        bounds = [*self._firsts.tolist(), len(column)]
        self._bounds = dict(zip(values.tolist(), pairwise(bounds), strict=True))

    def list_rows(self, value: int) -> npt.NDArray[np.int64]:
        begin, end = self._bounds.get(value, (0, 0))
        return self._rows[begin:end]

    def list_most(self, ratings: npt.NDArray[np.float64]) -> dict[str, float]:
        """By character: the most of the ratings of its rows."""
        most = np.maximum.reduceat(ratings[self._rows], self._firsts)
        return dict(zip(map(chr, self._bounds), most.tolist(), strict=True))


def _read_counts(
    codes: npt.NDArray[np.uint32], begins: npt.NDArray[np.int64], ends: npt.NDArray[np.int64]
) -> npt.NDArray[np.int64]:
    """The numbers printed from `begins` to `ends`."""
    counts = np.zeros(len(begins), dtype=np.int64)
    for at in range(int((ends - begins).max())):
        inside = begins + at < ends
        counts[inside] = 10 * counts[inside] + codes[begins[inside] + at] - ord("0")
    return counts


@cache
def _dictionary() -> _Dictionary:
    text = (Path(jieba.__file__).parent / "dict.txt").read_text(encoding="utf-8")
    return _Dictionary(text if text.endswith("\n") else text + "\n", _count_own_words())


def _count_own_words() -> dict[str, int]:
    counts: dict[str, int] = {}
    for place in read_lexicon("places").itertuples():
        count = _COUNTY_COUNT if place.level == "county" else _OWN_COUNT
        for name in (place.name, place.short):
            counts[name] = max(counts.get(name, 0), count)
    for entry in read_lexicon("phrases").itertuples():
        for form in (entry.phrase, *entry.variants.split("|")):
            counts |= dict.fromkeys(form.split("、"), _OWN_COUNT)
    return counts | dict.fromkeys(
        (*_FORMULAS, *read_lexicon("prose")["word"], *read_lexicon("holders")["name"]), _OWN_COUNT)


@cache
def rate_character(char: str) -> float:
    """Log-probability of one (simplified) character as a word of its own."""
    known = _SIGNS.get(char)
    if known is None:
        known = _dictionary().chars.get(char)
    if known is not None:
        return known
    if char <= "\x7f":
        return _ASCII
    return _RARE_HAN if "\u3400" <= char <= "\u9fff" else _OTHER


@cache
def rate_opening(char: str) -> float:
    """Log-probability of the commonest word that begins with a (simplified) character, be it the character itself.

    >>> rate_opening("努") > rate_character("努")
    True
    """
    return max(rate_character(char), _dictionary().openings.get(char, -math.inf))


@cache
def list_followers(char: str) -> dict[str, float]:
    """The (simplified) characters that stand second in words which begin with `char`.

    With each the log-probability of the commonest word that begins so.
    """
    followers: dict[str, float] = {}
    for word, rating in _dictionary().list_begun(char).items():
        if len(word) > 1 and rating > followers.get(word[1], -math.inf):
            followers[word[1]] = rating
    return followers


@cache
def list_endings(char: str) -> frozenset[str]:
    """The (simplified) characters with which words end whose last but one is `char`.

    >>> "力" in list_endings("努"), "努" in list_endings("力")
    (True, False)
    """
    return _dictionary().list_endings(char)


def list_preceding(char: str) -> Iterable[str]:
    """The (simplified) characters that stand last but one in words which end in `char`."""
    return _LETTERS[char].lengths


def begin_track() -> Track:
    """The empty text."""
    return Track(0.0, "", (0.0,))


def extend_track(
    track: Track, char: str, pairs: dict[str, int], penalty: float = 0.0, least: float = -math.inf
) -> Track | None:
    """The text one character longer; None where that scores less than `least`.

    `pairs` counts the pairs of characters of the page.
    """
    char, rating, lengths_behind, words, _ = _LETTERS[char]
    _, tail, bests, paid = track
    last = tail[-1:]
    if char < "\x80" and last.isascii() and char.isalnum():
        rating = _FURTHER_ASCII
    best = bests[-1] + rating
    lengths = lengths_behind.get(last)
    if lengths:
        longer, n_bests = tail + char, len(bests)
        for length in lengths:
            if length > n_bests:
                break
            known = words.get(longer[-length:])
            if known is not None and bests[-length] + known > best:
                best = bests[-length] + known
    seen = pairs.get(last + char)
    paid += penalty + _rate_seen(seen) if seen else penalty
    score = best + paid
    if score < least:
        return None
    return _new(Track, (score, (tail + char)[-LONGEST:], (*bests[1 - LONGEST:], best), paid))


def hope_for(track: Track) -> float:
    """By how much the text may become likelier than it is, when its last characters begin a word."""
    _, tail, bests, _ = track
    if not tail:
        return 0.0
    last = tail[-1]
    hope = _LETTERS[last].hope
    if len(bests) > 2:
        begun = list_followers(tail[-2]).get(last)
        if begun is not None and bests[-3] + begun - bests[-1] > hope:
            hope = bests[-3] + begun - bests[-1]
    return hope


def charge_track(track: Track, cost: float) -> Track:
    """The same text, so much less likely (or more)."""
    score, tail, bests, paid = track
    return _new(Track, (score + cost, tail, bests, paid + cost))


@cache
def _rate_seen(n_seen: int) -> float:
    """What a pair says for itself that stands so often on the page."""
    return min(_PAIR_SEEN + _PAIR_AGAIN * math.log(n_seen), _PAIR_MOST)


class _Letter(NamedTuple):
    """A character simplified, its rating, and the words that end in it."""

    simple: str
    rating: float
    lengths: dict[str, tuple[int, ...]]  # of these words, by the character before the last one, the shortest first
    words: dict[str, float]
    hope: float  # by how much the commonest word that begins with it is likelier


class _Letters(dict[str, _Letter]):
    """Letters met so far; there are no more than characters in Unicode."""

    def __missing__(self, char: str) -> _Letter:
        letter = self[char] = _look_up(char)
        return letter


_LETTERS = _Letters()


def _look_up(char: str) -> _Letter:
    simple = fold_characters().get(ord(char), char)
    words = {word: rating for word, rating in _dictionary().list_ended(simple).items() if 1 < len(word) <= LONGEST}
    lengths: defaultdict[str, set[int]] = defaultdict(set)
    for word in words:
        lengths[word[-2]].add(len(word))
    rating = rate_character(simple)
    by_last = {last: tuple(sorted(each)) for last, each in lengths.items()}
    return _Letter(simple, rating, by_last, words, rate_opening(simple) - rating)


def count_pairs(text: str) -> dict[str, int]:
    """How often each pair of neighbouring Han characters stands in a text, simplified.

    >>> count_pairs("疫情防控，疫情")["疫情"]
    2
    """
    units = np.frombuffer(text.translate(fold_characters()).encode("utf-16-le", "surrogatepass"), dtype="<u2")
    is_han = (units >= 0x3400) & (units <= 0x9FFF)
    firsts = np.flatnonzero(is_han[:-1] & is_han[1:])
    both, counts = np.unique(units[firsts].astype("<u4") | units[firsts + 1].astype("<u4") << 16, return_counts=True)
    chars = both.tobytes().decode("utf-16-le")
    return dict(zip(map("".join, zip(chars[::2], chars[1::2], strict=True)), counts.tolist(), strict=True))
