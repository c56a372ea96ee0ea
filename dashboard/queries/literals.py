"""Where plain text stands in the corpus, and how often in each document.

Why here: every search comes down to this, over all the characters there are. What is rare is looked
for by stringzilla, at the speed of memory; each find costs it a tenth of a microsecond, so what is
frequent is compared character by character in blocks that fit the cache, by two threads. To count
frequent text nobody need know where it stands: a bit a character is enough.

Places are places in `corpus.chars`, ascending, int64. Texts are as `grammar.fold_query` gives them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

import numpy as np
import stringzilla as sz
from numpy.lib.stride_tricks import sliding_window_view

from dashboard.corpus import Corpus

T = TypeVar("T")

#: Characters compared in one go (a multiple of 8), threads that compare, and the blocks from which two are worth it.
_BLOCK, _THREADS, _WORTH_BLOCKS = 1 << 19, 2, 8
#: Rarer than this share of the text, the vector search is the faster way; a rarer character is compared alone.
_RARE, _RARE_CHARACTER = 1 / 1500, 1 / 200
#: Windows around places that are compared in one go.
_WINDOWS = 1 << 13
#: So many characters of a run are looked at together; what is longer is measured once it is found.
_COMPARED_TOGETHER = 8
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
    shortest = min(least, _COMPARED_TOGETHER)

    def find(first: int, last: int) -> list[np.ndarray]:
        blocks = _Blocks(corpus.chars)
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
            found = _count_bits(_mark_all(corpus, _read_units(text)), corpus.offsets)
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


def list_ranges(units: Iterable[int]) -> list[tuple[int, int]]:
    """Code units as ranges (first, last), last included.

    >>> list_ranges(map(ord, "0312年"))
    [(48, 51), (24180, 24180)]
    """
    ranges: list[tuple[int, int]] = []
    for unit in sorted(units):
        if ranges and ranges[-1][1] + 1 == unit:
            ranges[-1] = ranges[-1][0], unit
        else:
            ranges.append((unit, unit))
    return ranges


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
        blocks = _Blocks(chars)
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


def _mark_all(corpus: Corpus, units: np.ndarray) -> np.ndarray:
    """A bit for each character, set where the units stand: uint64, the lowest bit first, at least one bit more."""
    bits = np.zeros((len(corpus.chars) // 64 + 1) * 8, dtype=np.uint8)

    def mark(first: int, last: int) -> None:
        blocks = _Blocks(corpus.chars)
        for begin in range(first, last, _BLOCK):
            packed = np.packbits(blocks.mark(begin, min(begin + _BLOCK, last), units), bitorder="little")
            bits[begin // 8 : begin // 8 + len(packed)] = packed

    work_by_parts(len(corpus.chars), mark, _BLOCK)
    return bits.view("<u8")


def _count_bits(words: np.ndarray, offsets: np.ndarray) -> np.ndarray:
    """How many bits are set from each offset up to the next, int64; there is a bit for the last offset too.

    >>> _count_bits(np.array([0b1011, 1], dtype=np.uint64), np.array([0, 2, 64, 65, 127]))
    array([2, 1, 1, 0])
    """
    before = np.zeros(len(words) + 1, dtype=np.int32)
    np.cumsum(np.bitwise_count(words), dtype=np.int32, out=before[1:])
    word, bit = offsets >> 6, (offsets & 63).astype(np.uint64)
    begun = words[word] & ((np.uint64(1) << bit) - np.uint64(1))
    return np.diff(before[word].astype(np.int64) + np.bitwise_count(begun))


class _Blocks:
    """Compares blocks of text; the arrays it writes to are its own, and are written to again and again."""

    def __init__(self, chars: np.ndarray) -> None:
        self.chars = chars
        self._arrays = np.empty((3, _BLOCK + _COMPARED_TOGETHER), dtype=bool)
        self._units = np.empty(_BLOCK + _COMPARED_TOGETHER, dtype=np.uint16)

    def mark(self, begin: int, end: int, units: np.ndarray, shift: int = 0, out: int = 0) -> np.ndarray:
        """bool[end - begin]: where the units stand (with `shift`: so many characters further on)."""
        marks, more = self._arrays[out][: end - begin], self._arrays[2]
        for step, unit in enumerate(units, start=shift):
            part = self.chars[begin + step : end + step]
            if step == shift:
                np.equal(part, unit, out=marks[: len(part)])
            else:
                np.logical_and(marks[: len(part)], np.equal(part, unit, out=more[: len(part)]), out=marks[: len(part)])
            marks[len(part) :] = False  # the text ends
        return marks

    def mark_ranges(self, begin: int, end: int, ranges: Sequence[tuple[int, int]], least: int) -> np.ndarray:
        """bool[end - begin]: where `least` characters within the ranges stand one behind the other; begin may be -1."""
        part = self.chars[max(begin, 0) : end + least - 1]
        within, held, more = self._arrays[:, : end + least - 1 - begin]
        within[:] = False
        marks, more = within[max(-begin, 0) :][: len(part)], more[: len(part)]
        for first, last in ranges:
            if first == last:
                np.equal(part, first, out=more)
            else:  # unsigned: what lies below the first becomes more than the last
                units = np.subtract(part, np.uint16(first), out=self._units[: len(part)])
                np.less_equal(units, last - first, out=more)
            np.logical_or(marks, more, out=marks)
        held = held[: end - begin]
        held[:] = within[: end - begin]
        for step in range(1, least):
            np.logical_and(held, within[step : step + len(held)], out=held)
        return held

    def mark_any(self, begin: int, end: int, needles: Sequence[np.ndarray]) -> np.ndarray:
        """bool[end - begin]: where any of the needles stands."""
        marks = self.mark(begin, end, needles[0])
        for units in needles[1:]:
            np.logical_or(marks, self.mark(begin, end, units, out=1), out=marks)
        return marks


def work_by_parts(n: int, work: Callable[[int, int], T], block: int) -> list[T]:
    """Call work(first, last) on equal parts of 0 to n, each from a whole block on; NumPy lets go of the interpreter."""
    if n < _WORTH_BLOCKS * block:
        return [work(0, n)]
    part = -(-n // (_THREADS * block)) * block
    edges = [min(place, n) for place in range(0, n + part, part)]
    with ThreadPoolExecutor(_THREADS) as threads:
        return list(threads.map(work, edges[:-1], edges[1:]))
