"""Where plain text stands in the corpus, and how often in each document.

Why here: every search comes down to this, over all the characters there are. What is rare is looked
for by stringzilla, at the speed of memory; each find costs it a tenth of a microsecond, so what is
frequent is compared character by character in blocks that fit the cache, by two threads. To count
frequent text nobody need know where it stands: a bit a character is enough.

Places are places in `corpus.chars`, ascending, int64. Texts are as `grammar.fold_query` gives them.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import stringzilla as sz
from numpy.lib.stride_tricks import sliding_window_view

from dashboard.corpus import Corpus
from dashboard.queries.blocks import COMPARED_TOGETHER, Blocks, work_by_parts

#: Characters compared in one go (a multiple of 8; with fewer the threads wait for one another), and those that are
#: counted in one go (a multiple of 64).
_BLOCK, _CHAPTER = 1 << 20, 1 << 22
#: Rarer than this share of the text, the vector search is the faster way; a rarer character is compared alone.
_RARE, _RARE_CHARACTER = 1 / 1500, 1 / 200
#: Windows around places that are compared in one go.
_WINDOWS = 1 << 13
_NOWHERE = np.zeros(0, dtype=np.int64)


def find_literal(corpus: Corpus, text: str) -> np.ndarray:
    """Where a text begins, not overlapping: the search goes on behind a find, as `str.count` does."""
    found: np.ndarray | None = corpus.recall(("text", text))
    if found is None:
        found = _find_literal(corpus, text)
        corpus.keep(("text", text), found, found.nbytes)
    return found


def find_overlapping(corpus: Corpus, text: str) -> np.ndarray:
    """As find_literal, but every place, also where a text overlaps itself (哈哈 in 哈哈哈)."""
    return _find_units(corpus, [_read_units(text)]) if overlaps_itself(text) else find_literal(corpus, text)


def find_within(corpus: Corpus, text: str, first: int, last: int) -> tuple[np.ndarray, np.ndarray]:
    """(begin, end) of a text between two places of corpus.chars, not overlapping."""
    units = _read_units(text)
    part = corpus.chars[first:last]
    at = np.flatnonzero(part[: max(len(part) - len(units) + 1, 0)] == units[0])
    for step, unit in enumerate(units[1:], start=1):
        at = at[part[at + step] == unit]
    at += first
    return drop_overlaps(at, at + len(units))


def find_any(corpus: Corpus, texts: Sequence[str]) -> np.ndarray:
    """Where one of the texts begins, each place once; every place, overlapping ones too."""
    if len(texts) == 1:
        return find_overlapping(corpus, texts[0])
    rare = [text for text in texts if is_rare(corpus, text)]
    often = [_read_units(text) for text in texts if text not in rare and corpus.char_counts[_read_units(text)].all()]
    found = [find_overlapping(corpus, text) for text in rare]
    found += [_find_units(corpus, often)] if often else []
    return found[0] if len(found) == 1 else sort_places(np.concatenate([_NOWHERE, *found]))


def find_around(corpus: Corpus, texts: Sequence[str], at: np.ndarray, low: int, high: int) -> np.ndarray:
    """Where one of the texts begins between at + low and at + high (both inclusive) of some places, ascending.

    Overlapping ones too; at the ends of the corpus also what stands a little further off.
    """
    needles = [_read_units(text) for text in texts]
    width = high - low + max(map(len, needles))
    if not len(at) or width > len(corpus.chars):
        return find_any(corpus, texts)
    windows = sliding_window_view(corpus.chars, width)
    rarests = [int(np.argmin(corpus.char_counts[units])) for units in needles]

    def find(first: int, last: int) -> list[np.ndarray]:
        found = []
        for begin in range(first, last, _WINDOWS):
            starts = np.clip(at[begin : min(begin + _WINDOWS, last)] + low, 0, len(windows) - 1)
            read = windows[starts]
            for units, rarest in zip(needles, rarests, strict=True):
                n_places = width - len(units) + 1
                at_rarest = np.flatnonzero(read[:, rarest : rarest + n_places] == units[rarest])
                row, place = np.divmod(at_rarest, n_places)
                for step, unit in enumerate(units):
                    if step != rarest:
                        held = read[row, place + step] == unit
                        row, place = row[held], place[held]
                found.append(starts[row] + place)
        return found

    found = [places for part in work_by_parts(len(at), find, _WINDOWS) for places in part]
    return sort_places(np.concatenate(found))


def find_runs(corpus: Corpus, ranges: Sequence[tuple[int, int]], least: int) -> tuple[np.ndarray, np.ndarray]:
    """(start, stop) of every longest run of at least `least` characters within the ranges of code units.

    A range is (first, last), last included; none may hold 0, which stands between documents.
    """
    shortest = min(least, COMPARED_TOGETHER)

    def find(first: int, last: int) -> list[np.ndarray]:
        blocks = Blocks(corpus.chars, _BLOCK)
        # From one character before each block on: whether a run goes on shows there.
        marked = ((begin, blocks.mark_ranges(begin - 1, min(begin + _BLOCK, last), ranges, shortest))
                  for begin in range(first, last, _BLOCK))  # fmt: skip
        return [np.flatnonzero(inside[1:] != inside[:-1]) + begin for begin, inside in marked]

    # Runs begin and end by turns, from the first character of the text to the last.
    edges = np.concatenate([at for part in work_by_parts(len(corpus.chars), find, _BLOCK) for at in part] or [_NOWHERE])
    start, stop = edges[::2], edges[1::2] + (shortest - 1)
    long_enough = stop - start >= least
    return start[long_enough], stop[long_enough]


def count_literal(corpus: Corpus, text: str) -> np.ndarray:
    """How often a text stands in each document, not overlapping; int64[n]."""
    found: np.ndarray | None = corpus.recall(("count", text))
    if found is None:
        if corpus.recall(("text", text)) is not None or overlaps_itself(text) or is_rare(corpus, text):
            found = np.diff(np.searchsorted(find_literal(corpus, text), corpus.offsets))
        else:
            found = _count_units(corpus, _read_units(text))
        corpus.keep(("count", text), found, found.nbytes)
    return found


def expect_literal(corpus: Corpus, text: str) -> int:
    """How often a text can stand in the corpus at most: as often as its rarest character."""
    return int(corpus.char_counts[_read_units(text)].min())


def sort_places(at: np.ndarray) -> np.ndarray:
    """The distinct places, ascending. (np.unique hashes, which takes ten times as long for millions of places.)

    >>> sort_places(np.array([5, 2, 5]))
    array([2, 5])
    """
    at = np.sort(at)
    return at[np.append(True, at[1:] != at[:-1])] if len(at) else at


def overlaps_itself(text: str) -> bool:
    """Whether a text ends as it begins, so that two of it may share characters.

    >>> overlaps_itself("哈哈"), overlaps_itself("一步一"), overlaps_itself("防控")
    (True, True, False)
    """
    return any(text.startswith(text[-k:]) for k in range(1, len(text)))


def drop_overlaps(begin: np.ndarray, end: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """In the order given, drop what begins before the one kept last has ended.

    >>> drop_overlaps(np.array([0, 1, 2, 7]), np.array([2, 3, 4, 9]))[0]
    array([0, 2, 7])
    """
    if len(begin) < 2 or (begin[1:] >= end[:-1]).all():
        return begin, end
    keep = np.ones(len(begin), dtype=bool)
    # Who begins behind the ends of all before meets nobody before: only chains of overlaps are walked.
    walk = np.flatnonzero(begin[1:] < np.maximum.accumulate(end)[:-1]) + 1
    chain_begins = np.append(True, walk[1:] != walk[:-1] + 1)
    last = 0
    for place, fresh, low in zip(walk.tolist(), chain_begins.tolist(), begin[walk].tolist(), strict=True):
        if fresh:
            last = int(end[place - 1])
        keep[place] = low >= last
        if low >= last:
            last = int(end[place])
    return begin[keep], end[keep]


def _read_units(text: str) -> np.ndarray:
    return np.frombuffer(text.encode("utf-16-le", "surrogatepass"), dtype=np.uint16)


def _find_literal(corpus: Corpus, text: str) -> np.ndarray:
    units = _read_units(text)
    if not len(units) or not corpus.char_counts[units].all():
        return _NOWHERE
    if is_rare(corpus, text):
        return _search_ahead(corpus, units)
    found = _find_units(corpus, [units])
    return drop_overlaps(found, found + len(units))[0] if overlaps_itself(text) else found


def is_rare(corpus: Corpus, text: str) -> bool:
    """Whether the vector search is the faster way: guessed from a sixty-fourth of the text, in eight pieces."""
    units = _read_units(text)
    most, limit = int(corpus.char_counts[units].min()) if len(units) else 0, _RARE * len(corpus.chars)
    if most < limit or len(units) < 2:
        return most < limit
    size = max(len(corpus.chars) // 512, 1)
    begins = range(0, len(corpus.chars) - size + 1, max(len(corpus.chars) // 8, 1))
    pieces = (sz.Str(corpus.chars[begin : begin + size].view(np.uint8).data) for begin in begins)
    return 64 * sum(piece.count(units.tobytes()) for piece in pieces) < limit


# --- Rare: the vector search ------------------------------------------------------------


def _search_ahead(corpus: Corpus, units: np.ndarray) -> np.ndarray:
    needle = units.tobytes()
    pieces = corpus.haystack.split(needle)
    at = np.cumsum(np.fromiter(map(len, pieces), dtype=np.int64, count=len(pieces)) + len(needle))[:-1] - len(needle)
    within = np.flatnonzero(at & 1)
    if not len(within):
        return at >> 1
    # A find in the middle of a character may hide a true one that begins within it.
    hidden = ((at[within] + 1) >> 1)[:, None] + np.arange(len(units))
    hidden = hidden[hidden <= len(corpus.chars) - len(units)]
    for place, unit in enumerate(units):
        hidden = hidden[corpus.chars[hidden + place] == unit]
    found = np.union1d(at[(at & 1) == 0] >> 1, hidden)
    if (np.diff(found) < len(units)).any():  # a text that overlaps itself: the order of finds matters
        found = _find_units(corpus, [units])
        found = drop_overlaps(found, found + len(units))[0]
    return found


# --- Frequent: every character is compared ------------------------------------------------


def _find_units(corpus: Corpus, needles: Sequence[np.ndarray]) -> np.ndarray:
    """Every place where one of the needles stands, overlapping ones too."""
    chars = corpus.chars
    rarest = [int(np.argmin(corpus.char_counts[units])) for units in needles]
    alone = len(needles) == 1 and corpus.char_counts[needles[0]].min() < _RARE_CHARACTER * len(chars)

    def find(first: int, last: int) -> list[np.ndarray]:
        blocks = Blocks(chars, _BLOCK)
        found = []
        for begin in range(first, last, _BLOCK):
            end = min(begin + _BLOCK, last)
            if alone:  # few are left after the rarest character, so that looking at each is quicker
                units, place = needles[0], rarest[0]
                at = np.flatnonzero(blocks.mark(begin, end, units[place : place + 1], place)) + begin
                at = at[: np.searchsorted(at, len(chars) - len(units), side="right")]
                for step, unit in enumerate(units):
                    if step != place:
                        at = at[chars[at + step] == unit]
            else:
                at = np.flatnonzero(blocks.mark_any(begin, end, needles)) + begin
            found.append(at)
        return found

    found = [at for part in work_by_parts(len(chars), find, _BLOCK) for at in part]
    return np.concatenate(found) if found else _NOWHERE


def _count_units(corpus: Corpus, units: np.ndarray) -> np.ndarray:
    """How often the units stand in each document, every place, int64[n].

    A bit a character is set where they do, and the bits of a chapter are counted while the cache holds them.
    """
    chars, offsets = corpus.chars, corpus.offsets
    n_chapters = -(-len(chars) // _CHAPTER)
    first_offset = np.searchsorted(offsets, np.arange(n_chapters + 1) * _CHAPTER)
    first_offset[-1] = len(offsets)
    before = np.empty(len(offsets), dtype=np.int64)  # how many there are before each offset, in its chapter
    n_found = np.zeros(n_chapters, dtype=np.int64)

    def count(first: int, last: int) -> None:
        blocks = Blocks(chars, _BLOCK)
        bits = np.zeros(_CHAPTER // 8 + 8, dtype=np.uint8)  # a word more: the last offset may stand behind the chapter
        words = bits.view("<u8")
        for begin in range(first, last, _CHAPTER):
            end, chapter = min(begin + _CHAPTER, last), begin // _CHAPTER
            for start in range(begin, end, _BLOCK):
                packed = np.packbits(blocks.mark(start, min(start + _BLOCK, end), units), bitorder="little")
                bits[(start - begin) // 8 :][: len(packed)] = packed
            bits[-((begin - end) // 8) :] = 0
            which = slice(first_offset[chapter], first_offset[chapter + 1])
            before[which], n_found[chapter] = _count_bits(words, offsets[which] - begin)

    work_by_parts(len(chars), count, _CHAPTER)
    return np.diff(before + np.repeat(np.cumsum(n_found) - n_found, np.diff(first_offset)))


def _count_bits(words: np.ndarray, offsets: np.ndarray) -> tuple[np.ndarray, int]:
    """(how many bits are set before each offset, the lowest of a word first; how many in all).

    >>> before, n = _count_bits(np.array([0b1011, 1], dtype=np.uint64), np.array([0, 2, 64, 65, 127]))
    >>> before.tolist(), n
    ([0, 2, 3, 4, 4], 4)
    """
    behind = np.zeros(len(words) + 1, dtype=np.int32)
    np.cumsum(np.bitwise_count(words), dtype=np.int32, out=behind[1:])
    word, bit = offsets >> 6, (offsets & 63).astype(np.uint64)
    begun = words[word] & ((np.uint64(1) << bit) - np.uint64(1))
    return behind[word] + np.bitwise_count(begun), int(behind[-1])
