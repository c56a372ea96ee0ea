"""How often each term stands in a selection, and how many terms that selection has.

Why a module of its own: keyness compares two such counts, collocation needs one as its margin, and both
must count the very same documents: those of the scope, one copy of each release where releases are counted.

The counts of each term in each document lie in the build (term_docs, doc_terms: two orders of one sparse
matrix). A whole column of counts is one pass over the smaller part of it; nothing is tokenised again,
unless speakers are chosen: then their passages are cut anew, up to VOICED_CHARS characters.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from scipy.sparse import csc_array, csr_array

from dashboard.corpus import Corpus
from dashboard.queries.scope import Passages, Scope, count_once
from data_prep.tokens import cut_tokens

#: Characters of voiced passages cut anew for one question; about five seconds. Beyond, narrow the selection.
VOICED_CHARS = 20_000_000
#: Below this share of the corpus's terms the documents are picked one by one instead of all terms read.
FEW = 0.1
#: Threads that read the matrix; it is bound by memory, more than two gain nothing.
THREADS = 2


class TooMuch(ValueError):
    """A question too large to be answered while somebody waits; the message says how to narrow it."""


@dataclass(frozen=True)
class TermCounts:
    """n[t]: how often term t stands in the selection (t: its row in corpus.vocabulary); total: of all terms."""

    n: np.ndarray
    total: int


def count_terms_in(*scopes: Scope) -> list[TermCounts]:
    """Counts of all terms of the vocabulary in each selection. Raises TooMuch where speakers voice too much.

    Selections that belong to one comparison are given together: where the second is nearly the rest of the
    first, it is read off the totals instead of counted again.
    """
    known: list[_Known] = []
    counts = []
    for scope in scopes:
        docs = list_counted(scope)
        if scope.spans is not None:
            n = _count_voiced(scope.corpus, keep_documents(scope.spans, docs, scope.corpus.n))
        else:
            n = _count_documents(scope.corpus, docs, known)
        counts.append(TermCounts(n, int(n.sum())))
    return counts


def list_counted(scope: Scope) -> np.ndarray:
    """The documents that a count goes over: all in scope, or one copy of each release."""
    docs = np.flatnonzero(scope.docs)
    return count_once(scope, docs) if scope.unit == "releases" else docs


def count_documents_with(terms: np.ndarray, *scopes: Scope) -> list[np.ndarray]:
    """For each scope: in how many of its documents counted each of these terms (numbers) stands (whoever voices it)."""
    corpus = scopes[0].corpus
    marks = np.zeros(corpus.n, dtype=np.uint8)
    for bit, scope in enumerate(scopes):
        marks[list_counted(scope)] |= 1 << bit
    offsets, docs = corpus.term_docs_offsets, np.asarray(corpus.term_docs_doc)
    kinds = [np.bincount(marks[docs[offsets[t] : offsets[t + 1]]], minlength=1 << len(scopes)) for t in terms]
    table = np.array(kinds, dtype=np.int64).reshape(len(terms), 1 << len(scopes))
    holds = np.arange(1 << len(scopes))
    return [table[:, (holds >> bit & 1).astype(bool)].sum(axis=1) for bit in range(len(scopes))]


@lru_cache(maxsize=2)
def term_totals(corpus: Corpus) -> np.ndarray:
    """int64[n_terms]: how often each term stands in the whole corpus."""
    return corpus.vocabulary.column("n").to_numpy()


def term_names(corpus: Corpus, numbers: np.ndarray) -> list[str]:
    """The terms of these numbers."""
    return corpus.vocabulary.column("term").take(pa.array(numbers)).to_pylist()


def keep_documents(passages: Passages, docs: np.ndarray, n: int) -> Passages:
    """The passages that lie in these documents."""
    wanted = np.zeros(n, dtype=bool)
    wanted[docs] = True
    return passages.take(wanted[passages.doc])


def number_terms(corpus: Corpus, counts: Counter[str]) -> tuple[np.ndarray, np.ndarray]:
    """(numbers, counts) of terms counted by name; what is not in the vocabulary is left out."""
    if not counts:
        return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)
    numbers = pc.index_in(pa.array(list(counts)), value_set=_vocabulary(corpus))
    known = numbers.is_valid().to_numpy(zero_copy_only=False)
    n = np.fromiter(counts.values(), dtype=np.int64, count=len(counts))
    return pc.fill_null(numbers, 0).to_numpy().astype(np.int64)[known], n[known]


@lru_cache(maxsize=2)
def _vocabulary(corpus: Corpus) -> pa.Array:
    return corpus.vocabulary.column("term").combine_chunks()


class _Known(NamedTuple):
    """A set of documents (bool[n]) whose counts are known already."""

    docs: np.ndarray
    counts: np.ndarray


@lru_cache(maxsize=2)
def _release_totals(corpus: Corpus) -> _Known:
    """The counts of the whole corpus with each release once: what most questions are asked of."""
    codes = corpus.codes("release_id")[0]
    once = np.zeros(corpus.n, dtype=bool)
    once[np.unique(codes, return_index=True)[1]] = True
    copies = np.flatnonzero(~once)
    return _Known(once, term_totals(corpus) - _pick_documents(corpus, copies))


def _count_documents(corpus: Corpus, docs: np.ndarray, known: list[_Known]) -> np.ndarray:
    """Counts of a set of documents, from the known set that differs least from it, or by reading everything."""
    wanted = np.zeros(corpus.n, dtype=bool)
    wanted[docs] = True
    sizes = np.diff(np.asarray(corpus.doc_terms_offsets))
    everything, nothing = np.ones(corpus.n, dtype=bool), np.zeros(corpus.n, dtype=bool)
    totals = term_totals(corpus)
    wholes = [_Known(everything, totals)]
    if corpus.n and int(corpus.release_size.max()) > 1:
        wholes.append(_release_totals(corpus))
    bases = [*wholes, _Known(nothing, np.zeros_like(totals)), *known]
    nearest = min(bases, key=lambda base: int(sizes[base.docs ^ wanted].sum()))
    if int(sizes[nearest.docs ^ wanted].sum()) <= FEW * int(sizes.sum()):
        more, less = np.flatnonzero(wanted & ~nearest.docs), np.flatnonzero(nearest.docs & ~wanted)
        counts = nearest.counts + _pick_documents(corpus, more) - _pick_documents(corpus, less)
    else:
        counts = _weigh_documents(corpus, wanted.astype(np.int32))
    known.append(_Known(wanted, counts))
    # The rest of the corpus, and of its releases once, is known with it: the second selection is often just that.
    known += [_Known(base.docs & ~wanted, base.counts - counts) for base in wholes if not (wanted & ~base.docs).any()]
    return counts


def _pick_documents(corpus: Corpus, docs: np.ndarray) -> np.ndarray:
    """Sum the rows of some documents: reads only these."""
    n_terms = len(term_totals(corpus))
    if not len(docs):
        return np.zeros(n_terms, dtype=np.int64)
    offsets = np.asarray(corpus.doc_terms_offsets)
    # Neighbouring documents are one slice; the transposed product sums four times as fast as bincount.
    ends = np.flatnonzero(np.diff(docs, append=docs[-1] + 2) != 1)
    runs = zip(offsets[docs[np.concatenate([[0], ends[:-1] + 1])]], offsets[docs[ends] + 1], strict=True)
    slices = [slice(int(begin), int(end)) for begin, end in runs]
    terms, counts = np.asarray(corpus.doc_terms_term), np.asarray(corpus.doc_terms_n)  # cheaper to slice than a memmap
    term, n = np.concatenate([terms[part] for part in slices]), np.concatenate([counts[part] for part in slices])
    column = csc_array((n, term, np.array([0, len(term)], dtype=np.int32)), shape=(n_terms, 1), copy=False)
    return (column @ np.ones(1, dtype=np.int32)).astype(np.int64)


def _weigh_documents(corpus: Corpus, chosen: np.ndarray) -> np.ndarray:
    """Matrix times vector: reads all, in the order in which it lies."""
    blocks = _blocks(corpus)
    with ThreadPoolExecutor(THREADS) as threads:
        parts = list(threads.map(lambda block: block @ chosen, blocks))
    return np.concatenate(parts).astype(np.int64) if parts else np.zeros(0, dtype=np.int64)


@lru_cache(maxsize=2)
def _blocks(corpus: Corpus) -> list[csr_array]:
    """The matrix terms × documents in blocks of rows, equally heavy, on the mapped arrays themselves."""
    offsets = np.asarray(corpus.term_docs_offsets)
    cuts = np.searchsorted(offsets, np.linspace(0, offsets[-1], THREADS + 1)[1:-1])
    edges = [0, *cuts.tolist(), len(offsets) - 1]
    blocks = []
    for first, last in pairwise(edges):
        if first == last:
            continue
        begin, end = int(offsets[first]), int(offsets[last])
        # int32 offsets, else scipy would copy the documents' numbers to int64.
        rows = (offsets[first : last + 1] - begin).astype(np.int32)
        data, docs = np.asarray(corpus.term_docs_n[begin:end]), np.asarray(corpus.term_docs_doc[begin:end])
        blocks.append(csr_array((data, docs, rows), shape=(last - first, corpus.n), copy=False))
    return blocks


def _count_voiced(corpus: Corpus, spans: Passages) -> np.ndarray:
    size = int((spans.end - spans.begin).sum())
    if size > VOICED_CHARS:
        raise TooMuch(
            f"these speakers voice {size:,} characters, more than the {VOICED_CHARS:,} that are cut into terms "
            "at once: choose fewer speakers, provinces or days"
        )
    named = hashlib.blake2b(b"".join(np.ascontiguousarray(a).tobytes() for a in (spans.doc, spans.begin, spans.end)))
    key = ("voiced terms", named.digest())
    found = corpus.recall(key)
    if found is None:
        counts: Counter[str] = Counter()
        for piece in _read_spans(corpus, spans):
            counts.update(cut_tokens(piece))
        numbers, n = number_terms(corpus, counts)  # signs are no terms, so they fall out here
        found = np.zeros(len(term_totals(corpus)), dtype=np.int64)
        found[numbers] = n
        corpus.keep(key, found, found.nbytes)
    return np.asarray(found)


def _read_spans(corpus: Corpus, spans: Passages) -> Iterator[str]:
    for d, begin, end in zip(spans.doc, spans.begin, spans.end, strict=True):
        yield corpus.text(int(d), int(begin), int(end))
