"""The cost of every word of a text at once.

Why: looking each of 200,000 words a megabyte up in a dictionary of Python strings takes longer than cutting them. Here a
word is a number made of its first characters and its length, and the costs lie in one array, found by that number; only the
few words that are not there are asked for one by one.
"""

from __future__ import annotations

from functools import cache
from itertools import chain

import numpy as np

from .marks import BREAKS
from .names import (
    MARK_COST,
    RARE_CHARACTER_COST,
    RARE_WORD_COST,
    cost_word,
    load_contexts,
    load_listed_names,
    load_openers,
    load_transcription,
    load_word_costs,
)

#: So many characters of a word count, and its length.
_COUNTED = 4
_BITS = 19
#: How well a word follows a name that name_contexts.csv says nothing of; a mark.
NOT_BEHIND, BREAK_BEHIND = -0.5, 2.0
_MIX, _FIRST, _SECOND = (np.uint64(n) for n in (0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9))
_CODES = 0x10000


def _number(codes: np.ndarray, starts: np.ndarray, lengths: np.ndarray) -> np.ndarray:
    """A number for each word codes[start : start + length]; `codes` goes on for four places behind the last word."""
    number = codes[starts].astype(np.uint64)
    for k in range(1, _COUNTED):
        more = np.where(lengths > k, codes[starts + k], 0)
        number = number * _MIX + more
    return number + lengths.astype(np.uint64)


def _places(number: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Both places of each number, and its mark there."""
    shift = np.uint64(64 - _BITS)
    return (number * _FIRST) >> shift, (number * _SECOND) >> shift, (number & np.uint64(0xFFFFFFFF)).astype(np.uint32)


@cache
def _load_table() -> tuple[tuple[np.ndarray, ...], frozenset[str]]:
    """Costs and weights behind a name of single characters by code; marks, costs and such weights of words by place;
    which characters transcribe names; and the words that found both their places taken."""
    right = load_contexts()[1]
    single = np.full(_CODES, MARK_COST, dtype=np.float32)
    single[0x3400:0xA000] = RARE_CHARACTER_COST
    behind = np.full(_CODES, NOT_BEHIND, dtype=np.float32)
    for char in BREAKS:
        behind[ord(char)] = BREAK_BEHIND
    costs = {word: cost for word, cost in load_word_costs().items() if len(word) > 1}
    for word in chain(load_openers(), right, *load_listed_names()):
        if len(word) > 1:
            costs.setdefault(word, cost_word(word))
    for char, cost in load_word_costs().items():
        if len(char) == 1 and ord(char) < _CODES:
            single[ord(char)] = cost
    for char, weight in right.items():
        if len(char) == 1 and ord(char) < _CODES:
            behind[ord(char)] = max(behind[ord(char)], weight)
    words = sorted(costs, key=lambda word: (costs[word], word))
    lengths = np.array([len(word) for word in words])
    text = "".join(words)
    codes = np.append(np.frombuffer(text.encode("utf-32-le"), dtype=np.uint32), np.zeros(_COUNTED, dtype=np.uint32))
    first, second, mark = _places(_number(codes, np.cumsum(lengths) - lengths, lengths))
    marks, laid = np.zeros(1 << _BITS, dtype=np.uint32), np.zeros(1 << _BITS, dtype=np.float32)
    follows = np.full(1 << _BITS, NOT_BEHIND, dtype=np.float32)
    crowded_out: set[str] = set()
    for k, (one, two) in enumerate(zip(first.tolist(), second.tolist(), strict=True)):
        place = one if not laid[one] else two
        if laid[place]:
            crowded_out.add(words[k])
            continue
        laid[place], marks[place] = costs[words[k]], mark[k]
        follows[place] = right.get(words[k], NOT_BEHIND)
    transcribes = np.zeros(_CODES, dtype=bool)
    transcribes[[ord(char) for char in load_transcription()]] = True
    return (single, behind, marks, laid, follows, transcribes), frozenset(crowded_out)


def weigh_characters(codes: np.ndarray) -> np.ndarray:
    """Cost of each character as a word of its own (float32)."""
    return _load_table()[0][0][codes]


def weigh_words(tokens: list[str], codes: np.ndarray, starts: np.ndarray, lengths: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Cost of each word of a text (float32), as `names.cost_word` has it, and its weight behind a name.

    `codes` are the text's characters (uint32 below 65,536, 0 for others) with four places more behind; `starts, lengths`
    tell where its words `tokens` stand.
    """
    (single, behind, marks, laid, follows, transcribes), crowded_out = _load_table()
    heads = codes[starts]
    cost, follow = single[heads], behind[heads]
    long = np.flatnonzero((lengths > 1) & (cost != np.float32(MARK_COST)))
    first, second, mark = _places(_number(codes, starts[long], lengths[long]))
    place = np.where(marks[first] == mark, first, second)
    known = marks[place] == mark
    cost[long] = laid[place]
    follow[long] = np.where(known, follows[place], NOT_BEHIND)
    unknown = long[~known]
    if len(unknown):
        # rare words; those all of whose characters transcribe names are names, says `names.cost_word`
        may_be = transcribes[codes[starts[unknown]]] & transcribes[codes[starts[unknown] + 1]]
        cost[unknown] = RARE_WORD_COST
        for k in unknown[may_be].tolist():
            cost[k] = cost_word(tokens[k])
        for k in unknown.tolist():
            if tokens[k] in crowded_out:
                cost[k] = cost_word(tokens[k])
    return cost, follow
