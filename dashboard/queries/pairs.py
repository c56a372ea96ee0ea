"""Which documents share text, pair by pair: what is worth putting side by side."""

from __future__ import annotations

import pandas as pd

from dashboard.corpus import Corpus
from dashboard.filters import Filters
from dashboard.queries.documents import label_document
from dashboard.queries.scope import open_scope

COLUMNS = [
    "doc_a", "title_a", "outlet_a", "province_a", "doc_b", "title_b", "outlet_b", "province_b", "n_passages", "n_chars",
    "same_release",
]  # fmt: skip


def list_pairs(corpus: Corpus, filters: Filters, most: int = 200) -> pd.DataFrame:
    """Pairs of documents of the selection that share passages, the longest shared text first. Columns: COLUMNS.

    n_chars sums the shared passages (a passage shared twice counts twice). Copies of one release come
    before other pairs of the same length.
    """
    docs = open_scope(corpus, filters).docs
    shared = corpus.derive("pairs", lambda: _sum_pairs(corpus))
    shared = shared[docs[shared["d_a"].to_numpy(dtype=int)] & docs[shared["d_b"].to_numpy(dtype=int)]].head(most).copy()
    for side in ("a", "b"):
        facts = corpus.documents.iloc[shared[f"d_{side}"].to_numpy(dtype=int)]
        shared[f"title_{side}"] = [label_document(corpus, d) for d in shared[f"d_{side}"]]
        shared[f"outlet_{side}"], shared[f"province_{side}"] = facts["outlet"].to_numpy(), facts["province"].to_numpy()
    return shared.rename(columns={"size": "n_passages", "sum": "n_chars"})[COLUMNS].reset_index(drop=True)


def _sum_pairs(corpus: Corpus) -> pd.DataFrame:
    """All pairs that share a passage: doc_a, doc_b, size, sum, d_a, d_b, same_release; the longest shared text first."""
    shared = corpus.reuse.groupby(["doc_a", "doc_b"], sort=True)["n_chars"].agg(["size", "sum"]).reset_index()
    for side in ("a", "b"):
        shared[f"d_{side}"] = [corpus.number(doc_id) for doc_id in shared[f"doc_{side}"]]
    release = corpus.codes("release_id")[0]
    shared["same_release"] = release[shared["d_a"].to_numpy(dtype=int)] == release[shared["d_b"].to_numpy(dtype=int)]
    return shared.sort_values(["sum", "same_release"], ascending=False, kind="stable", ignore_index=True)
