"""Blocks of text that fit the cache, compared character by character, and two threads that share them.

Why here: whatever is frequent is found so, whether plain text, runs of a class or an expression of simple shape;
NumPy lets go of the interpreter while it compares.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

import numpy as np

T = TypeVar("T")

#: Threads that compare, and the blocks from which two are worth it.
_THREADS, _WORTH_BLOCKS = 2, 8
#: So many characters of a run are looked at together; what is longer is measured once it is found.
COMPARED_TOGETHER = 8


def work_by_parts(n: int, work: Callable[[int, int], T], block: int) -> list[T]:
    """Call work(first, last) on equal parts of 0 to n, each from a whole block on; NumPy lets go of the interpreter."""
    if n < _WORTH_BLOCKS * block:
        return [work(0, n)]
    part = -(-n // (_THREADS * block)) * block
    edges = [min(place, n) for place in range(0, n + part, part)]
    with ThreadPoolExecutor(_THREADS) as threads:
        return list(threads.map(work, edges[:-1], edges[1:]))


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


def mark_ranges(
    part: np.ndarray, ranges: Sequence[tuple[int, int]], marks: np.ndarray, more: np.ndarray, units: np.ndarray
) -> None:
    """Write to marks which characters of a part are within the ranges; the other two arrays are written to as well."""
    for number, (first, last) in enumerate(ranges):
        into = more if number else marks
        if first == last:
            np.equal(part, first, out=into)
        else:  # unsigned: what lies below the first becomes more than the last
            np.less_equal(np.subtract(part, np.uint16(first), out=units), last - first, out=into)
        if number:
            np.logical_or(marks, into, out=marks)


class Blocks:
    """Compares blocks of text; the arrays it writes to are its own, and are written to again and again.

    size: characters of a block at most.
    """

    def __init__(self, chars: np.ndarray, size: int) -> None:
        self.chars = chars
        self._arrays = np.empty((3, size + COMPARED_TOGETHER), dtype=bool)
        self._units = np.empty(size + COMPARED_TOGETHER, dtype=np.uint16)

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
        mark_ranges(part, ranges, marks, more, self._units[: len(part)])
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
