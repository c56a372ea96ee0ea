"""The cost of every word of a text at once.

Why: looking each of 200,000 words a megabyte up in a dictionary of Python strings takes longer than cutting them. Here a
word is a number made of its characters, and what is known of it lies at one of two places told by that number (cuckoo
hashing), so that a handful of array operations read a whole text; only the few words that lie at neither are asked for one
by one.
"""

from __future__ import annotations

from functools import cache
from itertools import chain
from typing import NamedTuple

import numpy as np

from .marks import BREAKS
from .names import (
    MARK_COST,
    RARE_CHARACTER_COST,
    RARE_WORD_COST,
    load_all_word_costs,
    load_contexts,
    load_listed_names,
    load_openers,
    load_word_costs,
)

#: How well a word follows a name that name_contexts.csv says nothing of; a mark.
NOT_BEHIND, BREAK_BEHIND = -0.5, 2.0
#: A word's number lies in a table of so many places (as a power of two).
_BITS = 19
_SHIFT = np.uint64(64 - _BITS)
#: Odd numbers that mix: the powers of the first one number the characters of a word, the others tell its places.
_BASE, _FIRST, _SECOND = (np.uint64(n) for n in (0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9))
#: So many lower bits of an entry tell what is known of a word, the others are the word's number.
_KIND_BITS = 16
_UNKNOWN = 0xFFFF
_CODES = 0x10000


class _WordTable(NamedTuple):
    """What is known of words, as numbers of kinds: words of one kind cost the same and follow a name as well."""

    entries: np.ndarray  # by place: upper bits of a word's number, and its kind
    single: np.ndarray  # kind of each character as a word of its own, by code
    marks: np.ndarray  # whether a word that begins with this character is no Han word, by code
    costs: np.ndarray  # by kind
    follows: np.ndarray  # by kind


@cache
def _load_powers(bits: int) -> tuple[np.ndarray, np.ndarray]:
    """The first 2**bits powers of _BASE; and what undoes each and leaves the lower bits free (all modulo 2**64)."""
    size, inverse = 1 << bits, np.uint64(pow(int(_BASE), -1, 1 << 64))
    powers, undone = np.full(size, _BASE), np.full(size, inverse)
    powers[0] = 1
    undone[0] = _BASE << np.uint64(_KIND_BITS)  # one power is left in, which mixes the number's bits
    return np.multiply.accumulate(powers), np.multiply.accumulate(undone)


def _number(codes: np.ndarray, starts: np.ndarray) -> np.ndarray:
    """A number (uint64) for each word codes[start : next start], wherever in the text it stands."""
    powers, undone = _load_powers(max(12, len(codes).bit_length()))
    number = np.add.reduceat(codes.view(np.uint64) * powers[: len(codes)], starts)
    number *= undone.take(starts)
    return number


def _lay(numbers: list[int], kinds: list[int]) -> np.ndarray:
    """Each number with its kind at one of its two places; whoever is in the way goes to its other place."""
    held: list[int] = [0] * (1 << _BITS)
    first, second = int(_FIRST), int(_SECOND)
    whole, shift = (1 << 64) - 1, int(_SHIFT)
    known: dict[int, int] = dict(zip(numbers, kinds, strict=True))
    for number in known:
        place = (number * first & whole) >> shift
        for _ in range(500):
            number, held[place] = held[place], number
            if not number:
                break
            one, two = (number * first & whole) >> shift, (number * second & whole) >> shift
            place = two if place == one else one
        else:
            raise RuntimeError("the table of words is too full: raise _BITS in word_table.py")
    return np.array([number | known[number] if number else 0 for number in held], dtype=np.uint64)


@cache
def _load_table() -> _WordTable:
    right = load_contexts()[1]
    words = load_all_word_costs()
    kinds: dict[tuple[float, float], int] = {}

    def tell_kind(cost: float, follow: float) -> int:
        return kinds.setdefault((cost, follow), len(kinds))

    single = np.full(_CODES, tell_kind(MARK_COST, NOT_BEHIND), dtype=np.int64)
    single[0x3400:0xA000] = tell_kind(RARE_CHARACTER_COST, NOT_BEHIND)
    marks = np.ones(_CODES, dtype=bool)
    marks[0x3400:0xA000] = False
    for char in {char for char in chain(load_word_costs(), right, BREAKS) if len(char) == 1 and ord(char) < _CODES}:
        follow = max(BREAK_BEHIND if char in BREAKS else NOT_BEHIND, right.get(char, NOT_BEHIND))
        single[ord(char)] = tell_kind(load_word_costs().get(char, words[char]), follow)
        marks[ord(char)] &= char not in load_word_costs()
    known = {word for word in chain(load_word_costs(), load_openers(), right, *load_listed_names()) if len(word) > 1}
    listed = sorted(word for word in known if max(map(ord, word)) < _CODES)
    codes = np.frombuffer("".join(listed).encode("utf-32-le"), dtype=np.uint32).astype(np.int64)
    lengths = np.array([len(word) for word in listed])
    numbers = _number(codes, np.cumsum(lengths) - lengths).tolist()
    entries = _lay(numbers, [tell_kind(words[word], right.get(word, NOT_BEHIND)) for word in listed])
    if len(kinds) >= _UNKNOWN:
        raise RuntimeError("too many kinds of words: round the costs of word_costs.csv")
    table = np.full((2, _UNKNOWN + 1), RARE_WORD_COST, dtype=np.float32)
    table[1] = NOT_BEHIND
    table[:, : len(kinds)] = np.array(list(kinds)).T
    return _WordTable(entries, single, marks, table[0], table[1])


def weigh_characters() -> np.ndarray:
    """Cost of each character as a word of its own (float32), by its code below 65,536."""
    table = _load_table()
    return table.costs[table.single]


def weigh_words(tokens: list[str], codes: np.ndarray, starts: np.ndarray, lengths: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Cost of each word of a text (float32), as `names.cost_word` has it, and its weight behind a name.

    `codes` are the text's characters (int64 below 65,536, 0 for others); `starts, lengths` tell where its words `tokens`
    stand, one behind the other from the first character to the last.
    """
    table = _load_table()
    if not tokens:
        return table.costs[:0], table.follows[:0]
    number = _number(codes, starts)
    first, second = (number * _FIRST) >> _SHIFT, (number * _SECOND) >> _SHIFT
    # what is left of an entry is a kind where it is the word's, and a larger number where it is not
    entries = table.entries
    left = np.minimum(entries.take(first.view(np.int64)) ^ number, entries.take(second.view(np.int64)) ^ number)
    heads = codes.take(starts)
    alone = table.marks.take(heads)
    alone |= lengths == 1
    kinds = np.where(alone, table.single.take(heads), np.minimum(left, np.uint64(_UNKNOWN)).view(np.int64))
    cost = table.costs.take(kinds)
    unknown = (kinds == _UNKNOWN).nonzero()[0].tolist()
    if unknown:
        costs = load_all_word_costs()
        for k in unknown:
            cost[k] = costs[tokens[k]]
    return cost, table.follows.take(kinds)
