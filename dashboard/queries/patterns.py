"""Regular expressions over the corpus that cannot hang: RE2, line by line, with a time limit.

Why here: a user's expression must not stop the others' pages. RE2 takes time linear in the
text, whatever the expression; a gigabyte would still take seconds, so the stretches in which the
expression can match at all are found first, by the plain text it requires (`find_required`):
lines, or of an expression of bounded length no more than that length around the text. Expressions of
simple shape need no RE2 at all (`shapes.py`, `shape_matches.py`).
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from typing import Any

import numpy as np
import re2

from dashboard.corpus import Corpus
from dashboard.queries.alike import LONGEST_ALIKE, number_stretches
from dashboard.queries.blocks import list_ranges
from dashboard.queries.expression import read_expression
from dashboard.queries.literals import expect_literal, find_any, find_around, find_runs
from dashboard.queries.needs import Needs, list_required, read_needs
from dashboard.queries.shape_matches import ShapeFinder
from dashboard.queries.shapes import read_shape

#: Characters of an expression; seconds it may take; passages it may yield before it is given up.
LONGEST_PATTERN, PATIENCE, MOST_PASSAGES = 200, 8.0, 3_000_000
#: Characters matched in one go: small at first, so that a slow expression is noticed early.
_FIRST_BLOCK, _LAST_BLOCK = 1 << 14, 1 << 20
#: Lines are chosen by required text where it leaves at most this share of them; runs of few characters are grown
#: from it where it is at most this share of the text; so much of the text may be looked at around it.
_WORTH_CHOOSING, _WORTH_EXTENDING, _WORTH_LOOKING = 0.5, 1 / 100, 1 / 10
#: Runs of so many ranges of characters are looked for in all the text; of more stretches than this
#: it is worth asking which read alike.
_MOST_RANGES, _WORTH_NUMBERING = 8, 1000
#: A line longer than this is matched in pieces, or one line could take all the time there is.
_LONGEST_LINE = 20_000
#: An expression that matches at most so many characters is looked for around the text it requires alone.
_SHORT = 100
_LINE_FEED = 10
_BUFFER_ENDS = re.compile(r"(?<!\\)(?:\\\\)*\\[Az]")


class QueryError(ValueError):
    """A query that cannot be read or answered; the message is one sentence for the person who typed it."""


def compile_pattern(pattern: str) -> Any:
    """The expression compiled for lines of UTF-8: ^ and $ are the ends of a line, nothing matches a line feed.

    Raises QueryError with RE2's reason.
    """
    if not pattern:
        raise QueryError("write a regular expression behind re:")
    if len(pattern) > LONGEST_PATTERN:
        raise QueryError(f"a regular expression has at most {LONGEST_PATTERN} characters here")
    if _BUFFER_ENDS.search(pattern):
        raise QueryError("write ^ and $ for the ends of a line instead of \\A and \\z")
    options = re2.Options()
    options.log_errors = False
    options.never_nl = True
    options.never_capture = True
    try:
        return re2.compile(b"(?m:" + pattern.encode("utf-8", "replace") + b")", options)
    except re2.error as error:
        reason = error.args[0] if error.args else ""
        reason = reason.decode("utf-8", "replace") if isinstance(reason, bytes) else str(reason)
        raise QueryError(f"this is no regular expression that RE2 reads: {reason}") from None


def match_lines(corpus: Corpus, pattern: str, docs: np.ndarray | None = None) -> tuple[np.ndarray, np.ndarray]:
    """(begin, end) in corpus.chars of every match, ascending, not overlapping; empty matches do not count.

    docs: bool[n], documents to look into (default: all). Raises QueryError when the expression takes longer
    than PATIENCE or matches more often than MOST_PASSAGES.
    """
    engine, deadline = compile_pattern(pattern), time.monotonic() + PATIENCE
    shape = read_shape(read_expression(pattern))
    finder = None if shape is None else ShapeFinder(corpus, shape)
    if finder is None or not finder.ready:
        return match_by_engine(corpus, engine, read_needs(pattern), docs)
    n_found = 0

    def note(n: int) -> None:
        nonlocal n_found
        n_found += n
        _bound_passages(n_found)
        _bound_time(deadline)

    begin, end = finder.find(note, docs)
    _bound_passages(len(begin))  # two threads may have counted past one another
    return begin, end


def match_by_engine(
    corpus: Corpus, engine: Any, needs: Needs | None, docs: np.ndarray | None = None
) -> tuple[np.ndarray, np.ndarray]:
    """As match_lines, with RE2 whatever the expression's shape. needs: what it needs (None: everything is read)."""
    deadline = time.monotonic() + PATIENCE
    starts, stops = _choose_stretches(corpus, needs)
    if docs is not None and len(starts):
        asked = docs[np.searchsorted(corpus.offsets, starts, side="right") - 1]
        starts, stops = starts[asked], stops[asked]
    starts, stops = _cut_long(starts, stops)
    alike = needs is not None and needs.alphabet is not None and len(starts) > _WORTH_NUMBERING
    if alike and (stops - starts).mean() <= LONGEST_ALIKE:
        return _match_distinct(corpus, engine, starts, stops, deadline)
    return _match_stretches(corpus, engine, starts, stops, deadline)


