"""Where a phrase stands: lexicon phrases, free text, gaps, nearness, alternatives, regular expressions.

Why here: every other question begins with these passages, so there is one grammar and one
way of counting. Text is counted on characters; a token boundary never hides a hit.

    动态清零              a lexicon phrase (phrase_id, phrase or variant): its hits as the build found them
    "动态清零"            in quotation marks: these characters, whatever the lexicon says
    family:四早           the phrase and every member of its family
    疫情防控              anything else: these characters, simplified or traditional, 著 and 着 alike
    疫情*防控             up to 10 characters between (疫情*3防控: up to 3), never across a line
    疫情 NEAR/5 防控      both in either order with at most 5 characters between, within a line
    清零 OR 封控          either
    re:[一二三]个不\\w+   a regular expression (RE2: linear time, no look-around), within a line

Passages of one piece never overlap: the search goes on behind a hit, as `str.count` does.
Passages of alternatives are united; what stands at the same place counts once.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import re2

from dashboard.corpus import Corpus
from dashboard.filters import Filters
from dashboard.queries.scope import NO_PASSAGES, Passages, Scope, open_scope
from data_prep.script import fold_script

#: A piece of free text has at most so many characters, a query so many, a gap so many.
LONGEST_PIECE, LONGEST_QUERY, WIDEST_GAP, GAP = 20, 400, 50, 10
#: Seconds a regular expression may take, and passages it may yield, before it is given up.
PATIENCE, MOST_PASSAGES = 10.0, 5_000_000

_NEAR = re.compile(r"\s+NEAR/(\d{1,3})\s+")
_OR = re.compile(r"\s+OR\s+|\s*\|\s*")
_STAR = re.compile(r"\*(\d{0,3})")
_LINE = 10
_BLOCK = 1 << 18


class QueryError(ValueError):
    """A query that cannot be read or answered; the message is one sentence for the person who typed it."""


@dataclass(frozen=True)
class Gap:
    """Pieces one after the other, at most `widths[i]` characters between the i-th and the next."""

    pieces: tuple[str, ...]
    widths: tuple[int, ...]


@dataclass(frozen=True)
class Near:
    """Two parts in either order with at most `width` characters between."""

    left: Part
    right: Part
    width: int


@dataclass(frozen=True)
class Literal:
    """These characters."""

    text: str


@dataclass(frozen=True)
class Entry:
    """Lexicon phrases by their numbers."""

    numbers: tuple[int, ...]


@dataclass(frozen=True)
class Pattern:
    """A regular expression."""

    text: str


Part = Literal | Entry | Gap | Near | Pattern


def find_passages(corpus: Corpus, filters: Filters, query: str) -> Passages:
    """Passages that the query finds in the documents (and, with a speaker filter, the passages) in question.

    All copies of a release are searched; `scope.keep_one_copy` leaves one. Raises QueryError.
    """
    return find_in_scope(open_scope(corpus, filters), query)


def find_in_scope(scope: Scope, query: str) -> Passages:
    """As find_passages, for a scope opened already (several phrases under the same filters)."""
    return scope.restrict(find_everywhere(scope.corpus, query))


def find_everywhere(corpus: Corpus, query: str) -> Passages:
    """Passages that the query finds in the whole corpus; kept for the next asking."""
    parts = read_query(corpus, query)
    if len(parts) == 1 and isinstance(parts[0], Entry):
        return _find_part(corpus, parts[0])  # stored already
    key = ("passages", parts)
    found = corpus.recall(key)
    if found is None:
        found = _unite([_find_part(corpus, part) for part in parts])
        corpus.keep(key, found, found.doc.nbytes + found.begin.nbytes + found.end.nbytes)
    return found


def read_query(corpus: Corpus, query: str) -> tuple[Part, ...]:
    """The alternatives of a query (grammar: the module's docstring). Raises QueryError."""
    query = query.strip()
    if not query:
        raise QueryError("type something to look for")
    if len(query) > LONGEST_QUERY:
        raise QueryError(f"a query has at most {LONGEST_QUERY} characters")
    if query.startswith("re:"):
        return (Pattern(_check_pattern(query[3:].strip())),)
    return tuple(_read_alternative(corpus, text) for text in _OR.split(query))


def _read_alternative(corpus: Corpus, text: str) -> Part:
    pieces = _NEAR.split(text)
    if len(pieces) == 1:
        return _read_piece(corpus, text)
    if len(pieces) > 3:
        raise QueryError("NEAR joins two pieces, not more")
    return Near(_read_piece(corpus, pieces[0]), _read_piece(corpus, pieces[2]), min(int(pieces[1]), WIDEST_GAP))


def _read_piece(corpus: Corpus, text: str) -> Part:
    text = text.strip()
    if text.startswith(("family:", "family：")):
        return Entry(find_family(corpus, text[7:].strip()))
    if len(text) > 1 and text[0] in '"“' and text[-1] in '"”':
        return Literal(_read_literal(text[1:-1]))
    if numbers := find_entries(corpus, text):
        return Entry(numbers)
    if "*" in text:
        pieces = _STAR.split(text)
        if not all(pieces[::2]):
            raise QueryError(f"* stands between two pieces of text, as in 疫情*防控: {text}")
        widths = tuple(min(int(width), WIDEST_GAP) if width else GAP for width in pieces[1::2])
        return Gap(tuple(_read_literal(piece) for piece in pieces[::2]), widths)
    return Literal(_read_literal(text))


def _read_literal(text: str) -> str:
    text = text.strip(" ")
    if not text:
        raise QueryError("type something to look for, on both sides of OR and NEAR")
    if len(text) > LONGEST_PIECE:
        raise QueryError(f"a piece of text to look for has at most {LONGEST_PIECE} characters, this one {len(text)}")
    return fold_query(text)


def fold_query(text: str) -> str:
    """Text as it is matched: simplified, 著 as 着, what lies beyond the BMP as one character.

    >>> fold_query("奔著問題去")
    '奔着问题去'
    """
    folded = "".join(c if ord(c) < 0x10000 else "�" for c in fold_script(text))
    return folded.replace("著", "着").replace("\0", "�")


def find_entries(corpus: Corpus, text: str) -> tuple[int, ...]:
    """The number of the lexicon entry with this phrase_id, phrase or variant (typed in either script), or ()."""
    names = _name_entries(corpus)
    return names.get(text) or names.get(fold_query(text)) or ()


def find_family(corpus: Corpus, text: str) -> tuple[int, ...]:
    """The numbers of a phrase and all members of its family. Raises QueryError where it is in no lexicon."""
    entries = find_entries(corpus, text)
    if not entries:
        raise QueryError(f"the lexicon of this build has no phrase {text}")
    families = corpus.phrases["family"].to_numpy()
    return tuple(int(number) for number in np.flatnonzero(families == families[entries[0]]))


def _name_entries(corpus: Corpus) -> dict[str, tuple[int, ...]]:
    names = corpus.recall("names of entries")
    if names is None:
        names = {}
        table = corpus.phrases
        # Later entries of the same name do not take it away: ids first, then phrases, then variants.
        for number, name in enumerate(table["phrase_id"]):
            names.setdefault(str(name), (number,))
        for number, name in enumerate(table["phrase"]):
            names.setdefault(fold_query(str(name)), (number,))
        for number, variants in enumerate(table["variants"]):
            for name in variants:
                names.setdefault(fold_query(str(name)), (number,))
        corpus.keep("names of entries", names, 200 * len(names))
    return names


# --- Finding --------------------------------------------------------------------------


def _find_part(corpus: Corpus, part: Part) -> Passages:
    if isinstance(part, Entry):
        return _unite([_find_entry(corpus, number) for number in part.numbers])
    if isinstance(part, Literal):
        at = find_literal(corpus, part.text)
        return _passages(corpus, at, at + len(part.text))
    if isinstance(part, Gap):
        return _find_gap(corpus, part)
    if isinstance(part, Near):
        return _find_near(corpus, part)
    return _find_pattern(corpus, part.text)


def _find_entry(corpus: Corpus, number: int) -> Passages:
    low, high = int(corpus.hit_offsets[number]), int(corpus.hit_offsets[number + 1])
    return Passages(*(np.asarray(array[low:high]) for array in (corpus.hit_doc, corpus.hit_begin, corpus.hit_end)))


def find_literal(corpus: Corpus, text: str) -> np.ndarray:
    """Where these characters (folded, 1 to 20) begin in corpus.chars, ascending, not overlapping; int64."""
    units = np.frombuffer(text.encode("utf-16-le", "surrogatepass"), dtype=np.uint16)
    rarest = int(np.argmin(corpus.char_counts[units])) if len(units) else 0
    expected = int(corpus.char_counts[units[rarest]]) if len(units) else 0
    if not expected:
        return np.zeros(0, dtype=np.int64)
    # Few: let the vector search run ahead. Many: each stop costs, so compare every character.
    if len(units) > 1 and expected < len(corpus.chars) // 50:
        return _search_ahead(corpus, units)
    return _drop_overlaps(_compare_all(corpus.chars, units, rarest), len(units))


def _search_ahead(corpus: Corpus, units: np.ndarray) -> np.ndarray:
    needle = units.tobytes()
    step = len(needle)
    lengths = np.fromiter(map(len, corpus.haystack.split(needle)), dtype=np.int64)
    at = np.cumsum(lengths[:-1] + step) - step
    if not (at & 1).any():
        return at >> 1
    # Found in the middle of a character: such a find may hide a true one, so look again from there on.
    found: list[int] = []
    place = corpus.haystack.find(needle)
    while place >= 0:
        if place & 1:
            place = corpus.haystack.find(needle, place + 1)
        else:
            found.append(place >> 1)
            place = corpus.haystack.find(needle, place + step)
    return np.array(found, dtype=np.int64)


def _compare_all(chars: np.ndarray, units: np.ndarray, rarest: int) -> np.ndarray:
    """Every place where the units stand, overlapping ones too."""
    found = []
    last = len(chars) - len(units) + 1
    for begin in range(0, max(last, 0), _BLOCK):
        end = min(begin + _BLOCK, last)
        at = np.flatnonzero(chars[begin + rarest : end + rarest] == units[rarest]) + begin
        for place, unit in enumerate(units):
            if place != rarest and len(at):
                at = at[chars[at + place] == unit]
        found.append(at)
    return np.concatenate(found) if found else np.zeros(0, dtype=np.int64)


def _drop_overlaps(at: np.ndarray, width: int) -> np.ndarray:
    """From the left: what begins before the last one kept has ended is dropped."""
    if width < 2 or len(at) < 2 or (np.diff(at) >= width).all():
        return at
    keep = np.ones(len(at), dtype=bool)
    close = np.flatnonzero(np.diff(at) < width) + 1
    for place in close:
        before = place - 1
        while not keep[before]:
            before -= 1
        keep[place] = at[place] - at[before] >= width
    return at[keep]


def _find_gap(corpus: Corpus, gap: Gap) -> Passages:
    """Leftmost and shortest: for each end of the pieces so far, the nearest next piece."""
    begin = find_literal(corpus, gap.pieces[0])
    end = begin + len(gap.pieces[0])
    for piece, width in zip(gap.pieces[1:], gap.widths, strict=True):
        following = find_literal(corpus, piece)
        place = np.searchsorted(following, end)
        there = place < len(following)
        begin, end, place = begin[there], end[there], place[there]
        near = following[place] - end <= width
        begin, end = begin[near], following[place[near]] + len(piece)
    return _passages(corpus, *_leftmost(*_within_lines(corpus, begin, end)))


def _find_near(corpus: Corpus, near: Near) -> Passages:
    """For each left part the nearest right part behind it, and the other way round; from the left, no overlaps."""
    left, right = (_absolute(corpus, _find_part(corpus, part)) for part in (near.left, near.right))
    begins, ends = [], []
    for (begin, end), (next_begin, next_end) in ((left, right), (right, left)):
        place = np.searchsorted(next_begin, end)
        there = np.flatnonzero(place < len(next_begin))
        place = place[there]
        close = next_begin[place] - end[there] <= near.width
        begins.append(begin[there[close]])
        ends.append(next_end[place[close]])
    begin, end = np.concatenate(begins), np.concatenate(ends)
    order = np.lexsort((end, begin))
    return _passages(corpus, *_leftmost(*_within_lines(corpus, begin[order], end[order])))


def _find_pattern(corpus: Corpus, pattern: str) -> Passages:
    """Lines of every document, one match behind the other. Raises QueryError when it takes too long."""
    engine = _compile(pattern)
    deadline = time.monotonic() + PATIENCE
    docs: list[int] = []
    spans: list[tuple[int, int]] = []
    for d in range(corpus.n):
        if time.monotonic() > deadline or len(spans) > MOST_PASSAGES:
            raise QueryError("this expression takes too long here: make it narrower, or look for plain text")
        text = corpus.chars[corpus.offsets[d] : corpus.offsets[d + 1] - 1].tobytes().decode("utf-16-le", "replace")
        for match in engine.finditer(text):
            if match.end() > match.start():
                docs.append(d)
                spans.append(match.span())
    if not spans:
        return NO_PASSAGES
    begin, end = np.array(spans, dtype=np.int32).T
    return Passages(np.array(docs, dtype=np.int32), begin, end)


def _compile(pattern: str) -> Any:
    options = re2.Options()
    options.log_errors = False
    options.never_nl = True
    options.max_mem = 8 << 20
    return re2.compile(pattern, options)


def _check_pattern(pattern: str) -> str:
    if not pattern:
        raise QueryError("write a regular expression behind re:")
    try:
        _compile(pattern)
    except re2.error as error:
        reason = error.args[0] if error.args else ""
        reason = reason.decode("utf-8", "replace") if isinstance(reason, bytes) else str(reason)
        raise QueryError(f"this is no regular expression that RE2 reads: {reason}") from None
    return pattern


# --- Places in the text ---------------------------------------------------------------


def _passages(corpus: Corpus, begin: np.ndarray, end: np.ndarray) -> Passages:
    """Passages from places in corpus.chars (ascending)."""
    doc = np.searchsorted(corpus.offsets, begin, side="right") - 1
    first = corpus.offsets[doc]
    return Passages(doc.astype(np.int32), (begin - first).astype(np.int32), (end - first).astype(np.int32))


def _absolute(corpus: Corpus, passages: Passages) -> tuple[np.ndarray, np.ndarray]:
    first = corpus.offsets[passages.doc]
    return passages.begin + first, passages.end + first


def _within_lines(corpus: Corpus, begin: np.ndarray, end: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Those that cross neither the end of a line nor of a document."""
    keep = np.ones(len(begin), dtype=bool)
    for place, (low, high) in enumerate(zip(begin, end, strict=True)):
        stretch = corpus.chars[low:high]
        keep[place] = not ((stretch == _LINE) | (stretch == 0)).any()
    return begin[keep], end[keep]


def _leftmost(begin: np.ndarray, end: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Drop what begins before the one kept last has ended."""
    if len(begin) < 2 or (begin[1:] >= end[:-1]).all():
        return begin, end
    keep, last = [], -1
    for place, (low, high) in enumerate(zip(begin.tolist(), end.tolist(), strict=True)):
        if low >= last:
            keep.append(place)
            last = high
    return begin[keep], end[keep]


def _unite(found: list[Passages]) -> Passages:
    """Passages of several parts in order, the same place once."""
    if len(found) == 1:
        return found[0]
    doc, begin, end = (np.concatenate([getattr(one, name) for one in found]) for name in ("doc", "begin", "end"))
    order = np.lexsort((end, begin, doc))
    doc, begin, end = doc[order], begin[order], end[order]
    fresh = np.ones(len(doc), dtype=bool)
    fresh[1:] = (doc[1:] != doc[:-1]) | (begin[1:] != begin[:-1]) | (end[1:] != end[:-1])
    return Passages(doc[fresh], begin[fresh], end[fresh])


def iterate_alternatives(corpus: Corpus, query: str) -> Iterator[Part]:
    """The parts of a query, for pages that say how it was read."""
    yield from read_query(corpus, query)
