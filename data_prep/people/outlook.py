"""Where a name without a title may begin: told for all characters of many articles at once, before anything is read closely.

How: at each word, what the likeliest name of two or three characters there costs is set against what the words cost that
it would take the place of, and against what it would leave of the last of them. Names of another build (compound surnames,
known names, dots, a surname with 某) are looked for by their first two characters. About one word in forty is left.
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
from .reading import LEAST_WORD_COST, MAX_FIRST_PART
from .word_table import weigh_characters

#: What stands behind a name is weighed by its first word alone; what it counts for inside a word, before a title.
INSIDE, TITLE_BEHIND = 0.5, 2.5
#: A place counts where a name against words reaches this.
LEAST_PLACE = -2.0
_CODES = 0x10000
#: What no name can hold costs this much.
_NEVER = 99.0
#: Two characters are looked up by a number below this; those that meet by chance are told apart afterwards.
_PAIRS, _MIX = 1 << 18, 0x2545F
#: Characters behind a surname that keep the name back or stand before its rest: 王某, 王 宁.
_KEPT_BACK = "某 \u3000\xa0"


class _Tables(NamedTuple):
    """Costs by code of a character; and two characters that begin a name of another build."""

    #: float32, (65,536, 8), of which one row is read at once: surname, only given character, first, second, first of a
    #: transcribed name, other in one, as a word; and 1 where a name can begin with the character at all.
    costs: np.ndarray
    pairs: np.ndarray  # bool, by the number of two characters
    heads: frozenset[str]


def _number_pairs(one: np.ndarray, two: np.ndarray) -> np.ndarray:
    number = one * _MIX
    number += two
    number &= _PAIRS - 1
    return number


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
    heads = load_special_heads() | {name[:2] for name in load_known_names()}
    heads |= {surname + char for surname in load_surnames() for char in _KEPT_BACK if len(surname) == 1}
    heads = frozenset(head for head in heads if len(head) == 2 and max(map(ord, head)) < _CODES)
    codes = np.array([[ord(head[0]), ord(head[1])] for head in heads], dtype=np.int64)
    pairs = np.zeros(_PAIRS, dtype=np.bool_)
    pairs[_number_pairs(codes[:, 0], codes[:, 1])] = True
    able = np.minimum(surname, foreign) < _NEVER
    able[codes[:, 0]] = True
    begun = foreign + np.float32(FOREIGN_COST + 1.0)
    alone = weigh_characters() - np.float32(INSIDE)
    return _Tables(np.stack([surname, single, first, second, begun, foreign, alone, able], axis=1, dtype=np.float32), pairs, heads)


class Outlook(NamedTuple):
    """What is known of the articles of a batch, one behind the other with room between them."""

    text: str
    codes: np.ndarray  # the characters as numbers (int64), 0 for those beyond 65,535
    begins: np.ndarray  # bool: where a word begins; one more than characters
    at_word: np.ndarray  # the same, and the end of each article
    spent: np.ndarray  # float64: for each character what the words of its article cost that begin before it
    starts: np.ndarray  # where each word begins
    follows: np.ndarray  # how well each word follows a name
    rooms: np.ndarray  # the characters that are no article's
    titles: np.ndarray  # where titles begin
    joiners: list[int]  # where dots and hyphens stand


def find_places(outlook: Outlook) -> np.ndarray:
    """Offsets of words at which a name may begin, by characters and words alone, in order."""
    tables = _load_tables()
    codes, at_word, spent = outlook.codes, outlook.at_word, outlook.spent
    n = len(codes) - 3  # behind the last article there is room
    surname, single, first, second, begun, foreign, alone, able = tables.costs.take(codes, axis=0).T
    # what a name that ends before a character leaves of a word there, less what that counts for behind a name
    left = np.where(at_word[1:], alone, LEAST_WORD_COST - INSIDE)
    left[outlook.starts] = -outlook.follows
    left[outlook.rooms] = -INSIDE
    titles = outlook.titles
    behind = left[titles]
    left[titles] = np.minimum(behind, np.where(at_word[titles], -TITLE_BEHIND, behind + INSIDE - TITLE_BEHIND))
    before = spent[:n]
    two = spent[2 : n + 2] - before
    two -= left[2 : n + 2]
    three = spent[3 : n + 3] - before
    three -= left[3 : n + 3]
    own, given, later = surname[:n], slice(1, n + 1), slice(2, n + 2)
    running = begun[:n] + foreign[given]
    two -= np.minimum(own + single[given], running)
    running += foreign[later]
    name = own + first[given]
    name += second[later]
    three -= np.minimum(name, running)
    chosen = np.maximum(two, three) >= LEAST_PLACE
    running += foreign[3 : n + 3]
    chosen |= running < _NEVER  # four such characters in a row
    for joiner in outlook.joiners:
        near = slice(max(0, joiner - MAX_FIRST_PART), joiner)
        chosen[near] |= able[near] > 0.0
    special = tables.pairs.take(_number_pairs(codes[:n], codes[given]))
    special &= outlook.begins[:n]
    for k in special.nonzero()[0].tolist():
        if outlook.text[k : k + 2] in tables.heads:
            chosen[k] = True
    chosen &= outlook.begins[:n]
    return chosen.nonzero()[0]