def _match_stretches(
    corpus: Corpus, engine: Any, starts: np.ndarray, stops: np.ndarray, deadline: float
) -> tuple[np.ndarray, np.ndarray]:
    """(begin, end) in corpus.chars of the matches in the stretches."""
    begins, ends, n_found = [], [], 0
    for first, last in _cut_blocks(starts, stops, deadline):
        begin, end = _match_block(corpus, engine, starts[first:last], stops[first:last], deadline)
        begins.append(begin)
        ends.append(end)
        n_found += len(begin)
        _bound_passages(n_found)
    if not begins:
        return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)
    return np.concatenate(begins), np.concatenate(ends)


def _match_distinct(
    corpus: Corpus, engine: Any, starts: np.ndarray, stops: np.ndarray, deadline: float
) -> tuple[np.ndarray, np.ndarray]:
    """As _match_stretches; stretches that read alike are matched once (2022年3月 stands in many places)."""
    number, first = number_stretches(corpus.chars, starts, stops - starts)
    begin, end = _match_stretches(corpus, engine, starts[first], stops[first], deadline)
    of = np.searchsorted(starts[first], begin, side="right") - 1  # which of the distinct stretches a match is in
    begin, end = begin - starts[first][of], end - starts[first][of]
    n_matches = np.bincount(of, minlength=len(first))
    first_match = np.cumsum(n_matches) - n_matches
    times = n_matches[number]
    _bound_passages(int(times.sum()))
    behind = np.cumsum(times)
    match = np.arange(int(times.sum())) + np.repeat(first_match[number] - (behind - times), times)
    where = np.repeat(starts, times)
    return where + begin[match], where + end[match]


def _bound_time(deadline: float) -> None:
    if time.monotonic() > deadline:
        raise QueryError("this expression takes too long here: name some plain text in it, or narrow the filters")


def _bound_passages(n: int) -> None:
    if n > MOST_PASSAGES:
        raise QueryError(f"this expression matches more than {MOST_PASSAGES:,} times: make it narrower")


# --- Where to look -------------------------------------------------------------------------


def _choose_stretches(corpus: Corpus, needs: Needs | None) -> tuple[np.ndarray, np.ndarray]:
    """(start, stop) in corpus.chars of the stretches to be matched, ascending, each within a line.

    No match lies elsewhere, and within each stretch the matches are those of the whole line.
    """
    if needs is None:
        return _all_lines(corpus)
    sets = sorted((sum(expect_literal(corpus, text) for text in texts), texts) for texts in list_required(needs))
    narrow = needs.alphabet is not None and not needs.edges
    classes = sorted((sum(expect_literal(corpus, char) for char in chars), tuple(sorted(chars))) for chars in needs.classes)
    expected, texts = min([*sets, *classes] if narrow else sets, default=(len(corpus.chars), ()))
    if narrow and texts and expected < _WORTH_EXTENDING * len(corpus.chars):
        return _extend_runs(corpus, find_any(corpus, texts), needs)
    ranges = list_ranges(map(ord, needs.alphabet or ()))
    if narrow and len(ranges) <= _MOST_RANGES:
        return find_runs(corpus, ranges, max(needs.least, 1))
    if not texts or expected >= _WORTH_CHOOSING * len(corpus.line_ends):
        return _all_lines(corpus)
    at = find_any(corpus, texts)
    if needs.most is None or needs.most > _SHORT or needs.edges:
        line = np.searchsorted(corpus.line_ends, at)
        line = line[np.append(True, line[1:] != line[:-1])] if len(line) else line
        return _begin_lines(corpus, line), corpus.line_ends[line]
    if len(sets) > 1:
        at = _keep_near(corpus, at, sets[1][1], needs.most)
    line = np.searchsorted(corpus.line_ends, at)
    starts = np.maximum(_begin_lines(corpus, line), at - needs.most)
    stops = np.minimum(corpus.line_ends[line], at + needs.most)
    # What touches is one stretch, so that matches follow one another as in the whole line.
    fresh = np.ones(len(at), dtype=bool)
    fresh[1:] = starts[1:] > stops[:-1]
    return starts[fresh], stops[np.append(fresh[1:], True)[: len(at)]]


