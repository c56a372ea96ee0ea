"""Regular expressions over the corpus that cannot hang: RE2, line by line, with a time limit.

Why here: a user's expression must not stop the others' pages. RE2 takes time linear in the
text, whatever the expression; a gigabyte would still take seconds, so the stretches in which the
expression can match at all are found first, by the plain text it requires (`find_required`):
lines, or of an expression of bounded length no more than that length around the text.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import re2

from dashboard.corpus import Corpus

#: Characters of an expression; seconds it may take; passages it may yield before it is given up.
LONGEST_PATTERN, PATIENCE, MOST_PASSAGES = 200, 8.0, 3_000_000
#: Characters matched in one go: small at first, so that a slow expression is noticed early.
_FIRST_BLOCK, _LAST_BLOCK = 1 << 14, 1 << 20
#: Lines are chosen by required text where it leaves at most this share of them.
_WORTH_CHOOSING = 0.5
#: A line longer than this is matched in pieces, or one line could take all the time there is.
_LONGEST_LINE = 20_000
#: An expression that matches at most so many characters is looked for around the text it requires alone.
_SHORT = 100
_MOST_ALTERNATIVES = 40
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


def match_lines(
    corpus: Corpus, pattern: str, find_literal: Callable[[str], np.ndarray], docs: np.ndarray | None = None
) -> tuple[np.ndarray, np.ndarray]:
    """(begin, end) in corpus.chars of every match, ascending, not overlapping; empty matches do not count.

    find_literal(text) gives where a text begins in corpus.chars. docs: bool[n], documents to look into
    (default: all). Raises QueryError when the expression takes longer than PATIENCE.
    """
    engine = compile_pattern(pattern)
    starts, stops = _choose_stretches(corpus, pattern, find_literal, docs)
    deadline = time.monotonic() + PATIENCE
    begins, ends, n_found = [], [], 0
    for first, last in _cut_blocks(starts, stops, deadline):
        begin, end = _match_block(corpus, engine, starts[first:last], stops[first:last], deadline)
        begins.append(begin)
        ends.append(end)
        n_found += len(begin)
        if n_found > MOST_PASSAGES:
            raise QueryError(f"this expression matches more than {MOST_PASSAGES:,} times: make it narrower")
    if not begins:
        return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)
    return np.concatenate(begins), np.concatenate(ends)


def _choose_stretches(
    corpus: Corpus, pattern: str, find_literal: Callable[[str], np.ndarray], docs: np.ndarray | None
) -> tuple[np.ndarray, np.ndarray]:
    """(start, stop) in corpus.chars of the stretches to be matched, ascending, each within a line; no match lies elsewhere."""
    needs = _read_needs(pattern)
    choices = [(sum(_expect(corpus, text) for text in texts), texts) for texts in _list_required(needs)]
    expected, texts = min(choices, default=(len(corpus.chars), ()))
    if expected < _WORTH_CHOOSING * len(corpus.line_ends):
        at = np.sort(np.concatenate([find_literal(text) for text in texts]))
        line = np.searchsorted(corpus.line_ends, at)
        starts, stops = _begin_lines(corpus, line), corpus.line_ends[line]
        if needs is not None and needs.most is not None and needs.most <= _SHORT and not needs.edges:
            starts, stops = np.maximum(starts, at - needs.most), np.minimum(stops, at + needs.most)
        # What touches is one stretch, so that matches follow one another as in the whole line.
        fresh = np.ones(len(at), dtype=bool)
        fresh[1:] = starts[1:] > stops[:-1]
        starts, stops = starts[fresh], stops[np.append(fresh[1:], True)[: len(at)]]
    else:
        starts, stops = _begin_lines(corpus, np.arange(len(corpus.line_ends))), corpus.line_ends
    if docs is not None and len(starts):
        asked = docs[np.searchsorted(corpus.offsets, starts, side="right") - 1]
        starts, stops = starts[asked], stops[asked]
    return _cut_long(starts, stops)


def _cut_long(starts: np.ndarray, stops: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The same stretches, none longer than _LONGEST_LINE; a piece stops where the next one starts."""
    if not len(starts) or (stops - starts).max() <= _LONGEST_LINE:
        return starts, stops
    pieces = np.maximum(-((starts - stops) // _LONGEST_LINE), 1)
    place = np.arange(int(pieces.sum())) - np.repeat(np.cumsum(pieces) - pieces, pieces)
    first = np.repeat(starts, pieces) + place * _LONGEST_LINE
    return first, np.minimum(first + _LONGEST_LINE, np.repeat(stops, pieces))


def _expect(corpus: Corpus, text: str) -> int:
    """How often a text can stand in the corpus at most: as often as its rarest character."""
    units = np.frombuffer(text.encode("utf-16-le", "surrogatepass"), dtype=np.uint16)
    return int(corpus.char_counts[units].min())


def _cut_blocks(starts: np.ndarray, stops: np.ndarray, deadline: float) -> Iterator[tuple[int, int]]:
    """Runs of stretches (first, last) of about a block's characters; blocks grow while they go fast."""
    size, first = _FIRST_BLOCK, 0
    total = np.cumsum(stops - starts + 1)
    while first < len(starts):
        before = total[first - 1] if first else 0
        last = max(int(np.searchsorted(total, before + size)), first + 1)
        begun = time.monotonic()
        yield first, last
        now = time.monotonic()
        if now > deadline:
            raise QueryError("this expression takes too long here: name some plain text in it, or narrow the filters")
        if now - begun < 0.02:
            size = min(2 * size, _LAST_BLOCK)
        first = last


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


# --- What an expression requires ----------------------------------------------------


@dataclass(frozen=True)
class _Needs:
    """What every match of a piece holds: `sets`, of each of which one text at least; `exact`, if it is no more.

    most: the characters it can take at most (None: any number); edges: whether it looks at what stands around it.
    """

    sets: tuple[frozenset[str], ...] = ()
    exact: frozenset[str] | None = None
    most: int | None = 1
    edges: bool = False


class _Unclear(Exception):
    """The expression holds something this reader does not know."""


_ANY = _Needs()


def find_required(pattern: str) -> list[tuple[str, ...]]:
    r"""Sets of texts of which every match holds at least one; [] where nothing is sure.

    >>> find_required("[一二三]个(不放松|坚持)")
    [('个不放松', '个坚持')]
    >>> find_required("动态.{0,3}清零"), find_required(r"\d{4}年?"), find_required("(?i)gdp")
    ([('动态',), ('清零',)], [], [])
    """
    return _list_required(_read_needs(pattern))


def _list_required(needs: _Needs | None) -> list[tuple[str, ...]]:
    if needs is None:
        return []
    sets = needs.sets if needs.exact is None else (needs.exact,)
    return [tuple(sorted(texts)) for texts in sets if all(texts)]


def _read_needs(pattern: str) -> _Needs | None:
    """What an expression needs, None where it holds something unknown here."""
    try:
        needs, end = _read_choice(pattern, 0)
    except (_Unclear, RecursionError):
        return None
    return needs if end == len(pattern) else None


def _read_choice(pattern: str, at: int) -> tuple[_Needs, int]:
    """a|b|c up to the end or a closing bracket."""
    needs, at = _read_sequence(pattern, at)
    options = [needs]
    while at < len(pattern) and pattern[at] == "|":
        needs, at = _read_sequence(pattern, at + 1)
        options.append(needs)
    if len(options) == 1:
        return options[0], at
    most = None if any(option.most is None for option in options) else max(option.most or 0 for option in options)
    edges = any(option.edges for option in options)
    if all(option.exact is not None for option in options):
        return _Needs((), frozenset().union(*(option.exact or () for option in options)), most, edges), at
    best = [_choose_set(option) for option in options]
    if any(texts is None for texts in best):
        return _Needs((), None, most, edges), at
    return _Needs((frozenset().union(*(texts or () for texts in best)),), None, most, edges), at


def _read_sequence(pattern: str, at: int) -> tuple[_Needs, int]:
    sets: list[frozenset[str]] = []
    run: frozenset[str] = frozenset({""})
    most: int | None = 0
    broken = edges = False
    while at < len(pattern) and pattern[at] not in "|)":
        atom, at = _read_atom(pattern, at)
        least, times, at = _read_repeat(pattern, at)
        edges |= atom.edges
        most = None if None in (most, atom.most, times) else (most or 0) + (atom.most or 0) * (times or 0)
        if (least, times) == (1, 1) and atom.exact is not None and len(run) * len(atom.exact) <= _MOST_ALTERNATIVES:
            run = frozenset(left + right for left in run for right in atom.exact)
            continue
        broken = True
        sets.append(run)
        run = frozenset({""})
        if least:
            sets += list(atom.sets) if atom.exact is None else [atom.exact]
    if not broken:
        return _Needs((), run, most, edges), at
    return _Needs(tuple(texts for texts in (*sets, run) if all(texts)), None, most, edges), at


def _read_atom(pattern: str, at: int) -> tuple[_Needs, int]:
    char = pattern[at]
    if char == "\\":
        return _read_escape(pattern, at)
    if char == "[":
        return _ANY, _skip_class(pattern, at)
    if char == ".":
        return _ANY, at + 1
    if char in "^$":
        return _edge(), at + 1
    if char == "(":
        at += 1
        if pattern.startswith("?:", at):
            at += 2
        elif pattern.startswith("?", at):
            raise _Unclear
        needs, at = _read_choice(pattern, at)
        if at >= len(pattern):
            raise _Unclear
        return needs, at + 1
    if char in "*+?{":
        raise _Unclear
    return _exactly(char), at + 1


def _read_escape(pattern: str, at: int) -> tuple[_Needs, int]:
    char = pattern[at + 1 : at + 2]
    if char in ("p", "P"):
        if pattern[at + 2 : at + 3] == "{":
            end = pattern.find("}", at)
            if end < 0:
                raise _Unclear
            return _ANY, end + 1
        return _ANY, at + 3
    if char and char in "dDsSwW":
        return _ANY, at + 2
    if char and char in "bB":
        return _edge(), at + 2
    if char and not char.isalnum():
        return _exactly(char), at + 2
    raise _Unclear


def _skip_class(pattern: str, at: int) -> int:
    end = at + 1
    if pattern.startswith("^", end):
        end += 1
    if pattern.startswith("]", end):
        end += 1
    while end < len(pattern) and pattern[end] != "]":
        if pattern.startswith("[:", end):
            end = pattern.find(":]", end) + 1
            if not end:
                raise _Unclear
        end += 2 if pattern[end] == "\\" else 1
    if end >= len(pattern):
        raise _Unclear
    return end + 1


def _read_repeat(pattern: str, at: int) -> tuple[int, int | None, int]:
    """(least, most, place behind it) of the repetition that follows; (1, 1, at) where there is none."""
    if at >= len(pattern) or pattern[at] not in "*+?{":
        return 1, 1, at
    most: int | None
    if pattern[at] == "{":
        end = pattern.find("}", at)
        low, comma, high = pattern[at + 1 : max(end, at + 1)].partition(",")
        if end < 0 or not low.isascii() or not low.isdigit() or (high and not (high.isascii() and high.isdigit())):
            raise _Unclear  # RE2 takes such a bracket for itself
        least, most = int(low), int(high) if high else None if comma else int(low)
        at = end + 1
    else:
        least, most = {"*": (0, None), "+": (1, None), "?": (0, 1)}[pattern[at]]
        at += 1
    if at < len(pattern) and pattern[at] == "?":
        at += 1
    if at < len(pattern) and pattern[at] in "*+?{":
        raise _Unclear
    return least, most, at


def _exactly(char: str) -> _Needs:
    return _Needs(exact=frozenset({char}))


def _edge() -> _Needs:
    return _Needs(exact=frozenset({""}), most=0, edges=True)


def _choose_set(needs: _Needs) -> frozenset[str] | None:
    """The set that says most: its shortest text the longest."""
    sets = [texts for texts in (needs.sets if needs.exact is None else (needs.exact,)) if texts and all(texts)]
    return max(sets, key=lambda texts: (min(map(len, texts)), -len(texts)), default=None)
