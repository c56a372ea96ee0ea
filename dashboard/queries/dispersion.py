"""Is a phrase everywhere, or only loud in one place.

A frequency alone cannot tell: 100 hits in 100 documents and 100 hits in one read alike. The parts that a
phrase may be spread over are provinces, outlets, levels, periods or single documents; every part counts with
its own characters. All parts of the selection count, those without a hit too.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from dashboard.corpus import PERIODS, Corpus
from dashboard.filters import Filters
from dashboard.queries.documents import label_document
from dashboard.queries.measures import (
    deviation_of_proportions,
    deviation_of_proportions_norm,
    juilland_d,
    wilson_interval,
)
from dashboard.queries.scope import Scope, keep_one_copy, open_scope
from dashboard.queries.search import find_in_scope
from dashboard.queries.terms import list_counted

PARTS = ("province", "document", "outlet", "level", "city", *PERIODS)

COLUMNS = [
    "phrase", "parts", "hits", "n_parts", "n_with", "share_with", "dp", "dp_norm", "juilland_d", "n_documents",
    "documents_with", "document_share", "low", "high", "left_out",
]  # fmt: skip
PART_COLUMNS = ["phrase", "part", "hits", "n_chars", "n_documents", "documents_with", "expected", "per_10k"]
BARCODES = ["doc_id", "label", "event_date", "province", "hits", "n_chars", "begins", "shares", "d"]


def measure_dispersion(
    corpus: Corpus, filters: Filters, phrases: Sequence[str], parts: str | Sequence[str] = ("province", "document")
) -> pd.DataFrame:
    """How evenly each phrase (any query) is spread over each kind of part. A row a phrase and kind. Columns: COLUMNS.

    dp and dp_norm (Gries): 0 as even as the parts' sizes, towards 1 all in one; juilland_d: 1 even, 0 all in one.
    n_with of n_parts hold the phrase; document_share = documents_with / n_documents with its Wilson interval.
    left_out counts the documents that belong to no part (no province, not dated): they take part in none of the
    measures of that row. Raises QueryError for a phrase that cannot be read, ValueError for an unknown part.
    """
    scope = open_scope(corpus, filters)
    kinds = (parts,) if isinstance(parts, str) else tuple(parts)
    rows = []
    for phrase in phrases:
        counts = _count_by_document(scope, phrase)
        for kind in kinds:
            hits, sizes, n_documents, with_hits, left_out, _ = _sum_parts(scope, counts, kind)
            total, documents = int(n_documents.sum()), int(with_hits.sum())
            low, high = wilson_interval(documents, total)
            rows.append((
                phrase, kind, int(hits.sum()), len(sizes), int((hits > 0).sum()),
                float((hits > 0).mean()) if len(hits) else np.nan, deviation_of_proportions(hits, sizes),
                deviation_of_proportions_norm(hits, sizes), juilland_d(hits, sizes), total, documents,
                documents / total if total else np.nan, float(low), float(high), left_out,
            ))  # fmt: skip
    return pd.DataFrame(rows, columns=COLUMNS)


def list_parts(corpus: Corpus, filters: Filters, phrases: Sequence[str], part: str = "province") -> pd.DataFrame:
    """The parts themselves, what `measure_dispersion` summed. Columns: PART_COLUMNS.

    expected: the hits the part would have if the phrase were spread like the characters; per_10k: hits per
    10,000 characters.
    """
    scope = open_scope(corpus, filters)
    tables = []
    for phrase in phrases:
        hits, sizes, n_documents, with_hits, _, names = _sum_parts(scope, _count_by_document(scope, phrase), part)
        with np.errstate(divide="ignore", invalid="ignore"):
            tables.append(pd.DataFrame({
                "phrase": phrase, "part": names, "hits": hits, "n_chars": sizes, "n_documents": n_documents,
                "documents_with": with_hits, "expected": hits.sum() * sizes / sizes.sum(),
                "per_10k": 1e4 * hits / sizes,
            }))  # fmt: skip
    return pd.concat(tables, ignore_index=True)[PART_COLUMNS] if tables else pd.DataFrame(columns=PART_COLUMNS)


def list_barcodes(corpus: Corpus, filters: Filters, query: str, *, limit: int = 50, offset: int = 0) -> pd.DataFrame:
    """Where in each document the hits stand, for the documents with most hits. Columns: BARCODES.

    begins: offsets into documents.text; shares: the same as shares of the text's length (0 to 1);
    n_chars here is that length, white space included.
    """
    scope = open_scope(corpus, filters)
    hits = keep_one_copy(scope, find_in_scope(scope, query))
    docs, first, n = np.unique(hits.doc, return_index=True, return_counts=True)
    order = np.lexsort((docs, -n))[offset : offset + limit]
    rows = []
    for place in order:
        d = int(docs[place])
        length = int(corpus.offsets[d + 1] - corpus.offsets[d]) - 1
        begins = hits.begin[first[place] : first[place] + n[place]]
        facts = corpus.documents.iloc[d]
        rows.append((
            facts["doc_id"], label_document(corpus, d), facts["event_date"], facts["province"], int(n[place]), length,
            [int(begin) for begin in begins], [float(begin) / max(length, 1) for begin in begins], d,
        ))  # fmt: skip
    return pd.DataFrame(rows, columns=BARCODES)


# --- Parts ------------------------------------------------------------------------------


def _count_by_document(scope: Scope, phrase: str) -> np.ndarray:
    """Hits of a phrase in each document of the corpus, int64[n]; of a release in its first copy that holds it."""
    hits = keep_one_copy(scope, find_in_scope(scope, phrase))
    return np.bincount(hits.doc, minlength=scope.corpus.n).astype(np.int64)


def _sum_parts(
    scope: Scope, counts: np.ndarray, kind: str
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray, int, list[str]]:
    """(hits, characters, documents, documents with hits) of each part, documents of no part, the parts' names."""
    corpus = scope.corpus
    docs = list_counted(scope)
    if scope.unit == "releases":  # a release counts with the copy that its hits were taken from
        docs = _stand_in(scope, docs, counts)
    if kind == "document":
        names = corpus.documents["doc_id"].iloc[docs].tolist()
        one = np.ones(len(docs), dtype=np.int64)
        return counts[docs], scope.n_chars[docs], one, (counts[docs] > 0).astype(np.int64), 0, names
    if kind in PERIODS:
        codes, values = corpus.periods(kind)
    elif kind in PARTS:
        codes, values = corpus.codes(kind)
    else:
        raise ValueError(f"there is no part {kind}: choose one of {', '.join(PARTS)}")
    here = codes[docs]
    known = here >= 0
    docs, here = docs[known], here[known].astype(np.int64)
    present = np.unique(here)
    place = np.searchsorted(present, here)
    sums = [
        np.bincount(place, weights=values_of, minlength=len(present)).astype(np.int64)
        for values_of in (counts[docs], scope.n_chars[docs], np.ones(len(docs)), counts[docs] > 0)
    ]
    return sums[0], sums[1], sums[2], sums[3], int((~known).sum()), [values[c] for c in present]


def _stand_in(scope: Scope, docs: np.ndarray, counts: np.ndarray) -> np.ndarray:
    """For each release the copy that holds hits, where another than the first one does."""
    corpus = scope.corpus
    others = np.flatnonzero((counts > 0) & (corpus.release_size > 1))
    if not len(others):
        return docs
    codes = corpus.codes("release_id")[0]
    holder = dict(zip(codes[others].tolist(), others.tolist(), strict=True))
    return np.array([holder.get(int(codes[d]), d) if corpus.release_size[d] > 1 else d for d in docs], dtype=np.int64)
