"""Words that tell of time, found in one pass over a text: dated terms, and signs beside which the readers look.

Most texts hold few of the signs, so that the patterns of the readers are tried where one stands and nowhere else. Each
reader names its signs in SIGNS, by what they are a sign of.
"""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

import daachorse

from data_prep.dates import counts, sessions, years
from data_prep.lexicons import read_lexicon
from data_prep.lexicons.overlaps import Hit, keep_longest


class TimeWords(NamedTuple):
    """Dated terms, each with begin and end where it stands first, and all offsets at which signs of each kind begin."""

    terms: dict[str, tuple[int, int]]
    signs: dict[str, list[int]]


def find_time_words(text: str) -> TimeWords:
    """Dated terms (of those that overlap the longest) and signs of a text, in order.

    >>> words = find_time_words("“十四五”开局之年，庆祝建党100周年，新中国成立70周年")
    >>> words.terms["“十四五”开局之年"], words.signs["jubilee"]
    ((0, 9), [17, 27])
    """
    n_terms, known, automaton = _build_automaton()
    found: list[Hit] = []
    signs: dict[str, list[int]] = {}
    for hit in automaton.find_overlapping(text):
        begin, _, index = hit
        if index < n_terms:
            found.append(hit)
        kind = known[index][1]
        if kind:
            signs.setdefault(kind, []).append(begin)
    terms: dict[str, tuple[int, int]] = {}
    for begin, end, index in keep_longest(found):
        terms.setdefault(known[index][0], (begin, end))
    return TimeWords(terms, signs)


# --- Its parts ------------------------------------------------------------------------


@cache
def _build_automaton() -> tuple[int, list[tuple[str, str]], daachorse.CharwiseDoubleArrayAhoCorasick]:
    """How many of the words are terms, the words (terms first) with the kind of sign each is or "", what finds them."""
    terms = dict.fromkeys(read_lexicon("dated_terms")["term"], "")
    known = terms | counts.SIGNS | sessions.SIGNS | years.SIGNS
    return len(terms), list(known.items()), daachorse.CharwiseDoubleArrayAhoCorasick(list(known))
