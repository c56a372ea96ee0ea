"""What is in question under a filter: documents, passages, sizes; and one copy of each release.

Why here: a timeline, a concordance and a keyness table under the same filters must speak
of the same documents and the same characters, or their numbers do not add up.

How things are counted
- copies: every document counts.
- releases: documents that share a release_id count once in every cell in which they stand.
  The release holds a phrase if any of its copies in the cell does; its hits are those of the
  first such copy (smallest number), its characters those of its first copy.
- outlets: an outlet counts once in a cell, with all its documents; documents without an
  outlet count as one outlet each (nothing says that they share one).
With a speaker filter a document counts where the speaker voices a passage of it, its
characters are those of these passages, and a hit counts if it lies within one of them.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from dashboard.corpus import Corpus
from dashboard.filters import Filters
from dashboard.queries.passages import NO_PASSAGES, Passages, order_places
from dashboard.queries.voices import find_voiced

__all__ = ["NO_PASSAGES", "Passages", "Scope", "count_once", "keep_one_copy", "open_scope"]


@dataclass(frozen=True)
class Scope:
    """docs: bool[n], the documents in question; n_chars: int64[n], the size each counts with; spans: the
    passages that speakers voice (None without a speaker filter)."""

    corpus: Corpus
    unit: str
    docs: np.ndarray
    n_chars: np.ndarray
    spans: Passages | None

    def restrict(self, passages: Passages) -> Passages:
        """The passages that lie in these documents, and wholly within what the speakers voice."""
        if self.spans is None and self.docs.all():
            return passages
        return passages.take(self.holds(passages))

    def holds(self, passages: Passages) -> np.ndarray:
        """bool a passage (in any order): whether it lies in these documents, and within what the speakers voice."""
        inside = self.docs[passages.doc]
        if self.spans is None or not len(passages):
            return inside
        # One number orders documents and offsets, and one search finds the span.
        at = order_places(passages.doc, passages.begin)
        place = np.searchsorted(order_places(self.spans.doc, self.spans.begin), at, side="right") - 1
        held = np.maximum(place, 0)
        if not len(self.spans):
            return np.zeros(len(passages), dtype=bool)
        return inside & (place >= 0) & (self.spans.doc[held] == passages.doc) & (passages.end <= self.spans.end[held])


def open_scope(corpus: Corpus, filters: Filters) -> Scope:
    """What the filters leave in question (see the module's words on counting)."""
    docs = filters.select(corpus)
    if not filters.speakers:
        n_chars = corpus.derive("n_chars", lambda: corpus.documents["n_chars"].to_numpy().astype(np.int64))
        return Scope(corpus, filters.unit, docs, n_chars, None)
    spans = find_voiced(corpus, filters.speakers)
    n_chars = np.bincount(spans.doc, weights=spans.end - spans.begin, minlength=corpus.n).astype(np.int64)
    voiced = np.zeros(corpus.n, dtype=bool)
    voiced[spans.doc] = True
    return Scope(corpus, filters.unit, docs & voiced, n_chars, spans)


def keep_one_copy(scope: Scope, passages: Passages, cells: np.ndarray | None = None) -> Passages:
    """Of passages held by several copies of a release in one cell, those of the first copy.

    cells: int[n], the cell of each document (default: all in one). Unchanged unless the unit is releases.
    """
    if scope.unit != "releases" or not len(passages):
        return passages
    held = np.zeros(scope.corpus.n, dtype=bool)
    held[passages.doc] = True
    docs = np.flatnonzero(held)
    first = count_once(scope, docs, cells)
    if len(first) == len(docs):
        return passages
    kept = np.zeros(scope.corpus.n, dtype=bool)
    kept[first] = True
    return passages.take(kept[passages.doc])


def count_once(
    scope: Scope, docs: np.ndarray, cells: np.ndarray | None = None, unit: str | None = None, name: str = ""
) -> np.ndarray:
    """Of the documents numbered `docs` (ascending), one for each unit in each cell: the first, ascending.

    unit: releases, copies or outlets (default: that of the scope). name: what `cells` is known by for as long
    as the corpus is open; with it, the order of copies in these cells is worked out once.
    """
    unit = unit or scope.unit
    corpus = scope.corpus
    if unit == "copies" or not len(docs):
        return docs
    if unit == "outlets":
        outlet = corpus.codes("outlet")[0][docs].astype(np.int64)
        outlet = np.where(outlet < 0, corpus.n + docs, outlet)  # each unknown outlet is its own
        first, group = _order_in_cells(outlet, docs, cells)
        return np.sort(first[np.append(True, group[1:] != group[:-1])])
    asked = np.zeros(corpus.n, dtype=bool)
    asked[docs] = True
    if cells is None or name:
        order, group = corpus.derive(f"copies in cells {name}", lambda: _order_copies(corpus, cells))
    else:
        order, group = _order_copies(corpus, cells)
    here = asked[order]
    order, group = order[here], group[here]
    again = np.zeros(len(order), dtype=bool)
    again[1:] = group[1:] == group[:-1]
    asked[order[again]] = False
    return np.flatnonzero(asked)


def _order_copies(corpus: Corpus, cells: np.ndarray | None) -> tuple[np.ndarray, np.ndarray]:
    """(documents whose release has copies, in the order cell, release, document; a number for each release in a cell)."""
    docs = np.flatnonzero(corpus.release_size > 1)
    return _order_in_cells(corpus.codes("release_id")[0][docs].astype(np.int64), docs, cells)


def _order_in_cells(unit: np.ndarray, docs: np.ndarray, cells: np.ndarray | None) -> tuple[np.ndarray, np.ndarray]:
    cell = np.zeros(len(docs), dtype=np.int64) if cells is None else cells[docs].astype(np.int64)
    order = np.lexsort((docs, unit, cell))
    unit, cell = unit[order], cell[order]
    fresh = np.ones(len(order), dtype=bool)
    fresh[1:] = (unit[1:] != unit[:-1]) | (cell[1:] != cell[:-1])
    return docs[order], np.cumsum(fresh)
