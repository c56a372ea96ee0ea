"""Where a query stands: passages in all documents, or in those a filter leaves.

Why here: every other question begins with these passages, so there is one way of finding
and counting them. Text is searched on characters; a token boundary never hides a hit.
What may be typed: `queries/grammar.py`.

Passages of one piece never overlap: the search goes on behind a hit, as `str.count` does.
Passages of alternatives are united; what stands at the same place counts once.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from dashboard.corpus import Corpus
from dashboard.filters import Filters
from dashboard.queries.grammar import Entry, Gap, Literal, Near, Part, Pattern, fold_query, read_query
from dashboard.queries.literals import (
    count_literal,
    drop_overlaps,
    expect_literal,
    find_around,
    find_literal,
    find_overlapping,
    find_within,
    sort_places,
)
from dashboard.queries.patterns import QueryError, match_lines
from dashboard.queries.scope import Passages, Scope, keep_one_copy, open_scope

__all__ = [
    "QueryError", "count_in_scope", "count_on_tokens", "find_everywhere", "find_in_document", "find_in_scope",
    "find_passages", "is_counted_fast",
]  # fmt: skip

#: A second piece is looked for around the first one, if that is at most this share of the text; else in all of it.
_WORTH_LOOKING = 1 / 10


def find_passages(corpus: Corpus, filters: Filters, query: str) -> Passages:
    """Passages that the query finds in the documents (and, with a speaker filter, the passages) in question.

    All copies of a release are searched; `scope.keep_one_copy` leaves one. Raises QueryError.
    """
    return find_in_scope(open_scope(corpus, filters), query)


def find_in_scope(scope: Scope, query: str) -> Passages:
    """As find_passages, for a scope opened already (several phrases under the same filters). Raises QueryError."""
    parts = read_query(scope.corpus, query)
    # An expression is slow: it need not look where nothing is in question.
    if isinstance(parts[0], Pattern) and 2 * scope.docs.sum() < scope.corpus.n:
        found = _find_pattern(scope.corpus, parts[0].text, scope.docs)
    else:
        found = _recall_parts(scope.corpus, parts)
    return scope.restrict(found)


def count_in_scope(scope: Scope, query: str) -> np.ndarray:
    """int64[n]: how many passages of the query each document holds, 0 outside the scope. Raises QueryError.

    As many as find_in_scope finds, without writing them all down where plain text is looked for.
    """
    parts = read_query(scope.corpus, query)
    if scope.spans is None and len(parts) == 1 and isinstance(parts[0], Literal):
        counts = count_literal(scope.corpus, parts[0].text)
    else:
        counts = np.bincount(find_in_scope(scope, query).doc, minlength=scope.corpus.n)
    return np.where(scope.docs, counts, 0)


def is_counted_fast(scope: Scope, query: str) -> bool:
    """Whether count_in_scope need not find every passage: plain text without a speaker filter. Raises QueryError."""
    parts = read_query(scope.corpus, query)
    return scope.spans is None and len(parts) == 1 and isinstance(parts[0], Literal)


def find_in_document(scope: Scope, query: str, d: int) -> Passages:
    """Passages of a query in one document of the scope. Raises QueryError."""
    corpus = scope.corpus
    parts = read_query(corpus, query)
    if scope.spans is None and len(parts) == 1 and isinstance(parts[0], Literal):
        begin, end = find_within(corpus, parts[0].text, int(corpus.offsets[d]), int(corpus.offsets[d + 1]))
        return _passages_of(corpus, d, begin, end)
    found = find_in_scope(scope, query)
    return found.take(found.doc == d)


def find_everywhere(corpus: Corpus, query: str) -> Passages:
    """Passages that the query finds in the whole corpus, all copies. Raises QueryError."""
    return _recall_parts(corpus, read_query(corpus, query))


def count_on_tokens(corpus: Corpus, filters: Filters, query: str) -> pd.DataFrame:
    """(piece, hits, token_hits) for each plain piece of a query: counted on characters, and as tokens of the build.

    A token is counted where it is the piece and nothing more; the two differ where a word boundary runs
    through a hit (疫情防控 is two tokens) or the piece is part of longer tokens. token_hits is None with a
    speaker filter: tokens are counted by document. Pieces of gaps and expressions have no row.
    """
    scope = open_scope(corpus, filters)
    rows = []
    for part in read_query(corpus, query):
        for text in _list_pieces(corpus, part):
            passages = keep_one_copy(scope, scope.restrict(_recall_parts(corpus, (Literal(text),))))
            rows.append((text, len(passages), _count_token(scope, text, np.unique(passages.doc))))
    return pd.DataFrame(rows, columns=["piece", "hits", "token_hits"]).astype({"token_hits": object})


def _list_pieces(corpus: Corpus, part: Part) -> list[str]:
    if isinstance(part, Literal):
        return [part.text]
    if isinstance(part, Entry):
        return [fold_query(str(corpus.phrases["phrase"].iloc[number])) for number in part.numbers]
    return []


def _count_token(scope: Scope, text: str, docs: np.ndarray) -> int | None:
    if scope.spans is not None:
        return None
    term = scope.corpus.term_number(text)
    if term is None:
        return 0
    low, high = scope.corpus.term_docs_offsets[term : term + 2]
    within = np.isin(scope.corpus.term_docs_doc[low:high], docs)
    return int(scope.corpus.term_docs_n[low:high][within].sum())


def _recall_parts(corpus: Corpus, parts: tuple[Part, ...]) -> Passages:
    """Passages of alternatives; kept for the next asking, but for lexicon phrases, which are stored."""
    if len(parts) == 1 and isinstance(parts[0], Entry):
        return _find_part(corpus, parts[0])
    key = ("passages", parts)
    found: Passages | None = corpus.recall(key)
    if found is None:
        found = _unite([_find_part(corpus, part) for part in parts])
        corpus.keep(key, found, found.doc.nbytes + found.begin.nbytes + found.end.nbytes)
    return found


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


def _find_pattern(corpus: Corpus, pattern: str, docs: np.ndarray | None = None) -> Passages:
    return _passages(corpus, *match_lines(corpus, pattern, docs))


# --- Several pieces -------------------------------------------------------------------


def _find_gap(corpus: Corpus, gap: Gap) -> Passages:
    """From each end of the pieces so far to the nearest next piece; the shortest of those that end together."""
    length = len(gap.pieces[0])
    begin, following = _find_both(corpus, gap.pieces[0], gap.pieces[1], length, length + gap.widths[0])
    end = begin + length
    for number, (piece, width) in enumerate(zip(gap.pieces[1:], gap.widths, strict=True)):
        if number:
            following = _look_around(corpus, piece, sort_places(end), 0, width)
        place = np.searchsorted(following, end)
        there = place < len(following)
        begin, end, place = begin[there], end[there], place[there]
        near = following[place] - end <= width
        begin, end = begin[near], following[place[near]] + len(piece)
    begin, end = _within_lines(corpus, begin, end)
    shortest = np.append(end[1:] != end[:-1], True) if len(end) else np.zeros(0, dtype=bool)
    return _passages(corpus, *drop_overlaps(begin[shortest], end[shortest]))


def _find_both(corpus: Corpus, left: str, right: str, low: int, high: int) -> tuple[np.ndarray, np.ndarray]:
    """Where two texts begin: every pair of which the right one begins from left + low to left + high.

    Of the rarer text every place is given, of the other perhaps only those near enough.
    """
    if expect_literal(corpus, left) <= expect_literal(corpus, right):
        at = find_overlapping(corpus, left)
        return at, _look_around(corpus, right, at, low, high)
    at = find_overlapping(corpus, right)
    return _look_around(corpus, left, at, -high, -low), at


def _look_around(corpus: Corpus, text: str, at: np.ndarray, low: int, high: int) -> np.ndarray:
    """As find_around, or every place of the text where that is less work."""
    if len(at) * (high - low + 1) > _WORTH_LOOKING * len(corpus.chars):
        return find_overlapping(corpus, text)
    return find_around(corpus, [text], at, low, high)


def _find_near(corpus: Corpus, near: Near) -> Passages:
    """For each left part the nearest right part behind it, and the other way round; the shortest first."""
    if isinstance(near.left, Literal) and isinstance(near.right, Literal):
        texts = near.left.text, near.right.text
        both = _find_both(corpus, *texts, -near.width - len(texts[1]), len(texts[0]) + near.width)
        left, right = ((begin, begin + len(text)) for begin, text in zip(both, texts, strict=True))
    else:
        left, right = (_find_places(corpus, part) for part in (near.left, near.right))
    begins, ends = [], []
    for (begin, end), (next_begin, next_end) in ((left, right), (right, left)):
        place = np.searchsorted(next_begin, end)
        there = np.flatnonzero(place < len(next_begin))
        place = place[there]
        close = next_begin[place] - end[there] <= near.width
        begins.append(begin[there[close]])
        ends.append(next_end[place[close]])
    begin, end = _within_lines(corpus, np.concatenate(begins), np.concatenate(ends))
    order = np.lexsort((-begin, end))  # of those that end together the shortest
    begin, end = begin[order], end[order]
    shortest = np.append(True, end[1:] != end[:-1]) if len(end) else np.zeros(0, dtype=bool)
    begin, end = begin[shortest], end[shortest]
    order = np.lexsort((end, begin))
    return _passages(corpus, *drop_overlaps(begin[order], end[order]))


def _find_places(corpus: Corpus, part: Part) -> tuple[np.ndarray, np.ndarray]:
    """(begin, end) of a part in corpus.chars, every place of plain text."""
    if isinstance(part, Literal):
        begin = find_overlapping(corpus, part.text)
        return begin, begin + len(part.text)
    return _absolute(corpus, _find_part(corpus, part))


def _within_lines(corpus: Corpus, begin: np.ndarray, end: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Those that cross neither the end of a line nor of a document."""
    keep = end <= corpus.line_ends[np.searchsorted(corpus.line_ends, begin)] if len(begin) else slice(0, 0)
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


# --- Places in the whole text and in a document ------------------------------------------


def _passages(corpus: Corpus, begin: np.ndarray, end: np.ndarray) -> Passages:
    """Passages from places in corpus.chars (ascending)."""
    doc = np.repeat(np.arange(corpus.n, dtype=np.int32), np.diff(np.searchsorted(begin, corpus.offsets)))
    first = corpus.offsets[doc]
    return Passages(doc.astype(np.int32), (begin - first).astype(np.int32), (end - first).astype(np.int32))


def _passages_of(corpus: Corpus, d: int, begin: np.ndarray, end: np.ndarray) -> Passages:
    """Passages of one document, from places in corpus.chars."""
    first = corpus.offsets[d]
    return Passages(np.full(len(begin), d, np.int32), (begin - first).astype(np.int32), (end - first).astype(np.int32))


def _absolute(corpus: Corpus, passages: Passages) -> tuple[np.ndarray, np.ndarray]:
    first = corpus.offsets[passages.doc]
    return passages.begin + first, passages.end + first
