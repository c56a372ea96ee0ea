"""Where expressions of simple shape match: what is frequent costs a pass over the text, not a call a match.

Why here: they are found as RE2 finds them - the leftmost place, there the first alternative that leads to a
match, the gap as long as can be (lazy: as short), not overlapping, within a line - in two steps: where an
alternative can stand, as plain text is looked for (`literals.py`), and what stands there and near it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from dashboard.corpus import Corpus
from dashboard.queries.blocks import list_ranges, mark_ranges, work_by_parts
from dashboard.queries.literals import drop_overlaps, find_any, is_rare, sort_places
from dashboard.queries.shapes import LONGEST_ALTERNATIVE, Alternative, Gap, Shape, Units

#: Characters compared in one go (with fewer the threads wait for one another more than they compare); characters, in
#: whole lines, of which the places are put together in one go; comparisons of all the text that a shape may take.
_BLOCK, _CHAPTER, _MOST_COMPARISONS = 1 << 20, 1 << 22, 24
#: Alternatives expected at less than this share of the text are looked for by their rarest character alone; of two
#: sides of a gap one is looked for around the other, if that is at most this share of the text.
_RARE, _WORTH_LOOKING = 1 / 100, 1 / 10
_NOWHERE = np.zeros(0, dtype=np.int64)


class ShapeFinder:
    """Finds a shape in a corpus; `ready` says whether it can, and in few enough comparisons."""

    def __init__(self, corpus: Corpus, shape: Shape) -> None:
        self.corpus, self.shape = corpus, shape
        self.left, self.right = _Side(corpus, shape.left), _Side(corpus, shape.right)
        of_run = {units for alternative in shape.left for units in alternative}
        one = len(shape.left) == 1 and not shape.gap
        #: How many of one class a match is, where it is nothing else: [0-9]{4}.
        self.run = len(shape.left[0]) if one and len(of_run) == 1 and len(shape.left[0]) > 1 else 0
        compared = {units for side in (self.left, self.right) for steps in side.compared for units in steps}
        # RE2 takes two halves of a character beyond the basic plane for one; the search file holds none.
        self.ready = (
            sum(len(list_ranges(units)) for units in compared) <= _MOST_COMPARISONS
            and not corpus.char_counts[0xD800:0xE000].any()
        )

    def find(self, note: Callable[[int], None], docs: np.ndarray | None = None) -> tuple[np.ndarray, np.ndarray]:
        """(begin, end) in corpus.chars of every match, ascending, not overlapping; in documents of docs (bool[n]).

        note: called with the number of matches of each block; what it raises ends the search.
        """
        corpus = self.corpus
        if not self.left.alternatives or (self.shape.right and not self.right.alternatives):
            return _NOWHERE, _NOWHERE
        sides = (self.left, self.right) if self.right.alternatives else (self.left,)
        min(sides, key=lambda side: side.expected).search()
        size = _BLOCK if self.run else _CHAPTER
        goals = np.arange(size, len(corpus.chars) + size, size)
        ends = corpus.line_ends[np.minimum(np.searchsorted(corpus.line_ends, goals), len(corpus.line_ends) - 1)] + 1
        edges = np.append(0, sort_places(ends))

        def find(first: int, last: int) -> list[tuple[np.ndarray, np.ndarray]]:
            chapter, found = _Chapter(corpus), [(_NOWHERE, _NOWHERE)]
            for start, stop in zip(edges[first:last].tolist(), edges[first + 1 : last + 1].tolist(), strict=True):
                chapter.open(start, stop)
                found.append(self._find_in_chapter(chapter, docs))
                note(len(found[-1][0]))
            return found

        found = [pair for part in work_by_parts(len(edges) - 1, find, 1) for pair in part]
        begins, ends = zip(*found, strict=True)
        return np.concatenate(begins), np.concatenate(ends)

    def _find_in_chapter(self, chapter: _Chapter, docs: np.ndarray | None) -> tuple[np.ndarray, np.ndarray]:
        """(begin, end) in corpus.chars."""
        offsets = self.corpus.offsets
        if docs is not None:
            first, behind = np.searchsorted(offsets, (chapter.begin, chapter.end - 1), side="right")
            if not docs[first - 1 : behind].any():
                return _NOWHERE, _NOWHERE
        begin, end = self._match_chapter(chapter)
        begin, end = begin + chapter.begin, end + chapter.begin
        if docs is not None:
            asked = docs[np.searchsorted(offsets, begin, side="right") - 1]
            begin, end = begin[asked], end[asked]
        return begin, end

    def _match_chapter(self, chapter: _Chapter) -> tuple[np.ndarray, np.ndarray]:
        """(begin, end) within the chapter."""
        if self.run:
            return chapter.find_run(self.shape.left[0][0], self.run)
        if self.shape.gap is None:
            begin, length = chapter.measure(chapter.find_places(self.left), self.left)
            return drop_overlaps(begin, begin + length)
        if not self.shape.right:
            return drop_overlaps(*_match_open_gap(chapter, self.left, self.shape.gap))
        return drop_overlaps(*_match_gap(chapter, self.left, self.shape.gap, self.right))


def _match_open_gap(chapter: _Chapter, left: _Side, gap: Gap) -> tuple[np.ndarray, np.ndarray]:
    """(begin, end) of the match at every place that begins one, ascending; nothing follows the gap."""
    starts = chapter.find_places(left)
    begins, ends = [], []
    for alternative, rarest in zip(left.alternatives, left.rarest, strict=True):
        begin = starts[chapter.stand(starts, alternative, rarest)]
        low = begin + len(alternative) + gap.least
        high = chapter.end_lines(begin)
        if gap.most is not None:
            high = np.minimum(high, low + (gap.most - gap.least))
        held = low <= high
        begins.append(begin[held])
        ends.append((high if gap.greedy else low)[held])
    return _prefer_first(begins, ends)


def _match_gap(chapter: _Chapter, left: _Side, gap: Gap, right: _Side) -> tuple[np.ndarray, np.ndarray]:
    """(begin, end) of the match at every place that begins one, ascending; they may overlap."""
    starts, stops = _find_both(chapter, left, gap, right)
    stops, lengths = chapter.measure(stops, right)
    if not len(stops):
        return _NOWHERE, _NOWHERE
    begins, ends = [], []
    for alternative, rarest in zip(left.alternatives, left.rarest, strict=True):
        begin = starts[chapter.stand(starts, alternative, rarest)]
        low = begin + len(alternative) + gap.least
        high = np.full(len(begin), len(chapter.units)) if gap.most is None else low + (gap.most - gap.least)
        # Most places have nothing near: for the others alone it is asked where their line ends.
        place = np.searchsorted(stops, low)
        there = np.flatnonzero(place < len(stops))
        there = there[stops[place[there]] <= high[there]]
        begin, low, place = begin[there], low[there], place[there]
        high = np.minimum(high[there], chapter.end_lines(begin))
        if gap.greedy:
            place = np.maximum(np.searchsorted(stops, high, side="right") - 1, 0)
        held = (stops[place] >= low) & (stops[place] <= high)
        begins.append(begin[held])
        ends.append((stops + lengths)[place[held]])
    return _prefer_first(begins, ends)


def _prefer_first(begins: list[np.ndarray], ends: list[np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
    """The matches of several alternatives as one list, ascending: of those that begin together that of the first."""
    begin, end = np.concatenate(begins), np.concatenate(ends)
    if len(begins) > 1:
        order = np.argsort(begin, kind="stable")
        begin, end = begin[order], end[order]
        first = np.append(True, begin[1:] != begin[:-1])[: len(begin)]
        begin, end = begin[first], end[first]
    return begin, end


def _find_both(chapter: _Chapter, left: _Side, gap: Gap, right: _Side) -> tuple[np.ndarray, np.ndarray]:
    """Where the sides can begin: every place of one side, of the other perhaps only those near enough."""
    sides = (left, right) if left.expected <= right.expected else (right, left)
    known, _ = chapter.measure(chapter.find_places(sides[0]), sides[0])
    if not len(known):
        return known, known
    lengths = [len(alternative) for alternative in left.alternatives]
    low, high = min(lengths) + gap.least, None if gap.most is None else max(lengths) + gap.most
    n_looks = (len(chapter.units) if high is None else high - low + 1) * len(known) * len(sides[1].alternatives)
    if high is None or n_looks > _WORTH_LOOKING * len(chapter.units):
        other = chapter.find_places(sides[1])
    else:
        other = chapter.find_around(sides[1], known, range(low, high + 1) if sides[0] is left else range(-high, 1 - low))
    return (known, other) if sides[0] is left else (other, known)


class _Side:
    """Alternatives as they are looked for: without those of which a character is nowhere in the corpus."""

    def __init__(self, corpus: Corpus, alternatives: Sequence[Alternative]) -> None:
        self._corpus = corpus
        self.counts = {units: int(corpus.char_counts[list(units)].sum()) for one in alternatives for units in one}
        self.alternatives = [one for one in alternatives if all(self.counts[units] for units in one)]
        #: How often the alternatives can stand in the corpus at most.
        self.expected = sum(min(self.counts[units] for units in one) for one in self.alternatives)
        self.is_rare = self.expected < _RARE * len(corpus.chars)
        #: Of each alternative the places of the rarest set: the one compared first.
        self.rarest = [min(range(len(one)), key=lambda step: self.counts[one[step]]) for one in self.alternatives]
        #: Of each alternative the sets that are compared all over the text, and at which of its places.
        self.compared: list[dict[Units, list[int]]] = []
        for one, rarest in zip(self.alternatives, self.rarest, strict=True):
            self.compared.append({})
            for step in [rarest] if self.is_rare else range(len(one)):
                self.compared[-1].setdefault(one[step], []).append(step)
        #: Where the alternatives can begin, if `search` found that out.
        self.places: np.ndarray | None = None

    def search(self) -> None:
        """Find where the alternatives can begin, if each holds a text that the vector search finds quickly."""
        anchors = [self._choose_anchor(one) for one in self.alternatives] if self.is_rare else [(0, "")]
        if all(text and is_rare(self._corpus, text) for text in {text for _, text in anchors}):
            found = {text: find_any(self._corpus, [text]) for _, text in anchors}
            self.places = sort_places(np.concatenate([_NOWHERE, *(found[text] - step for step, text in anchors)]))

    def _choose_anchor(self, alternative: Alternative) -> tuple[int, str]:
        """(where it begins, the text) of the run of single characters that holds the rarest; the text may be empty."""
        runs, begin = [], 0
        for step in range(len(alternative) + 1):
            if step == len(alternative) or len(alternative[step]) > 1:
                counts = [self.counts[units] for units in alternative[begin:step]]
                runs.append((min(counts, default=1 << 62), begin, step))
                begin = step + 1
        _, begin, end = min(runs)
        return begin, "".join(chr(unit) for units in alternative[begin:end] for unit in units)


class _Chapter:
    """Some lines of the text, and where in them characters stand; its arrays are written to again and again."""

    def __init__(self, corpus: Corpus) -> None:
        self._corpus = corpus
        self._arrays: dict[object, np.ndarray] = {}
        self._marked: set[Units] = set()
        self._tables: dict[Units, np.ndarray] = {}

    def open(self, begin: int, end: int) -> None:
        """Go on to chars[begin:end], which are whole lines."""
        self.begin, self.end = begin, end
        self.units = self._corpus.chars[begin:end]
        self._line_ends: np.ndarray | None = None

    def _open_block(self, begin: int, end: int) -> None:
        self._block = self.units[begin:end]
        self._marked.clear()

    def end_lines(self, at: np.ndarray) -> np.ndarray:
        """Where the lines of some places end, within the chapter."""
        if self._line_ends is None:
            ends = self._corpus.line_ends
            self._line_ends = ends[slice(*np.searchsorted(ends, (self.begin, self.end)))] - self.begin
        return self._line_ends[np.searchsorted(self._line_ends, at)]

    def find_places(self, side: _Side) -> np.ndarray:
        """Where an alternative may begin, ascending; where it does is for `stand` and `measure` to say."""
        if side.places is not None:
            first, last = np.searchsorted(side.places, (self.begin, self.end))
            return side.places[first:last] - self.begin
        found = [_NOWHERE]
        for begin in range(0, len(self.units), _BLOCK):
            # A little more is read: what begins in the block may end behind it.
            self._open_block(begin, begin + _BLOCK + LONGEST_ALTERNATIVE)
            marks = self._array("places", bool)[:_BLOCK]
            for number, (one, steps) in enumerate(zip(side.alternatives, side.compared, strict=True)):
                n_places = min(max(len(self._block) - len(one) + 1, 0), len(marks))
                parts = [self._mark(units)[step : step + n_places] for units in steps for step in steps[units]]
                both = parts[0]
                for part in parts[1:]:
                    both = np.logical_and(both, part, out=self._array("one", bool)[:n_places])
                if number:
                    np.logical_or(marks[:n_places], both, out=marks[:n_places])
                else:
                    marks[:n_places], marks[n_places:] = both, False
            found.append(np.flatnonzero(marks) + begin)
        return np.concatenate(found)

    def find_around(self, side: _Side, at: np.ndarray, reach: range) -> np.ndarray:
        """Where an alternative may begin so many characters from one of the places, ascending."""
        low, high = reach[0] + min(side.rarest), reach[-1] + max(side.rarest)
        read = {far: np.take(self.units, at + far, mode="clip") for far in range(low, high + 1)}
        near = np.concatenate([
            at[np.flatnonzero(self._hold(read[far + rarest], one[rarest]))] + far
            for one, rarest in zip(side.alternatives, side.rarest, strict=True) for far in reach
        ])  # fmt: skip
        return sort_places(near[(near >= 0) & (near < len(self.units))])

    def find_run(self, units: Units, length: int) -> tuple[np.ndarray, np.ndarray]:
        """(begin, end) of every match of one class so many times."""
        self._open_block(0, len(self.units))
        marks, more = self._mark(units), self._array("one", bool)
        held, reach = marks, 1
        while reach < length:  # so many characters of the class from here on
            step = min(reach, length - reach)
            longer = more if held is not more else self._array("two", bool)
            n = max(len(held) - step, 0)
            np.logical_and(held[:n], held[step:], out=longer[:n])
            longer[n:] = False
            held, reach = longer, reach + step
        # A run may begin at the first place of the block; its last is the end of a line.
        edges = np.flatnonzero(held[1:] != held[:-1]) + 1
        if held[0]:
            edges = np.append(0, edges)
        start, stop = edges[::2], edges[1::2]
        times = (stop - start + length - 1) // length
        before = np.cumsum(times) - times
        begin = start if (times == 1).all() else (
            np.repeat(start, times) + length * (np.arange(int(times.sum())) - np.repeat(before, times))
        )  # fmt: skip
        return begin, begin + length

    def measure(self, at: np.ndarray, side: _Side) -> tuple[np.ndarray, np.ndarray]:
        """(those of the places at which an alternative stands; how long the first is that stands there)."""
        length = np.zeros(len(at), dtype=np.int64)
        for one, rarest in zip(reversed(side.alternatives), reversed(side.rarest), strict=True):
            length[self.stand(at, one, rarest)] = len(one)
        held = length > 0
        return at[held], length[held]

    def stand(self, at: np.ndarray, alternative: Alternative, first: int) -> np.ndarray:
        """Which of the places (ascending) an alternative stands at; its character `first` is looked at first."""
        within = at[: np.searchsorted(at, len(self.units) - len(alternative), side="right")]
        held = np.flatnonzero(self._hold(self.units[within + first], alternative[first]))
        for step, units in enumerate(alternative):
            if step != first and len(held):
                held = held[self._hold(self.units[within[held] + step], units)]
        return held

    def _hold(self, read: np.ndarray, units: Units) -> np.ndarray:
        """bool: which of some characters are of the set."""
        if len(units) == 1:
            return read == next(iter(units))
        if units not in self._tables:
            self._tables[units] = np.zeros(1 << 16, dtype=bool)
            self._tables[units][list(units)] = True
        return self._tables[units][read]

    def _mark(self, units: Units) -> np.ndarray:
        """bool: which characters are of the set."""
        marks = self._array(units, bool)
        if units not in self._marked:
            self._marked.add(units)
            more, below = self._array("more", bool), self._array("below", np.uint16)
            mark_ranges(self._block, list_ranges(units), marks, more, below)
        return marks

    def _array(self, name: object, kind: type) -> np.ndarray:
        """An array of the open block's length, as it was left."""
        if name not in self._arrays or len(self._arrays[name]) < len(self._block):
            self._arrays[name] = np.empty(max(len(self._block), _BLOCK + _BLOCK // 8), dtype=kind)
        return self._arrays[name][: len(self._block)]
