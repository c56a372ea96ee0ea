"""Passages that documents share, with where and when each stands: who repeated whom.

Why here: the build finds shared passages; a reader wants those of the documents in question,
the longest first, and which of the two was printed earlier.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from dashboard.corpus import Corpus
from dashboard.filters import Filters

COLUMNS = ["reuse_id", "n_chars", "similarity", "doc_a", "title_a", "province_a", "outlet_a", "date_a", "begin_a", "end_a",
           "doc_b", "title_b", "province_b", "outlet_b", "date_b", "begin_b", "end_b", "days", "same_release", "text"]  # fmt: skip


def list_reuse(
    corpus: Corpus, filters: Filters, doc_id: str = "", *, offset: int = 0, limit: int | None = None
) -> pd.DataFrame:
    """Shared passages, a row each, the longest first: COLUMNS.

    Both documents must pass the filters; with doc_id, one of them is that document and the other must pass.
    days: from A to B (negative: B came first; missing where a day is not known). text: the passage in A.
    attrs: n_passages, before offset and limit. Raises KeyError for an unknown doc_id.
    """
    reuse = corpus.reuse
    chosen = filters.select(corpus)
    a, b = (corpus.documents.index[:0].to_numpy(dtype=np.int64),) * 2
    if len(reuse):
        a, b = (np.array([corpus.number(name) for name in reuse[side]]) for side in ("doc_a", "doc_b"))
    if doc_id:
        d = corpus.number(doc_id)
        keep = ((a == d) & chosen[b]) | ((b == d) & chosen[a])
    else:
        keep = chosen[a] & chosen[b]
    order = np.flatnonzero(keep)
    order = order[np.lexsort((reuse["reuse_id"].to_numpy()[order], -reuse["n_chars"].to_numpy()[order]))]
    page = order[offset : None if limit is None else offset + limit]
    table = reuse.iloc[page].reset_index(drop=True)
    for side, docs in (("a", a[page]), ("b", b[page])):
        for name, column in (("title", "title"), ("province", "province"), ("outlet", "outlet"), ("date", "event_date")):
            table[f"{name}_{side}"] = corpus.documents[column].array.take(docs)
    release = corpus.codes("release_id")[0]
    table["days"] = (table["date_b"] - table["date_a"]).dt.days
    table["same_release"] = release[a[page]] == release[b[page]]
    table["text"] = [
        corpus.text(d, begin, end)
        for d, begin, end in zip(a[page].tolist(), table["begin_a"].tolist(), table["end_a"].tolist(), strict=True)
    ]
    table = table[COLUMNS]
    table.attrs["n_passages"] = len(order)
    return table
