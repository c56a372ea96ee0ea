"""The words a text is made of: jieba's dictionary, and the names and terms of our own lexicons.

It has 358,000 words and every worker needs it, most of them for a few pages: so it is kept
as the file has it, sorted by first character, and the words of a character are read when a
text goes on behind it for the first time.
"""

from __future__ import annotations

import math
from functools import cache, cached_property
from itertools import compress, pairwise
from operator import not_
from pathlib import Path
from typing import TypeAlias

import jieba
import numpy as np
import numpy.typing as npt

from data_prep.lexicons import read_lexicon

_Rows: TypeAlias = npt.NDArray[np.int64]

# Log-probabilities outside the dictionary. Signs: rounded from their share in newspaper text.
_ASCII, _RARE_HAN, _OTHER = -11.0, -18.0, -22.0
_SIGNS = {
    "，": -2.8, ",": -2.8, "。": -3.4, "、": -3.4, "“": -5.0, "”": -5.0, "（": -5.8, "）": -5.8, "(": -5.8, ")": -5.8,
    "《": -6.0, "》": -6.0, "：": -5.8, ":": -5.8, "；": -5.5, ";": -5.5, "·": -7.5, "—": -6.5, "％": -6.5, "%": -6.0,
    "！": -8.0, "!": -8.0, "？": -8.0, "?": -8.0, "…": -9.0, "‘": -9.0, "’": -9.0, "\u3000": -9.0,
    "\ufffd": -3.0, " ": -6.0,
    **dict.fromkeys("0123456789", -6.0),
}
# Formulas of official prose that no word list has: what stands between their words is damaged together.
_FORMULAS = ("省（自治区", "省(自治区", "省、自治区", "省（区", "省(区", "个省（区", "个省(区", "十八大以来", "十九大以来",
             "二十大以来", "今年以来", "去年以来", "改革开放以来", "建交以来", "成立以来", "上海合作组织")
# The count a word of our own lexicons gets in jieba's terms; one name of a county is written less often.
_OWN_COUNT, _COUNTY_COUNT = 2000, 500


class Branches:
    """What may follow the beginning of a word."""

    __slots__ = ("_at", "_grown", "_rows", "ends", "likeliest", "longer", "most", "most_of_all")

    def __init__(self, rows: _Rows, at: int) -> None:
        """`rows` are the words that begin so and go on, the commonest last; `at` is how long the beginning is."""
        chars, ratings, are_ends = _dictionary().describe(rows, at)
        self._at = at
        self._rows = rows
        self._grown: dict[str, Branches] = {}
        self.ends = dict(compress(zip(chars, ratings, strict=True), are_ends))  # characters that end a word
        self.longer = set(compress(chars, map(not_, are_ends)))  # characters behind which words go on
        self.most = dict(zip(chars, ratings, strict=True))  # by character: the commonest word that goes on so
        # The highest rating of any that ends so, and that goes on so.
        self.likeliest = next(reversed(self.ends.values()), -math.inf)
        self.most_of_all = ratings[-1] if ratings else -math.inf

    def grow(self, char: str) -> Branches:
        """What may follow the beginning and one character more, one of `longer`."""
        grown = self._grown.get(char)
        if grown is None:
            rows = _dictionary().list_longer(self._rows, self._at, char)
            grown = self._grown[char] = Branches(rows, self._at + 1)
        return grown


class _Beginnings(dict[str, Branches]):
    """Beginnings met so far; there are no more than characters in Unicode."""

    def __missing__(self, first: str) -> Branches:
        beginning = self[first] = Branches(_dictionary().list_begun(first), 1)
        return beginning


#: By a (simplified) character: what may follow it in a word.
BEGINNINGS = _Beginnings()


class _Dictionary:
    """Words and their counts, one a line, as jieba's file has them."""

    def __init__(self, text: str, own: dict[str, int]) -> None:
        text += "".join(f"{word} {count} \n" for word, count in own.items())
        self._codes = np.frombuffer(text.encode("utf-32-le"), dtype=np.uint32)
        spaces = np.flatnonzero(self._codes == ord(" "))
        self._begins = np.concatenate([[0], np.flatnonzero(self._codes == ord("\n"))[:-1] + 1])
        self._lengths = spaces[::2] - self._begins
        counts = _read_counts(self._codes, spaces[::2] + 1, spaces[1::2])
        self._ratings = np.log(np.maximum(counts, 1)) - math.log(counts[:len(counts) - len(own)].sum())
        self._by_first = _Groups(self._codes[self._begins])
        chars, ratings, _ = self.describe(np.flatnonzero(self._lengths == 1), 0)
        self.chars = dict(zip(chars, ratings, strict=True))
        self.openings = self._by_first.list_most(self._ratings)

    def describe(self, rows: _Rows, at: int) -> tuple[list[str], list[float], list[bool]]:
        """Of words: the character that stands at a place, the log-probability, and whether they end there."""
        chars = list(map(chr, self._codes[self._begins[rows] + at].tolist()))
        return chars, self._ratings[rows].tolist(), (self._lengths[rows] == at + 1).tolist()

    def list_longer(self, rows: _Rows, at: int, char: str) -> _Rows:
        """Those of the words that have a character at a place, and go on behind it."""
        rows = rows[self._codes[self._begins[rows] + at] == ord(char)]
        return rows[self._lengths[rows] > at + 1]

    def list_begun(self, first: str) -> _Rows:
        """The words that begin with a character and are longer, the commonest last."""
        rows = self._by_first.list_rows(ord(first) if first else 0)
        rows = rows[self._lengths[rows] > 1]
        return rows[self._ratings[rows].argsort(kind="stable")]

    def list_last_but_one(self, last: str) -> list[str]:
        """The characters that stand before the last one in words that end with it, each once."""
        rows = self._by_last.list_rows(ord(last))
        rows = rows[self._lengths[rows] > 1]
        return [chr(code) for code in np.unique(self._codes[self._begins[rows] + self._lengths[rows] - 2]).tolist()]

    @cached_property
    def _by_last(self) -> _Groups:
        return _Groups(self._codes[self._begins + self._lengths - 1])


class _Groups:
    """Rows of a column by what stands in them."""

    def __init__(self, column: npt.NDArray[np.uint32]) -> None:
        self._rows = np.argsort(column, kind="stable")
        values, self._firsts = np.unique(column[self._rows], return_index=True)
        bounds = [*self._firsts.tolist(), len(column)]
        self._bounds = dict(zip(values.tolist(), pairwise(bounds), strict=True))

    def list_rows(self, value: int) -> _Rows:
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
    counts |= dict.fromkeys((*_FORMULAS, *read_lexicon("prose")["word"], *read_lexicon("holders")["name"]), _OWN_COUNT)
    return {word: count for word, count in counts.items() if len(word) > 1 and not set(" \n") & set(word)}


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
def list_preceding(last: str) -> tuple[str, ...]:
    """The (simplified) characters that stand last but one in words which end in `last`.

    >>> "努" in list_preceding("力"), "力" in list_preceding("努")
    (True, False)
    """
    return tuple(_dictionary().list_last_but_one(last))
