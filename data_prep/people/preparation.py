"""Articles made ready for names to be read in: cut into words, words weighed, titles found, places told where names may begin.

Why many at once: an article of five hundred characters gives an array operation so little to do that calling it is most
of its cost. So the articles of a batch lie in one row of arrays, each with room behind it; what is told of one does not
depend on the others.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import accumulate, chain, pairwise

import numpy as np

from .names import DOTS
from .outlook import Outlook, find_places
from .reading import LONGEST_NAME, Reading
from .roles import find_titles
from .segment import cut_words
from .word_table import weigh_words

#: Articles are prepared together until they have so many characters: what one step looks things up in stays at hand.
TOGETHER = 100_000
#: Room behind an article: what is read ahead of a place of one never reaches the next.
_ROOM = LONGEST_NAME + 3
_GAP = "\0" * _ROOM

_MARKS = "[" + re.escape(DOTS) + "\\-－]"
#: The mark comes first in the pattern, so that a text is skipped to the next one.
_JOINER = re.compile(f"{_MARKS}(?<=[\u3400-\u9fffA-Za-z]{_MARKS})(?=[ \u3400-\u9fffA-Za-z])")


def prepare_readings(texts: Iterable[str]) -> Iterator[Reading]:
    """A `Reading` for each text, in order."""
    together: list[str] = []
    size = 0
    for text in texts:
        together.append(text)
        size += len(text) + _ROOM
        if size >= TOGETHER:
            yield from _prepare(together)
            together, size = [], 0
    if together:
        yield from _prepare(together)


def _prepare(texts: list[str]) -> Iterator[Reading]:
    words = [cut_words(text) for text in texts]
    tokens = list(chain.from_iterable(words))
    n_words = np.fromiter(map(len, words), dtype=np.int64, count=len(texts))
    n_chars = np.fromiter(map(len, texts), dtype=np.int64, count=len(texts))
    origins = np.cumsum(n_chars + _ROOM) - (n_chars + _ROOM)
    article = np.arange(len(texts)).repeat(n_words)  # of each word
    lengths = np.fromiter(map(len, tokens), dtype=np.int64, count=len(tokens))
    starts = lengths.cumsum()
    starts -= lengths  # the words one behind the other, as if there were no room between the articles
    own_starts = starts - (np.cumsum(n_chars) - n_chars)[article]
    starts += _ROOM * article
    joined = _GAP.join([*texts, ""])
    codes = _number_characters(joined)
    costs, follows = weigh_words(tokens, codes, starts, lengths)

    begins = np.zeros(len(joined) + 1, dtype=np.bool_)
    begins[starts] = True
    at_word = begins.copy()
    at_word[origins + n_chars] = True

    # Per article a sum of 0 before its first word; each sum is spread over the characters of the word it follows.
    place = np.arange(len(tokens)) + article + 1
    sums = np.zeros(len(tokens) + len(texts))
    sums[place] = costs
    widths = np.ones(len(sums), dtype=np.int64)
    widths[place] = lengths
    last_sums = n_words.cumsum() + np.arange(len(texts))
    widths[last_sums] += _ROOM - 1
    ends = (last_sums + 1).tolist()
    for first, stop in pairwise([0, *ends]):  # added up article by article: no sum depends on another's rounding
        sums[first:stop].cumsum(out=sums[first:stop])

    titles = [find_titles(text) for text in texts]
    joiners = [[match.start() for match in _JOINER.finditer(text)] for text in texts]
    where = origins.tolist()
    places = find_places(Outlook(
        text=joined,
        codes=codes,
        begins=begins,
        at_word=at_word,
        spent=sums.repeat(widths),
        starts=starts,
        follows=follows,
        rooms=((origins + n_chars)[:, None] + np.arange(_ROOM)).ravel(),
        titles=np.array([at + title.begin for at, found in zip(where, titles, strict=True) for title in found], dtype=np.int64),
        joiners=[at + joiner for at, found in zip(where, joiners, strict=True) for joiner in found],
    ))
    bounds = [*places.searchsorted(origins).tolist(), len(places)]
    places -= origins.repeat(np.diff(bounds))
    all_starts, all_places, word_marks, held = own_starts.tolist(), places.tolist(), at_word.tobytes(), sums.data
    word_ends = list(accumulate(map(len, words)))
    for k, text in enumerate(texts):
        found = titles[k]
        yield Reading(
            text=text,
            tokens=words[k],
            starts=all_starts[word_ends[k] - len(words[k]) : word_ends[k]],
            at_word=word_marks[where[k] : where[k] + len(text) + _ROOM],
            sums=held[word_ends[k] - len(words[k]) + k : word_ends[k] + k + 1],
            titles=found,
            title_at_end={title.end: title for title in found},
            title_begins=frozenset([title.begin for title in found]),
            joiners=joiners[k],
            places=all_places[bounds[k] : bounds[k + 1]],
        )


def _number_characters(text: str) -> np.ndarray:
    """Each character as a number (int64), 0 for those beyond 65,535."""
    short = np.frombuffer(text.encode("utf-16-le", "surrogatepass"), dtype=np.uint16)
    if len(short) == len(text):
        return short.astype(np.int64)
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    return np.where(codes < 0x10000, codes, 0).astype(np.int64)
