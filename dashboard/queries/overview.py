"""What the corpus holds and what it lacks.

Why here: before a share is believed, a reader asks what it is a share of: how many
documents, copies, undated ones, from where and when, and how many pages needed repair.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd

from dashboard.corpus import Corpus
from dashboard.filters import Filters
from dashboard.queries.scope import count_once, open_scope
from dashboard.queries.timeline import cut_cells


def describe_corpus(corpus: Corpus, filters: Filters | None = None) -> pd.DataFrame:
    """(name, value): counts over the documents in question; names are codes that pages put into words.

    n_dated, n_interval and n_undated add up to n_documents; n_in_period are those without a single day that lie in
    one period of the filters all the same.
    """
    filters = filters or Filters()
    scope = open_scope(corpus, filters)
    docs = np.flatnonzero(scope.docs)
    chosen = corpus.documents.iloc[docs]
    first, last = corpus.days
    dated = ~np.isnat(corpus.documents["event_date"].to_numpy())
    interval = ~dated & ~np.isnat(first) & ~np.isnat(last)
    releases = len(count_once(scope, docs, None, "releases"))
    values: list[tuple[str, object]] = [
        ("n_pages", len(corpus.pages)),
        ("n_accepted", int((corpus.pages["status"] == "accepted").sum())),
        ("n_rejected", int((corpus.pages["status"] == "rejected").sum())),
        ("n_documents", len(docs)),
        ("n_releases", releases),
        ("n_reprints", len(docs) - releases),
        ("n_outlets", int(chosen["outlet"].nunique())),
        ("n_provinces", int(chosen["province"].nunique())),
        ("n_chars", int(scope.n_chars[docs].sum())),
        ("n_tokens", int(chosen["n_tokens"].sum())),
        ("n_dated", int((scope.docs & dated).sum())),
        ("n_interval", int((scope.docs & interval).sum())),
        ("n_undated", int((scope.docs & ~dated & ~interval).sum())),
        ("n_in_period", int((scope.docs & ~dated & (corpus.periods(filters.period)[0] >= 0)).sum())),
        ("n_placed", int(chosen["level"].notna().sum())),
        ("n_unplaced", int(chosen["level"].isna().sum())),
        ("first_day", _day(first[docs], np.min)),
        ("last_day", _day(last[docs], np.max)),
    ]
    return pd.DataFrame(values, columns=["name", "value"], dtype=object)


def count_cells(corpus: Corpus, filters: Filters) -> pd.DataFrame:
    """(province, period, n_documents, n_releases), a row a cell that holds a document; undated: period None."""
    scope = open_scope(corpus, filters)
    cells, keys = cut_cells(corpus, filters.period, ("province", "period"))
    docs = np.flatnonzero(scope.docs)
    dated = docs[cells[docs] >= 0]
    releases = count_once(scope, dated, cells, "releases")
    table = keys[["province", "period"]].assign(
        n_documents=np.bincount(cells[dated], minlength=len(keys)),
        n_releases=np.bincount(cells[releases], minlength=len(keys)),
    )
    undated = docs[cells[docs] < 0]
    cells, keys = cut_cells(corpus, filters.period, ("province",))
    releases = count_once(scope, undated, cells, "releases")
    without = keys[["province"]].assign(
        period=None,
        n_documents=np.bincount(cells[undated], minlength=len(keys)),
        n_releases=np.bincount(cells[releases], minlength=len(keys)),
    )
    table = pd.concat([table, without], ignore_index=True)
    return table[table["n_documents"] > 0].reset_index(drop=True)


def list_undated(corpus: Corpus, filters: Filters) -> pd.DataFrame:
    """Documents that lie in no single period: d, doc_id, title, province, outlet, date_from, date_to."""
    mask = filters.without_dates().select(corpus) & (corpus.periods(filters.period)[0] < 0)
    columns = ["doc_id", "title", "province", "outlet", "date_from", "date_to"]
    found = corpus.documents.loc[mask, columns]
    return found.assign(d=np.flatnonzero(mask)).reset_index(drop=True)


def list_unplaced(corpus: Corpus, filters: Filters) -> pd.DataFrame:
    """Documents that are neither the centre's nor any place's: doc_id, title, outlet, date_from, date_to, d."""
    scope = open_scope(corpus, filters)
    mask = scope.docs & corpus.documents["level"].isna().to_numpy(dtype=bool)
    found = corpus.documents.loc[mask, ["doc_id", "title", "outlet", "date_from", "date_to"]]
    return found.assign(d=np.flatnonzero(mask)).reset_index(drop=True)


def list_copies(corpus: Corpus, filters: Filters) -> pd.DataFrame:
    """Releases in several copies: release_id, n_copies, n_outlets, title, first_day, doc_ids (list)."""
    mask = filters.select(corpus) & (corpus.release_size > 1)
    found = corpus.documents.loc[mask]
    rows = [
        (release, len(copies), copies["outlet"].nunique(), copies["title"].iloc[0], copies["event_date"].min(),
         copies["doc_id"].tolist())
        for release, copies in found.groupby("release_id", sort=True)
        if len(copies) > 1
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=["release_id", "n_copies", "n_outlets", "title", "first_day", "doc_ids"])


def count_repairs(corpus: Corpus) -> pd.DataFrame:
    """(rule, n_edits, n_pages, n_unrepaired, mean_confidence): how many pages needed what, most edits first."""
    repairs = corpus.repairs
    grouped = repairs.assign(left=repairs["before"] == repairs["after"]).groupby("rule", sort=True)
    table = grouped.agg(
        n_edits=("begin", "size"), n_pages=("page_id", "nunique"), n_unrepaired=("left", "sum"),
        mean_confidence=("confidence", "mean"),
    )  # fmt: skip
    return table.reset_index().sort_values(["n_edits", "rule"], ascending=[False, True], ignore_index=True)


def count_rejected(corpus: Corpus) -> pd.DataFrame:
    """(reason, n_pages) of rejected pages, most frequent first."""
    rejected = corpus.pages.loc[corpus.pages["status"] == "rejected", "reason"].fillna("")
    counts = rejected.value_counts().rename_axis("reason").reset_index(name="n_pages")
    return counts.sort_values(["n_pages", "reason"], ascending=[False, True], ignore_index=True)


def _day(days: np.ndarray, choose: Callable[[np.ndarray], np.datetime64]) -> str | None:
    known = days[~np.isnat(days)]
    return str(choose(known)) if len(known) else None