def _keep_near(corpus: Corpus, at: np.ndarray, texts: tuple[str, ...], reach: int) -> np.ndarray:
    """The places that have one of the texts within reach, before or behind."""
    if len(at) * (2 * reach + 1) > _WORTH_LOOKING * len(corpus.chars):
        return at
    other = find_around(corpus, texts, at, -reach, reach)
    near = np.searchsorted(other, at - reach) < np.searchsorted(other, at + reach, side="right")
    return at[near]


def _extend_runs(corpus: Corpus, at: np.ndarray, needs: Needs) -> tuple[np.ndarray, np.ndarray]:
    """The longest stretches around the places that hold nothing but the alphabet, if a match can be as short."""
    known = np.zeros(1 << 16, dtype=bool)
    known[[ord(char) for char in needs.alphabet or ()]] = True
    chars = corpus.chars
    starts, stops = at.copy(), at + 1
    open_ = np.flatnonzero(at)
    while len(open_):
        open_ = open_[known[chars[starts[open_] - 1]]]
        starts[open_] -= 1
        open_ = open_[starts[open_] > 0]
    # One run has many places; where it ends is looked for once.
    last = np.append(starts[1:] != starts[:-1], True)[: len(starts)]
    starts, stops = starts[last], stops[last]
    open_ = np.arange(len(stops))
    while len(open_):  # a 0 stands behind the last document, and no alphabet holds it
        open_ = open_[known[chars[stops[open_]]]]
        stops[open_] += 1
    long_enough = stops - starts >= needs.least
    return starts[long_enough], stops[long_enough]


def _cut_long(starts: np.ndarray, stops: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The same stretches, none longer than _LONGEST_LINE; a piece stops where the next one starts."""
    if not len(starts) or (stops - starts).max() <= _LONGEST_LINE:
        return starts, stops
    pieces = np.maximum(-((starts - stops) // _LONGEST_LINE), 1)
    place = np.arange(int(pieces.sum())) - np.repeat(np.cumsum(pieces) - pieces, pieces)
    first = np.repeat(starts, pieces) + place * _LONGEST_LINE
    return first, np.minimum(first + _LONGEST_LINE, np.repeat(stops, pieces))


def _cut_blocks(starts: np.ndarray, stops: np.ndarray, deadline: float) -> Iterator[tuple[int, int]]:
    """Runs of stretches (first, last) of about a block's characters; blocks grow while they go fast."""
    size, first = _FIRST_BLOCK, 0
    total = np.cumsum(stops - starts + 1)
    while first < len(starts):
        before = total[first - 1] if first else 0
        last = max(int(np.searchsorted(total, before + size)), first + 1)
        begun = time.monotonic()
        yield first, last
        _bound_time(deadline)
        if time.monotonic() - begun < 0.02:
            size = min(2 * size, _LAST_BLOCK)
        first = last


def _all_lines(corpus: Corpus) -> tuple[np.ndarray, np.ndarray]:
    return np.append(0, corpus.line_ends[:-1] + 1)[: len(corpus.line_ends)], corpus.line_ends


def _begin_lines(corpus: Corpus, lines: np.ndarray) -> np.ndarray:
    return np.where(lines > 0, corpus.line_ends[np.maximum(lines - 1, 0)] + 1, 0)


def _match_block(
    corpus: Corpus, engine: Any, starts: np.ndarray, stops: np.ndarray, deadline: float
) -> tuple[np.ndarray, np.ndarray]:
    """(begin, end) in corpus.chars of the matches in some stretches."""
    lengths = stops - starts + 1
    total = np.cumsum(lengths)
    inside = total - lengths  # where each stretch begins within the block
    if (starts[1:] == stops[:-1] + 1).all():  # whole lines, one behind the other
        units = corpus.chars[starts[0] : stops[-1] + 1].copy()
    else:
        units = corpus.chars[np.arange(int(total[-1])) + np.repeat(starts - inside, lengths)]
    units[total - 1] = _LINE_FEED
    text = units.tobytes().decode("utf-16-le", "replace").encode("utf-8", "replace")
    spans = []
    for match in engine.finditer(text):
        spans.append(match.span())
        if not len(spans) & 1023 and time.monotonic() > deadline:
            break  # the caller looks at the clock as well, and says so
    if not spans:
        return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)
    begin, end = np.array(spans, dtype=np.int64).T
    filled = end > begin
    # A character begins where a byte is not 10xxxxxx: counting those turns bytes into characters.
    number = np.cumsum((np.frombuffer(text, dtype=np.uint8) & 0xC0) != 0x80, dtype=np.int32)
    first, last = number[begin[filled]] - 1, number[end[filled] - 1]
    stretch = np.searchsorted(inside, first, side="right") - 1
    shift = starts[stretch] - inside[stretch]
    return first + shift, last + shift
