"""The lines behind a number: left, node, right, with where and when they stand.

Why here: every plotted count opens to its lines. For the same filters and query the lines
are as many as the timeline's hits in that cell, and the counting unit is the same: by
release, the lines of one copy only.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from dashboard.corpus import Corpus
from dashboard.filters import Filters
from dashboard.queries.passages import join_passages
from dashboard.queries.scope import Passages, Scope, count_once, keep_one_copy, open_scope
from dashboard.queries.search import QueryError, count_in_scope, find_in_document, find_in_scope, is_counted_fast
from dashboard.queries.voices import name_voices

#: 1L is the character next to the node on the left, 3R the third on the right; date is the first day possible.
SORTS = ("1L", "2L", "3L", "1R", "2R", "3R", "date", "province", "outlet", "level", "node", "speaker", "office")
#: Sorted by these, the lines of a document stay together.
_OF_DOCUMENTS = {"date", "province", "outlet", "level"}
COLUMNS = ["doc_id", "begin", "end", "left", "node", "right", "event_date", "province", "outlet", "title", "speaker",
           "voice", "office", "d"]  # fmt: skip
WIDEST = 200
_STOPS = np.array([ord(c) for c in "\n。！？!?；;\0"], dtype=np.uint16)


def list_lines(
    corpus: Corpus,
    filters: Filters,
    query: str,
    *,
    width: int | str = 30,
    sort: Sequence[str] = (),
    sample: int | None = None,
    seed: int = 0,
    offset: int = 0,
    limit: int | None = None,
) -> pd.DataFrame:
    """Concordance lines: doc_id, begin, end, left, node, right, event_date, province, outlet, title, speaker,
    voice (leader, meeting, paper, other), office, d.

    width: characters of context on each side, or "sentence". sort: any of SORTS, the first first (default:
    as they stand). sample: so many lines drawn at random (seed), before sorting. offset and limit cut out
    a page after sorting. attrs: n_lines (before limit), n_found (before the sample). Raises QueryError.
    """
    scope = open_scope(corpus, filters)
    if limit is not None and sample is None and set(sort) <= _OF_DOCUMENTS and is_counted_fast(scope, query):
        page, n_found = _find_page(scope, query, sort, offset, limit)
        n_lines = n_found
    else:
        passages = keep_one_copy(scope, find_in_scope(scope, query))
        n_found = len(passages)
        passages = draw_sample(passages, sample, seed)
        if sort:
            passages = passages.take(order_lines(corpus, passages, sort))
        page = passages.take(slice(offset, None if limit is None else offset + limit))  # type: ignore[arg-type]
        n_lines = len(passages)
    lines = write_lines(corpus, page, width)
    lines.attrs.update(n_lines=n_lines, n_found=n_found)
    return lines


def _find_page(scope: Scope, query: str, sort: Sequence[str], offset: int, limit: int) -> tuple[Passages, int]:
    """(the passages of one page, how many there are in all), for lines in the order of their documents.

    Counting tells in which documents the page lies; only there the passages are looked for.
    """
    counts = count_in_scope(scope, query)
    docs = np.flatnonzero(counts)
    if scope.unit == "releases":
        docs = count_once(scope, docs)
    if sort:
        docs = docs[order_lines(scope.corpus, Passages(docs, docs, docs), sort)]
    behind = np.cumsum(counts[docs])
    first = int(np.searchsorted(behind, offset, side="right"))
    last = int(np.searchsorted(behind, offset + limit)) + 1
    skipped = offset - (int(behind[first - 1]) if first else 0)
    found = [find_in_document(scope, query, int(d)) for d in docs[first:last]]
    page = join_passages(found)
    return page.take(np.arange(skipped, min(skipped + limit, len(page)))), int(counts[docs].sum())


def count_lines(corpus: Corpus, filters: Filters, query: str, by: Sequence[str] = ("province",)) -> pd.DataFrame:
    """How many lines by any of node, left (1L), right (1R), period, province, level, outlet, city, county, doc_id,
    speaker, voice, office.

    Columns: those of `by`, n_lines, n_documents; most lines first. Raises QueryError.
    """
    scope = open_scope(corpus, filters)
    passages = keep_one_copy(scope, find_in_scope(scope, query))
    frame = pd.DataFrame({name: _group(corpus, filters, passages, name) for name in by} | {"d": passages.doc})
    if not by:
        return pd.DataFrame({"n_lines": [len(frame)], "n_documents": [frame["d"].nunique()]})
    grouped = frame.groupby(list(by), dropna=False, sort=True)["d"].agg(n_lines="size", n_documents="nunique")
    return grouped.reset_index().sort_values("n_lines", ascending=False, kind="stable", ignore_index=True)


def _group(corpus: Corpus, filters: Filters, passages: Passages, name: str) -> np.ndarray:
    """One value a line, None where it has none."""
    if name == "node":
        return np.array(_read_nodes(corpus, passages), dtype=object)
    if name in ("left", "right"):
        units = _sort_key(corpus, passages, "1L" if name == "left" else "1R")
        return np.array([chr(unit) if unit > ord(" ") else None for unit in units], dtype=object)
    if name in ("speaker", "voice", "office"):
        return name_voices(corpus, passages)[name]
    if name == "period":
        codes, names = corpus.periods(filters.period)
    elif name in ("province", "level", "outlet", "city", "county", "doc_id"):
        codes, names = corpus.codes(name)
    else:
        raise QueryError(f"lines cannot be counted by {name}")
    return np.array([*names, None], dtype=object)[codes[passages.doc]]


def draw_sample(passages: Passages, sample: int | None, seed: int) -> Passages:
    """So many passages at random, in their order in the text; the same ones for the same seed."""
    if sample is None or sample >= len(passages):
        return passages
    which = np.random.default_rng(seed).choice(len(passages), size=max(sample, 0), replace=False)
    return passages.take(np.sort(which))


def order_lines(corpus: Corpus, passages: Passages, sort: Sequence[str]) -> np.ndarray:
    """The places of the passages in sorted order; ties stay as they stand in the text. Raises QueryError."""
    keys = [_sort_key(corpus, passages, name) for name in reversed(list(sort))]
    return np.lexsort(keys) if keys else np.arange(len(passages))


def _sort_key(corpus: Corpus, passages: Passages, name: str) -> np.ndarray:
    if name in ("province", "outlet", "level"):
        codes = corpus.codes(name)[0][passages.doc].astype(np.int64)
        return np.where(codes < 0, np.iinfo(np.int64).max, codes)
    if name == "date":
        days = corpus.days[0][passages.doc].astype("datetime64[D]").astype(np.int64)
        return np.where(days < -(10**9), np.iinfo(np.int64).max, days)
    if name == "node":
        nodes = _read_nodes(corpus, passages)
        return np.unique(nodes, return_inverse=True)[1] if nodes else np.zeros(0, dtype=np.int64)
    if name in ("speaker", "office"):
        codes, values = pd.factorize(pd.Series(name_voices(corpus, passages)[name], dtype=object), sort=True)
        return np.where(codes < 0, len(values), codes)
    if name in SORTS:
        first = corpus.offsets[passages.doc]
        step = int(name[0])
        at = first + passages.begin - step if name[1] == "L" else first + passages.end + step - 1
        inside = (at >= first) & (at < corpus.offsets[passages.doc + 1] - 1)
        return np.where(inside, corpus.chars[np.where(inside, at, 0)], 0).astype(np.int64)
    raise QueryError(f"lines cannot be sorted by {name}: choose among {', '.join(SORTS)}")


def _read_nodes(corpus: Corpus, passages: Passages) -> list[str]:
    first = corpus.offsets[passages.doc]
    return corpus.cut_texts(first + passages.begin, first + passages.end)


def write_lines(corpus: Corpus, passages: Passages, width: int | str = 30) -> pd.DataFrame:
    """Passages as lines, with the columns of the concordance. Line ends within the context become spaces."""
    first, last = corpus.offsets[passages.doc], corpus.offsets[passages.doc + 1] - 1
    begin, end = first + passages.begin, first + passages.end
    if width == "sentence":
        low, high = _bound_sentences(corpus, begin, end, first, last)
    else:
        reach = min(max(int(width), 0), WIDEST)
        low, high = np.maximum(begin - reach, first), np.minimum(end + reach, last)
    texts = [text.replace("\n", " ") for text in corpus.cut_texts(low, high)]
    cuts = list(zip(texts, (begin - low).tolist(), (end - low).tolist(), strict=True))
    left = [text[:cut] for text, cut, _ in cuts]
    node = [text[cut:stop] for text, cut, stop in cuts]
    right = [text[stop:] for text, _, stop in cuts]
    columns = {"begin": passages.begin, "end": passages.end, "left": left, "node": node, "right": right}
    for name in ("doc_id", "event_date", "province", "outlet", "title"):
        columns[name] = corpus.documents[name].array.take(passages.doc)
    columns |= {name: pd.array(values, dtype="str") for name, values in name_voices(corpus, passages).items()}
    columns["d"] = passages.doc
    return pd.DataFrame({name: columns[name] for name in COLUMNS})


def _bound_sentences(
    corpus: Corpus, begin: np.ndarray, end: np.ndarray, first: np.ndarray, last: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Where the sentences around begin to end begin and end, places in corpus.chars, at most WIDEST away."""
    low, high = np.maximum(begin - WIDEST, first), np.minimum(end + WIDEST, last)
    for place in range(len(begin)):
        before = np.flatnonzero(np.isin(corpus.chars[low[place] : begin[place]], _STOPS))
        behind = np.flatnonzero(np.isin(corpus.chars[end[place] : high[place]], _STOPS))
        low[place] += int(before[-1]) + 1 if len(before) else 0
        high[place] = end[place] + int(behind[0]) + 1 if len(behind) else high[place]
    return low, high
