"""Where in a text a name without a title may begin: told for all its characters at once, before anything is read closely.

How: at each word, what the likeliest name of two or three characters there costs is set against what the words cost that
it would take the place of, and against what it would leave of the last of them. It never says no where a reading of `bare`
would be weighed; it says yes at about one word in fifty.
"""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

import numpy as np

from .names import (
    FOREIGN_COST,
    NAME_COST,
    ONE_CHARACTER_COST,
    RARE_GIVEN_COST,
    TWO_CHARACTERS_COST,
    load_given,
    load_known_names,
    load_special_heads,
    load_surnames,
    load_transcription,
)
from .reading import LEAST_WORD_COST, MAX_FIRST_PART, Reading
from .word_table import weigh_characters

#: What stands behind a name is weighed by its first word alone; what it counts for inside a word, before a title.
INSIDE, TITLE_BEHIND = 0.5, 2.5
#: A place counts where a name against words reaches this.
LEAST_PLACE = -2.0
_CODES = 0x10000
#: What no name can hold costs this much.
_NEVER = 99.0
#: Marks of a character: it can begin a name; a name of another build begins with it; it is a surname.
_ABLE, _HEAD, _SURNAME = 1, 2, 4
#: Marks of the character behind it, shifted so that they meet the marks of the first one.
_HEAD_SECOND, _KEPT_BACK = _HEAD << 4, _SURNAME << 4


class _Tables(NamedTuple):
    """Costs and marks by code of a character; and two characters that begin a name of another build, as numbers, sorted."""

    costs: np.ndarray  # float32, (65,536, 6): surname, only given character, first, second, transcribed, as a word
    marks: np.ndarray  # uint8
    heads: np.ndarray  # int64


@cache
def _load_tables() -> _Tables:
    han = np.zeros(_CODES, dtype=bool)
    han[0x3400:0xA000] = True
    han[ord("〇")] = True

    def lay(costs: dict[str, float], rest: np.ndarray | float, more: float) -> np.ndarray:
        table = np.full(_CODES, rest, dtype=np.float32)
        for char, cost in costs.items():
            if len(char) == 1 and ord(char) < _CODES:
                table[ord(char)] = cost
        return table + np.float32(more)

    given = np.where(han, RARE_GIVEN_COST, _NEVER)
    first, second, single = (
        lay(costs, given, more)
        for costs, more in zip(load_given(), (TWO_CHARACTERS_COST, 0.0, ONE_CHARACTER_COST), strict=True)
    )
    surname, foreign = lay(load_surnames(), _NEVER, NAME_COST), lay(load_transcription(), _NEVER, 0.0)
    heads = {head for head in load_special_heads() | {name[:2] for name in load_known_names()} if len(head) > 1}
    heads = {head for head in heads if max(map(ord, head)) < _CODES}
    marks = np.zeros(_CODES, dtype=np.uint8)
    marks[surname < _NEVER] |= _ABLE | _SURNAME
    marks[foreign < _NEVER] |= _ABLE
    marks[[ord(head[0]) for head in heads]] |= _ABLE | _HEAD
    for head in heads:
        marks[ord(head[1])] |= _HEAD_SECOND
    marks[[ord(char) for char in "某 \u3000\xa0"]] |= _KEPT_BACK
    costs = np.stack([surname, single, first, second, foreign, weigh_characters()], axis=1)
    return _Tables(costs, marks, np.array(sorted(ord(head[0]) * _CODES + ord(head[1]) for head in heads), dtype=np.int64))


def find_places(reading: Reading) -> list[int]:
    """Offsets of words at which a name may begin, by characters and words alone."""
    text, starts = reading.text, reading.offsets
    n = len(text)
    if not n:
        return []
    tables = _load_tables()
    codes = reading.codes
    surname, single, first, second, foreign, alone = tables.costs.take(codes, axis=0).T
    at_word = np.frombuffer(reading.at_word, dtype=np.bool_)
    # for each character what the words cost that begin up to there, with one before
    spent = np.zeros(len(codes) + 1)
    spent[1 : n + 1] = np.frombuffer(reading.sums)[1:].repeat(reading.lengths)
    spent[n + 1 :] = reading.sums[-1]
    # what a name that ends before a character leaves of a word there, less what that counts for behind a name
    left = np.zeros(len(codes))
    left[:n] = np.where(at_word[1:], alone[:n], LEAST_WORD_COST)
    left[starts] = 0.0
    if reading.titles:
        begun = [title.begin for title in reading.titles]
        before_title = left[begun] - TITLE_BEHIND
        left -= INSIDE
        left[starts] = -reading.follows
        left[begun] = np.minimum(left[begun], before_title)
    else:
        left -= INSIDE
        left[starts] = -reading.follows
    before = spent[:n]
    two = spent[2 : n + 2] - before
    two -= left[2 : n + 2]
    three = spent[3 : n + 3] - before
    three -= left[3 : n + 3]
    own = surname[:n]
    running = foreign[:n] + foreign[1 : n + 1]
    running += FOREIGN_COST + 1.0
    third = running + foreign[2 : n + 2]
    two -= np.minimum(own + single[1 : n + 1], running)
    three -= np.minimum(own + first[1 : n + 1] + second[2 : n + 2], third)
    chosen = np.maximum(two, three) >= LEAST_PLACE
    chosen |= third + foreign[3 : n + 3] < _NEVER  # four such characters in a row
    marks = tables.marks.take(codes)
    built = marks[:n] & (marks[1 : n + 1] >> 4)
    chosen |= built >= _SURNAME
    able = at_word[:n] & (marks[:n] & _ABLE).view(np.bool_)
    if reading.joiners:
        for joiner in reading.joiners:
            chosen[max(0, joiner - MAX_FIRST_PART) : joiner] = True
    chosen &= able
    doubtful = (able & (built == _HEAD)).nonzero()[0]
    pairs = codes[doubtful] * _CODES + codes[doubtful + 1]
    heads = tables.heads
    chosen[doubtful] |= heads[heads.searchsorted(pairs).clip(max=len(heads) - 1)] == pairs
    return chosen.nonzero()[0].tolist()
